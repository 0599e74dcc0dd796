"""The pack of a handover: what waits in a case, read from the case itself. It changes nothing.

The number of queries depends on how many procedures run in the case, and on nothing else.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from casework.actions.closed import facts_closed_by_edition, tells_to_few
from casework.actions.facts import open_contradictions
from casework.actions.progress import form_titles, progress_of
from casework.closed_answers import TOLD_TO_FEW
from casework.models import Assignment, AssignmentKind, Case, CaseProcedure, HandoverItem, Task
from forms_library.models import Agency
from forms_library.procedures.progress import Progress

Kind = HandoverItem.Kind
RECENT_DECISIONS = 6
"""So many decisions of each procedure go into the pack, the latest ones: two pages hold no more (issue 5)."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the pack. `ref` stays the same as long as the line says the same."""

    kind: str
    ref: str
    text: str
    due: dt.date | None = None


def pack_of(case: Case, *, today: dt.date, without: Task | None = None) -> list[Entry]:
    """Return the pack of a case as it stands today; the task `without`, which asks to accept it, is no part of it."""
    followed = list(CaseProcedure.objects.running().filter(case=case).select_related("edition", "case__agency"))
    stands = [(each, progress_of(each)) for each in followed]
    asked = list(Assignment.objects.open().filter(case=case).select_related("agency").order_by("due", "pk"))
    waiting = Task.objects.open().filter(case=case).order_by("due", "pk")
    tasks = [task for task in waiting if task != without]
    return [
        *_risks(case, stands, tasks, asked, today=today),
        *_deadlines(tasks, asked),
        *_decisions(stands, asked),
        *_missing_papers(stands),
        *_contacts(case, asked, today=today),
    ]


def _risks(
    case: Case,
    stands: list[tuple[CaseProcedure, Progress]],
    tasks: list[Task],
    asked: list[Assignment],
    *,
    today: dt.date,
) -> Iterator[Entry]:
    for followed, progress in stands:
        level = next((each for each in progress.procedure.levels if each.code == followed.level), None)
        if level:
            words = _("Risk level: %(level)s (%(procedure)s)")
            text = words % {"level": level.title, "procedure": followed.edition.title}
            yield Entry(kind=Kind.RISK, ref=f"level:{followed.pk}:{level.code}", text=text)
    contradictions = list(open_contradictions(case))
    told_to_few = facts_closed_by_edition(case, TOLD_TO_FEW) if contradictions else {}
    for contradiction in contradictions:
        words = _("Two forms contradict each other, and nobody has decided: %(what)s")
        is_secret = tells_to_few(contradiction, told_to_few)  # the pack is kept, and everybody in the case reads it
        text = words % {"what": _("something that is told to few") if is_secret else contradiction.later.about_what}
        yield Entry(kind=Kind.RISK, ref=f"contradiction:{contradiction.pk}", text=text)
    for task in tasks:
        if task.is_overdue(today=today):
            text = _("Overdue: %(what)s") % {"what": task.title}
            yield Entry(kind=Kind.RISK, ref=f"overdue:task:{task.pk}:{task.due}", text=text, due=task.due)
    for each in asked:
        if each.is_overdue(today=today) or each.is_silent(today=today):
            words = _("Nothing is heard from %(agency)s: %(what)s")
            text = words % {"agency": each.agency.short_name, "what": each.text}
            day = each.answer_by if each.is_silent(today=today) else each.due
            yield Entry(kind=Kind.RISK, ref=f"overdue:asked:{each.pk}:{day}", text=text, due=day)


def _deadlines(tasks: list[Task], asked: list[Assignment]) -> Iterator[Entry]:
    for task in tasks:
        text = f"{task.title} ({task.role})" if task.role else task.title
        if task.is_paused:
            text = _("%(what)s — the term stands still") % {"what": text}
        yield Entry(kind=Kind.DEADLINE, ref=f"task:{task.pk}:{task.due}", text=text, due=task.due)
    for each in asked:
        if each.kind != AssignmentKind.DECISION:
            text = f"{each.agency.short_name}: {each.text} ({each.get_state_display()})"
            day = each.due or each.answer_by
            yield Entry(kind=Kind.DEADLINE, ref=f"asked:{each.pk}:{each.state}:{day}", text=text, due=day)


def _decisions(stands: list[tuple[CaseProcedure, Progress]], asked: list[Assignment]) -> Iterator[Entry]:
    """Yield what councils have decided and nobody has done yet, then what was decided last under each procedure."""
    for each in asked:
        if each.kind == AssignmentKind.DECISION:
            words = _("Decision of a council, not done yet: %(what)s (%(agency)s)")
            text = words % {"what": each.text, "agency": each.agency.short_name}
            yield Entry(kind=Kind.DECISION, ref=f"asked:{each.pk}:{each.state}:{each.due}", text=text, due=each.due)
    for followed, progress in stands:
        done = [turn for turn in progress.turns if turn.done_on and turn.outcome]
        latest = sorted(done, key=lambda turn: turn.done_on or turn.opened_on, reverse=True)[:RECENT_DECISIONS]
        for turn in latest:
            told = progress.procedure.event_in_words(f"{turn.step.code}.{turn.outcome}")
            text = f"{turn.done_on:%d.%m.%Y}: {told}"
            ref = f"decided:{followed.pk}:{turn.step.code}:{turn.number}:{turn.outcome}"
            yield Entry(kind=Kind.DECISION, ref=ref, text=text)


def _missing_papers(stands: list[tuple[CaseProcedure, Progress]]) -> Iterator[Entry]:
    for followed, progress in stands:
        wanted = {
            (turn.step.code, code): turn.step.title
            for turn in progress.open_turns
            for code in [*(use.code for use, _n in progress.missing_forms(turn)), *progress.missing_required(turn)]
        }
        codes = [code for _step, code in wanted]
        for ((step, code), title), form in zip(wanted.items(), form_titles(codes), strict=True):
            text = _("%(form)s — for the step “%(step)s”") % {"form": form, "step": title}
            yield Entry(kind=Kind.PAPER, ref=f"paper:{followed.pk}:{step}:{code}", text=text)


def _contacts(case: Case, asked: list[Assignment], *, today: dt.date) -> Iterator[Entry]:
    """Yield the people of the family with their telephones, then the agencies that have to do with the case."""
    unknown = _("no telephone is known")
    for person in case.people.filter(is_mistake=False):
        text = f"{person.get_role_display()}: {person.full_name}, {person.phone or unknown}"
        yield Entry(kind=Kind.CONTACT, ref=f"person:{person.pk}:{person.version}", text=text)
    shares = [share for share in case.shares.all() if share.is_standing(today=today)]
    wanted = {case.agency_id, *(share.agency_id for share in shares), *(each.agency_id for each in asked)}
    agencies = Agency.objects.filter(pk__in=wanted).prefetch_related("phones").order_by("short_name")
    for agency in agencies:
        phones = ", ".join(phone.number for phone in agency.phones.all())
        text = f"{agency.short_name}, {phones or unknown}"
        yield Entry(kind=Kind.CONTACT, ref=f"agency:{agency.pk}", text=text)
