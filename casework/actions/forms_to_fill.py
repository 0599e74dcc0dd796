"""Which official forms a specialist can fill in now, and how they stand in a list."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext

from casework.models import Case, Submission
from forms_library.models import Edition, OfficialForm


@dataclass(frozen=True)
class FormGroup:
    """Forms that stand together under one heading."""

    title: str
    editions: list[Edition]


def editions_to_fill(*, at: dt.datetime) -> list[Edition]:
    """Return the editions in force that specialists fill in, in order of their titles, without their templates."""
    return list(
        Edition.objects.in_force(at=at)
        .filter(audience=OfficialForm.Audience.SPECIALIST)
        .defer("docx_template", "questions")
        .order_by("title")
    )


def edition_to_fill(*, code: str, at: dt.datetime) -> Edition | None:
    """Return the edition of the form `code` that is in force for specialists, or `None`."""
    return next((edition for edition in editions_to_fill(at=at) if edition.code == code), None)


def groups_to_fill(*, case: Case, words: str = "", at: dt.datetime) -> list[FormGroup]:
    """Return the forms whose title, purpose or code holds all the `words`: first those that the case knows, then by agency."""
    wanted = _plain(words).split()
    found = [edition for edition in editions_to_fill(at=at) if all(word in _text(edition) for word in wanted)]
    filed = set(Submission.objects.filter(case=case).values_list("edition__code", flat=True))
    groups = [FormGroup(gettext("Already filled in in this case"), [each for each in found if each.code in filed])]
    others: dict[str, list[Edition]] = {}
    for edition in found:
        if edition.code not in filed:
            others.setdefault(edition.issuing_agency_name, []).append(edition)
    groups += [FormGroup(title, others[title]) for title in sorted(others)]
    return [group for group in groups if group.editions]


def _text(edition: Edition) -> str:
    return _plain(f"{edition.title} {edition.purpose} {edition.code} {edition.issuing_agency_name}")


def _plain(words: str) -> str:
    return words.casefold().replace("ё", "е")


def forms_with_fact(fact: str, *, at: dt.datetime) -> list[Edition]:
    """Return the editions in force for specialists that have a question or a column with this fact. One query."""
    in_force = Edition.objects.in_force(at=at).filter(audience=OfficialForm.Audience.SPECIALIST)
    return [each for each in in_force.defer("docx_template").order_by("title") if fact in _facts(each)]


def _facts(edition: Edition) -> set[str]:
    asked = edition.questions["questions"]
    return {item.get("fact", "") for question in asked for item in (question, *question.get("columns", ()))}
