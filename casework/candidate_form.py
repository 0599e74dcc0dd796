"""«Анкета кандидата» (domain.md C, form 29) as the register of professional families has it: nothing is typed twice. Pure."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casework.models import AcceptedNeed, PaperKind

FORM = "pf_candidate_form"
ACCEPTED: Mapping[str, AcceptedNeed] = {
    "недоношенные": AcceptedNeed.PREMATURE,
    "особое питание, аллергия": AcceptedNeed.DIET,
    "задержка развития": AcceptedNeed.DELAY,
    "инвалидность": AcceptedNeed.DISABILITY,
    "частые болезни": AcceptedNeed.ILLNESS,
    "встречи с родителями": AcceptedNeed.CONTACT,
}
"""The words of «Готовы принять» in the shipped form. What an edition says otherwise is left to be ticked by hand."""
TOGETHER, PETS, SMOKES = "братья и сёстры вместе", "есть", "курят дома"
DAYS_OF_PAPERS: Mapping[PaperKind, str] = {
    PaperKind.HEALTH: "health_date",
    PaperKind.RECORD: "no_record_date",
    PaperKind.TRAINING: "training_on",
}
LAST_DAY = "valid_till"
"""«Действительно до»: then the papers and the examination are renewed. Training is passed once and has no last day."""
SAME = {"age_from": "age_from", "age_to": "age_to", "children_at_once": "places", "limits": "limits"}


def card_of_candidate(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the first words of a card of the register, from the answers of a filed form that the reader may read."""
    accepted = answers.get("accepted") or []
    card: dict[str, Any] = {
        "name": answers.get("candidate") or "",
        "contacts": ", ".join(str(answers[key]) for key in ("phone", "address") if answers.get(key)),
        "accepts_siblings": TOGETHER in accepted,
        "accepted": [ACCEPTED[each].value for each in accepted if each in ACCEPTED],
        "has_pets": answers.get("pets") == PETS,
        "smokes_at_home": answers.get("smoking") == SMOKES,
    }
    return card | {field: answers[key] for key, field in SAME.items() if answers.get(key) is not None}


@dataclass(frozen=True)
class PaperOfCandidate:
    """A paper that the form names: of what day it is and until when it is good."""

    kind: PaperKind
    issued_on: dt.date
    valid_until: dt.date | None


def papers_of_candidate(answers: Mapping[str, Any], *, today: dt.date) -> Sequence[PaperOfCandidate]:
    """Return the papers that a filed form proves, from the answers that the reader may read.

    A paper that has to be renewed comes only with its last day; a day that has not come yet proves nothing.
    """
    last = _day(answers.get(LAST_DAY))
    found = []
    for kind, question in DAYS_OF_PAPERS.items():
        day, until = _day(answers.get(question)), None if kind == PaperKind.TRAINING else last
        if day and day <= today and (kind == PaperKind.TRAINING or (until and day <= until)):
            found.append(PaperOfCandidate(kind, day, until))
    return found


def _day(answer: Any) -> dt.date | None:
    return dt.date.fromisoformat(answer) if answer else None
