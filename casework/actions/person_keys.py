"""The index by which a child is found: kept in step with the people of cases.

Whoever writes a `Person` calls `keep_keys` in the same transaction. `manage.py index_people` makes the whole index anew.
"""

from collections.abc import Iterable

from django.db import transaction

from casework.models import Person, PersonKey, PersonRole
from casework.same_person import Named

BATCH = 1_000


def named(person: Person) -> Named:
    """Return the person as they are named in their case."""
    return Named(person.full_name, person.birth_date, person.snils)


def keys_of(person: Person) -> list[PersonKey]:
    """Return the rows of the index for one person: none unless they are a child, none for an entry made by mistake."""
    if person.role != PersonRole.CHILD or person.is_mistake:
        return []
    child = named(person)
    keys = sorted(child.keys | ({child.number} if child.number else frozenset()))
    return [PersonKey(person=person, key=key, birth_date=person.birth_date) for key in keys]


@transaction.atomic
def keep_keys(people: Iterable[Person]) -> int:
    """Make the rows of the index for these people anew and return how many there are."""
    people = list(people)
    PersonKey.objects.filter(person__in=people).delete()
    return len(PersonKey.objects.bulk_create(key for person in people for key in keys_of(person)))


def index_people() -> int:
    """Make the whole index anew, a thousand people at a time, and return how many rows there are."""
    last, made = 0, 0
    while people := list(Person.objects.filter(pk__gt=last).order_by("pk")[:BATCH]):
        made += keep_keys(people)
        last = people[-1].pk
    return made
