"""What a form can be given from the case before anybody types: the same fact is not typed twice.

Pure: it is told who is in the case and who fills in, and looks only at the keys that the form's schema has.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from casework.facts import OF_TERMS
from forms_library.deadlines import months_after
from forms_library.questionnaire import Answers
from forms_library.schema import Column, Kind, Question, Schema


@dataclass(frozen=True)
class Known:
    """What the case knows, as plain words; `people` are dictionaries with the keys of `casework.models.Person`.

    `term_changes` say under the last parts of the keys of facts («term.step») when a term was suspended, resumed or extended.
    """

    people: tuple[Mapping[str, Any], ...] = ()
    specialist: Mapping[str, str] = field(default_factory=dict)  # fio, post, phone
    agency: Mapping[str, Any] = field(default_factory=dict)  # id, name, address, phone
    today: dt.date | None = None
    term_changes: tuple[Mapping[str, str], ...] = ()


WORDS = {Kind.TEXT, Kind.LONG_TEXT, Kind.FIO, Kind.PHONE, Kind.ADDRESS}
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
MONTHS_OF_A_PLAN = 3
"""«Период планирования (на 3 месяца)» (S004)."""
CHILDREN_KEYS = ("children",)
ADULTS_KEYS = ("adults",)
AGENCY_KEYS = ("org", "from")
SPECIALIST_KEYS = {
    "resp_fio": "fio",
    "resp_post": "post",
    "resp_phone": "phone",
    "reporter": "fio",
    "reporter_post": "post",
    "reporter_phone": "phone",
    "curator_fio": "fio",  # the forms that ask for the curator are filled in by the curator
    "curator_post": "post",
    "curator_phone": "phone",
}
AGENCY_DETAILS = {"org_address": "address", "org_phone": "phone"}
PARENT_FACTS = {
    "parent.fio": "full_name",
    "parent.birth_date": "birth_date",
    "parent.phone": "phone",
    "parent.address": "address",
}
"""What the forms ask of the parent who answers for the child: known when the case has one parent only."""
SIGNER_KEYS = ("sign_resp",)


def prefill(schema: Schema, known: Known) -> Answers:
    """Return answers for those questions of `schema` that the case already answers."""
    offered: Answers = {}
    offered |= {key: known.specialist.get(part, "") for key, part in SPECIALIST_KEYS.items()}
    offered |= {key: {"id": known.agency.get("id"), "name": known.agency.get("name", "")} for key in AGENCY_KEYS}
    offered |= {key: known.agency.get(part, "") for key, part in AGENCY_DETAILS.items()}
    offered |= {
        key: {"post": known.specialist.get("post", ""), "name": known.specialist.get("fio", "")} for key in SIGNER_KEYS
    }
    if known.today and "period_from" in schema and "period_to" in schema:
        offered["period_from"] = known.today.isoformat()
        offered["period_to"] = months_after(known.today, MONTHS_OF_A_PLAN).isoformat()
    for role in ("mother", "father"):
        for person in _of_role(known, role)[:1]:
            offered |= {
                f"{role}_fio": person["full_name"],
                f"{role}_birth": person["birth_date"],
                f"{role}_phone": person["phone"],
            }
    offered["address"] = next((person["address"] for person in known.people if person["address"]), "")
    offered |= _of_the_only_parent(schema, known)
    answers = {key: value for key, value in offered.items() if key in schema and _fits(schema[key].kind, value)}
    answers |= {question.key: rows for question in schema if (rows := _term_rows(question, known.term_changes))}
    for keys, roles in ((CHILDREN_KEYS, ["child"]), (ADULTS_KEYS, ["mother", "father", "representative", "relative"])):
        for key in keys:
            if key in schema and schema[key].kind == Kind.TABLE and (people := _of_role(known, *roles)):
                answers[key] = _rows(schema[key], people)
    return answers


def _of_the_only_parent(schema: Schema, known: Known) -> Answers:
    """Return what is asked of «the parent», by fact and whatever the key; of two parents nobody knows which is meant."""
    parents = _of_role(known, "mother", "father")
    if len(parents) != 1:
        return {}
    return {
        question.key: parents[0][PARENT_FACTS[question.fact]] for question in schema if question.fact in PARENT_FACTS
    }


def _of_role(known: Known, *roles: str) -> list[Mapping[str, Any]]:
    return [person for person in known.people if person["role"] in roles]


def _fits(kind: Kind, value: Any) -> bool:
    """Whether a question of this kind takes the value: a methodologist may have given a known key another kind."""
    if isinstance(value, dict):
        return kind == (Kind.SIGNATURE if "post" in value else Kind.AGENCY) and bool(value["name"])
    if kind.is_date:
        return bool(ISO_DATE.fullmatch(value))
    return bool(value) and kind in WORDS and not ISO_DATE.fullmatch(value)


def _rows(question: Question, people: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    kinds = {column.key: column.kind for column in question.columns}
    rows = []
    for person in people:
        row = {
            "fio": person["full_name"],
            "birth": person["birth_date"],
            "school": person["school"],
            "class": person["school_class"],
            "phone": person["phone"],
        }
        found = {key: value for key, value in row.items() if key in kinds and _fits(kinds[key], value)}
        relation = next((column for column in question.columns if column.key == "relation"), None)
        if relation and person["role_name"] in relation.choices:
            found["relation"] = person["role_name"]
        rows.append(found)
    return rows[: question.max_rows]


def _term_rows(question: Question, changes: Iterable[Mapping[str, str]]) -> list[dict[str, Any]]:
    """Return a row for each change of a term, in the columns whose facts ask for it; none when no column does."""
    asked = [column for column in question.columns if column.fact.startswith(OF_TERMS)]
    if question.kind != Kind.TABLE:
        return []
    rows = [
        {column.key: value for column in asked if _takes(column, value := change.get(_part(column), ""))}
        for change in changes
    ]
    return [row for row in rows if row][: question.max_rows]


def _part(column: Column) -> str:
    return column.fact.removeprefix(OF_TERMS)


def _takes(column: Column, value: str) -> bool:
    return value in column.choices if column.kind == Kind.CHOICE else _fits(column.kind, value)
