"""What a person may type about councils, their meetings and what is said there."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from casework.forms.cases import VisibleWords, page_token, text_area
from casework.models import AgendaItem, Attendance, Category, CouncilKind, CouncilMember, ItemService
from forms_library.answer_fields import DateField, DateTimeField
from forms_library.models import Agency
from forms_library.models.agencies import AgencyKind
from forms_library.procedures.definition import Step

LIKE_A_DAY = _("Like this: 05.03.2026")
YES_NO = [("", _("not known yet")), ("yes", _("yes")), ("no", _("no"))]


def page_version() -> forms.IntegerField:
    """Return the hidden mark of what the page was made from, so that the action can see whether somebody was quicker."""
    broken = _("The page was damaged on its way. Press the button once more.")
    return forms.IntegerField(widget=forms.HiddenInput, error_messages={"invalid": broken, "required": broken})


def open_agencies() -> Any:
    """Return the agencies that work now, by short name."""
    return Agency.objects.open().order_by("short_name")


class AgencyChoice(forms.ModelChoiceField):
    """One of the agencies that work now."""

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=Agency.objects.none(), empty_label=_("Choose an agency"), **options)

    def offer_open(self) -> None:
        self.queryset = open_agencies()


class CouncilForm(VisibleWords, forms.Form):
    """A council that is founded."""

    agency = forms.ModelChoiceField(
        label=_("Which agency holds it"), queryset=Agency.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    kind = forms.ChoiceField(label=_("What council it is"), choices=CouncilKind.choices, widget=forms.RadioSelect)
    name = forms.CharField(label=_("Name of the council"), max_length=300)
    territory = forms.ChoiceField(
        label=_("Territory"), help_text=_("Cases of this territory are proposed for its agendas.")
    )
    quorum = forms.IntegerField(
        label=_("Quorum"),
        min_value=2,
        max_value=200,
        help_text=_("How many members, the chair included, have to take part."),
    )
    place = forms.CharField(label=_("Where it usually meets"), max_length=300, required=False)

    def __init__(self, *args: Any, agencies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agency = cast(forms.ModelChoiceField, self.fields["agency"])
        agency.queryset = agencies
        agency.initial = agencies.first()
        offer_territories(self.fields["territory"], first=agency.initial.territory if agency.initial else "")


def offer_territories(field: forms.Field, *, first: str) -> None:
    """Let a territory be one of those for which agencies work."""
    known = open_agencies().order_by("territory").values_list("territory", flat=True).distinct()
    cast(forms.ChoiceField, field).choices = [(name, name) for name in sorted({first, *known} - {""})]
    field.initial = first


class ChangeCouncilForm(VisibleWords, forms.Form):
    """What changes about a council."""

    name = forms.CharField(label=_("Name of the council"), max_length=300)
    territory = forms.ChoiceField(
        label=_("Territory"), help_text=_("Cases of this territory are proposed for its agendas.")
    )
    quorum = forms.IntegerField(
        label=_("Quorum"),
        min_value=2,
        max_value=200,
        help_text=_("How many members, the chair included, have to take part."),
    )
    place = forms.CharField(label=_("Where it usually meets"), max_length=300, required=False)
    is_open = forms.BooleanField(label=_("The council works now"), required=False)

    def __init__(self, *args: Any, council: Any, **kwargs: Any) -> None:
        known = {name: getattr(council, name) for name in ("name", "territory", "quorum", "place", "is_open")}
        kwargs["initial"] = known | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        offer_territories(self.fields["territory"], first=council.territory)


class MemberAgencyForm(forms.Form):
    """For which agency somebody sits in a council; who works there is asked next."""

    agency = AgencyChoice(label=_("For which agency they sit"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(AgencyChoice, self.fields["agency"]).offer_open()


class MemberForm(VisibleWords, forms.Form):
    """Somebody who takes a seat."""

    person = forms.ChoiceField(
        label=_("Account"),
        required=False,
        help_text=_(
            "With an account they see the agenda and their papers here. Without one they are invited by paper."
        ),
    )
    full_name = forms.CharField(
        label=_("Full name"),
        max_length=200,
        required=False,
        help_text=_("Leave it blank when you have chosen an account."),
    )
    post = forms.CharField(
        label=_("Post"),
        max_length=200,
        required=False,
        help_text=_("Leave it blank when you have chosen an account that has a post."),
    )
    role = forms.ChoiceField(
        label=_("In the council"),
        choices=CouncilMember.Role.choices,
        widget=forms.RadioSelect,
        initial=CouncilMember.Role.MEMBER,
    )

    def __init__(self, *args: Any, people: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        named = [(key, f"{each} — {each.post}" if each.post else str(each)) for key, each in self.people.items()]
        cast(forms.ChoiceField, self.fields["person"]).choices = [("", _("without an account")), *named]

    def clean_person(self) -> Any:
        return self.people.get(self.cleaned_data["person"])


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


class OnVersionForm(VisibleWords, forms.Form):
    """Words that one tab could lay over another's: they carry the version of the page."""

    version = page_version()

    def send_again_on(self, version: int) -> None:
        """Let the words that were typed be sent once more, on top of `version`."""
        typed = cast(MultiValueDict, self.data)
        self.data = MultiValueDict(dict(typed.lists()) | {"version": [str(version)]})


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


class YesNoField(forms.TypedChoiceField):
    """Yes, no, or not known yet."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            choices=YES_NO,
            coerce=lambda value: value == "yes",
            empty_value=None,
            required=False,
            widget=forms.RadioSelect,
            **options,
        )

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no", None: ""}.get(value, value)


class FamilyForm(OnVersionForm):
    """The family at the meeting, and what the child thinks."""

    family_invited = YesNoField(label=_("Is the family invited?"))
    not_invited_reason = forms.CharField(label=_("If not: why"), max_length=2000, required=False, widget=text_area(2))
    family_attended = YesNoField(label=_("Did the family take part?"))
    child_opinion = forms.CharField(
        label=_("What the child thinks"),
        max_length=5000,
        required=False,
        widget=text_area(4),
        help_text=_("In the words of the child. If the child could not be asked, say so."),
    )
    child_opinion_how = forms.CharField(
        label=_("How it was learned"),
        max_length=300,
        required=False,
        help_text=_("Who talked with the child and when: for example, the school psychologist on 05.03.2026."),
    )

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if answers.get("family_invited") is False and not answers.get("not_invited_reason"):
            self.add_error("not_invited_reason", ValidationError(_("Say why the family is not invited."), code="why"))
        if answers.get("child_opinion") and not answers.get("child_opinion_how"):
            how = _("Say how the opinion of the child was obtained: who talked with the child, and when.")
            self.add_error("child_opinion_how", ValidationError(how, code="how"))
        return answers


class InformationForm(OnVersionForm):
    """Stage 1: what each member tells; a field for each seat."""

    def __init__(self, *args: Any, rows: Iterable[Any], told: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = list(rows)
        for row in self.rows:
            self.fields[f"member_{row.member_id}"] = forms.CharField(
                label=f"{row.member.full_name} — {row.member.agency.short_name}",
                initial=told.get(row.member_id, ""),
                max_length=10_000,
                required=False,
                widget=text_area(3),
            )

    @property
    def facts(self) -> dict[int, str]:
        """What was typed, by the key of the seat."""
        return {row.member_id: self.cleaned_data[f"member_{row.member_id}"] for row in self.rows}


class ServiceForm(VisibleWords, forms.Form):
    """Stage 2: a type of service that fits a need."""

    token = page_token()
    who = forms.ChoiceField(label=_("For whom"), choices=ItemService.Who.choices, widget=forms.RadioSelect)
    need = forms.CharField(label=_("What is needed"), max_length=2000, widget=text_area(2))
    service = forms.CharField(label=_("Type of service"), max_length=2000, widget=text_area(2))
    agency = AgencyChoice(label=_("Which agency gives it"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(AgencyChoice, self.fields["agency"]).offer_open()


class DecisionForm(VisibleWords, forms.Form):
    """Stage 3: a decision, who carries it out and by when."""

    token = page_token()
    text = forms.CharField(label=_("Decision or recommendation"), max_length=5000, widget=text_area(3))
    agency = AgencyChoice(
        label=_("Who carries it out"),
        error_messages={"required": _("A decision needs an executor. Choose the agency that carries it out.")},
    )
    person = forms.ChoiceField(
        label=_("Person of that agency"),
        required=False,
        help_text=_("Members of the council are offered. Leave it open and the agency itself says who does it."),
    )
    due = DateField(label=_("By what day"), help_text=LIKE_A_DAY)

    def __init__(self, *args: Any, members: Iterable[Any], today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.people = {str(each.person_id): each.person for each in members if each.person_id}
        cast(AgencyChoice, self.fields["agency"]).offer_open()
        named = [(str(each.person_id), f"{each.full_name} — {each.agency}") for each in members if each.person_id]
        cast(forms.ChoiceField, self.fields["person"]).choices = [("", _("the agency decides")), *named]

    def clean_person(self) -> Any:
        return self.people.get(self.cleaned_data["person"])

    def clean_due(self) -> dt.date:
        day: dt.date = self.cleaned_data["due"]
        if day < self.today:
            raise ValidationError(_("This day has passed. Choose today or a later day."), code="past")
        return day


class OutcomeForm(OnVersionForm):
    """Stage 3: what was heard and decided, the votes, and what the step of the procedure ends with."""

    heard = forms.CharField(label=_("Heard"), max_length=10_000, required=False, widget=text_area(3))
    decided = forms.CharField(label=_("Decided"), max_length=10_000, required=False, widget=text_area(3))
    votes_for = forms.IntegerField(label=_("For"), min_value=0, max_value=200, required=False)
    votes_against = forms.IntegerField(label=_("Against"), min_value=0, max_value=200, required=False)
    votes_abstained = forms.IntegerField(label=_("Abstained"), min_value=0, max_value=200, required=False)
    outcome = forms.ChoiceField(label=_("What the council decides on the step of the procedure"), required=False)
    until = DateField(label=_("New last day"), required=False, help_text=_("When the council extends a term."))

    def __init__(self, *args: Any, step: Step | None, decisions: Sequence[Any] = (), **kwargs: Any) -> None:
        """`decisions` are what the council can decide on the step (`casework.actions.council_steps.decisions_of`)."""
        super().__init__(*args, **kwargs)
        if step is None or not decisions:
            del self.fields["outcome"], self.fields["until"]
            return
        choices = [(each.code, each.title) for each in decisions]
        cast(forms.ChoiceField, self.fields["outcome"]).choices = [("", _("not decided yet")), *choices]
        self.fields["outcome"].help_text = step.title
        if not any(each.asks_until for each in decisions):
            del self.fields["until"]

    @property
    def words(self) -> dict[str, Any]:
        """What was typed, as the action takes it."""
        typed = self.cleaned_data
        return {
            "heard": typed["heard"],
            "decided": typed["decided"],
            "votes": (typed["votes_for"], typed["votes_against"], typed["votes_abstained"]),
            "outcome": typed.get("outcome", ""),
            "until": typed.get("until"),
            "version": typed["version"],
        }


class OpinionForm(VisibleWords, forms.Form):
    """What a member thinks of a case."""

    text = forms.CharField(label=_("Your opinion"), max_length=10_000, widget=text_area(5))


def may_know_of_adoption(agency: Agency) -> bool:
    """Return whether the secret of an adoption may be opened to an agency: to guardianship bodies only (СК ст. 139)."""
    return agency.kind == AgencyKind.GUARDIANSHIP_BODY


class CategoriesForm(forms.Form):
    """Which special categories an agency may read in the papers of one case."""

    categories = forms.MultipleChoiceField(
        label=_("Open to this agency for this case"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, may_know_of_adoption: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [each for each in Category.choices if may_know_of_adoption or each[0] != Category.ADOPTION]
        cast(forms.MultipleChoiceField, self.fields["categories"]).choices = offered
