"""Why an action was refused, in words for the person who tried."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy as _


class ActionRefused(Exception):
    """Something cannot be done now. `message` says why and what to do."""

    message: str | Promise = _("This cannot be done now.")

    def __str__(self) -> str:
        return str(self.message)


class CaseAlreadyDecided(ActionRefused):
    """A new case is accepted or refused once."""

    message = _("Somebody has already accepted or refused this case. Reload the page to see who.")


class CaseNotInWork(ActionRefused):
    """The case is not in work: new, refused or closed."""

    message = _("This can be done only while the case is in work.")


class CaseEnded(ActionRefused):
    """The case is closed or refused; it is read, not changed."""

    message = _("The case has ended. It can be read, but nothing in it can be changed.")


class NotOfThisAgency(ActionRefused):
    """A curator works on the case: in the agency that keeps it, or in one with which it is shared for work."""

    message = _("Choose somebody who works on this case: of its agency, or of one with which it is shared for work.")


class PersonChanged(ActionRefused):
    """Two people changed the same person at once."""

    message = _("Somebody has changed this person meanwhile. Below are your words; compare them and save once more.")


class NameChanged(ActionRefused):
    """Two people checked the same name at once."""

    message = _("Somebody has checked this name meanwhile. Below are your words; compare them and save once more.")


class AlreadySettled(ActionRefused):
    """A contradiction is settled once."""

    message = _("Somebody has settled this contradiction meanwhile. Below is what they decided.")


class AlreadyShared(ActionRefused):
    """One standing share for each agency."""

    message = _("The case is already open to this agency. Withdraw the old access first.")


class NothingToShare(ActionRefused):
    """A share with the keeper itself, with a closed agency, or ending in the past."""

    message = _("Choose another agency that works now, and a day not earlier than today.")


class DraftChanged(ActionRefused):
    """Another window has saved the same draft since this page was opened."""

    message = _(
        "Somebody has changed the same answers meanwhile. What you typed is still here: press “Save the draft” and choose"
        " what stays."
    )


class DraftGone(ActionRefused):
    """The draft was filed or thrown away meanwhile."""

    message = _("This draft has already been filed or thrown away.")


class DraftIncomplete(ActionRefused):
    """The form cannot be filed as it is."""

    message = _("The form is not complete yet.")


class NotYourDraft(ActionRefused):
    """Work on a form is divided by whoever began it, and by the curator."""

    message = _("The work on this form is divided by the person who began it and by the curator of the case.")


class NotAColleague(ActionRefused):
    """A part of a form goes only to somebody who may fill in forms of the case."""

    message = _("Choose somebody who may fill in forms of this case today.")


class NotYourPart(ActionRefused):
    """Whoever was given a part says that it is done."""

    message = _("Only the person to whom this part was given says that it is ready.")


class PartGone(ActionRefused):
    """The part was taken back meanwhile."""

    message = _("This part has been taken back or given to somebody else.")


class PartsOpen(ActionRefused):
    """A form is filed when all its parts are done."""

    message = _("Colleagues are still filling in their parts of this form.")


class AlreadyCorrected(ActionRefused):
    """A filed form is corrected once; the correction can be corrected in its turn."""

    message = _("This document has already been corrected. Correct the newer one.")


class ProtocolStands(ActionRefused):
    """What a council has signed is never replaced from a case: the secretary adds to it (S000)."""

    message = _("A council has signed this protocol, so nobody corrects it here. Ask its secretary to add to it.")


class AddToTheNewer(ActionRefused):
    """Nothing is added to a form that has been corrected."""

    message = _("This document has been corrected. Open the newer one and add to that.")


class NotOurWords(ActionRefused):
    """Whatever a parent wrote stays as it was written."""

    message = _("This was written by the family itself: nothing is added to it. Write a note of the case instead.")


class NotAnAddressee(ActionRefused):
    """An extract is made for somebody whom the document names."""

    message = _("Choose to whom the extract goes: one of those whom the document names.")


class PdfIsUnavailable(ActionRefused):
    """There is no LibreOffice, or it could not do it."""

    message = _(
        "A PDF cannot be made on this server now. Download the Word document: it can be saved as a PDF in Word."
    )


class PdfIsBusy(PdfIsUnavailable):
    """LibreOffice works for others."""

    message = _("The server is making PDFs for others now. Try again in a minute.")


class TooManyPapers(ActionRefused):
    """A package holds so many documents."""

    def __init__(self, *, count: int, chosen: int) -> None:
        super().__init__()
        self.count, self.chosen = count, chosen

    def __str__(self) -> str:
        return gettext(
            "A package holds %(count)d documents at most, and you have ticked %(chosen)d. They are still ticked: take some"
            " off, and put the others into a second package."
        ) % {"count": self.count, "chosen": self.chosen}


class PaperAlreadyThere(ActionRefused):
    """The sheet of paper has taken this step."""

    message = _("This has already been marked.")


class ScanGone(ActionRefused):
    """The scan was attached or thrown away meanwhile."""

    message = _("This scan has already been attached or thrown away. Upload it again if you need it.")


class NotOfATeam(ActionRefused):
    """Scans are taken in by those who work on cases."""

    message = _("Scans are taken in by people who work on cases in a team of an agency. You are in none.")


class TooManyScans(ActionRefused):
    """So many scans of one person wait."""

    def __init__(self, *, count: int) -> None:
        super().__init__()
        self.count = count

    def __str__(self) -> str:
        return gettext(
            "%(count)d of your scans wait for their documents already. Attach some of them or throw them away, then upload"
            " this one again."
        ) % {"count": self.count}


class FileNotServed(ActionRefused):
    """A file that is not handed out now."""


class FileIsBeingScanned(FileNotServed):
    message = _("The file is being checked for viruses. It usually takes a minute: open this page again.")


class FileIsInfected(FileNotServed):
    message = _("A virus was found in this file. It is kept as it came, but nobody gets it. Ask for a clean copy.")


class PicturesAreBusy(FileNotServed):
    """Files of others are being opened."""

    message = _("The server is opening files of others now. Try again in a minute.")


class FileRefused(ActionRefused):
    """A file that cannot be kept. What is said about it names the limits that it was held against."""

    def __init__(self, **limits: Any) -> None:
        super().__init__()
        self.limits = limits

    def __str__(self) -> str:
        return str(self.message) % self.limits


class FileTooLarge(FileRefused):
    message = _("The file is too large: %(megabytes)d MB at most. Scan it with a lower resolution or split it.")


class FileOfWrongKind(FileRefused):
    message = _("This kind of file cannot be attached here. Attach one of these: %(kinds)s.")


class FileIsSomethingElse(FileOfWrongKind):
    message = _(
        "The name of the file ends in .%(ending)s, but inside it is something else (%(content)s)."
        " Open it in its own program, save it anew and attach that."
    )


class FileOfPhone(FileOfWrongKind):
    message = _(
        "Photos of the kind HEIC do not open on every computer. Send the photo as JPG"
        " (on the phone: Settings, Camera, Formats, Most compatible) or attach a PDF."
    )


class FileUnsafe(FileRefused):
    message = _(
        "This document cannot be attached: it is damaged, too large inside, or carries macros or embedded objects."
        " Save it as a PDF and attach that."
    )


class TooManyFiles(FileRefused):
    message = _("At most %(count)d files are attached here. Take one off before attaching another.")


class NoAgencyTakesRequests(ActionRefused):
    """There is nobody to send a contact request to."""

    message = _("The site cannot take requests right now. Please call us.")
