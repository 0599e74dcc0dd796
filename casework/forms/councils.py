"""What a person may type about a council and who sits in it."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.forms.cases import VisibleWords, WordsSometimes
from casework.models import CouncilKind, CouncilMember
from forms_library.models import Agency


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
    full_name = WordsSometimes(
        label=_("Full name"),
        needed_when=_("for whoever has no account"),
        max_length=200,
        help_text=_("Leave it blank when you have chosen an account."),
    )
    post = WordsSometimes(
        label=_("Post"),
        needed_when=_("for whoever has no account, or no post in it"),
        max_length=200,
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
