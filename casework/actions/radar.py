"""What the pages of a procedure read: where the case stands, and what lies around it. They change nothing.

The number of queries is the same whatever has happened (a test counts them).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.utils.formats import date_format

from casework import access
from casework.actions.council_steps import council_that_ends, deciding, grounds_decided
from casework.actions.forms_to_fill import editions_to_fill
from casework.actions.inbox import Line
from casework.actions.papers_of_levels import PapersOut, papers_out
from casework.actions.procedure_changes import missing_papers_of_end, waivable
from casework.actions.procedures import may_act
from casework.actions.progress import circumstances, form_titles, happenings_of, progress_of
from casework.actions.roles import roles_played, team_and_owner
from casework.models import Case, CaseEvent, CaseProcedure, Submission
from casework.radar import Radar, radar, what_was_waived
from casework.radar_entries import Entry, PaperLink, Taken, in_words
from casework.radar_papers import PaperOfLevel, goes_out, taken_back
from casework.radar_steps import ACTS, Act, Facts
from forms_library.models import ProcedureEdition
from forms_library.procedures.definition import DoneBy, Ground, Level, Procedure, Step
from forms_library.procedures.moving import Moved, moved
from forms_library.procedures.progress import Happening, Progress, What, replay

RECENT = 20
"""Entries that stand on the page at once; the earlier ones are unfolded."""
NEAREST = 3
"""So many steps of a procedure stand on the page of its case at once: one thing at a time."""
SUGGESTED = {"risk_notice": "nso_interagency", "support": "tom_support"}
"""Which procedure a new case most probably follows, by its kind. Only a suggestion: somebody chooses."""


@dataclass(frozen=True, kw_only=True)
class LevelLine:
    """A level as it was set: by whom, when and why."""

    title: str
    on: dt.date
    entry: Entry


@dataclass(frozen=True, kw_only=True)
class Look:
    """Everything that the pages of a procedure show."""

    followed: CaseProcedure
    radar: Radar
    facts: Facts
    entries: tuple[Entry, ...]
    levels: tuple[LevelLine, ...]
    idle: tuple[Entry, ...]
    newer: ProcedureEdition | None
    is_withdrawn: bool
    may_act: bool
    others: tuple[CaseProcedure, ...]
    successor: ProcedureEdition | None
    papers: PapersOut

    @property
    def papers_now(self) -> tuple[PaperOfLevel, ...]:
        """Return the papers that the present level sends to other agencies."""
        return self.papers.of_levels.get(self.radar.progress.level, ())

    @property
    def is_paper_left(self) -> bool:
        """Whether a paper of the present level did not go out on its own."""
        return any(paper.is_left for paper in self.papers_now)

    def sends(self) -> dict[str, tuple[str, ...]]:
        """Return for each level what setting it does with papers: who gets them, and from whom others are taken back."""
        return {level.code: self.sends_at(level.code) for level in self.radar.procedure.levels}

    def sends_at(self, level: str) -> tuple[str, ...]:
        """Return what becomes of papers once the level is another one, or none: who gets some, and who loses others."""
        now, papers = self.radar.progress.level, self.papers.of_levels.get(level, ())
        is_kept = any(other.is_running and other.level == now for other in self.others)
        return (*goes_out(papers), *taken_back(() if is_kept else self.papers_now, kept=papers))

    @property
    def who_ends(self) -> str:
        """Return who ends the work."""
        roles = [step.role for step in self.radar.procedure.steps if step.done_by == DoneBy.CLOSURE]
        return "; ".join(self.who(role) for role in dict.fromkeys(roles))

    @property
    def is_last(self) -> bool:
        """Whether no other procedure is under way in the case."""
        return not any(other.is_running for other in self.others)

    @property
    def recent(self) -> tuple[Entry, ...]:
        """Return the latest entries."""
        return self.entries[:RECENT]

    @property
    def earlier(self) -> tuple[Entry, ...]:
        """Return the entries before those."""
        return self.entries[RECENT:]

    @property
    def ground(self) -> Ground | None:
        """Return the ground on which the work has ended."""
        grounds = self.radar.procedure.grounds
        return next((ground for ground in grounds if ground.code == self.followed.ground), None)

    def who(self, code: str) -> str:
        """Return who acts in a role: what the role is called, and the person's name when one person plays it."""
        title = next((role.title for role in self.radar.procedure.roles if role.code == code), "")
        name = self.facts.names.get(code, "")
        return f"{title} ({name})" if name else title

    def papers_of_end(self) -> list[str]:
        """Return the titles of the papers that the end of the work still needs."""
        return [self.facts.title(code) for code in missing_papers_of_end(self.radar.progress)]

    def council_of_end(self) -> str:
        """Return the council that has still to decide for a ground; nothing where it has, or where there is none."""
        council = council_that_ends(self.followed, self.radar.progress, today=self.facts.around.today)
        return council.name if council and not grounds_decided(self.followed) else ""

    def waivable(self, step: Step) -> list[tuple[str, str]]:
        """Return what can be done without in a step, each with its words."""
        return [(code, what_was_waived(code, self.facts.titles)) for code in waivable(step)] if step.waived_by else []

    def last_entry(self, step: str) -> Entry | None:
        """Return what was written down about a step last, and still counts."""
        return next((entry for entry in self.entries if entry.step == step and not entry.taken), None)

    @property
    def terms(self) -> list[Entry]:
        """Return the changes of terms that count, the earliest first."""
        return [entry for entry in reversed(self.entries) if entry.is_about_a_term and not entry.taken]

    @property
    def gaps(self) -> list[Entry]:
        """Return what the case went without, the earliest first."""
        return [entry for entry in reversed(self.entries) if entry.what == What.WAIVED and not entry.taken]


def procedures_of(case: Case) -> QuerySet[CaseProcedure]:
    """Return the procedures of a case with what their pages show."""
    return case.procedures.select_related("edition__end", "case__agency", "case__curator", "came_from__edition")


def look(followed: CaseProcedure, *, user: Any, at: dt.datetime) -> Look:
    """Return what the pages of a procedure show to `user`."""
    progress = progress_of(followed)
    facts = facts_of(followed, progress, user=user, at=at)
    entries = _entries(followed, progress, facts)
    codes = {followed.code, *(ground.leads_to for ground in progress.procedure.grounds)}
    in_force = {each.code: each for each in ProcedureEdition.objects.in_force(at=at).filter(code__in=codes)}
    newest = in_force.get(followed.code)
    ground = next((each for each in progress.procedure.grounds if each.code == followed.ground), None)
    return Look(
        followed=followed,
        radar=radar(progress, facts),
        facts=facts,
        entries=tuple(sorted(entries.values(), key=lambda entry: (entry.on, entry.written_at), reverse=True)),
        levels=tuple(_levels(progress, entries)),
        idle=tuple(entries[happening.ref] for happening in progress.idle),
        newer=newest if newest and newest.pk != followed.edition_id else None,
        is_withdrawn=newest is None,
        may_act=may_act(followed, user=user, today=facts.around.today),
        others=tuple(followed.case.procedures.exclude(pk=followed.pk).select_related("edition")),
        successor=in_force.get(ground.leads_to) if ground else None,
        papers=papers_out(followed, progress, titles=facts.titles),
    )


def facts_of(followed: CaseProcedure, progress: Progress, *, user: Any, at: dt.datetime) -> Facts:
    """Return what a page knows beside the progress."""
    around = circumstances(followed, at=at)
    codes = sorted(followed.edition.procedure.form_codes())
    may_work = access.CasePermission.WORK in access.permissions_on(followed.case, user=user, today=around.today)
    begun = followed.case.drafts.filter(edition__code__in=codes, corrects=None)
    given = followed.tasks.filter(owner__isnull=False).select_related("owner")
    return Facts(
        around=around,
        keeper=followed.case.agency.kind,
        titles=dict(zip(codes, form_titles(codes), strict=True)),
        in_force=frozenset(edition.code for edition in editions_to_fill(at=at)),
        drafts=dict(begun.order_by("pk").values_list("edition__code", "pk")),
        doers={(task.step, task.turn): task.owner.get_full_name() for task in given if task.owner},
        names=_names(followed, progress),
        mine=roles_played(followed, progress, user=user, today=around.today) if followed.is_running else frozenset(),
        councils={role: council.name for role, council in deciding(followed, today=around.today).items()},
        may_fill=may_work and followed.is_running,
    )


def _names(followed: CaseProcedure, progress: Progress) -> dict[str, str]:
    """Return who acts in each role that one person plays. One query."""
    keeper = followed.case.agency.kind
    roles = [role.code for role in progress.procedure.roles if not role.is_outside(keeper)]
    owners = {role: team_and_owner(role, followed, progress)[1] for role in roles}
    people = get_user_model().objects.in_bulk({owner for owner in owners.values() if owner})
    return {role: people[owner].get_full_name() for role, owner in owners.items() if owner}


def _entries(followed: CaseProcedure, progress: Progress, facts: Facts) -> dict[Any, Entry]:
    """Return the lines of what has happened, by the row that each of them tells of. Two queries."""
    rows = list(followed.events.select_related("actor", "person"))
    filed = {
        row.pk: row
        for row in Submission.objects.filter(case=followed.case)
        .select_related("edition", "filed_by", "case__agency")
        .defer("answers", "name_forms", "edition__docx_template", "edition__questions")
    }
    back = {row.annuls_id: row for row in rows if row.annuls_id}
    told: dict[Any, Entry] = {
        row: _entry(row, followed, facts, filed, back) for row in rows if row.what != CaseEvent.What.ANNULLED
    }
    for happening in _filed(progress):
        told[happening.ref] = _entry_of_paper(happening, followed, facts, filed[happening.ref.pk])
    return told


def _filed(progress: Progress) -> list[Happening]:
    used = [happening for turn in progress.turns for happening in turn.used if happening.what == What.FILED]
    return [*used, *progress.unused]


def _entry(
    row: CaseEvent,
    followed: CaseProcedure,
    facts: Facts,
    filed: dict[int, Submission],
    back: dict[int, CaseEvent],
) -> Entry:
    taken = back.get(row.pk)
    words = partial(
        in_words,
        followed.edition.procedure,
        what=row.what,
        step=row.step,
        code=row.code,
        until=row.until,
        titles=facts.titles,
    )
    is_fixed = row.what in CaseEvent.STAND_FOR_EVER
    return Entry(
        on=row.on,
        written_at=followed.case.agency.local(row.at),
        what=row.what,
        words=words(person=row.person.get_full_name() if row.person else ""),
        bare=words(),
        said=row.words,
        stated=tuple(row.stated),
        who=row.actor.get_full_name(),
        number=None if is_fixed or taken else row.pk,
        step=row.step,
        until=row.until,
        paper=_link(filed[row.document_id]) if row.document_id else None,
        taken=Taken(who=taken.actor.get_full_name(), on=taken.on, why=taken.words) if taken else None,
    )


def _entry_of_paper(happening: Happening, followed: CaseProcedure, facts: Facts, filed: Submission) -> Entry:
    words = in_words(followed.edition.procedure, what=What.FILED, code=happening.code, titles=facts.titles)
    return Entry(
        on=happening.on,
        written_at=followed.case.agency.local(filed.filed_at),
        what=What.FILED,
        words=words,
        bare=words,
        who=filed.filed_by.get_full_name() if filed.filed_by else "",
        paper=_link(filed),
    )


def _link(filed: Submission) -> PaperLink:
    return PaperLink(number=filed.number, title=filed.edition.title)


def _levels(progress: Progress, entries: dict[Any, Entry]) -> list[LevelLine]:
    """Return the levels as they were set, the latest first."""
    lines = []
    for happening in reversed(progress.levels):
        title = progress.procedure.event_in_words(f"level.{_level_of(happening, progress)}")
        lines.append(LevelLine(title=title, on=happening.on, entry=entries[happening.ref]))
    return lines


def _level_of(happening: Happening, progress: Progress) -> str:
    """Return the code of the level that a happening set: itself a level, or an outcome that sets one."""
    if happening.what == What.LEVEL:
        return happening.code
    turn = next(turn for turn in progress.turns if happening in turn.used)
    outcome = turn.step.outcome(turn.outcome)
    return outcome.level if outcome else happening.code


@dataclass(frozen=True, kw_only=True)
class WaitingStep:
    """A step that waits, as the page of the case shows it: the line of its task, and what finishes it."""

    line: Line
    act: Act


@dataclass(frozen=True, kw_only=True)
class Summary:
    """A procedure of a case as the page of the case shows it: its level, and what is to be done, the nearest first."""

    followed: CaseProcedure
    steps: tuple[WaitingStep, ...]

    @property
    def nearest(self) -> tuple[WaitingStep, ...]:
        """Return the steps that stand on the page at once."""
        return self.steps[:NEAREST]

    @property
    def others(self) -> tuple[WaitingStep, ...]:
        """Return the steps that are unfolded by whoever wants them."""
        return self.steps[NEAREST:]

    @property
    def level(self) -> Level | None:
        """Return the risk level that is set."""
        levels = self.followed.edition.procedure.levels
        return next((level for level in levels if level.code == self.followed.level), None)

    @property
    def dangers(self) -> tuple[Level, ...]:
        """Return the levels that work at once and are not set."""
        if not self.followed.is_running:
            return ()
        levels = self.followed.edition.procedure.levels
        return tuple(level for level in levels if level.at_once and level.code != self.followed.level)


def summaries(case: Case, lines: Iterable[Line]) -> list[Summary]:
    """Return the procedures of a case, the running ones first, each with those of `lines` that are steps of it.

    One query, whatever has happened.
    """
    by_procedure = defaultdict(list)
    for line in lines:
        by_procedure[line.task.case_procedure_id].append(line)
    followed = sorted(case.procedures.select_related("edition"), key=lambda each: not each.is_running)
    return [
        Summary(
            followed=each,
            steps=tuple(_waiting_step(line, each.edition.procedure) for line in by_procedure[each.pk]),
        )
        for each in followed
    ]


def _waiting_step(line: Line, procedure: Procedure) -> WaitingStep:
    step = procedure.step(line.task.step)
    return WaitingStep(line=line, act=Act.FILL if step.decided_by else ACTS[step.done_by])


def editions_to_start(*, at: dt.datetime) -> list[ProcedureEdition]:
    """Return the procedures in force that a case can come under."""
    return list(ProcedureEdition.objects.in_force(at=at).order_by("title"))


def documents_to_choose(case: Case) -> list[tuple[str, str]]:
    """Return the documents of a case that are valid, the latest first, as they stand in a list to choose from."""
    rows = Submission.objects.filter(case=case).valid().values("pk", "number", "filed_at", "edition__title")
    return [
        (
            str(row["pk"]),
            f"№ {row['number']}, {row['edition__title']}, {date_format(case.agency.local(row['filed_at']), 'd.m.Y')}",
        )
        for row in rows
    ]


def look_at_move(followed: CaseProcedure, edition: ProcedureEdition) -> Moved:
    """Return what would become of every step of the case under another edition."""
    progress = progress_of(followed)
    replayed = replay(edition.procedure, happenings_of(followed), children=progress.children)
    codes = sorted(followed.edition.procedure.form_codes() | edition.procedure.form_codes())
    titles = dict(zip(codes, form_titles(codes), strict=True))
    return moved(progress, edition.procedure, replayed=replayed, titles=titles)
