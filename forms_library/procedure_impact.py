"""What a procedure uses and who would feel its next edition, told before it is approved.

The library knows the forms. What stands above it (running cases) registers a source when it is loaded, and tells counts
only: never anything about a family.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from forms_library.impact import Grouped, Use, editor_url, grouped, pages_that_point_to
from forms_library.models.editions import Edition

if TYPE_CHECKING:
    from forms_library.models import ProcedurePage

Source = Callable[["ProcedurePage"], Iterable[Use]]
_sources: list[Source] = []


def register(source: Source) -> Source:
    """Let `source` tell, too, what uses a procedure. Called once, when its application is ready."""
    if source not in _sources:
        _sources.append(source)
    return source


def impact(draft: "ProcedurePage") -> Grouped:
    """Return what uses the procedure and what its draft uses, under headings."""
    return grouped(use for source in (*OWN_SOURCES, *_sources) for use in source(draft))


def _pages(draft: "ProcedurePage") -> Iterator[Use]:
    return pages_that_point_to(draft, what=_("Pages that point to the procedure"))


def _forms(draft: "ProcedurePage") -> Iterator[Use]:
    codes = draft.procedure().form_codes()
    in_force = Edition.objects.in_force(at=timezone.now()).filter(code__in=codes)
    known = {code: (title, page) for code, title, page in in_force.values_list("code", "title", "official_form")}
    for code in codes:
        if code in known:
            title, page = known[code]
            yield Use(what=_("Forms that the procedure uses"), name=title, url=editor_url(page))
        else:
            yield Use(what=_("Forms that the procedure uses and that are not in force"), name=code)


def _procedures_that_lead_here(draft: "ProcedurePage") -> Iterator[Use]:
    for edition in draft.editions.model.objects.in_force(at=timezone.now()).exclude(page=draft.pk):
        if draft.code in {ground.leads_to for ground in edition.procedure.grounds}:
            yield Use(
                what=_("Procedures that pass the family on to it"), name=edition.title, url=editor_url(edition.page_id)
            )


OWN_SOURCES: tuple[Source, ...] = (_pages, _forms, _procedures_that_lead_here)
