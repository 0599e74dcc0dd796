"""Why a protocol cannot be signed yet, in words for the person who tried."""

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext, gettext_lazy as _

from casework.actions.refusals import ActionRefused


def of_item(order: int, words: str) -> str:
    """Return words about one case of an agenda, named by its place there."""
    return gettext("Case %(order)d of the agenda: %(why)s") % {"order": order, "why": words}


class ProtocolIncomplete(ActionRefused):
    """Something that the protocol has to say is missing. `missing` says what, in words."""

    def __init__(self, missing: Iterable[str]) -> None:
        super().__init__()
        self.missing = list(missing)

    def __str__(self) -> str:
        return gettext("The protocol cannot be signed yet. Missing: %(missing)s.") % {
            "missing": "; ".join(self.missing)
        }


class ItemRefused(ActionRefused):
    """What was decided about one case cannot be carried out now. `order` is its place on the agenda."""

    def __init__(self, order: int, why: ActionRefused) -> None:
        super().__init__()
        self.order, self.why = order, why

    def __str__(self) -> str:
        return of_item(self.order, str(self.why))


class AlreadySigned(ActionRefused):
    """Two people signed one protocol: the first one counts, and the other is told."""

    def __init__(self, who: str, at: dt.datetime) -> None:
        super().__init__()
        self.who, self.at = who, at

    def __str__(self) -> str:
        return gettext(
            "%(who)s has signed this protocol already, on %(day)s. Your signature is not needed: look at what was filed."
        ) % {"who": self.who, "day": f"{self.at:%d.%m.%Y %H:%M}"}


class NoFormOfProtocol(ActionRefused):
    """The protocol is an official form, and none is in force."""

    message = _("The form of the protocol is not in force now. Ask the methodologist to put it in force, then sign.")


class MeetingNotHeldYet(ActionRefused):
    """A protocol tells what has happened."""

    message = _("The day of the meeting has not come yet. Sign the protocol when it has been held.")


class SignerKeptOut(ActionRefused):
    """Deny beats allow: whoever is kept out of a case signs nothing about it."""

    message = _(
        "One of the cases on the agenda is closed to you. Let the other one of the chair and the secretary sign."
    )
