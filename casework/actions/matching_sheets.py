"""What the needs card and the choice are carried into: «Лист подбора семьи», tasks to find things out, the family's own sheet."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext, gettext_lazy as _

from casework.actions.cases import locked_running
from casework.actions.closed import refuse_closed
from casework.actions.drafts import save_draft, start_draft
from casework.actions.forms_to_fill import edition_to_fill
from casework.actions.log import record_document_read
from casework.actions.matching import Considered
from casework.actions.placement_acts import is_over
from casework.actions.placements import ACT_FORM
from casework.actions.refusals import ActionRefused
from casework.actions.tasks import give_task
from casework.matching import Why
from casework.models import Case, Draft, MatchingDecision, Person, Submission, Task
from casework.needs_card import Needs
from forms_library.questionnaire import Answers
from forms_library.schema import Kind, Schema
from forms_library.typed import typed_from_answers

SHEET = "pf_matching"
NAMESPACE = uuid.UUID("5c0a3f5a-0000-4000-8000-00006e656564")
EXCLUDED_BECAUSE: Mapping[Why, str] = {
    Why.AGE: "возраст или число детей не подходит",
    Why.SIBLINGS: "возраст или число детей не подходит",
    Why.NO_PLACE: "нет места сейчас",
    Why.STATE: "семье нужен отдых",
    Why.RESTING: "семье нужен отдых",
    Why.PAPERS: "истёк срок справок",
    Why.TRAINING: "истёк срок справок",
    Why.NEED: "опасно для здоровья ребёнка",
}
"""The words of «Безусловный отказ» in the shipped «Лист подбора семьи». What an edition does not offer is left open."""
NOT_EXCLUDED = "нет"


class NoSheetInForce(ActionRefused):
    """The form of the matching sheet is not in force."""

    message = _("The matching sheet is not in force now. Ask the methodologist of your forms.")


class NothingToFindOut(ActionRefused):
    """The card has no questions to ask, or all have become tasks."""

    message = _("There is nothing left to give as a task: every question of the card is one already.")


# Лист подбора семьи


@transaction.atomic
def begin_sheet(
    *,
    child: Person,
    card: Submission,
    considered: Sequence[Considered],
    chosen: MatchingDecision,
    needs: Needs,
    actor: Any,
    at: dt.datetime,
) -> Draft:
    """Begin «Лист подбора семьи» with the families that were considered and the choice; what was typed already stays.

    Raises `NoSheetInForce`, `CaseEnded`.
    """
    edition = edition_to_fill(code=SHEET, at=at)
    if edition is None:
        raise NoSheetInForce
    case = locked_running(child.case)
    draft = start_draft(case=case, edition=edition, actor=actor, at=at)
    answers = {
        "needs": [{"id": card.number, "name": ""}],
        "child": child.full_name,
        "age_months": needs.age_months,
        "siblings": needs.together > 1,
        "date": case.agency.local(at).date().isoformat(),
        "candidates": [_candidate(each) for each in considered],
        "family_1": chosen.family.name,
        "chosen": chosen.family.name,
        "reasons": chosen.reasons,
        "risks": chosen.risks,
    }
    offered = typed_from_answers(edition.schema, _that_fit(edition.schema, answers))
    typed = dict(draft.typed) | {name: words for name, words in offered.items() if not any(draft.typed.get(name, []))}
    return save_draft(draft=draft, typed=typed, version=draft.version, at=at)


def _candidate(each: Considered) -> dict[str, str]:
    first = next(iter(each.verdict.exclusions), None)
    return {"family": each.family.name, "excluded": EXCLUDED_BECAUSE[first.why] if first else NOT_EXCLUDED}


def _that_fit(schema: Schema, answers: Answers) -> Answers:
    """Return the answers that this edition asks for; rows only in columns that it has, no more of them than it takes."""
    found: Answers = {}
    for key, value in answers.items():
        if key not in schema or value is None:
            continue
        question = schema[key]
        if question.kind == Kind.TABLE:
            columns = {column.key: column.choices for column in question.columns}
            rows = [
                {name: word for name, word in row.items() if name in columns and word in (columns[name] or [word])}
                for row in value
            ]
            found[key] = rows[: question.max_rows]
        elif question.kind.is_table == isinstance(value, list) or question.kind == Kind.DOCUMENT:
            found[key] = value
    return found


# What has to be found out


@dataclass(frozen=True)
class ToFindOut:
    """One question of the card's own list: what, who asks whom, by what day, and the task that it has become."""

    row: int
    what: str
    who: str
    due: dt.date | None
    task: Task | None


def to_find_out(card: Submission) -> list[ToFindOut]:
    """Return the list «Что ещё нужно узнать» of a card, with the tasks that it has become. One query."""
    rows = card.answers.get("follow_up") or []
    tokens = {uuid.uuid5(_page_token(card, row), card.case.reference): row for row in range(len(rows))}
    tasks = {tokens[task.token]: task for task in Task.objects.filter(token__in=tokens).select_related("owner")}
    return [
        ToFindOut(number, row.get("what", ""), row.get("who", ""), _day(row.get("due")), tasks.get(number))
        for number, row in enumerate(rows)
    ]


def _page_token(card: Submission, row: int) -> uuid.UUID:
    """Return what names the task of a row for ever: the same row becomes a task once."""
    return uuid.uuid5(NAMESPACE, f"{card.pk}-{row}")


def _day(text: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(text))
    except ValueError:
        return None


@transaction.atomic
def ask_everything(*, case: Case, card: Submission, actor: Any, at: dt.datetime) -> list[Task]:
    """Make every question of the card that is no task yet a task of `actor`; a day that has passed becomes today.

    The title names the row and never its words: titles are seen in lists, and the words may tell of health.
    Raises `CaseEnded`, `NotYourTask`, `CategoryClosed`, `NothingToFindOut`.
    """
    case = locked_running(case)
    today = case.agency.local(at).date()
    refuse_closed([card], case=case, user=actor, today=today)
    card.case = case
    waiting = [each for each in to_find_out(card) if each.task is None]
    if not waiting:
        raise NothingToFindOut
    words = gettext("Find out question No. %(row)s of the child’s needs card (document No. %(number)s)")
    return [
        give_task(
            case=case,
            title=words % {"row": each.row + 1, "number": card.number},
            owner=actor,
            due=max(each.due, today) if each.due else None,
            actor=actor,
            at=at,
            token=_page_token(card, each.row),
        )
        for each in waiting
    ]


# The sheet of the partner family


def newest(case: Case, code: str, *, child: Person) -> Submission | None:
    """Return the newest valid form of a kind that names the child."""
    found = Submission.objects.filter(case=case, edition__code=code, answers__child=child.full_name).valid()
    return found.select_related("edition").defer("edition__docx_template").order_by("-number").first()


def current_act(case: Case, *, child: Person) -> Submission | None:
    """Return the newest valid placement act of a child, unless the stay it tells of has ended."""
    act = newest(case, ACT_FORM, child=child)
    return None if act is None or is_over(act, child=child) else act


def read_papers_of_sheet(
    child: Person, *, card: Submission, user: Any, at: dt.datetime
) -> dict[str, Submission | None]:
    """Return the placement act and the last visit, and write down that all were read for the family's sheet.

    Raises `CategoryClosed` when one of them tells what `user` may not read: a paper hides nothing.
    """
    case = child.case
    papers = {"act": current_act(case, child=child), "visit": newest(case, "pf_visit", child=child)}
    read = [card, *(paper for paper in papers.values() if paper)]
    refuse_closed(read, case=case, user=user, today=case.agency.local(at).date())
    for paper in read:
        record_document_read(case=case, actor=user, at=at, number=paper.number)
    return papers
