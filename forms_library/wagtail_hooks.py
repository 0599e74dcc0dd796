"""Official forms in the admin: what nobody may do there, and why, in words."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _, gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from forms_library.models import CalendarDay, Edition, FormsCatalogue, OfficialForm


@hooks.register("filter_form_submissions_for_user")
def hide_submissions(user: Any, editable_forms: QuerySet[Page]) -> QuerySet[Page]:
    """Filled forms are case records: they never appear in the editors' admin, for anyone."""
    return editable_forms.none()


@hooks.register("before_publish_page")
def refuse_to_publish_alone(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Keep the draft that was just saved, and say how a form comes into force."""
    if not isinstance(page.specific, OfficialForm):
        return None
    messages.error(
        request,
        _("The draft is saved, but not in force: a second person has to approve it. Send it to review."),
    )
    return redirect("wagtailadmin_pages:edit", page.pk)


@hooks.register("before_delete_page")
def refuse_to_delete_editions(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Keep every form that has ever been in force, also when a page above it is deleted."""
    kept = forms_with_editions([page])
    if not kept:
        return None
    messages.error(request, _never_deleted(kept))
    return redirect("wagtailadmin_explore", _above(page))


@hooks.register("before_bulk_action")
def refuse_to_delete_editions_in_bulk(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> HttpResponse | None:
    """The same for several pages at once."""
    pages = [page for page in objects if isinstance(page, Page)]
    kept = forms_with_editions(pages) if action_type == "delete" else []
    if not kept:
        return None
    messages.error(request, _never_deleted(kept))
    return redirect("wagtailadmin_explore", _above(pages[0]))


@hooks.register("before_copy_page")
def refuse_to_copy_the_catalogue(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A form is copied one at a time: a copied section would bring a second catalogue with it."""
    with_pages_below = request.method == "POST" and request.POST.get("copy_subpages")
    if not with_pages_below or not FormsCatalogue.objects.descendant_of(page, inclusive=True).exists():
        return None
    messages.error(request, _("This section holds the official forms. Copy it without the pages below it."))
    return redirect("wagtailadmin_explore", page.pk)


def forms_with_editions(pages: Iterable[Page]) -> list[str]:
    """Return the titles of the forms among `pages`, and below them, that have ever been in force."""
    titles: set[str] = set()
    for page in pages:
        forms = OfficialForm.objects.descendant_of(page, inclusive=True)
        titles.update(forms.filter(pk__in=Edition.objects.values("official_form")).values_list("title", flat=True))
    return sorted(titles)


def _above(page: Page) -> int:
    parent = page.get_parent()
    return parent.pk if parent else page.pk


def _never_deleted(titles: list[str]) -> str:
    return _(
        "These forms have been in force, and papers were filled in on them, so they are kept for ever: %(titles)s."
        " Unpublish a form to take it out of force."
    ) % {"titles": "; ".join(titles)}


class CalendarDayFilterSet(WagtailFilterSet):
    """Narrows the working calendar down to one kind of days."""

    class Meta:
        model = CalendarDay
        fields = ["kind"]


@register_snippet
class CalendarDayViewSet(SnippetViewSet):
    """The working calendar, kept by the methodologists from the yearly decrees."""

    model = CalendarDay
    icon = "calendar-alt"
    menu_label = gettext_lazy("Working calendar")
    list_display = ["day", "kind", "act"]
    list_per_page = 50
    filterset_class = CalendarDayFilterSet
    panels = [FieldPanel("day"), FieldPanel("kind"), FieldPanel("act")]
