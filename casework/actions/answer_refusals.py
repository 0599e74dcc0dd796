"""Why an answer link is not made, or does not open, in words for the person who tried."""

from django.utils.translation import gettext_lazy as _

from casework.actions.refusals import ActionRefused


class LinkLeadsNowhere(ActionRefused):
    """Unknown, expired, used, withdrawn or locked: which of these, nobody outside is told."""

    message = _("This link does not work any more. Call whoever sent it to you.")


class WrongWord(ActionRefused):
    """Not the word that was told by telephone."""

    message = _(
        "This is not the word. Check it with whoever called you; after five wrong words the link stops working."
    )


class LinkTooLong(ActionRefused):
    """A link lasts from today to so many days ahead."""

    message = _("Choose a day from today on, 30 days ahead at most.")


class FormNotForOutsiders(ActionRefused):
    """A form that cannot be filled in on one page by somebody without an account."""

    message = _("This form cannot be filled in by a link. Choose another one, or ask in words.")


class LinkAnswered(ActionRefused):
    """What was answered is not withdrawn."""

    message = _("The answer has come already. You find it among the notes of the case.")
