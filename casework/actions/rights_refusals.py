"""Why something about the rights to a case was refused, in words for the person who tried."""

from django.utils.translation import gettext_lazy as _

from casework.actions.refusals import ActionRefused


class NotConcerned(ActionRefused):
    """Only somebody who works in an agency could ever come to the case."""

    message = _("This person does not work in any agency. Choose somebody from the list.")


class CannotKeepOutYourself(ActionRefused):
    """Nobody keeps themselves out: somebody else decides that."""

    message = _("You cannot keep yourself out. Tell your head why you should not see this case: they keep you out.")


class CuratorStays(ActionRefused):
    """Whoever answers for a case sees it."""

    message = _("This person is the curator of the case. Name another curator first, then keep them out.")


class LastHeadStays(ActionRefused):
    """Somebody has to decide on the case."""

    message = _("This is the only head who sees the case. Another head has to be in the team first.")


class NotYoursToOpen(ActionRefused):
    """A special category is opened by the curator and the head, the secret of adoption by guardianship bodies."""

    message = _(
        "You cannot open this to others. Health and criminal record are opened by the curator of the case and by the head,"
        " the secret of adoption by the guardianship body."
    )


class NotAReader(ActionRefused):
    """A special category is opened to somebody who sees the case itself."""

    message = _("Choose somebody who may see this case today.")


class AlreadyOpened(ActionRefused):
    """One standing leave for each person and category."""

    message = _("This is open to them already. Take the old leave back first, then give the new one.")


class NoSuchCase(ActionRefused):
    """The number was never given, or the person is kept out. Nobody learns which."""

    message = _("There is no such case. Check the number. If the child is in danger now, call 112.")


class NotOfAnOpenAgency(ActionRefused):
    """An emergency is opened by somebody of an agency that works."""

    message = _(
        "Cases are opened in an emergency by people of agencies that work now. Call 112 and the guardianship body."
    )


class ReasonTooShort(ActionRefused):
    """Whoever reviews it has to understand what happened."""

    message = _("Write what has happened and why you cannot wait: at least 20 characters.")


class NotYoursToReview(ActionRefused):
    """An opening is reviewed by a head of the keeper who has not made it."""

    message = _("An opening is reviewed by a head of the agency that keeps the case, and never by whoever has made it.")


class AlreadyReviewed(ActionRefused):
    """An opening is reviewed once."""

    message = _("Somebody has reviewed this opening already. Below is what they wrote.")
