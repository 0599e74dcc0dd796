"""Why something about a referral or another assignment was refused, in words for the person who tried."""

from django.utils.translation import gettext, gettext_lazy as _

from casework.actions.refusals import ActionRefused
from casework.models import Assignment, AssignmentState


class ReferralToOneself(ActionRefused):
    """A referral leaves the agency."""

    message = _(
        "A referral goes to another agency, and this one works on the case itself. Ask a colleague by an errand instead."
    )


class AgencyIsClosed(ActionRefused):
    """Nobody there can do anything."""

    message = _("This agency does not work any more. Choose another one.")


class NobodyToAsk(ActionRefused):
    """An agency without teams, or with empty ones."""

    message = _(
        "Nobody of this agency works in the system yet, so nobody would see the referral. Call them, or choose another"
        " agency."
    )


class WordsMissing(ActionRefused):
    """A refusal has a reason, and a mark has a result."""

    message = _("Write why, or what came of it: whoever asked reads only these words.")


class NotYourAssignment(ActionRefused):
    """The executor answers; for a measure, the curator of the case may write down what they were told."""

    message = _(
        "Only the agency that was asked answers this. The curator of the case may write down what that agency or the family"
        " has told about what is in work already."
    )


class StillWaitsForAnAnswer(ActionRefused):
    """A referral is accepted before it is done."""

    message = _("First accept the referral or refuse it; what came of it is written down after that.")


class AssignmentAnswered(ActionRefused):
    """Somebody else was quicker: the words say who, and what they did."""

    def __init__(self, assignment: Assignment) -> None:
        super().__init__()
        self.assignment = assignment

    def __str__(self) -> str:
        found = self.assignment
        person, moment = found.marked_by or found.answered_by, found.marked_at or found.answered_at
        if person is None or moment is None:
            return gettext("This has changed since you opened it. Read it anew and answer once more.")
        facts = {
            "person": person.get_initials(),
            "time": f"{found.case.agency.local(moment):%d.%m.%Y %H:%M}",
            "state": AssignmentState(found.state).label,
        }
        return (
            gettext("%(person)s has already answered this on %(time)s: %(state)s. Nothing of yours was written.")
            % facts
        )
