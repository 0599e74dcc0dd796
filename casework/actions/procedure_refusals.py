"""Why something about a procedure was refused, in words for the person who tried."""

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext, gettext_lazy as _

from casework.actions.refusals import ActionRefused


class ProcedureNotInForce(ActionRefused):
    """Cases come under editions in force only."""

    message = _("This edition of the procedure is not in force now. Choose the one that is.")


class AlreadyFollowed(ActionRefused):
    """A case follows a procedure once at a time."""

    message = _("The case follows this procedure already.")


class ProcedureOver(ActionRefused):
    """The work under the procedure has ended."""

    message = _("The work under this procedure has ended. It can be read, but nothing in it can be changed.")


class ProcedureStillRuns(ActionRefused):
    """A case ends after the procedures that it follows."""

    message = _("The case still follows a procedure. End the work under the procedure first, on one of its grounds.")


class DayInFuture(ActionRefused):
    """What has not happened yet is not written down."""

    message = _("This day has not come yet. State the day on which it happened: today or earlier.")


class DayBeforeStart(ActionRefused):
    """Nothing is done before the case has come to it. `first` is the first day that can be."""

    def __init__(self, first: dt.date) -> None:
        super().__init__()
        self.first = first

    def __str__(self) -> str:
        return gettext(
            "This day is too early: the case had not come to this yet. The first day that can be is %(day)s."
        ) % {"day": f"{self.first:%d.%m.%Y}"}


class DayBeforeBirth(ActionRefused):
    """Nothing happens to a child before any child of the case was born."""

    message = _("This day is before the birth of the children of the case. Check the day, or the dates of birth.")


class StepAlreadyDone(ActionRefused):
    """Somebody has done the step meanwhile."""

    message = _("Somebody has already done this step. Below is where the case stands now.")


class StepNotOpen(ActionRefused):
    """The case has not come to this step."""

    def __init__(self, after: Iterable[str] = ()) -> None:
        super().__init__()
        self.after = list(after)

    def __str__(self) -> str:
        if not self.after:
            return gettext("This step cannot be done now.")
        return gettext("The case has not come to this step yet. First: %(after)s.") % {"after": "; ".join(self.after)}


class NotYourStep(ActionRefused):
    """A step is done by whoever plays its role."""

    message = _("This is done by another person: the page of the procedure says who.")


class DecidedByCouncil(ActionRefused):
    """What belongs to a council is decided at its meeting, and nowhere else. `council` is its name."""

    def __init__(self, council: str) -> None:
        super().__init__()
        self.council = council

    def __str__(self) -> str:
        return gettext(
            "This is decided by the council “%(council)s”. Ask for a place on the agenda of its meeting."
        ) % {"council": self.council}


class DecidedByForm(ActionRefused):
    """The answer of a form is the decision."""

    message = _("This is decided by filing the form: fill it in and file it.")


class NoSuchOutcome(ActionRefused):
    """One of the outcomes has to be chosen."""

    message = _("Choose what was decided.")


class NoSuchLevel(ActionRefused):
    """One of the levels has to be chosen."""

    message = _("Choose the risk level.")


class SameLevel(ActionRefused):
    """The level is what it was."""

    message = _("The risk level is this one already.")


class NoSuchGround(ActionRefused):
    """One of the grounds has to be chosen."""

    message = _("Choose the ground on which the work ends.")


class GroundNotOfDocument(ActionRefused):
    """The filed decision names another ground."""

    message = _("The decision that was filed names another ground. Choose the same one, or correct the document.")


class WordsNeeded(ActionRefused):
    """A reason has to be written."""

    message = _("Write why, in your own words.")


class DocumentNeeded(ActionRefused):
    """A term changes on the ground of a document of this case."""

    message = _("Choose the document of this case on the ground of which the term changes.")


class LastDayNeeded(ActionRefused):
    """What is decided for a time needs its last day."""

    message = _("State until what day: today or later.")


class TermNotLater(ActionRefused):
    """An extension gives a later day."""

    message = _("The new last day has to be later than the one there is.")


class NoNewerEdition(ActionRefused):
    """The case follows the newest edition already, or its work under the procedure has ended."""

    message = _("There is no newer edition to move to.")


class TermIsALimit(ActionRefused):
    """A validity period or a maximum neither stands still nor is extended by hand (D6; domain.md B.2: six months at most)."""

    message = _(
        "This is a limit that the procedure sets: it neither stands still nor gets longer. Let the procedure decide."
    )


class TermNotPaused(ActionRefused):
    """A term stands still, or runs."""

    message = _("Somebody has already changed this term. Below is what it is now.")


class CannotBeWaived(ActionRefused):
    """The procedure lets nobody do without it."""

    message = _("The procedure does not let anybody do without this.")


class CannotBeAppointed(ActionRefused):
    """Only somebody who works on the case: in the agency that keeps it, or in one with which it is shared for work."""

    message = _("Choose somebody who works on this case: of its agency, or of one with which it is shared for work.")


class AlreadyAnnulled(ActionRefused):
    """An entry is taken back once; the first event never."""

    message = _("This entry has been taken back already, or cannot be taken back.")


class CannotBeSent(ActionRefused):
    """A document goes to another agency that works now."""

    message = _("Choose another agency that works now.")


class NotYoursToSend(ActionRefused):
    """By somebody who does not speak for the case, or the secret of an adoption to anybody but a guardianship body (СК ст. 139)."""

    message = _(
        "The curator of the case, or whoever decides on it, sends its documents to other agencies; you send what you filed"
        " yourself. The secret of an adoption goes to guardianship bodies only."
    )


class AlreadyReceived(ActionRefused):
    """A document is received once."""

    message = _("A colleague has already registered this document.")


class TakenBack(ActionRefused):
    """What was sent for a risk level is taken back with it."""

    message = _("The sender has taken this document back: the risk level is another one now.")


class GuardsUnmet(ActionRefused):
    """Something is missing. `missing` says what, in words."""

    def __init__(self, missing: Iterable[str]) -> None:
        super().__init__()
        self.missing = list(missing)

    def __str__(self) -> str:
        return gettext("This cannot be done yet. Missing: %(missing)s.") % {"missing": "; ".join(self.missing)}
