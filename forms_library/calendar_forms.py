"""What a methodologist says about the working calendar: one day of it, or the file of a whole year."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _, gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from forms_library.calendar_xml import MAX_BYTES, BadCalendar, read_calendar
from forms_library.models import Agency


class CalendarDayForm(WagtailAdminModelForm):
    """The editor's form of one day."""

    def clean_region(self) -> str:
        """Refuse a region in which no agency works: the day would count for nobody."""
        region: str = self.cleaned_data["region"].strip()
        if region and region != self.instance.region:
            known = Agency.objects.exclude(region="").order_by("region").values_list("region", flat=True).distinct()
            if region not in known:
                names = ", ".join(known) or _("none so far")
                raise ValidationError(
                    _("No agency of this site works in this region. The regions of the agencies: %(regions)s.")
                    % {"regions": names},
                    code="unknown_region",
                )
        return region

    def clean_act(self) -> str:
        """Refuse an act that is nothing but spaces."""
        act: str = self.cleaned_data["act"].strip()
        if not act:
            raise ValidationError(_("Name the act that says so."), code="no_act")
        return act


class CalendarFileForm(forms.Form):
    """The calendar of a year as a file. What is wrong with it is said beside it."""

    file = forms.FileField(
        label=gettext_lazy("File of the year, calendar.xml"),
        widget=forms.FileInput(attrs={"accept": ".xml,application/xml,text/xml"}),
    )

    def clean_file(self) -> bytes:
        """Return the bytes of a calendar that can be read."""
        data: bytes = self.cleaned_data["file"].read(MAX_BYTES + 1)
        try:
            read_calendar(data)
        except BadCalendar as error:
            raise ValidationError(str(error), code="bad_calendar") from error
        return data


class ApplyForm(forms.Form):
    """The differences that were shown, and the act by which they become the calendar."""

    kept = forms.CharField(widget=forms.HiddenInput)
    act = forms.CharField(
        label=gettext_lazy("Act"),
        max_length=200,
        help_text=gettext_lazy("The kind, date and number of the act that sets these days"),
        error_messages={"required": gettext_lazy("Name the act by which these days are set.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["act"].widget.attrs["autocomplete"] = "off"
