"""«Анкета кандидата» (domain.md C, form 29) as the register of professional families has it: nothing is typed twice. Pure."""

from collections.abc import Mapping
from typing import Any

from casework.models import AcceptedNeed

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
