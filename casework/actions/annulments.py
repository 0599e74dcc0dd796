"""What the page reads on which an entry is taken back: what would become of the case. It changes nothing."""

from dataclasses import dataclass

from casework.actions.procedure_changes import curator_again
from casework.actions.progress import happenings_of
from casework.actions.radar import Look
from casework.models import CaseEvent
from casework.radar_annulment import Annulment, annulment
from casework.radar_entries import Entry
from forms_library.procedures.definition import PlayedBy
from forms_library.procedures.progress import What, replay


@dataclass(frozen=True, kw_only=True)
class AnnulmentLook:
    """What taking an entry back would change, with the entries as they stand on the page.

    `curator` is to whom the case would go back; `stays` who stays its curator, though their appointment counts no more.
    `papers` says what other agencies would get and lose with the risk level.
    """

    annulment: Annulment
    idle: tuple[Entry, ...]
    unused: tuple[Entry, ...]
    curator: str
    stays: str
    papers: tuple[str, ...]

    @property
    def changes_nothing(self) -> bool:
        """Whether nothing else would change."""
        return self.annulment == Annulment() and not (self.curator or self.stays)


def look_at_annulment(look: Look, event: CaseEvent) -> AnnulmentLook:
    """Return what would become of the case without one of its entries, which changes nothing yet."""
    followed, before = look.followed, look.radar.progress
    kept = [happening for happening in happenings_of(followed) if happening.ref != event]
    after = replay(before.procedure, kept)
    told = annulment(before, after, calendar=look.facts.around.calendar)
    entries = {entry.number: entry for entry in look.entries if entry.number}
    papers = {entry.paper.number: entry for entry in look.entries if entry.what == What.FILED and entry.paper}
    earlier = curator_again(followed, before=before, after=after, today=look.facts.around.today)
    curators = {role.code for role in before.procedure.roles if role.played_by == PlayedBy.CURATOR}
    has_lost = curators & before.appointed.keys() - after.appointed.keys()
    curator = followed.case.curator
    return AnnulmentLook(
        annulment=told,
        idle=tuple(entries[happening.ref.pk] for happening in told.idle),
        unused=tuple(papers[happening.ref.number] for happening in told.unused),
        curator=earlier.get_full_name() if earlier else "",
        stays=curator.get_full_name() if has_lost and curator else "",
        papers=() if told.level is None else look.sends_at(after.level),
    )
