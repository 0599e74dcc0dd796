"""What is typed when a case goes to another curator."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.access import Viewer
from casework.forms.cases import VisibleWords, page_token, people_of, text_area
from casework.models import Handover, HandoverItem


class CaseHandoverForm(VisibleWords, forms.Form):
    """To whom the case goes, and why."""

    token = page_token()
    to_person = forms.ChoiceField(
        label=_("Who takes the case over"),
        help_text=_(
            "Only people who may work on this case are offered. When the access of another agency ends, its specialist is not the"
            " curator any more: extend the access in time."
        ),
        widget=forms.RadioSelect,
    )
    ground = forms.ChoiceField(
        label=_("Why it is handed over"), choices=Handover.Ground.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("What the next curator should know"),
        help_text=_("What no paper says: whom the family trusts, when it is best to call, what is agreed."),
        max_length=4000,
        required=False,
        widget=text_area(),
    )

    def __init__(self, *args: Any, people: Iterable[Viewer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people, choices = people_of(people)
        cast(forms.ChoiceField, self.fields["to_person"]).choices = choices

    def clean_to_person(self) -> Any:
        return self.people[self.cleaned_data["to_person"]]


class AcceptItemsForm(VisibleWords, forms.Form):
    """Which items of the pack are accepted, each with a remark if there is one."""

    def __init__(self, *args: Any, items: Iterable[HandoverItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = [item for item in items if item.accepted_at is None]
        for item in self.items:
            self.fields[f"accept-{item.pk}"] = forms.BooleanField(label=item.text, required=False)
            remark = forms.CharField(label=_("Remark"), required=False, max_length=500)
            # Read aloud, the same word twenty times says nothing.
            remark.widget.attrs["aria-label"] = f"{remark.label}: {item.text}"
            self.fields[f"remark-{item.pk}"] = remark

    def accepted(self) -> tuple[list[int], dict[int, str]]:
        """Return the numbers of the items that were ticked, and the remarks to them."""
        numbers = [item.pk for item in self.items if self.cleaned_data[f"accept-{item.pk}"]]
        return numbers, {number: self.cleaned_data[f"remark-{number}"] for number in numbers}

    def clean(self) -> dict[str, Any]:
        """A remark without its tick would be lost: say so."""
        answers: dict[str, Any] = super().clean() or {}
        for item in self.items:
            if answers.get(f"remark-{item.pk}") and not answers.get(f"accept-{item.pk}"):
                self.add_error(
                    f"accept-{item.pk}", _("You have written a remark. Tick the item too, or clear the remark.")
                )
        return answers

    def fields_of(self, item: HandoverItem) -> tuple[Any, Any] | None:
        """Return the tick and the remark of an item; `None` for one that is accepted."""
        return (self[f"accept-{item.pk}"], self[f"remark-{item.pk}"]) if f"accept-{item.pk}" in self.fields else None
