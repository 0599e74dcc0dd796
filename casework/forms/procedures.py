"""Forms of the pages of a procedure: what somebody decides, on what day, why, and what they state. They change nothing."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.utils.translation import gettext, gettext_lazy as _

from casework.access import Viewer
from casework.forms.cases import VisibleWords, page_token, people_of, text_area
from casework.radar_choices import Choice
from forms_library.answer_fields import DateField

MOST_WORDS = 4000
TERM_CHANGES = {
    "suspended": _("Let the term stand still"),
    "resumed": _("Let the term run again"),
    "extended": _("Give a later last day"),
}


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A choice as it stands on the page: with its own boxes to tick and whether it is the one chosen."""

    choice: Choice
    id: str
    is_chosen: bool
    boxes: tuple[forms.BoundField, ...]


class DayForm(VisibleWords, forms.Form):
    """The day that counts, and words."""

    token = page_token()
    on = DateField(label=_("On what day"), help_text=_("The day that counts, like this: 05.03.2026."))
    words = forms.CharField(label=_("In your own words"), max_length=MOST_WORDS, widget=text_area(), required=False)


class ChoosingForm(DayForm):
    """One of several choices, each of which may ask to state something."""

    choice_label: Any = _("Decision")
    choice = forms.ChoiceField(widget=forms.RadioSelect, error_messages={"required": _("Choose one of these.")})
    field_order = ("token", "choice", "on", "until", "words")

    def __init__(self, *args: Any, choices: Sequence[Choice] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices = choices
        self.asked: dict[str, list[str]] = {}
        if choices:
            self.fields["choice"].label = self.choice_label
            cast(forms.ChoiceField, self.fields["choice"]).choices = [(each.value, each.title) for each in choices]
        else:
            del self.fields["choice"]
        for each in choices:
            self._ask(each.value, each.statements)

    def _ask(self, owner: str, words: Iterable[str]) -> None:
        for number, said in enumerate(words):
            name = f"stated-{owner}-{number}"
            self.fields[name] = forms.BooleanField(label=said, required=False)
            self.asked.setdefault(owner, []).append(name)

    def boxes(self, owner: str) -> tuple[forms.BoundField, ...]:
        """Return what `owner` asks to state."""
        return tuple(self[name] for name in self.asked.get(owner, ()))

    def stated(self, *owners: str) -> list[str]:
        """Return what was stated for `owners`."""
        ticked = (box for owner in owners for box in self.boxes(owner) if self.cleaned_data.get(box.name))
        return [str(box.label) for box in ticked]

    def shown(self) -> Iterator[Shown]:
        """Yield the choices as they stand on the page."""
        chosen = str(self["choice"].value() or "") if self.choices else ""
        for number, each in enumerate(choice for choice in self.choices if not choice.is_hidden):
            yield Shown(
                choice=each,
                id=f"id_choice_{number}",
                is_chosen=each.value == chosen,
                boxes=self.boxes(each.value),
            )


class StepForm(ChoosingForm):
    """What is done with a step: decided, somebody appointed, or written down that it happened."""

    turn = forms.IntegerField(widget=forms.HiddenInput, required=False)
    until = DateField(label=_("New last day"), required=False)
    person = forms.ChoiceField(label=_("Whom"), widget=forms.RadioSelect)

    def __init__(
        self, *args: Any, statements: Iterable[str] = (), people: Iterable[Viewer] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.label_words()
        self._ask("", statements)
        self.people, choices = people_of(people or ())
        if people is None:
            del self.fields["person"]
        else:
            cast(forms.ChoiceField, self.fields["person"]).choices = choices
        self.limits = list(dict.fromkeys(each.mark for each in self.choices if each.asks_until and each.mark))
        self.fields["until"].help_text = "; ".join(self.limits)
        if not any(each.asks_until for each in self.choices):
            del self.fields["until"]

    def label_words(self) -> None:
        """Say when words are needed."""
        if any(each.needs_words for each in self.choices):
            self.fields["words"].help_text = _("Needed where the choice says so.")

    def clean_person(self) -> Any:
        return self.people[self.cleaned_data["person"]]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        chosen = next((each for each in self.choices if each.value == answers.get("choice")), None)
        if chosen and chosen.asks_until and "until" in answers and not answers["until"]:
            self.add_error("until", gettext("State the new last day."))
        return answers


class EndForm(ChoosingForm):
    """On what ground the work ends."""

    choice_label = _("Ground")


class LevelForm(ChoosingForm):
    """The risk level, and why."""

    choice_label = _("Level")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].required = True
        self.fields["words"].label = _("Why this level")
        self.fields["words"].help_text = _(
            "What you saw, heard or read. When the assessments suggest another level, say why you decide otherwise."
        )


class WaiveForm(DayForm):
    """What is done without, and why."""

    what = forms.ChoiceField(label=_("What is done without"), widget=forms.RadioSelect)
    turn = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ("token", "turn", "what", "words", "on")

    def __init__(self, *args: Any, things: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # An empty value would read as «nothing chosen», so things go by their place in the list.
        self.things = dict(enumerate(code for code, _title in things))
        cast(forms.ChoiceField, self.fields["what"]).choices = [
            (str(number), title) for number, (_code, title) in enumerate(things)
        ]
        self.fields["words"].required = True
        self.fields["words"].label = _("Why")
        self.fields["words"].help_text = _("This stays visible in the case for ever, also after the end of the work.")

    def clean_what(self) -> str:
        return self.things[int(self.cleaned_data["what"])]


class TermForm(DayForm):
    """What becomes of a term, on the ground of which document."""

    what = forms.ChoiceField(label=_("What becomes of the term"), widget=forms.RadioSelect)
    turn = forms.IntegerField(widget=forms.HiddenInput)
    until = DateField(label=_("New last day"), help_text=_("Only for a later last day."), required=False)
    document = forms.ChoiceField(label=_("On the ground of which document"), required=False, widget=forms.Select)
    field_order = ("token", "turn", "what", "on", "until", "document", "words")

    def __init__(self, *args: Any, changes: Sequence[str], documents: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Every change can be sent, so that the same page twice is answered as the first time; `changes` are offered.
        cast(forms.ChoiceField, self.fields["what"]).choices = list(TERM_CHANGES.items())
        self.changes = changes
        cast(forms.ChoiceField, self.fields["document"]).choices = [("", _("Choose a document")), *documents]
        self.fields["on"].label = _("From what day")
        self.fields["words"].required = True
        self.fields["words"].label = _("On what ground, in your own words")
        if len(changes) == 1:
            self.initial.setdefault("what", changes[0])

    def offered(self) -> list[tuple[str, str, bool]]:
        """Return the changes that are offered now: value, words, whether it is the one chosen."""
        return [(each, str(TERM_CHANGES[each]), self["what"].value() == each) for each in self.changes]

    @property
    def asks_document(self) -> bool:
        """Whether a document is asked for: a term runs again without one."""
        return list(self.changes) != ["resumed"]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if answers.get("what") == "extended" and "until" in answers and not answers["until"]:
            self.add_error("until", gettext("State the new last day."))
        return answers


class WhyForm(VisibleWords, forms.Form):
    """A reason, and nothing else."""

    token = page_token()
    words = forms.CharField(label=_("Why"), max_length=MOST_WORDS, widget=text_area())


class MoveForm(WhyForm):
    """Why a case goes on by a newer edition: the one that the page has shown."""

    edition = forms.IntegerField(widget=forms.HiddenInput)


class StartForm(VisibleWords, forms.Form):
    """Which procedure a case comes under, and the day of its first event."""

    token = page_token()
    code = forms.ChoiceField(
        label=_("Procedure"), widget=forms.RadioSelect, error_messages={"required": _("Choose a procedure.")}
    )
    on = DateField(
        label=_("Day of the first event"),
        help_text=_("The day on which it happened, like this: 05.03.2026. The first term is counted from it."),
    )
    came_from = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, editions: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.editions = {edition.code: edition for edition in editions}
        cast(forms.ChoiceField, self.fields["code"]).choices = [(each.code, each.title) for each in editions]
