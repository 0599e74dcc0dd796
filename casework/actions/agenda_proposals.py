"""Which cases a council should look at next, and why: its agenda, as the radar proposes it.

Whoever makes the agenda need not be allowed to read these cases: a proposal tells the number of the case, who keeps it, the
reason and the day, and nothing else (domain.md D). The number of queries is the same for any number of cases.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KT
from django.utils.translation import gettext as _

from casework.models import (
    AgendaItem,
    Assignment,
    AssignmentKind,
    AssignmentNudge,
    AssignmentState,
    Case,
    CaseEvent,
    CaseProcedure,
    Council,
    CouncilKind,
    Meeting,
    Submission,
    Task,
)
from forms_library.models import ProcedureEdition
from forms_library.procedures.definition import DoneBy, Procedure, Step

SOON = dt.timedelta(days=14)
"""A review comes before the council so many days ahead; so does an approval that has a last day far away."""
RECENT = dt.timedelta(days=30)
"""For so long a raised level of risk is news."""
PLANS = ("nso_individual_plan", "nso_dept_plan", "tom_support_plan", "ipsr")
"""The forms that are plans of a case; each says in `period_to` until when it lasts."""
REVIEWS = frozenset({"nso_monitoring", "tom_plan_review"})
"""The forms in which a plan is looked at again."""
STILL_TO_DO = (AssignmentState.PARTLY, AssignmentState.NOT_DONE)
"""Marks with which a decision is marked and still not carried out."""

Reason = AgendaItem.Reason


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A case that a council should look at: `words` say why, and name nobody of the family; `day` is the day of that reason."""

    case_id: int
    reference: str
    keeper: str
    reason: str
    words: str
    day: dt.date | None
    case_procedure_id: int | None = None
    step: str = ""

    @property
    def reason_in_words(self) -> str:
        return str(Reason(self.reason).label)


@dataclass(frozen=True, kw_only=True)
class Sign:
    """One reason for which a case should come before the council."""

    case: int
    reason: Reason
    words: str = ""
    day: dt.date | None = None
    followed: int | None = None
    step: str = ""


def proposals_for(council: Council, *, at: dt.datetime) -> list[Proposal]:
    """Return the cases that the council should look at, the gravest reason and the earliest day first, each case once.

    A case that stands on the agenda of a meeting which is not over yet is not proposed again.
    """
    if not council.is_open:
        return []
    cases, today = cases_of(council), council.agency.local(at).date()
    signs: dict[int, list[Sign]] = {}
    for sign in _signs(council, cases, at=at, today=today):
        signs.setdefault(sign.case, []).append(sign)
    rows = cases.filter(pk__in=signs).values_list("pk", "reference", "agency__name")
    found = [_proposal(sorted(signs[pk], key=_order), reference, keeper) for pk, reference, keeper in rows]
    return sorted(found, key=lambda each: (_rank(each.reason), each.day or today, each.reference))


def cases_of(council: Council) -> QuerySet[Case]:
    """Return the running cases about which a council decides: of its territory (its holder's own, when it is the council of an
    organisation), and those on which it has decided before."""
    own = Q(agency=council.agency_id)
    of_place = Q(agency__territory=council.territory) if council.territory else Q(pk__in=())
    before = AgendaItem.objects.filter(meeting__council=council, meeting__stage=Meeting.Stage.SIGNED).values("case")
    waiting = AgendaItem.objects.filter(meeting__council=council).exclude(meeting__stage__in=Meeting.OVER)
    where = (own if council.kind == CouncilKind.ORG_CONSILIUM else of_place) | Q(pk__in=before)
    return Case.objects.running().filter(where).exclude(pk__in=waiting.values("case"))


def _order(sign: Sign) -> tuple[int, dt.date]:
    return _rank(sign.reason), sign.day or dt.date.max


def _rank(reason: str) -> int:
    return list(Reason).index(Reason(reason))


def _proposal(signs: list[Sign], reference: str, keeper: str) -> Proposal:
    first = signs[0]
    return Proposal(
        case_id=first.case,
        reference=reference,
        keeper=keeper,
        reason=first.reason,
        words="; ".join(dict.fromkeys(sign.words or str(sign.reason.label) for sign in signs)),
        day=first.day,
        case_procedure_id=first.followed,
        step=first.step,
    )


def _signs(council: Council, cases: QuerySet[Case], *, at: dt.datetime, today: dt.date) -> Iterator[Sign]:
    ids = cases.order_by().values("pk")
    followed = dict(CaseProcedure.objects.running().filter(case__in=ids).values_list("pk", "edition"))
    editions = ProcedureEdition.objects.in_bulk(set(followed.values()))
    procedures = {pk: edition.procedure for pk, edition in editions.items()}
    of_case = {pk: procedures[edition] for pk, edition in followed.items()}
    yield from _waiting_steps(council, ids, of_case, today=today)
    yield from _plans_run_out(ids, today=today)
    yield from _silent_referrals(ids)
    yield from _not_done(council, ids, today=today)
    yield from _risk_raised(ids, of_case, at=at)


def _waiting_steps(
    council: Council, ids: QuerySet, of_case: Mapping[int, Procedure], *, today: dt.date
) -> Iterator[Sign]:
    """Yield the steps that wait for this council, and the reviews that are due."""
    known = list({id(procedure): procedure for procedure in of_case.values()}.values())
    codes = {step.code for procedure in known for step in procedure.steps if _is_looked_for(procedure, step, council)}
    waiting = Task.objects.open().filter(case__in=ids, case_procedure__in=list(of_case), step__in=codes)
    for case, followed, code, due in waiting.values_list("case", "case_procedure", "step", "due"):
        procedure = of_case[followed]
        step = _step(procedure, code)
        if step is None or not _is_looked_for(procedure, step, council):
            continue
        is_near = due is not None and due <= today + SOON
        if _is_of_council(procedure, step, council):
            if is_near or step.done_by == DoneBy.DECISION:
                yield Sign(
                    case=case, reason=Reason.APPROVAL, words=step.title, day=due, followed=followed, step=step.code
                )
        elif is_near:
            yield Sign(case=case, reason=Reason.REVIEW, words=step.title, day=due)


def _step(procedure: Procedure, code: str) -> Step | None:
    return next((step for step in procedure.steps if step.code == code), None)


def _is_looked_for(procedure: Procedure, step: Step, council: Council) -> bool:
    return _is_of_council(procedure, step, council) or _is_review(step)


def _is_of_council(procedure: Procedure, step: Step, council: Council) -> bool:
    is_decided = step.done_by != DoneBy.FORMS and not step.is_optional
    return is_decided and council.kind in procedure.role(step.role).council_kinds


def _is_review(step: Step) -> bool:
    return not REVIEWS.isdisjoint(use.code for use in step.forms)


def _plans_run_out(ids: QuerySet, *, today: dt.date) -> Iterator[Sign]:
    """Yield the cases whose latest plan lasts no longer."""
    plans = Submission.objects.filter(case__in=ids, edition__code__in=PLANS).valid()
    last = dict(plans.order_by("number").values_list("case", KT("answers__period_to")))
    for case, until in last.items():
        try:
            day = dt.date.fromisoformat(str(until)[:10])
        except ValueError:  # an edition whose plan names no last day
            continue
        if day < today:
            words = _("the plan has run out on %(day)s") % {"day": f"{day:%d.%m.%Y}"}
            yield Sign(case=case, reason=Reason.PLAN_EXPIRED, words=words, day=day)


def _silent_referrals(ids: QuerySet) -> Iterator[Sign]:
    """Yield the cases with a referral whose silence has climbed the ladder up to the council."""
    rung = AssignmentNudge.objects.filter(
        to=AssignmentNudge.To.COUNCIL, assignment__case__in=ids, assignment__state=AssignmentState.SENT
    )
    for case, day in rung.values_list("assignment__case", "about"):
        yield Sign(case=case, reason=Reason.SILENT_REFERRAL, day=day)


def _not_done(council: Council, ids: QuerySet, *, today: dt.date) -> Iterator[Sign]:
    """Yield the cases with decisions of this council that are late, or marked as not carried out."""
    late = Q(state=AssignmentState.ACCEPTED, due__lt=today)
    decided = Assignment.objects.filter(late | Q(state__in=STILL_TO_DO), case__in=ids, kind=AssignmentKind.DECISION)
    of_council = decided.filter(source__agenda_item__meeting__council=council)
    for case, day in of_council.values_list("case", "due"):
        yield Sign(case=case, reason=Reason.NOT_DONE, day=day)


def _risk_raised(ids: QuerySet, of_case: Mapping[int, Procedure], *, at: dt.datetime) -> Iterator[Sign]:
    """Yield the cases whose level of risk is now graver than the one before, if it has become so lately."""
    marks: dict[int, list[tuple[dt.datetime, int]]] = {}
    for followed, moment, rank in _levels(ids, of_case):
        marks.setdefault(followed, []).append((moment, rank))
    for each in CaseProcedure.objects.filter(pk__in=marks).select_related("case__agency"):
        moment, by = _last_change(sorted(marks[each.pk]))
        if by > 0 and at - moment <= RECENT:
            day = each.case.agency.local(moment).date()
            yield Sign(case=each.case_id, reason=Reason.RISK_RAISED, day=day)


def _last_change(marks: Sequence[tuple[dt.datetime, int]]) -> tuple[dt.datetime, int]:
    """Return when a level last became another one, and by how much graver: the first one is held against the least of all.

    A level that is only confirmed has not changed.
    """
    moment, by = marks[0]
    for (_at, before), (later, now) in pairwise(marks):
        if now != before:
            moment, by = later, now - before
    return moment, by


def _levels(ids: QuerySet, of_case: Mapping[int, Procedure]) -> Iterator[tuple[int, dt.datetime, int]]:
    """Yield every time that a level was set, by hand, by a decision or by the answer of a form: how grave it is, by its place."""
    ranks = {pk: {level.code: rank for rank, level in enumerate(each.levels)} for pk, each in of_case.items()}
    written = CaseEvent.objects.filter(
        case_procedure__in=list(of_case),
        what__in=[CaseEvent.What.LEVEL, CaseEvent.What.DECIDED],
        annulled_by=None,
    )
    for followed, moment, step, code in written.values_list("case_procedure", "at", "step", "code"):
        level = _level_of(of_case[followed], step, code) if step else code
        if level in ranks[followed]:
            yield followed, moment, ranks[followed][level]
    yield from _levels_by_forms(ids, of_case, ranks)


def _level_of(procedure: Procedure, step: str, outcome: str) -> str:
    found = _step(procedure, step)
    chosen = found.outcome(outcome) if found else None
    return chosen.level if chosen else ""


def _levels_by_forms(
    ids: QuerySet, of_case: Mapping[int, Procedure], ranks: Mapping[int, Mapping[str, int]]
) -> Iterator[tuple[int, dt.datetime, int]]:
    """Yield the levels that the answers of filed forms have set. One query for each form that can: there are one or two."""
    deciding: dict[tuple[str, str], dict[tuple[int, str], str]] = {}
    for procedure in {id(each): each for each in of_case.values()}.values():
        for place, answers in _answers_that_set(procedure.steps):
            deciding.setdefault(place, {}).update({(id(procedure), answer): level for answer, level in answers.items()})
    of_cases = dict(CaseProcedure.objects.filter(pk__in=list(of_case)).values_list("pk", "case")) if deciding else {}
    for (form, question), levels in sorted(deciding.items()):
        filed = Submission.objects.filter(case__in=ids, edition__code=form).valid()
        said: dict[int, list[tuple[dt.datetime, str]]] = {}
        for case, moment, answer in filed.values_list("case", "filed_at", KT(f"answers__{question}")):
            said.setdefault(case, []).append((moment, answer))
        for followed, procedure in of_case.items():
            for moment, answer in said.get(of_cases[followed], ()):
                level = levels.get((id(procedure), answer), "")
                if level in ranks[followed]:
                    yield followed, moment, ranks[followed][level]


def _answers_that_set(steps: Iterable[Step]) -> Iterator[tuple[tuple[str, str], dict[str, str]]]:
    """Yield the questions whose answers set a level: (form, question), and which answer sets which."""
    for step in steps:
        answers = {outcome.answer: outcome.level for outcome in step.outcomes if outcome.level and outcome.answer}
        if step.decided_by and answers:
            yield step.deciding, answers
