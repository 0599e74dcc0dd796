"""«Is this child known?»: asked blindly, answered with whom to call and nothing else (domain.md D, need-to-know).

What is in a case never comes out here: no number, no name, no address, not even which words have fitted. The question stays written
down with its reason, the child in it as a keyed hash, and in every case that was found.
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import or_
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from casework import access
from casework.actions.emergencies import heads_of
from casework.actions.log import record
from casework.actions.person_keys import named
from casework.actions.refusals import ActionRefused
from casework.models import BlindQuestion, Case, Event, Person, PersonKey, TeamRole
from casework.same_person import Named, is_same
from forms_library.models import Agency
from forms_library.models.agencies import AgencyQuerySet

MOST_FOUND = 5
"""More cases are no answer to a question about one child."""

LAST_SHOWN = 20


class NotAskedForAgency(ActionRefused):
    """Whoever asks, asks for an agency that works, in whose team they are."""

    message = _("Only a member of a team can ask, for an agency that works now. Choose your agency.")


class NobodyIsNamed(ActionRefused):
    """One word or initials fit too many children."""

    message = _("Write the surname and the first name in full: initials fit too many children.")


@dataclass(frozen=True)
class Contact:
    """Whom to call about a child. `person` is nobody where nobody answers for the case now: then the agency is called."""

    agency: Agency
    person: Any
    is_curator: bool


@dataclass(frozen=True)
class Answer:
    """What the person who asked is told: whom to call, and which of their own cases it is."""

    question: BlindQuestion
    contacts: list[Contact] = field(default_factory=list)
    own: list[Case] = field(default_factory=list)
    is_too_wide: bool = False
    asked_before: list[BlindQuestion] = field(default_factory=list)


def asking_agencies(user: Any) -> AgencyQuerySet:
    """Return the agencies for which `user` may ask: open ones in whose teams they are."""
    return access.agencies_of(user).open()


@transaction.atomic
def ask(*, child: Named, agency: Agency, reason: str, actor: Any, at: dt.datetime, token: uuid.UUID) -> Answer:
    """Answer who works with a child, and write the question down; the same page sent twice is one question.

    Raises `NotAskedForAgency`, `NobodyIsNamed`.
    """
    if not asking_agencies(actor).filter(pk=agency.pk).exists():
        raise NotAskedForAgency
    if not child.whole or child.has_initials:
        raise NobodyIsNamed
    found = cases_with(child)
    question = _written_down(child, found, agency=agency, reason=reason, actor=actor, at=at, token=token)
    before = BlindQuestion.objects.filter(child=question.child, agency=agency, pk__lt=question.pk)
    answer = Answer(question=question, asked_before=list(before.select_related("asked_by")[:LAST_SHOWN]))
    if len(found) > MOST_FOUND:
        return replace(answer, is_too_wide=True)
    readable = access.readers_of([case.pk for case in found], among=[actor.pk], today=agency.local(at).date())
    own = [case for case in found if (case.pk, actor.pk) in readable]
    return replace(answer, own=own, contacts=_contacts(set(found) - set(own), user=actor))


def _written_down(
    child: Named, found: list[Case], *, agency: Agency, reason: str, actor: Any, at: dt.datetime, token: uuid.UUID
) -> BlindQuestion:
    """Write a question down, and in the cases that it found if it is answered with them.

    Sent twice it is one question only while everything is the same: other words, another hour or another answer make a new one.
    """
    mark = mark_of(child)
    cases = [case.pk for case in found]
    same = uuid.uuid5(token, f"{mark} {child.number} {agency.pk} {actor.pk} {at:%Y-%m-%d %H} {cases}")
    written = {
        "agency": agency,
        "asked_by": actor,
        "asked_at": at,
        "reason": reason,
        "child": mark,
        "found": len(found),
    }
    question, is_new = BlindQuestion.objects.get_or_create(token=same, defaults=written)
    if is_new and len(found) <= MOST_FOUND:
        for case in found:
            record(case=case, event=Event.BLIND_MATCH, actor=actor, at=at, subject=str(agency))
    return question


def mark_of(child: Named) -> str:
    """Return a keyed hash of whom a question is about: the same for the same child however typed, and no way back."""
    born = child.birth_date.isoformat() if child.birth_date else ""
    return salted_hmac("casework.blind_questions", f"{child.whole}|{born}", algorithm="sha256").hexdigest()


def cases_with(child: Named) -> list[Case]:
    """Return the running cases in which such a child stands, the oldest first. Three queries, however many people there are.

    The index is asked first and alone: asked together with the people and their cases, a database reads every case instead.
    """
    wanted = []
    if child.days:
        wanted.append(Q(key__in=child.keys, birth_date__in=child.days))
    if child.alone:
        wanted.append(Q(key=child.alone, birth_date=None) if child.days else Q(key=child.alone))
    if child.number:
        wanted.append(Q(key=child.number))
    if not wanted:
        return []
    numbers = set(PersonKey.objects.filter(reduce(or_, wanted)).values_list("person", flat=True))
    people = (
        Person.objects.filter(pk__in=numbers)
        .select_related("case__agency", "case__curator")
        .prefetch_related("case__agency__phones")
    )
    # Asked of the few people that were found: as a condition it would read every running case.
    cases = {person.case for person in people if person.case.is_running and is_same(child, named(person))}
    return sorted(cases, key=lambda case: case.pk)


def _contacts(cases: Iterable[Case], *, user: Any) -> list[Contact]:
    """Return whom to call about cases that `user` may not read, each once: the curator, or the head for whoever is kept out."""
    barred = set(access.barred_from(user).values_list("case", flat=True))
    contacts = {}
    for case in sorted(cases, key=lambda case: case.pk):
        person = case.curator if case.curator and case.curator.is_active else None
        if case.pk in barred:
            person = heads_of(case).exclude(pk=user.pk).first()
        contact = Contact(agency=case.agency, person=person, is_curator=person is not None and person == case.curator)
        contacts[case.agency_id, person.pk if person else None] = contact
    return list(contacts.values())


def questions_for(user: Any) -> QuerySet[BlindQuestion]:
    """Return the last questions that `user` asked; a head sees those of the whole agency."""
    headed = access.agencies_of(user).filter(teams__group__user=user, teams__role=TeamRole.HEAD)
    found = BlindQuestion.objects.filter(Q(asked_by=user) | Q(agency__in=headed))
    return found.select_related("agency", "asked_by")[:LAST_SHOWN]
