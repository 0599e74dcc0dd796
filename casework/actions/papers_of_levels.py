"""What the pages of a procedure say about its papers for other agencies: read from what was sent and what would be."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from casework.actions.deliveries import deliveries_of, gone_out, is_for_good
from casework.actions.outgoing import Outgoing, possible_addressees, sent_at_level, sent_for_good
from casework.models import CaseProcedure, Delivery
from casework.radar_papers import Body, Holder, PaperOfLevel, Standing
from forms_library.models import Agency
from forms_library.procedures.definition import Level
from forms_library.procedures.progress import Progress


@dataclass(frozen=True, kw_only=True)
class PapersOut:
    """The papers of each risk level by its code, and those of the steps that did not go out on their own."""

    of_levels: Mapping[str, tuple[PaperOfLevel, ...]]
    left: tuple[PaperOfLevel, ...]


def papers_out(followed: CaseProcedure, progress: Progress, *, titles: Mapping[str, str]) -> PapersOut:
    """Return what goes to other agencies. Two queries at most; none when nothing is to be sent.

    What was filed before the case was moved to its edition is no more waited for, unless the level sends it.
    """
    levels = [level for level in progress.procedure.levels if level.papers]
    of_steps = [paper for paper in sent_for_good(progress) if not paper.waits_for_a_person]
    outgoing = [*of_steps, *(paper for level in levels for paper in sent_at_level(progress, level.code))]
    keeper, sent = followed.case.agency, deliveries_of(followed) if outgoing else []
    found = zip(outgoing, possible_addressees(outgoing, keeper=keeper), strict=True)
    papers = defaultdict(list)
    for (level, submission), group in groupby(found, key=lambda pair: (pair[0].level, pair[0].submission)):
        of_paper = list(group)
        spare = _meant_for_none([paper for paper, _near in of_paper], sent)
        bodies = tuple(body for paper, near in of_paper for body in _body(paper, near, sent, spare, keeper=keeper))
        papers[level].append(PaperOfLevel(title=submission.edition.title, number=submission.number, bodies=bodies))
    return PapersOut(
        of_levels={each.code: (*papers[each.code], *_not_filed(each, progress, titles)) for each in levels},
        left=tuple(paper for paper in papers[""] if paper.is_left),
    )


def _meant_for_none(papers: Sequence[Outgoing], sent: Iterable[Delivery]) -> list[Delivery]:
    """Return what somebody has sent of a paper to agencies that are none of the bodies that are to get it."""
    of_paper = [delivery for delivery in sent if delivery.submission_id == papers[0].submission.pk]
    return [delivery for delivery in of_paper if not any(paper.is_for(delivery.agency) for paper in papers)]


def _body(
    paper: Outgoing, agencies: list[Agency], sent: Collection[Delivery], spare: Iterable[Delivery], *, keeper: Agency
) -> Iterator[Body]:
    """Yield how a filed paper stands with one body; nothing when the keeper of the case is that body itself.

    Where the agency that is named cannot get it on its own, one to which somebody has sent a `spare` stands in for it.
    """
    gone = gone_out(paper, sent)
    instead = [each for each in spare if each.agency.kind in paper.role.agency_kinds or each.agency_id == paper.named]
    held = [each for each in gone or (instead if paper.named and not agencies else ()) if each.recalled_at is None]
    role = paper.role.title
    if held:
        yield Body(role=role, standing=Standing.HOLDS, holders=tuple(_holder(delivery) for delivery in held))
    elif gone or len(agencies) == 1:
        again = [delivery.agency for delivery in gone] or agencies
        yield Body(role=role, standing=Standing.GETS, holders=tuple(Holder(agency=str(agency)) for agency in again))
    elif agencies:
        yield Body(role=role, standing=Standing.SEVERAL)
    elif not paper.is_for(keeper):
        yield Body(role=role, standing=Standing.UNREACHED if paper.named else Standing.NOBODY)


def _holder(delivery: Delivery) -> Holder:
    return Holder(
        agency=str(delivery.agency),
        for_good=is_for_good(delivery),
        is_registered=delivery.received_at is not None,
        incoming_number=delivery.incoming_number,
    )


def _not_filed(level: Level, progress: Progress, titles: Mapping[str, str]) -> Iterator[PaperOfLevel]:
    """Yield the papers of a level that nobody has filed yet."""
    roles = [progress.procedure.role(code).title for code in level.to]
    for code in level.papers:
        if progress.closed is None and code not in progress.last_filed:
            bodies = tuple(Body(role=role, standing=Standing.LATER) for role in roles)
            yield PaperOfLevel(title=titles.get(code, code), bodies=bodies)
