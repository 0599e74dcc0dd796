"""Where the working calendar stands in the admin. Whatever changes in it is told to those who have counted with it."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext, gettext_lazy as _
from django_filters import ChoiceFilter
from wagtail import hooks
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogActionRegistry, LogFormatter, log
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import CreateView, DeleteView, EditView, IndexView, SnippetViewSet

from forms_library import calendar_changes, calendar_views
from forms_library.actions.calendar import IMPORTED
from forms_library.calendar_forms import CalendarDayForm
from forms_library.models import CalendarDay


class AddDay(CreateView):
    """Adds a day, and says so."""

    def save_instance(self) -> CalendarDay:
        saved: CalendarDay = super().save_instance()
        _announce(self.request, saved.day)
        return saved


class EditDay(EditView):
    """Changes a day, and says so: also of the day that it was before."""

    def save_instance(self) -> CalendarDay:
        before = CalendarDay.objects.get(pk=self.object.pk).day
        saved: CalendarDay = super().save_instance()
        _announce(self.request, before, saved.day)
        return saved


class DeleteDay(DeleteView):
    """Deletes a day, and says so."""

    def delete_action(self) -> None:
        day = self.object.day
        with transaction.atomic():
            super().delete_action()
            _announce(self.request, day)


class ListDays(IndexView):
    """The table, with the way to the import for those who may change all of it."""

    @cached_property
    def header_buttons(self) -> list[Button]:
        buttons: list[Button] = super().header_buttons
        if calendar_views.may_import(self.request.user):
            buttons = [
                *buttons,
                Button(gettext("Import a year"), url=reverse("calendar_import"), icon_name="upload", priority=20),
            ]
        return buttons


def _announce(request: HttpRequest, *days: dt.date) -> None:
    calendar_changes.announce(days, at=timezone.now(), actor=request.user)


def _years() -> list[tuple[str, str]]:
    return [(str(day.year), str(day.year)) for day in CalendarDay.objects.dates("day", "year", order="DESC")]


def _regions() -> list[tuple[str, str]]:
    named = CalendarDay.objects.exclude(region="").order_by("region").values_list("region", flat=True).distinct()
    return [("-", gettext("All of Russia")), *((region, region) for region in named)]


class CalendarDayFilterSet(WagtailFilterSet):
    """Narrows the calendar down to a year, to one kind of days, to a region or an agency."""

    year = ChoiceFilter(label=_("Year"), field_name="day", lookup_expr="year", choices=_years)
    region = ChoiceFilter(label=_("Region"), method="of_region", choices=_regions)

    class Meta:
        model = CalendarDay
        fields = ["year", "kind", "region", "agency"]

    def of_region(self, days: QuerySet[CalendarDay], name: str, value: str) -> QuerySet[CalendarDay]:
        """Return the days of a region; with «-», those of all of Russia."""
        return days.filter(region="", agency=None) if value == "-" else days.filter(region=value)


@register_snippet
class CalendarDayViewSet(SnippetViewSet):
    """The working calendar, kept by the methodologists from the yearly decrees."""

    model = CalendarDay
    icon = "calendar-alt"
    menu_label = _("Working calendar")
    list_display = ["__str__", "moved_from", "region", "agency", "act"]
    list_per_page = 50
    ordering = ["-day"]
    filterset_class = CalendarDayFilterSet
    index_view_class = ListDays
    add_view_class = AddDay
    edit_view_class = EditDay
    delete_view_class = DeleteDay
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("day"), FieldPanel("kind"), FieldPanel("moved_from")]),
            FieldPanel("act"),
            MultiFieldPanel([FieldPanel("region"), FieldPanel("agency")], heading=_("For whom")),
        ],
        base_form_class=CalendarDayForm,
    )


@hooks.register("after_bulk_action")
def announce_deleted_days(request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any) -> None:
    """Tell of days that were deleted several at once, and leave their line in the log, which Wagtail does not."""
    days = [each for each in objects if isinstance(each, CalendarDay)]
    if action_type == "delete" and days:
        for day in days:
            log(instance=day, action="wagtail.delete", user=request.user, deleted=True)
        _announce(request, *(day.day for day in days))


@hooks.register("register_admin_urls")
def calendar_urls() -> list[URLPattern]:
    """Where the calendar of a year is imported."""
    return [
        path("calendar-import/", calendar_views.upload, name="calendar_import"),
        path("calendar-import/apply/", calendar_views.apply, name="calendar_import_apply"),
    ]


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    """Let the history of a day tell by which act it was imported."""

    @actions.register_action(IMPORTED)
    class ImportedFormatter(LogFormatter):
        label = _("Import of a year")

        def format_message(self, log_entry) -> str:  # type: ignore[no-untyped-def]
            return gettext("Imported from the table of a year: %(act)s") % {"act": log_entry.data["act"]}
