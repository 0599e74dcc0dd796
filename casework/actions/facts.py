"""Facts of a case: kept when a form is filed, offered to the next form, settled when two forms disagree."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from casework.actions.cases import locked_running
from casework.actions.log import record
from casework.actions.refusals import AlreadySettled
from casework.facts import Told, is_same, told
from casework.models import Case, Contradiction, Event, Fact, Submission
from forms_library.schema import Kind

OF_THE_PAPER = "case."
"""How the keys of facts begin that a paper tells of itself and of the case: its day, its number, who answers for it."""


@dataclass(frozen=True, kw_only=True)
class Standing(Told):
    """What holds now about something, and where it comes from."""

    fact: Fact


def keep_facts(submission: Submission) -> list[Contradiction]:
    """Keep what a form that was just filed tells, and open a contradiction wherever the case knew something else.

    What a superseded form told does not count any more. The caller holds a transaction and the case.
    """
    found = told(submission.edition.schema, submission.answers)
    if not found:
        return []
    known = {each.subject: each for each in standing_facts(submission.case)}
    facts = Fact.objects.bulk_create(
        Fact(
            case=submission.case,
            submission=submission,
            key=each.key,
            whom=each.whom,
            kind=each.kind.value,
            value=each.value,
            words=each.words,
            label=each.label,
        )
        for each in found
    )
    return Contradiction.objects.bulk_create(
        Contradiction(case=submission.case, earlier=known[each.subject].fact, later=fact)
        for each, fact in zip(found, facts, strict=True)
        if each.subject in known and not is_same(known[each.subject], each)
    )


def standing_facts(case: Case) -> list[Standing]:
    """Return what holds now in a case: of each subject the newest telling that nobody has found to be wrong."""
    facts = (
        Fact.objects.filter(case=case, submission__corrected_by=None)
        .select_related("submission__edition", "submission__filed_by")
        .defer("submission__answers", "submission__edition__docx_template", "submission__edition__questions")
    )
    wrong, right = _found(case)
    standing: dict[tuple[str, str], Standing] = {}
    for fact in facts:
        if fact.pk not in wrong:
            each = Standing(
                key=fact.key,
                whom=fact.whom,
                kind=Kind(fact.kind),
                value=fact.value,
                words=fact.words,
                label=fact.label,
                is_settled=fact.pk in right,
                fact=fact,
            )
            standing[each.subject] = each
    return list(standing.values())


def standing_for(case: Case, *, form_code: str) -> list[Standing]:
    """Return what holds now and may be offered to a form: what an earlier paper of the same form told of itself is not.

    The date of one agreement is not the date of the next one: facts of `case` come from other forms only.
    """
    return [
        each
        for each in standing_facts(case)
        if not (each.key.startswith(OF_THE_PAPER) and each.fact.submission.edition.code == form_code)
    ]


def _found(case: Case) -> tuple[set[int], set[int]]:
    """Return the facts that settled contradictions have left behind, and those they have kept."""
    outcome = Contradiction.Outcome
    settled = Contradiction.objects.filter(case=case).exclude(outcome__in=["", outcome.BOTH])
    pairs = [
        (later, earlier) if said == outcome.EARLIER else (earlier, later)
        for said, earlier, later in settled.values_list("outcome", "earlier", "later")
    ]
    return {wrong for wrong, _right in pairs}, {right for _wrong, right in pairs}


def contradictions_of(case: Case) -> QuerySet[Contradiction]:
    """Return the contradictions of a case, the open ones first; those of superseded forms have gone with them."""
    sides = ("earlier", "later")
    parts = [f"{side}__submission__{part}" for side in sides for part in ("edition", "filed_by")]
    return (
        Contradiction.objects.filter(
            case=case, earlier__submission__corrected_by=None, later__submission__corrected_by=None
        )
        .select_related(*parts, "settled_by")
        .defer(
            *(
                f"{side}__submission__{part}"
                for side in sides
                for part in ("answers", "edition__docx_template", "edition__questions")
            )
        )
        .order_by(F("settled_at").asc(nulls_first=True), "id")
    )


def open_contradictions(case: Case) -> QuerySet[Contradiction]:
    """Return the contradictions of a case that somebody has to settle."""
    return contradictions_of(case).filter(outcome="")


@transaction.atomic
def settle(*, contradiction: Contradiction, outcome: str, why: str, actor: Any, at: dt.datetime) -> Contradiction:
    """Write down which of two tellings is true, and how that is known. Raises `AlreadySettled`, `CaseEnded`.

    Neither form is changed: a wrong one is corrected by a form of its own.
    """
    case = locked_running(contradiction.case)
    held = Contradiction.objects.select_for_update(of=("self",)).select_related("later").get(pk=contradiction.pk)
    if held.outcome:
        raise AlreadySettled
    held.outcome, held.why, held.settled_by, held.settled_at = outcome, why, actor, at
    held.save(update_fields=["outcome", "why", "settled_by", "settled_at"])
    record(case=case, event=Event.SETTLED, actor=actor, at=at, subject=held.later.label)
    return held
