"""What a council said and decided about one family, as answers of an official form of a protocol. Pure.

The form may be any edition of «Протокол консилиума» or «Протокол заседания МРГ»: every question that is known by its key gets
its answer in the shape that its kind takes. What the edition asks beside that stays empty, and the form itself says whether it
can do without.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from forms_library.questionnaire import Answers
from forms_library.schema import Column, Kind, Question, Schema

BODIES = {
    "territorial_consilium": "Территориальный консилиум",
    "org_consilium": "Консилиум организации социального обслуживания",
    "mrg": "Межведомственная рабочая группа",
}
"""What the form calls the councils, by their kinds."""
WHO = {"child": "ребенок", "family": "семья"}
"""Whom a service is for, as the form says it."""
EARLIER = {"partly": "частично", "done": "исполнено"}
"""How an earlier decision stands, as the form says it; whatever else it is, it is not carried out."""
OPINIONS = {"advance": "мнение, данное до заседания", "remote": "мнение, данное дистанционно"}
"""How an opinion was given when it was not said at the table, by its kind, as the form says it."""
NOT_CARRIED_OUT = "не исполнено"


@dataclass(frozen=True, kw_only=True)
class Sitting:
    """Somebody who was to take part: `took_part` says whether, `remotely` how."""

    full_name: str
    post: str
    agency: str
    took_part: bool
    remotely: bool = False


@dataclass(frozen=True, kw_only=True)
class Ordered:
    """A decision: what, who carries it out, by when; an earlier one also has its `state` and words about it.

    `person` is whoever was named in the agency; empty when only the agency was.
    """

    text: str
    agency: str
    due: dt.date | None
    person: str = ""
    state: str = ""
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Said:
    """Everything that the protocol of one item says; `earlier` are decisions of the council that are not carried out yet."""

    date: dt.date
    place: str
    body: str
    holder: str
    chair: Sitting | None
    secretary: Sitting | None
    members: tuple[Sitting, ...] = ()
    question: str = ""
    speaker: str = ""
    family_invited: bool | None = None
    family_attended: bool | None = None
    not_invited_reason: str = ""
    child_opinion: str = ""
    child_opinion_how: str = ""
    information: tuple[tuple[str, str], ...] = ()  # who has told, and what
    opinions: tuple[tuple[str, str, str], ...] = ()  # who, how (a kind of opinion), and what
    dissent: tuple[tuple[str, str], ...] = ()
    services: tuple[Mapping[str, str], ...] = field(default=())  # who, need, service, agency
    heard: str = ""
    decided: str = ""
    decisions: tuple[Ordered, ...] = ()
    earlier: tuple[Ordered, ...] = ()
    votes_for: int | None = None
    votes_against: int | None = None
    votes_abstained: int | None = None


def answers_for(schema: Schema, said: Said) -> Answers:
    """Return the answers that a meeting gives to the questions of a protocol, each in the shape of its kind.

    A question of an unknown key gets none, nor does one whose kind cannot take the answer.
    """
    answers = {}
    for key, value in {**_of_meeting(said), **_of_family(schema, said), **_of_decisions(schema, said)}.items():
        if key in schema and (shaped := _shaped(schema[key], value)) is not None:
            answers[key] = shaped
    return answers


def _of_meeting(said: Said) -> dict[str, Any]:
    chair, secretary = (sitting.full_name if sitting else "" for sitting in (said.chair, said.secretary))
    members = [
        {"fio": each.full_name, "org": each.agency, "post": _post(each), "present": each.took_part}
        for each in said.members
    ]
    return {
        "date": said.date.isoformat(),
        "place": said.place,
        "body": BODIES.get(said.body, ""),
        "org": said.holder,
        "chair": chair,
        "chair_post": said.chair.post if said.chair else "",
        "secretary": secretary,
        "members": members,
        "sign_chair": said.chair,
        "sign_secretary": said.secretary,
    }


def _post(sitting: Sitting) -> str:
    return _("%(post)s (took part remotely)") % {"post": sitting.post} if sitting.remotely else sitting.post


def _of_family(schema: Schema, said: Said) -> dict[str, Any]:
    """Return what the family was asked; a form without a place for how the child was asked has it beside the opinion."""
    opinion = said.child_opinion
    if said.child_opinion_how and "how_obtained" not in schema:
        opinion = f"{opinion}\n({said.child_opinion_how})" if opinion else ""
    return {
        "family_invited": said.family_invited,
        "family_attended": bool(said.family_attended) if said.family_invited else None,
        "not_invited_reason": said.not_invited_reason,
        "parent_present": bool(said.family_attended),
        "absence_reason": _absence(said),
        "child_opinion": opinion,
        "how_obtained": said.child_opinion_how,
    }


def _absence(said: Said) -> str:
    if said.family_attended:
        return ""
    return said.not_invited_reason or _("The family was invited and did not come")


def _of_decisions(schema: Schema, said: Said) -> dict[str, Any]:
    """Return what was said and decided; a form with a place for what members have told has it there, and not once more."""
    votes = {
        "votes_for": said.votes_for,
        "votes_against": said.votes_against,
        "votes_abstained": said.votes_abstained,
    }
    orders = [{**_order(each), "decision": each.text, "recommendation": each.text} for each in said.decisions]
    spoke = (*(() if "s1_info" in schema else said.information), *_opinions(said))
    told = {"heard": said.heard, "spoke": _lines(spoke), "decided": said.decided}
    return {
        **votes,
        "dissent": _lines(said.dissent),
        "agenda": [{"question": said.question, "speaker": said.speaker}],
        "items": [{**told, **votes, "dissent": _lines(said.dissent)}],
        "s1_info": [{"member": who, "facts": facts} for who, facts in said.information],
        "s2_services": [{**each, "who": WHO.get(each["who"], ""), "org": each["agency"]} for each in said.services],
        "decisions": orders,
        "s3_decisions": orders,
        "earlier": [
            {
                **_order(each),
                "decision": each.text,
                "mark": EARLIER.get(each.state, NOT_CARRIED_OUT),
                "comment": each.words,
            }
            for each in said.earlier
        ],
    }


def _opinions(said: Said) -> Iterator[tuple[str, str]]:
    return ((f"{who} ({OPINIONS[how]})" if how in OPINIONS else who, words) for who, how, words in said.opinions)


def _order(ordered: Ordered) -> dict[str, Any]:
    return {
        "executor": ordered.agency,
        "executor_fio": ordered.person,
        "due": ordered.due.isoformat() if ordered.due else None,
    }


def _lines(told: tuple[tuple[str, str], ...]) -> str:
    return "\n".join(f"{who}: {words}" for who, words in told)


def _shaped(question: Question, value: Any) -> Any:
    """Return a value as answers hold it; `None` when the question cannot take it."""
    if question.kind == Kind.TABLE:
        return [dict(_cells(question, row)) for row in value][: question.max_rows] if isinstance(value, list) else None
    if isinstance(value, list) or question.kind.is_table:
        return None
    return _cell(question, value)


def _cells(question: Question, row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for column in question.columns:
        if column.key in row and (shaped := _cell(column, row[column.key])) is not None:
            yield column.key, shaped


def _cell(asked: Question | Column, value: Any) -> Any:
    takes = TAKES.get(asked.kind)
    return takes(asked, value) if takes and value is not None else None


def _words(_asked: Question | Column, value: Any) -> str | None:
    return value if isinstance(value, str) else str(value) if type(value) is int else None


def _choice(asked: Question | Column, value: Any) -> str | None:
    return value if value in asked.choices else None


def _named(_asked: Question | Column, value: Any) -> dict[str, Any] | None:
    return {"id": None, "name": value} if isinstance(value, str) else None


def _signed(_asked: Question | Column, value: Any) -> dict[str, str] | None:
    return {"post": value.post, "name": value.full_name} if isinstance(value, Sitting) else None


def _number(_asked: Question | Column, value: Any) -> int | None:
    return value if type(value) is int else None


def _yes_no(_asked: Question | Column, value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _day(_asked: Question | Column, value: Any) -> str | None:
    try:
        return dt.date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        return None


TAKES: Mapping[Kind, Callable[[Question | Column, Any], Any]] = {
    Kind.TEXT: _words,
    Kind.LONG_TEXT: _words,
    Kind.FIO: _words,
    Kind.ADDRESS: _words,
    Kind.CHOICE: _choice,
    Kind.AGENCY: _named,
    Kind.PERSON: _named,
    Kind.SIGNATURE: _signed,
    Kind.INTEGER: _number,
    Kind.YES_NO: _yes_no,
    Kind.DATE: _day,
}
"""How a question of each kind takes an answer; kinds that no protocol answers from a meeting are not here."""
