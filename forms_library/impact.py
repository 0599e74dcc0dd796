"""Who would feel the next edition of a form, by name, told before it is approved.

The library knows its own pages, blocks and templates. What stands above it (open drafts, procedures) registers a source
when it is loaded, and tells counts and titles only: never anything about a family.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Page, ReferenceIndex

from forms_library.differences import Differences, differences_of_forms
from forms_library.models.editions import Edition
from forms_library.models.form_fields import FormField

if TYPE_CHECKING:
    from forms_library.models import OfficialForm


@dataclass(frozen=True, kw_only=True)
class Use:
    """One thing that uses a form."""

    what: str  # the kind of thing, in words: the heading under which it is listed
    name: str
    url: str = ""


Grouped = tuple[tuple[str, tuple[Use, ...]], ...]
"""Uses under headings."""


@dataclass(frozen=True, kw_only=True)
class Impact:
    """All that uses a form, under headings, and what its next edition changes for it."""

    uses: Grouped
    changes: Differences


Source = Callable[["OfficialForm"], Iterable[Use]]
_sources: list[Source] = []


def register(source: Source) -> Source:
    """Let `source` tell, too, what uses a form. Called once, when its application is ready."""
    if source not in _sources:
        _sources.append(source)
    return source


def impact(draft: "OfficialForm", *, current: Edition | None) -> Impact:
    """Return what uses the form that `draft` would change, and what it changes beside `current`."""
    uses = grouped(use for source in (*OWN_SOURCES, *_sources) for use in source(draft))
    changes = differences_of_forms(current.frozen(), draft.as_edition().frozen()) if current else Differences()
    return Impact(uses=uses, changes=changes)


def grouped(uses: Iterable[Use]) -> Grouped:
    """Return uses under the headings that name their kinds, in the order of the alphabet."""
    kinds = groupby(sorted(uses, key=lambda use: (use.what, use.name)), key=lambda use: use.what)
    return tuple((what, tuple(named)) for what, named in kinds)


def pages_that_point_to(target: Page, *, what: str) -> Iterator[Use]:
    """Yield the pages of the site that refer to a form or a procedure, as uses of the kind `what`."""
    references = ReferenceIndex.get_references_to(target).filter(
        base_content_type=ContentType.objects.get_for_model(Page)
    )
    numbers = {int(number) for number in references.values_list("object_id", flat=True)}
    for page in Page.objects.filter(pk__in=numbers - {target.pk}):
        yield Use(what=what, name=page.title, url=editor_url(page.pk))


def editor_url(page_id: int) -> str:
    """Return where a page is drafted in the admin."""
    return reverse("wagtailadmin_pages:edit", args=[page_id])


def _pages(form: "OfficialForm") -> Iterator[Use]:
    return pages_that_point_to(form, what=_("Pages that point to the form"))


def _forms_that_link(form: "OfficialForm") -> Iterator[Use]:
    linking = FormField.objects.filter(forms__contains=form.code).exclude(page=form.pk).select_related("page")
    for field in linking:
        if form.code in field.question().forms:
            yield Use(what=_("Forms that refer to filed ones"), name=field.page.title, url=editor_url(field.page_id))


def _templates(form: "OfficialForm") -> Iterator[Use]:
    if form.docx_template is None:
        return
    yield Use(what=_("Word templates"), name=form.docx_template.title)
    for other in type(form).objects.filter(docx_template=form.docx_template_id).exclude(pk=form.pk):
        yield Use(what=_("Other forms with the same Word template"), name=other.title, url=editor_url(other.pk))


def _blocks(form: "OfficialForm") -> Iterator[Use]:
    for block in dict.fromkeys(question.block for question in form.schema() if question.block):
        yield Use(what=_("Reusable blocks"), name=block)


OWN_SOURCES: tuple[Source, ...] = (_pages, _forms_that_link, _templates, _blocks)
