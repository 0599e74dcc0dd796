"""How the names of a case are inflected in its papers: suggested by the program, checked by people, frozen at filing."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.crypto import salted_hmac

from casework.actions.cases import locked_running
from casework.actions.closed import closed_to
from casework.actions.log import record
from casework.actions.refusals import NameChanged
from casework.actions.surroundings import agency_of_the_actor
from casework.closed_answers import closed_categories, open_part
from casework.facts import same_name
from casework.models import Case, Draft, Event, NameForms, Submission
from forms_library import rendering
from forms_library.inflection import CASES, MAX_LETTERS, Forms, initials_after, sex_of
from forms_library.models import Agency, Edition, OfficialForm
from forms_library.names_in_answers import (
    NameKind,
    Names,
    as_kept,
    kind_of_words,
    names_in_answers,
    names_in_typed,
    suggested_forms,
)
from forms_library.questionnaire import Answers
from forms_library.schema import Schema

FIELDS = ("genitive", "dative", "accusative", "instrumental", "prepositional")
"""The fields of `NameForms`, in the order of `CASES`."""


@dataclass(frozen=True, kw_only=True)
class KnownName:
    """A name of a case with its forms, and where they come from: a person, the register of agencies, or the program."""

    text: str
    kind: NameKind
    forms: Forms
    checked: NameForms | None = None
    is_from_register: bool = False

    @property
    def sex(self) -> str:
        """Whose endings the name takes: as it was checked, else as the name tells."""
        known = self.checked.sex if self.checked else sex_of(self.text)
        return known if self.is_person else ""

    @property
    def is_person(self) -> bool:
        return self.kind == NameKind.PERSON

    @property
    def is_unchanging(self) -> bool:
        """True when the name is the same in every case."""
        return set(self.forms.values()) == {self.text}

    @property
    def version(self) -> int:
        """Which checking this is, 0 when nobody has checked the name yet."""
        return self.checked.version if self.checked else 0

    @property
    def is_certain(self) -> bool:
        """True when a person answers for the forms."""
        return self.checked is not None or self.is_from_register


@dataclass(frozen=True, kw_only=True)
class CaseName(KnownName):
    """A known name and its mark in the addresses of the case."""

    key: str


def names_in(case: Case, *, actor: Any, today: dt.date) -> list[CaseName]:
    """Return the people, posts and agencies that the case knows, in the order of the alphabet. Thirteen queries at most.

    Who is named only in answers that are closed to `actor` is not named here either. Their forms are those of the agency in whose name `actor` files: whom the keeper of the case has met elsewhere is not for
    the people of another agency to find out.
    """
    found = _names_of(case, user=actor, closed=closed_to(case, user=actor, today=today))
    known = known_names(agency_of_the_actor(case, actor=actor), found)
    return [
        CaseName(**{**vars(name), "key": key_of(case, name.text)})
        for name in sorted(_to_check(known), key=lambda name: (name.kind != NameKind.PERSON, name.text))
    ]


def _to_check(known: Mapping[str, KnownName]) -> list[KnownName]:
    """Return the names without «Ветрова П. А.» where the case knows «Ветрова Полина Андреевна».

    A short name stands in signatures and lists, as it is typed. One that somebody has checked stays, to be corrected.
    """
    people = [text for text, name in known.items() if name.is_person]
    in_full = {same_name(initials_after(text)) for text in people if "." not in text}
    return [
        name
        for text, name in known.items()
        if name.checked or not name.is_person or "." not in text or same_name(initials_after(text)) not in in_full
    ]


def name_in(case: Case, key: str, *, actor: Any, today: dt.date) -> CaseName | None:
    """Return the name that has this mark in the addresses of the case."""
    return next((name for name in names_in(case, actor=actor, today=today) if name.key == key), None)


def key_of(case: Case, text: str) -> str:
    """Return what stands for a name in an address, where names of people never stand."""
    return salted_hmac("names of a case", f"{case.pk}:{text}", algorithm="sha256").hexdigest()[:20]


def _names_of(case: Case, *, user: Any, closed: Collection[str]) -> Names:
    names: Names = {}
    for full_name in case.people.filter(is_mistake=False).values_list("full_name", flat=True):
        names.setdefault(as_kept(full_name), NameKind.PERSON)
    filed = Submission.objects.filter(case=case).values_list("edition_id", "answers", "name_forms", "filed_by")
    begun = Draft.objects.filter(case=case).values_list("edition_id", "typed", "author")
    ids = {edition_id for edition_id, *_rest in [*filed, *begun]}
    editions = Edition.objects.without_template().in_bulk(ids)
    schemas: dict[int, Schema] = {edition_id: edition.schema for edition_id, edition in editions.items()}
    for edition_id, answers, frozen, author in filed:
        schema = schemas[edition_id]
        hidden = closed if author != user.pk and closed_categories(schema, answers, closed) else frozenset()
        held = names_in_answers(open_part(schema, hidden), answers)
        others = () if hidden else frozen  # what the paper puts into cases may stand in a closed answer
        names = {**{text: kind_of_words(text) for text in others if text not in held}, **held, **names}
    for edition_id, typed, author in begun:
        schema = open_part(schemas[edition_id], () if author == user.pk else closed)
        names = {**names_in_typed(schema, typed), **names}
    return names


def known_names(agency: Agency, names: Mapping[str, NameKind]) -> dict[str, KnownName]:
    """Return the forms of names as the papers of `agency` have them.

    What a person of the agency has checked comes first, then the register of agencies, then what the program suggests.
    """
    if not names:
        return {}
    checked = {each.nominative: each for each in NameForms.objects.of(agency, names)}
    agencies = [text for text, kind in names.items() if kind == NameKind.AGENCY and text not in checked]
    register = {each.name: each.name_forms for each in Agency.objects.filter(name__in=agencies)} if agencies else {}
    known = {}
    for text, kind in names.items():
        if text in checked:
            known[text] = KnownName(text=text, kind=kind, forms=checked[text].forms, checked=checked[text])
        else:
            forms = suggested_forms(text, kind) | register.get(text, {})
            known[text] = KnownName(text=text, kind=kind, forms=forms, is_from_register=bool(register.get(text)))
    return known


def names_to_freeze(*, agency: Agency, edition: Edition, answers: Answers) -> dict[str, dict[str, Any]]:
    """Return the forms of every name in the answers, and of whatever else the paper puts into a case.

    They are kept with the filed form, so that its paper stays the same when the program learns to suggest better. What
    parents send through the site is printed as they typed it.
    """
    if edition.audience != OfficialForm.Audience.SPECIALIST:
        return {}
    names = names_in_answers(edition.schema, answers)
    asked = rendering.inflected_words(
        edition.schema,
        answers,
        template=bytes(edition.docx_template),
        template_sha256=edition.template_sha256,
        about=edition.about(),
    )
    names = {text: kind_of_words(text) for text in sorted(asked) if len(text) <= MAX_LETTERS} | names
    known = known_names(agency, names)
    return {text: {**name.forms, "is_checked": name.is_certain} for text, name in known.items()}


@transaction.atomic
def keep_name_forms(
    *,
    case: Case,
    nominative: str,
    forms: Forms,
    sex: str,
    is_indeclinable: bool,
    version: int,
    actor: Any,
    at: dt.datetime,
) -> NameForms:
    """Keep the forms of a name as `actor` has checked them: papers of their agency print them from now on.

    `version` is the one the person looked at, 0 when nobody had checked the name. Raises `CaseEnded`, and `NameChanged` when
    somebody else has checked the name meanwhile.
    """
    case = locked_running(case)
    forms = dict.fromkeys(CASES, nominative) if is_indeclinable else forms
    words = {field: forms[case_of_field] for field, case_of_field in zip(FIELDS, CASES, strict=True)}
    fields = {**words, "sex": sex, "is_indeclinable": is_indeclinable}
    checked = {"checked_by": actor, "checked_at": at}
    kept, is_new = NameForms.objects.select_for_update().get_or_create(
        agency=agency_of_the_actor(case, actor=actor), nominative=nominative, defaults=fields | checked
    )
    if not is_new:
        if kept.version != version:
            if all(getattr(kept, field) == value for field, value in fields.items()):
                return kept  # the same page sent twice
            raise NameChanged
        for field, value in (fields | checked).items():
            setattr(kept, field, value)
        kept.version += 1
        kept.save()
    record(case=case, event=Event.NAME_CHECKED, actor=actor, at=at)
    return kept
