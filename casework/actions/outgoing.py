"""What a procedure sends to other agencies: which filed papers, to which body, for good or while a risk level lasts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.db.models import Q

from casework.models import Submission
from forms_library.models import Agency
from forms_library.procedures.definition import Role
from forms_library.procedures.progress import Happening, Progress


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """A filed paper for the body that plays a role; with a `level`, while the risk level is this one.

    `named` is the number of the agency that the procedure's form names for the role; without it the territory decides.
    One that `waits_for_a_person` was filed before the case was moved to its edition: it does not go on its own, unless it
    corrects one that has gone.
    """

    submission: Submission
    role: Role
    level: str = ""
    waits_for_a_person: bool = False
    named: int | None = None

    def is_for(self, agency: Agency) -> bool:
        """Return whether an agency is a body of the kind that plays the role; where the paper itself names it, that one."""
        is_another = self.named in _named(self.submission) and self.named != agency.pk
        return agency.kind in self.role.agency_kinds and not is_another


def sent_for_good(progress: Progress) -> Iterator[Outgoing]:
    """Yield the papers of the steps that are done, once for each body that gets them."""
    for turn in progress.turns:
        for use in turn.step.forms if turn.done_on else ():
            filed = [each.ref for each in turn.used if each.code == use.code and each.ref]
            roles = [role for role in map(progress.procedure.role, use.to) if role.agency_kinds]
            for submission, role in product(filed, roles):
                yield Outgoing(
                    submission=submission,
                    role=role,
                    waits_for_a_person=turn.is_carried_over,
                    named=_named_for(role, progress, use.code, submission),
                )


def sent_at_level(progress: Progress, level: str) -> Iterator[Outgoing]:
    """Yield the papers that go out while the risk level is `level`, once for each body."""
    wanted = next((each for each in progress.procedure.levels if each.code == level), None)
    if wanted is None:
        return
    for form in wanted.papers:
        for filed in last_filed(progress, form):
            is_left = level == progress.level and filed in progress.carried_over
            for role in map(progress.procedure.role, wanted.to):
                yield Outgoing(
                    submission=filed.ref,
                    role=role,
                    level=level,
                    waits_for_a_person=is_left,
                    named=_named_for(role, progress, form, filed.ref),
                )


def last_filed(progress: Progress, form: str) -> list[Happening]:
    """Return the form as it was filed last: with those of the other children, when there is one for each child."""
    last = progress.last_filed.get(form)
    if last is None:
        return []
    turn = next((turn for turn in progress.turns if last in turn.used), None)
    return [each for each in turn.used if each.code == form] if turn else [last]


def possible_addressees(papers: Sequence[Outgoing], *, keeper: Agency) -> list[list[Agency]]:
    """Return for each paper the agencies that it may go to.

    That is the one that it names itself, else the one that the procedure's form names, else those of the territory. With
    exactly one it is clear where it goes; else somebody chooses by hand. A paper whose addressee is named never goes to
    another one, not even when that one is closed or keeps the case itself. One query at most.
    """
    if not papers:
        return []
    kinds = {kind for paper in papers for kind in paper.role.agency_kinds}
    named = {number for paper in papers for number in (*_named(paper.submission), paper.named) if number}
    near = Q(territory=keeper.territory, is_open=True)
    agencies = list(Agency.objects.filter(near | Q(pk__in=named), kind__in=kinds).order_by("short_name"))
    return [_addressees(paper, agencies, keeper=keeper) for paper in papers]


def _addressees(paper: Outgoing, agencies: Sequence[Agency], *, keeper: Agency) -> list[Agency]:
    named = _named(paper.submission)
    of_kind = [agency for agency in agencies if paper.is_for(agency)]
    found = [agency for agency in of_kind if agency.pk in named]
    if not found and paper.named:
        found = [agency for agency in of_kind if agency.pk == paper.named]
    elif not found:
        found = [agency for agency in of_kind if agency.territory == keeper.territory]
    return [agency for agency in found if agency.is_open and agency.pk != keeper.pk]


def _named_for(role: Role, progress: Progress, code: str, submission: Submission) -> int | None:
    """Return the agency that a role's form names: a paper of that form itself, for any other the one filed last."""
    form, question = role.naming
    last = progress.last_filed.get(form)
    answers = submission.answers if code == form else last.answers if last else {}
    return _number(answers.get(question))


def _named(submission: Submission) -> set[int]:
    """Return the numbers of the agencies that a document names; other things of the case may have the same numbers."""
    return {number for number in map(_number, submission.answers.values()) if number}


def _number(answer: Any) -> int | None:
    number = answer.get("id") if isinstance(answer, dict) else None
    return number if isinstance(number, int) else None
