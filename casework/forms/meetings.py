"""What a person may type about a meeting of a council: when it is, what is on its agenda, who takes part."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.forms.cases import VisibleWords, page_token, text_area
from casework.forms.on_version import OnVersionForm
from casework.models import AgendaItem, Attendance
from forms_library.answer_fields import DateField, DateTimeField

LIKE_A_DAY = _("Like this: 05.03.2026")


class MeetingForm(VisibleWords, forms.Form):
    """When and where a council meets."""

    token = page_token()
    held_at = DateTimeField(label=_("Date and time"), help_text=_("Like this: 05.03.2026 14:30"))
    place = forms.CharField(label=_("Place"), max_length=300)
    is_remote_allowed = forms.BooleanField(label=_("Members may take part remotely"), required=False, initial=True)
    opinions_by = DateField(
        label=_("Opinions in advance are asked for by"),
        required=False,
        help_text=_("Members write what they think before the meeting. Leave it blank when there is no last day."),
    )

    def __init__(self, *args: Any, council: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(council.agency.time_zone)
        self.fields["place"].initial = council.place

    def clean_held_at(self) -> dt.datetime:
        return on_the_wall(self.cleaned_data["held_at"], self.zone)


def on_the_wall(moment: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """Return the moment at which the clock on the wall of an agency shows what was typed."""
    return moment.replace(tzinfo=zone)


class MoveMeetingForm(VisibleWords, forms.Form):
    """A new time or place of a meeting."""

    held_at = DateTimeField(label=_("Date and time"), help_text=_("Like this: 05.03.2026 14:30"))
    place = forms.CharField(label=_("Place"), max_length=300)
    opinions_by = DateField(label=_("Opinions in advance are asked for by"), required=False, help_text=LIKE_A_DAY)

    def __init__(self, *args: Any, meeting: Any, **kwargs: Any) -> None:
        local = meeting.council.agency.local(meeting.held_at)
        known = {
            "held_at": f"{local:%d.%m.%Y %H:%M}",
            "place": meeting.place,
            "opinions_by": f"{meeting.opinions_by:%d.%m.%Y}" if meeting.opinions_by else "",
        }
        kwargs["initial"] = known | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(meeting.council.agency.time_zone)

    def clean_held_at(self) -> dt.datetime:
        return on_the_wall(self.cleaned_data["held_at"], self.zone)


class PutOnForm(VisibleWords, forms.Form):
    """A case that is put on an agenda."""

    reference = forms.CharField(label=_("Number of the case"), max_length=20, help_text=_("For example 2026-00012"))
    reason = forms.ChoiceField(label=_("Why"), choices=AgendaItem.Reason.choices, initial=AgendaItem.Reason.ASKED)
    question = forms.CharField(
        label=_("Question for the council"),
        max_length=2000,
        widget=text_area(2),
        help_text=_("What the council is asked to decide. Only its members read these words."),
    )
    case_procedure = forms.IntegerField(widget=forms.HiddenInput, required=False)
    step = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)


class OwnCaseForm(VisibleWords, forms.Form):
    """One's own case that is put on the agenda of a meeting of its territory."""

    meeting = forms.ChoiceField(label=_("To which meeting"), widget=forms.RadioSelect)
    question = forms.CharField(
        label=_("Question for the council"),
        max_length=2000,
        widget=text_area(2),
        help_text=_("What the council is asked to decide. Only its members read these words."),
    )
    step = forms.ChoiceField(
        label=_("Which decision of the procedure belongs to the council"),
        required=False,
        help_text=_("Leave it open when the council only advises."),
    )

    def __init__(self, *args: Any, meetings: Iterable[Any], steps: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meetings = {str(meeting.token): meeting for meeting in meetings}
        cast(forms.ChoiceField, self.fields["meeting"]).choices = [
            (key, f"{each.council.agency.local(each.held_at):%d.%m.%Y %H:%M} — {each.council}")
            for key, each in self.meetings.items()
        ]
        cast(forms.ChoiceField, self.fields["step"]).choices = [("", _("none: the council advises")), *steps]

    def clean_meeting(self) -> Any:
        return self.meetings[self.cleaned_data["meeting"]]


class AttendanceForm(OnVersionForm):
    """How each invited member takes part; a field for each seat."""

    def __init__(self, *args: Any, rows: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = list(rows)
        for row in self.rows:
            self.fields[f"member_{row.member_id}"] = forms.ChoiceField(
                label=f"{row.member.full_name} — {row.member.post}, {row.member.agency.short_name}",
                choices=Attendance.Presence.choices,
                initial=row.presence,
            )

    @property
    def presence(self) -> dict[int, str]:
        """What was ticked, by the key of the seat."""
        return {row.member_id: self.cleaned_data[f"member_{row.member_id}"] for row in self.rows}
