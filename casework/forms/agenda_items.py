"""What a person may type about one case at a meeting: the family, the three stages of S000, opinions, who may see what."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from casework.forms.cases import VisibleWords, page_token, text_area
from casework.forms.councils import AgencyChoice
from casework.forms.meetings import LIKE_A_DAY
from casework.forms.on_version import OnVersionForm
from casework.models import Category, ItemService
from forms_library.answer_fields import DateField
from forms_library.models import Agency
from forms_library.models.agencies import AgencyKind
from forms_library.procedures.definition import Step

BEFORE_THE_SIGNATURE = _("Needed before the protocol is signed.")
YES_NO = [("", _("not known yet")), ("yes", _("yes")), ("no", _("no"))]


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

    family_invited = YesNoField(label=_("Is the family invited?"), help_text=BEFORE_THE_SIGNATURE)
    not_invited_reason = forms.CharField(label=_("If not: why"), max_length=2000, required=False, widget=text_area(2))
    family_attended = YesNoField(label=_("Did the family take part?"))
    child_opinion = forms.CharField(
        label=_("What the child thinks"),
        max_length=5000,
        required=False,
        widget=text_area(4),
        help_text=_(
            "Needed before the protocol is signed. In the words of the child. If the child could not be asked, say so."
        ),
    )
    child_opinion_how = forms.CharField(
        label=_("How it was learned"),
        max_length=300,
        required=False,
        help_text=_(
            "Needed before the protocol is signed. Who talked with the child and when: for example, the school psychologist on"
            " 05.03.2026."
        ),
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


class PaperOpinionForm(OpinionForm):
    """What a member without an account has written on paper, in their words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Opinion of the member, as it stands on paper")


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
