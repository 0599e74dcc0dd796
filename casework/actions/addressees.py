"""Who hears of something to do: whoever does it, their substitute while they are away, and the heads when there is nobody else."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from typing import Any, Protocol, TypeVar

from django.contrib.auth import get_user_model

from casework import access
from casework.models import Absence, Case, TeamRole


class OfSomebody(Protocol):
    """What somebody has to do in a case: a row of `Task`, or an assignment that its curator answers for."""

    @property
    def case(self) -> Case: ...
    @property
    def case_id(self) -> int: ...
    @property
    def owner_id(self) -> int | None: ...


Something = TypeVar("Something", bound=OfSomebody)


class Addressees:
    """The people to write to on one day. Six queries for each piece of a list, whatever its length."""

    def __init__(self, *, today: dt.date) -> None:
        self.today = today

    def of(self, tasks: Collection[Something], *, to_heads: bool = False) -> Iterator[tuple[Something, Any]]:
        """Yield each task with everybody to be told of it: active people who may read its case today, and nobody else."""
        if not tasks:
            return
        heads = self._heads({task.case.agency_id for task in tasks})
        owners = {task.owner_id for task in tasks if task.owner_id}
        wanted = owners | {head for of_agency in heads.values() for head in of_agency}
        instead = dict(self._away(wanted).values_list("person", "substitute"))
        # A substitute who is away in turn stands in for nobody.
        gone = set(self._away(set(instead.values())).values_list("person", flat=True)) & set(instead.values())
        people = get_user_model().objects.filter(is_active=True).in_bulk(wanted | set(instead.values()))
        seen = access.readers_of({task.case_id for task in tasks}, among=people, today=self.today)
        for task in tasks:
            chosen = [] if to_heads or not task.owner_id else [task.owner_id]
            for candidates in (chosen, heads.get(task.case.agency_id, ())):
                present = {instead.get(person, person) for person in candidates} - gone
                found = [people[person] for person in sorted(present) if (task.case_id, person) in seen]
                yield from ((task, person) for person in found)
                if found:
                    break

    def _away(self, people: Iterable[int]) -> Any:
        return Absence.objects.filter(person__in=people, first_day__lte=self.today, last_day__gte=self.today)

    def _heads(self, agencies: Iterable[int]) -> dict[int, list[int]]:
        memberships = (
            get_user_model()
            .objects.filter(groups__team__agency__in=agencies, groups__team__role=TeamRole.HEAD, is_active=True)
            .values_list("groups__team__agency", "pk")
        )
        found: dict[int, list[int]] = {}
        for agency, head in memberships:
            found.setdefault(agency, []).append(head)
        return found
