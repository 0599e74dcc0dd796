"""Entries of the map of the district, as the agencies keep them."""

import datetime as dt
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from casework.forms.cases import DaySometimes, VisibleWords, text_area
from forms_library.answer_fields import PhoneField
from forms_library.models import Audience, Domain, LocalService
from forms_library.models.agencies import AgencyQuerySet

MOST_PLACES = 9999


class LocalServiceForm(VisibleWords, forms.ModelForm):
    """One service: what it gives, for whom, how to reach it, and how many places are free."""

    audiences = forms.MultipleChoiceField(
        label=_("For whom"), choices=Audience.choices, widget=forms.CheckboxSelectMultiple
    )
    phone = PhoneField(label=_("Telephone"), required=False)
    free_places = forms.IntegerField(
        label=_("Free places"),
        help_text=_("Leave blank when it is not known or not limited"),
        min_value=0,
        max_value=MOST_PLACES,
        required=False,
    )
    places_on = DaySometimes(
        label=_("Free places as of"),
        needed_when=_("when you write how many are free"),
        help_text=_("Like this: 05.03.2026"),
    )

    class Meta:
        model = LocalService
        fields = (
            *("name", "gives", "domain", "audiences", "agency", "provider", "territory", "phone", "address", "hours"),
            *("cost", "conditions", "free_places", "places_on", "is_shown"),
        )
        widgets = {"gives": text_area(3), "conditions": text_area(3), "domain": forms.RadioSelect}

    def __init__(self, *args: Any, agencies: AgencyQuerySet, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        cast(forms.ChoiceField, self.fields["domain"]).choices = Domain.choices  # buttons need no empty one
        field = cast(forms.ModelChoiceField, self.fields["agency"])
        field.queryset, field.required, field.empty_label = agencies, True, None
        if self.instance.pk is None:
            own = agencies.first()
            field.initial = own
            self.fields["territory"].initial = own.territory if own else ""
        else:
            self.fields["audiences"].initial = [each.who for each in self.instance.audiences.all()]

    def clean(self) -> dict[str, Any]:
        """Ask for the day on which free places were counted, and let nobody count them in the future."""
        cleaned = super().clean() or self.cleaned_data
        places_on = cleaned.get("places_on")
        if cleaned.get("free_places") is not None and places_on is None and "places_on" not in self.errors:
            self.add_error("places_on", _("Say as of which day the number of free places is known."))
        if places_on and places_on > self.today:
            raise ValidationError({"places_on": _("This day has not come yet. Check the date.")})
        return cleaned
