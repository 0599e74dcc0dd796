"""Why something about a task or an absence was refused, in words for the person who tried."""

from django.utils.translation import gettext_lazy as _

from casework.actions.refusals import ActionRefused


class CannotDoTask(ActionRefused):
    """A task is given to somebody who may work on the case."""

    message = _("Choose somebody who may work on this case.")


class DayHasPassed(ActionRefused):
    """Nothing is asked for by a day in the past."""

    message = _("This day has passed. Choose today or a later day.")


class NotYourTask(ActionRefused):
    """A task is done, and handed on, by whoever does it, by whoever asked for it, and by the head."""

    message = _("This task is in the hands of somebody else. Ask them, or the head of the agency.")


class TaskOver(ActionRefused):
    """A task is done once."""

    message = _("This task is done already, or no longer needed. Reload the page to see what is left.")


class DoneByItsStep(ActionRefused):
    """A task of a procedure is done when its step is."""

    message = _("This task is done by doing its step on the page of the procedure: it cannot be ticked off by hand.")


class TaskTaken(ActionRefused):
    """A task of nobody is taken once."""

    message = _("A colleague has already taken this task.")


class TaskOfAnotherTeam(ActionRefused):
    """A task of a team is taken by one of the team."""

    message = _(
        "Somebody else does this task: the page of the procedure says who. The head of the agency can give it on."
    )


class NotYourAbsence(ActionRefused):
    """Days away are written down by the person and by their head."""

    message = _("Only the person and the head of their agency write down when the person is away.")


class AbsenceOver(ActionRefused):
    """What has passed stays as it was."""

    message = _("These days have passed. Choose a last day that is today or later, and not before the first one.")


class AbsencesOverlap(ActionRefused):
    """Somebody is away once at a time."""

    message = _("Some of these days are written down as days away already. Look at the list below.")


class NotASubstitute(ActionRefused):
    """A substitute is a colleague."""

    message = _("Choose a colleague of the same agency as the substitute.")


class SubstituteAway(ActionRefused):
    """A substitute is there."""

    message = _("The substitute is away on some of these days. Choose somebody else.")


class StandsInForSomebody(ActionRefused):
    """Whoever stands in for a colleague cannot leave without a word."""

    message = _("On some of these days this person stands in for a colleague. Name another substitute for them first.")
