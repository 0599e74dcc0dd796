"""How much somebody reads of what a council says and decides about a case: one rule for the page of the case and for its protocol.

domain.md D: the secretary has the protocol in full, members read it, special categories only if the chair grants them, the police
get an extract. Which answers are told to few, the form of the protocol says itself. So:

- the chair and the secretary, who write the protocol, read all of it;
- a member reads what is open to their agency: in answers that are told to few, only the categories that the chair has opened to it
  for this case (`packs.open_categories`), and those that are open to the member in the case itself (`access.categories_open`:
  whoever keeps it);
- agencies that get extracts read what they themselves told, give and carry out.

Paper hides nothing (decision 0015): a member who may not read every answer gets no protocol with gaps, but the extract of their
agency. The decisions, which the form tells to all, they read on the page of the case.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from casework import access
from casework.actions.councils import Seat
from casework.actions.protocol_papers import edition_of
from casework.actions.protocol_refusals import NoFormOfProtocol
from casework.closed_answers import TOLD_TO_FEW, closed_categories, closed_questions
from casework.models import AgendaItem, ItemDisclosure, Submission
from casework.packs_of_members import reads_the_whole_protocol

CHILD = frozenset({"child_opinion"})
"""The question of a protocol that tells what the child thinks."""
DISCUSSION = frozenset({"items", "s1_info"})
"""The questions of a protocol that tell what was said: by members, heard and decided."""


@dataclass(frozen=True)
class Reach:
    """What one person may read of one case before a council: all but the `closed` categories, or what is their own only."""

    closed: frozenset[str]
    is_own_only: bool = False

    def reads_whole(self, protocol: Submission) -> bool:
        """Return whether nothing that this protocol says is closed to them."""
        told = closed_categories(protocol.edition.schema, protocol.answers, self.closed)
        return not (self.is_own_only or told)

    def hides(self, item: AgendaItem, *, at: dt.datetime) -> frozenset[str]:
        """Return which of `CHILD` and `DISCUSSION` are closed to them on the page of a case; all when no form is in force.

        Two queries at most.
        """
        if self.is_own_only:
            return CHILD | DISCUSSION
        if not self.closed:
            return frozenset()
        try:
            edition = item.protocol.edition if item.protocol is not None else edition_of(item.meeting, at=at)
        except NoFormOfProtocol:
            return CHILD | DISCUSSION
        return closed_questions(edition.schema, self.closed) & (CHILD | DISCUSSION)


def reach_at_table(items: Iterable[AgendaItem], *, seat: Seat) -> dict[int, Reach]:
    """Return what somebody reads of each case because of their seat in the council, by the key of the item. One query."""
    items = list(items)
    if seat.leads or seat.member is None:
        return dict.fromkeys((item.pk for item in items), Reach(frozenset() if seat.leads else TOLD_TO_FEW))
    packs = ItemDisclosure.objects.filter(item__in=items, agency=seat.member.agency_id)
    opened = dict(packs.values_list("item", "disclosure__categories"))
    return {item.pk: _reach(seat, opened.get(item.pk, ())) for item in items}


def reach_of(item: AgendaItem, *, seat: Seat, user: Any, today: dt.date) -> Reach:
    """Return what somebody reads of a case because of their seat, and of their right to the case itself. Six queries at most."""
    reach = reach_at_table([item], seat=seat)[item.pk]
    if not reach.closed or reach.is_own_only:
        return reach
    return Reach(reach.closed - access.categories_open(item.case, user=user, today=today))


def _reach(seat: Seat, opened: Collection[str]) -> Reach:
    is_own_only = seat.member is not None and not reads_the_whole_protocol(seat.member.agency.kind)
    return Reach(TOLD_TO_FEW - frozenset(opened), is_own_only)
