"""Why something about a professional family was refused, in words for the person who tried."""

from collections.abc import Iterable

from django.utils.translation import gettext, gettext_lazy as _

from casework.actions.refusals import ActionRefused


class CarerChanged(ActionRefused):
    """Two people changed the same family at once."""

    message = _("Somebody has changed this family meanwhile. Below are your words; compare them and save once more.")


class NotKeeper(ActionRefused):
    """A register is kept by the people of the agency."""

    message = _("The register is kept by the people of the agency that gives this service. Ask them.")


class OnlyTheHead(ActionRefused):
    """The head decides about families."""

    message = _("Only the head of the agency that keeps the register decides about a family. Ask them.")


class NotPossibleNow(ActionRefused):
    """A decision that does not fit where the family stands."""

    message = _("The family does not stand there any more: somebody has decided meanwhile. Look at the card again.")


class ReasonNeeded(ActionRefused):
    """Whoever is not included is told why."""

    message = _("Write the reason: the family will be told it.")


class PapersLacking(ActionRefused):
    """No family takes children without papers that are good."""

    def __init__(self, lacking: Iterable[str]) -> None:
        self.lacking = list(lacking)
        super().__init__()

    def __str__(self) -> str:
        words = gettext("The family cannot be included yet. Write the papers down first, or renew them.")
        return " ".join([words, *self.lacking])


class ChildStillThere(ActionRefused):
    """A family with which a child lives does not leave the register."""

    message = _("A child lives with this family. Write down the end of the placement first.")


class BadPaperDays(ActionRefused):
    """A paper of a day to come, or one that ends before it begins."""

    message = _("Check the days of the paper: it cannot be of a day to come, or end before it begins.")
