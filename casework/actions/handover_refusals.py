"""Why a case is not handed over, in words for the person who tried."""

from django.utils.translation import gettext_lazy as _

from casework.actions.refusals import ActionRefused


class HandoverUnderWay(ActionRefused):
    """One handover of a case at a time."""

    message = _("This case is being handed over already. Finish that handover or take it back first.")


class HandoverToTheCurator(ActionRefused):
    """The curator has the case."""

    message = _("This person is the curator already. Choose somebody else.")


class HandoverOver(ActionRefused):
    """The handover was finished or taken back meanwhile."""

    message = _("This handover is over: it was finished or taken back meanwhile. Reload the page.")


class NotTheReceiver(ActionRefused):
    """Only the next curator says that they have accepted something."""

    message = _("Only the person to whom the case goes accepts its items.")


class NotYourHandover(ActionRefused):
    """Whoever decides on the case, or its curator, hands it over and takes that back."""

    message = _("A case is handed over by its curator or by the head of the agency that keeps it.")


class ReceiverLeft(ActionRefused):
    """The next curator may not work on the case any more."""

    message = _(
        "You may not work on this case now: the access of your agency has ended. Ask the curator to open the case anew."
    )


class CuratorChanged(ActionRefused):
    """Somebody else has become the curator while the case was on its way."""

    message = _("The case has got another curator meanwhile. Take this handover back and begin a new one.")
