"""One step of a procedure that waits in a case: what is missing, by when and why that day, who does it, which button.

Pure, as `casework.radar` is, which shows all of them together.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from django.utils.translation import gettext as _, ngettext

from forms_library.deadlines import Deadline, Unit, WorkingCalendar
from forms_library.procedures.definition import (
    DoneBy,
    FormUse,
    Guard,
    GuardKind,
    Procedure,
    Step,
)
from forms_library.procedures.guards import Circumstances, holds
from forms_library.procedures.in_words import level_in_words
from forms_library.procedures.progress import Progress, Turn

SOON = dt.timedelta(days=7)
ASKED_WHEN_ACTING = frozenset({GuardKind.STATEMENT, GuardKind.UNTIL_WITHIN})
"""Guards that nobody can meet beforehand: whoever acts answers them on the page of the step."""


class Urgency(StrEnum):
    """How near the last day is."""

    NONE = "none"
    PAUSED = "paused"
    LATER = "later"
    SOON = "soon"
    TODAY = "today"
    OVERDUE = "overdue"


class Act(StrEnum):
    """What finishes a step: the one button that it has."""

    FILL = "fill"
    DECIDE = "decide"
    APPOINT = "appoint"
    TELL = "tell"
    END = "end"


ACTS = {
    DoneBy.FORMS: Act.FILL,
    DoneBy.DECISION: Act.DECIDE,
    DoneBy.APPOINTMENT: Act.APPOINT,
    DoneBy.EVENT: Act.TELL,
    DoneBy.CLOSURE: Act.END,
}


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the page knows beside the progress.

    `keeper` is the kind of the agency that keeps the case, `titles` are those of forms, `in_force` the codes of forms that
    can be begun, `drafts` the numbers of those that are begun, `doers` who a task was given to, `names` who acts in a role,
    `mine` the roles of whoever looks, `councils` the names of the councils to which the decisions of roles belong here.
    """

    around: Circumstances
    keeper: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    in_force: Collection[str] = field(default=frozenset())
    drafts: Mapping[str, int] = field(default_factory=dict)
    doers: Mapping[tuple[str, int], str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    mine: Collection[str] = field(default=frozenset())
    councils: Mapping[str, str] = field(default_factory=dict)
    may_fill: bool = False

    def title(self, code: str) -> str:
        """Return what a form is called; one that is unknown stands for itself."""
        return self.titles.get(code, code)


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A form that a step produces, or that has to lie in the case by then (`is_ground`)."""

    code: str
    title: str
    filed: int = 0
    wanted: int = 1
    draft: int | None = None
    can_begin: bool = False
    is_in_force: bool = True
    is_optional: bool = False
    is_ground: bool = False
    is_waived: bool = False
    is_per_child: bool = False

    @property
    def is_done(self) -> bool:
        """Whether nothing of it is missing."""
        return self.filed >= self.wanted or self.is_waived

    @property
    def is_missing(self) -> bool:
        """Whether the step waits for it."""
        return not self.is_done and not self.is_optional

    @property
    def count_in_words(self) -> str:
        """Return how many are filed: «2 из 3 детей»; empty for a form that is filled in once."""
        if not self.is_per_child:
            return ""
        return ngettext("%(filed)s of %(count)s child", "%(filed)s of %(count)s children", self.wanted) % {
            "filed": self.filed,
            "count": self.wanted,
        }


@dataclass(frozen=True, kw_only=True)
class Condition:
    """A guard in words, and whether it holds now. One that is asked when acting neither holds nor stands in the way."""

    words: str
    is_met: bool
    is_asked: bool = False
    is_waived: bool = False


@dataclass(frozen=True, kw_only=True)
class OpenStep:
    """A step that waits. `number` tells the times of a step that comes again apart, beginning with 1."""

    step: Step
    number: int
    act: Act
    role: str
    who: str
    is_mine: bool
    is_of_others: bool
    opened_on: dt.date
    cause: str
    due: dt.date | None
    urgency: Urgency
    explanation: str
    is_provisional: bool
    is_internal: bool
    extended_to: dt.date | None
    paused_since: dt.date | None
    papers: tuple[Paper, ...]
    conditions: tuple[Condition, ...]
    can_waive: bool
    sends: tuple[str, ...]
    council: str = ""
    is_at_a_meeting: bool = False
    """Whether a meeting of the council does it: its signed protocol is the form and the decision."""

    @property
    def missing(self) -> list[str]:
        """Return why it cannot be done yet, each reason in words; empty when nothing stands in the way."""
        papers = [paper.title for paper in self.papers if paper.is_missing]
        guards = [each.words for each in self.conditions if not (each.is_met or each.is_asked or each.is_waived)]
        return [*papers, *guards]

    @property
    def term_changes(self) -> list[str]:
        """Return what can become of its term: one that stands still runs again, one that runs stands still or is extended.

        A limit does neither.
        """
        if self.paused_since:
            return ["resumed"]
        if self.step.due and self.step.due.is_limit:
            return []
        return ["suspended", "extended"] if self.due else []

    @property
    def is_at_once(self) -> bool:
        """Whether it waits for nothing else: «немедленно»."""
        return bool(self.step.due and self.step.due.rule.unit == Unit.AT_ONCE)

    @property
    def is_decided_by_form(self) -> bool:
        """Whether the answer of a form is the decision."""
        return bool(self.step.decided_by)

    @property
    def next_paper(self) -> Paper | None:
        """Return the form to fill in next; a form that is begun comes first."""
        begun = [paper for paper in self.papers if not paper.is_done and paper.draft]
        waiting = [paper for paper in self.papers if paper.is_missing and paper.can_begin]
        return next(iter([*begun, *waiting]), None)

    @property
    def can_act(self) -> bool:
        """Whether whoever looks may do it now."""
        is_by_hand = self.act != Act.FILL and not self.is_decided_by_form and not self.council
        return self.is_mine and not self.missing and is_by_hand


def open_step(progress: Progress, turn: Turn, facts: Facts) -> OpenStep:
    """Return one open step as the page shows it."""
    step, calendar, procedure = turn.step, facts.around.calendar, progress.procedure
    number = progress.turns_of(step.code).index(turn) + 1
    role = procedure.role(step.role)
    is_of_others = role.is_outside(facts.keeper)
    deadline = turn.deadline(calendar)
    due = None if turn.is_paused else turn.due(calendar)
    council = "" if step.done_by == DoneBy.FORMS else facts.councils.get(step.role, "")
    is_at_a_meeting = bool(council) and step.done_by != DoneBy.CLOSURE  # the work ends by hand, on the council's ground
    return OpenStep(
        step=step,
        number=number,
        act=ACTS[step.done_by],
        role=role.title,
        who="" if is_of_others else facts.doers.get((step.code, number)) or facts.names.get(step.role, ""),
        is_mine=step.role in facts.mine,
        is_of_others=is_of_others,
        opened_on=turn.opened_on,
        cause=procedure.event_in_words(turn.cause),
        due=due,
        urgency=urgency(due, today=facts.around.today, warn_on=turn.warn_on(calendar), is_paused=turn.is_paused),
        explanation=explanation(turn, deadline),
        is_provisional=bool(deadline and deadline.provisional and not turn.extended_to),
        is_internal=bool(step.due and step.due.is_internal),
        extended_to=turn.extended_to,
        paused_since=turn.paused[-1][0] if turn.is_paused else None,
        papers=tuple(_papers(progress, turn, facts, is_at_a_meeting=is_at_a_meeting)),
        conditions=tuple(conditions(step.needs, progress=progress, turn=turn, around=facts.around)),
        can_waive=bool(step.waived_by) and step.waived_by in facts.mine,
        sends=tuple(_sends(procedure, step, facts)),
        council=council,
        is_at_a_meeting=is_at_a_meeting,
    )


def _sends(procedure: Procedure, step: Step, facts: Facts) -> Iterator[str]:
    """Yield who gets which papers when the form that decides sets a level."""
    levels = {outcome.level for outcome in step.outcomes if step.decided_by}
    told = (level_in_words(procedure, level, titles=facts.titles) for level in procedure.levels if level.code in levels)
    yield from filter(None, told)


def urgency(due: dt.date | None, *, today: dt.date, warn_on: dt.date | None = None, is_paused: bool = False) -> Urgency:
    """Return how near a last day is; from `warn_on` on it is near, however far it may be."""
    if is_paused:
        return Urgency.PAUSED
    if due is None:
        return Urgency.NONE
    if due < today:
        return Urgency.OVERDUE
    if due == today:
        return Urgency.TODAY
    is_near = due - today <= SOON or (warn_on is not None and warn_on <= today)
    return Urgency.SOON if is_near else Urgency.LATER


def explanation(turn: Turn, deadline: Deadline | None) -> str:
    """Return the sentence that lets a person check the last day."""
    if turn.is_paused:
        return ""
    counted = deadline.explanation() if deadline else ""
    if not turn.extended_to:
        return counted
    new = _("extended to %(day)s") % {"day": f"{turn.extended_to:%d.%m.%Y}"}
    return _("%(new)s; it was: %(counted)s") % {"new": new, "counted": counted} if counted else new


def term_after(
    turn: Turn,
    *,
    what: str,
    on: dt.date,
    until: dt.date | None,
    calendar: WorkingCalendar,
) -> tuple[dt.date | None, str]:
    """Return the last day that a change of term would give («suspended», «resumed», «extended»), and its explanation."""
    changed = replace(turn, paused=list(turn.paused))
    if what == "extended":
        changed.extended_to = until
    elif what == "resumed" and changed.is_paused:
        since, _open = changed.paused.pop()
        changed.paused.append((since, max(since, on)))
    elif what == "suspended":
        changed.paused.append((on, None))
    due = None if changed.is_paused else changed.due(calendar)
    return due, explanation(changed, changed.deadline(calendar))


def _papers(progress: Progress, turn: Turn, facts: Facts, *, is_at_a_meeting: bool) -> Iterator[Paper]:
    for use in turn.step.forms:
        paper = _paper(use.code, facts, turn, use=use, children=progress.children)
        yield replace(paper, can_begin=False) if is_at_a_meeting else paper
    produced = {use.code for use in turn.step.forms}
    for code in turn.step.required:
        if code not in produced:
            yield replace(
                _paper(code, facts, turn), is_ground=True, filed=int(code in progress.last_filed), is_per_child=False
            )


def _paper(code: str, facts: Facts, turn: Turn, *, use: FormUse | None = None, children: int = 0) -> Paper:
    is_per_child = bool(use and use.per_child)
    return Paper(
        code=code,
        title=facts.title(code),
        filed=turn.filed(use) if use else 0,
        wanted=max(children, 1) if is_per_child else 1,
        draft=facts.drafts.get(code),
        can_begin=facts.may_fill and code in facts.in_force,
        is_in_force=code in facts.in_force,
        is_optional=bool(use and use.is_optional),
        is_waived=turn.is_waived(code),
        is_per_child=is_per_child,
    )


def conditions(
    guards: Collection[Guard], *, progress: Progress, around: Circumstances, turn: Turn | None = None
) -> Iterator[Condition]:
    """Yield guards in words, each with whether it holds now."""
    for guard in guards:
        is_asked = guard.kind in ASKED_WHEN_ACTING
        yield Condition(
            words=guard.words,
            is_met=not is_asked and holds(guard, progress=progress, around=around),
            is_asked=is_asked,
            is_waived=bool(turn and turn.is_waived(guard.words)),
        )
