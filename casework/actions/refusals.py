"""Why an action was refused, in words for the person who tried."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


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
    """A curator works in the agency that keeps the case."""

    message = _("Choose somebody who works in the agency of this case.")


class PersonChanged(ActionRefused):
    """Two people changed the same person at once."""

    message = _("Somebody has changed this person meanwhile. Below are your words; compare them and save once more.")


class AlreadyShared(ActionRefused):
    """One standing share for each agency."""

    message = _("The case is already open to this agency. Withdraw the old access first.")


class NothingToShare(ActionRefused):
    """A share with the keeper itself, with a closed agency, or ending in the past."""

    message = _("Choose another agency that works now, and a day not earlier than today.")


class DraftChanged(ActionRefused):
    """Another window has saved the same draft since this page was opened."""

    message = _("This form was changed in another window. Your text is on the screen and is not lost.")


class DraftGone(ActionRefused):
    """The draft was filed or thrown away meanwhile."""

    message = _("This draft has already been filed or thrown away.")


class DraftIncomplete(ActionRefused):
    """The form cannot be filed as it is."""

    message = _("The form is not complete yet.")


class AlreadyCorrected(ActionRefused):
    """A filed form is corrected once; the correction can be corrected in its turn."""

    message = _("This document has already been corrected. Correct the newer one.")


class FileRefused(ActionRefused):
    """A file that cannot be kept."""


class FileTooLarge(FileRefused):
    message = _("The file is too large: 20 MB at most. Scan it with a lower resolution or split it.")


class FileOfWrongKind(FileRefused):
    message = _("This kind of file cannot be attached. Attach a PDF, a photo (JPG, PNG) or a Word document (DOCX).")


class FileUnsafe(FileRefused):
    message = _(
        "This Word document cannot be attached: it is damaged, too large inside, or carries macros or embedded objects."
        " Save it as a PDF and attach that."
    )


class NoAgencyTakesRequests(ActionRefused):
    """There is nobody to send a contact request to."""

    message = _("The site cannot take requests right now. Please call us.")
