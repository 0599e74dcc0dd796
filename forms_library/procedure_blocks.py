"""The parts of a procedure as a methodologist writes them: blocks whose fields have the names of `procedures.definition`.

Several codes stand in one field, with commas between them. What cannot be a code, a number or a term is refused at its
field, also when only a draft is saved, so that every draft can be read as a procedure; what is still missing is told by
`procedures.problems`.
"""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import BlockGroup, StructBlockValidationError

from forms_library.deadlines import MAX_CLAUSE, MAX_NUMBER, Unit
from forms_library.models.agencies import AgencyKind
from forms_library.procedures.definition import (
    Checklist,
    DoneBy,
    Ground,
    GuardKind,
    Level,
    Part,
    PlayedBy,
    Role,
    Stage,
)
from forms_library.procedures.in_words import COUNCIL_NAMES
from forms_library.procedures.problems import LONGEST_WARNING

CODE = r"[a-z][a-z0-9_]{0,59}"
DOTTED = rf"{CODE}(?:\.{CODE})?"
PAIR = rf"{CODE}\.{CODE}"
LATIN = _("Use small Latin letters, digits and «_», starting with a letter.")
SEVERAL = _("Write codes in small Latin letters, with commas between them, for example: signal, level.high")
ONE_PAIR = _("Write the code of the form and the key of the question with a dot between them, for example: plan.result")
EVENT = _("Write one event: opened, the code of a step, STEP.OUTCOME or level.LEVEL.")

UNIT_LABELS = {
    Unit.WORKING_DAYS: _("working days"),
    Unit.CALENDAR_DAYS: _("calendar days"),
    Unit.MONTHS: _("months"),
    Unit.AT_ONCE: _("at once"),
}
DONE_BY_LABELS = {
    DoneBy.FORMS: _("its forms are filed"),
    DoneBy.DECISION: _("somebody decides"),
    DoneBy.APPOINTMENT: _("somebody is appointed"),
    DoneBy.EVENT: _("something happens, and its day is written down"),
    DoneBy.CLOSURE: _("the work ends on a ground"),
}
GUARD_LABELS = {
    GuardKind.EVENT: _("an event has happened"),
    GuardKind.FORM: _("a form is filed"),
    GuardKind.ANSWER: _("a form answers so"),
    GuardKind.STATEMENT: _("whoever acts states it"),
    GuardKind.NOT_BEFORE: _("a term from an event has passed"),
    GuardKind.UNTIL_WITHIN: _("the new last day lies within a term from an event"),
    GuardKind.CHILDREN_ADULT: _("every child is 18"),
}
PLAYED_BY_LABELS = {
    PlayedBy.SPECIALIST: _("specialists of the agency that keeps the case"),
    PlayedBy.HEAD: _("its head"),
    PlayedBy.CURATOR: _("the curator of the case"),
    PlayedBy.OTHER_AGENCY: _("another agency"),
}
NEEDED_BY_GUARD = {
    GuardKind.EVENT: ("event",),
    GuardKind.FORM: ("form",),
    GuardKind.ANSWER: ("form", "question", "value"),
    GuardKind.NOT_BEFORE: ("event", "term"),
    GuardKind.UNTIL_WITHIN: ("event", "term"),
}
EVENTS_LIST = "procedure-events"
FORMS_LIST = "procedure-forms"
ROLES_LIST = "procedure-roles"
LEVELS_LIST = "procedure-levels"
"""Lists from which the browser suggests codes (see templates/forms_library/admin/procedure_codes_panel.html)."""


def _choices(labels: Mapping[Any, Any]) -> list[tuple[str, Any]]:
    return [(each.value, label) for each, label in labels.items()]


def _code(label: Any, *, pattern: str = CODE, invalid: Any = LATIN, suggest: str = "", **options: Any) -> Any:
    """Return a field for one code; `suggest` names the list of codes that the browser offers."""
    block = blocks.RegexBlock(
        label=label, regex=rf"^{pattern}\Z", max_length=160, error_messages={"invalid": invalid}, **options
    )
    if suggest:
        block.field.widget.attrs["list"] = suggest
    return block


def _event(label: Any, **options: Any) -> Any:
    return _code(label, pattern=DOTTED, invalid=EVENT, suggest=EVENTS_LIST, required=False, **options)


def _codes(label: Any, **options: Any) -> Any:
    """Return a field for several codes with commas between them."""
    pattern = rf"^\s*{DOTTED}(?:[\s,;]+{DOTTED})*[\s,;]*\Z"
    return blocks.RegexBlock(
        label=label, regex=pattern, max_length=1000, required=False, error_messages={"invalid": SEVERAL}, **options
    )


def _yes_no(label: Any, **options: Any) -> Any:
    return blocks.BooleanBlock(label=label, required=False, **options)


def _error(name: str, words: str, code: str) -> StructBlockValidationError:
    return StructBlockValidationError(block_errors={name: ValidationError(words, code=code)})


class RuleBlock(blocks.StructBlock):
    """A term: how many days or months. Without a unit there is none."""

    number = blocks.IntegerBlock(label=_("How many"), required=False, min_value=1, max_value=MAX_NUMBER)
    unit = blocks.ChoiceBlock(label=_("Of what"), choices=_choices(UNIT_LABELS), required=False)
    roll = _yes_no(
        _("A day off as the last day gives way to the next working day"),
        default=True,
        help_text=_("Not for a validity period"),
    )
    clause = blocks.CharBlock(
        label=_("Clause of the act"), max_length=MAX_CLAUSE, required=False, help_text=_("For example: п. 4 порядка")
    )

    def clean(self, value: Any) -> Any:
        """Refuse half a term: it would be lost."""
        cleaned = super().clean(value)
        unit, number = cleaned["unit"], cleaned["number"]
        if unit and unit != Unit.AT_ONCE and not number:
            raise _error("number", gettext("Write how many days or months."), "no_number")
        if unit == Unit.AT_ONCE and number:
            raise _error("number", gettext("“At once” has no number."), "number_at_once")
        if not unit and any(cleaned.get(name) for name in ("number", "clause", "since", "is_internal", "warn_days")):
            raise _error("unit", gettext("Choose what the term is counted in."), "no_unit")
        return cleaned

    class Meta:
        icon = "time"
        label = _("Term")
        label_format = "{number} {unit}"


class DueBlock(RuleBlock):
    """A term and the event it is counted from."""

    since = _event(_("Counted from"), help_text=_("An event. Empty: from the day on which the step opens"))
    is_internal = _yes_no(_("A reminder of our own: the source gives no term"))
    warn_days = blocks.IntegerBlock(
        label=_("Remind so many days before"),
        required=False,
        min_value=0,
        max_value=LONGEST_WARNING,
        help_text=_(
            "Calendar days before the last day: for a long term. Empty: on the working day before, as with every term"
        ),
    )


class GuardBlock(blocks.StructBlock):
    """What must hold before something may be done."""

    words = blocks.CharBlock(
        label=_("The condition in words"), max_length=500, help_text=_("Whoever is stopped by it reads this.")
    )
    kind = blocks.ChoiceBlock(
        label=_("What is looked at"), choices=_choices(GUARD_LABELS), default=GuardKind.STATEMENT.value
    )
    event = _event(_("Event"))
    form = _code(_("Code of the form"), suggest=FORMS_LIST, required=False)
    question = _code(_("Key of the question"), required=False)
    value = blocks.CharBlock(label=_("Answer"), max_length=500, required=False)
    term = RuleBlock(label=_("Term"))

    def clean(self, value: Any) -> Any:
        """Refuse a condition that looks at nothing."""
        cleaned = super().clean(value)
        if self.is_deferred_validation:
            return cleaned
        for name in NEEDED_BY_GUARD.get(GuardKind(cleaned["kind"]), ()):
            given = cleaned["term"]["unit"] if name == "term" else cleaned[name]
            if not given:
                raise _error(name, gettext("This condition needs it. Fill it in."), "missing")
        return cleaned

    class Meta:
        icon = "lock"
        label = _("Condition")
        label_format = "{words}"


class FormUseBlock(blocks.StructBlock):
    """A form that a step produces."""

    code = _code(_("Code of the form"), suggest=FORMS_LIST)
    per_child = _yes_no(_("One for each child"))
    is_optional = _yes_no(_("May be left out"))
    dated_by = _code(
        _("Key of the question with the day that counts"), required=False, help_text=_("Empty: the day of filing")
    )
    to = _codes(_("Sent to"), help_text=_("Codes of roles whose agencies get the document"))

    class Meta:
        icon = "doc-full"
        label = _("Form")
        label_format = "{code}"


class OutcomeBlock(blocks.StructBlock):
    """One way in which a step can end."""

    title = blocks.CharBlock(label=_("Decision"), max_length=300)
    code = _code(_("Code"))
    answer = blocks.CharBlock(
        label=_("Answer of the form that stands for it"),
        max_length=500,
        required=False,
        help_text=_("When an answer of a form decides"),
    )
    level = _code(_("Sets the level"), suggest=LEVELS_LIST, required=False)
    needs_words = _yes_no(_("Reasons are written down"))
    asks_until = _yes_no(_("A new last day is named"))
    guards = blocks.ListBlock(GuardBlock(), label=_("Conditions"), default=[], collapsed=True)

    class Meta:
        icon = "tick"
        label = _("Decision")
        label_format = "{title}"


class StepBlock(blocks.StructBlock):
    """One step: when it opens, who does it, on which forms and by when."""

    title = blocks.CharBlock(label=_("What is done"), max_length=300)
    code = _code(_("Code"), help_text=_("Cases remember it: keep it when the words change"))
    role = _code(_("Who does it"), suggest=ROLES_LIST, required=False, help_text=_("The code of a role"))
    after = _codes(
        _("Opens after"), help_text=_("Events, any of which opens the step: see “Events of this procedure” below")
    )
    done_by = blocks.ChoiceBlock(label=_("Done when"), choices=_choices(DONE_BY_LABELS), default=DoneBy.FORMS.value)
    hint = blocks.TextBlock(label=_("Explanation"), required=False, rows=2)
    due = DueBlock(label=_("By when"))
    forms = blocks.ListBlock(FormUseBlock(), label=_("Forms that the step produces"), default=[], collapsed=True)
    required = _codes(_("Forms that must lie in the case by then"))
    outcomes = blocks.ListBlock(OutcomeBlock(), label=_("Possible decisions"), default=[], collapsed=True)
    decided_by = _code(
        _("An answer decides"),
        pattern=PAIR,
        invalid=ONE_PAIR,
        required=False,
        help_text=_("FORM.QUESTION; empty: somebody decides"),
    )
    needs = blocks.ListBlock(GuardBlock(), label=_("Conditions"), default=[], collapsed=True)
    appoints = _code(_("Appoints to the role"), suggest=ROLES_LIST, required=False)
    every = RuleBlock(label=_("Comes again every"))
    ends_with = _codes(_("Ends with"), help_text=_("Events that take the open step away"))
    waived_by = _code(_("Who may waive it"), suggest=ROLES_LIST, required=False)
    is_optional = _yes_no(_("May be left out"))
    source = blocks.CharBlock(label=_("Source"), max_length=300, required=False)

    class Meta:
        icon = "arrow-right"
        label = _("Step")
        label_format = "{title}"
        form_layout = BlockGroup(
            children=[
                "title",
                "code",
                "role",
                "after",
                "done_by",
                "hint",
                "due",
                BlockGroup(["forms", "required"], heading=_("Papers"), classname="collapsed", label_format=""),
                BlockGroup(
                    ["outcomes", "decided_by", "appoints"],
                    heading=_("Decisions and appointments"),
                    classname="collapsed",
                    label_format="",
                ),
                BlockGroup(
                    ["needs", "waived_by", "is_optional"],
                    heading=_("Conditions"),
                    classname="collapsed",
                    label_format="",
                ),
                BlockGroup(
                    ["every", "ends_with", "source"],
                    heading=_("Repetition, end and source"),
                    classname="collapsed",
                    label_format="",
                ),
            ]
        )


class StageBlock(blocks.StructBlock):
    """Steps that people see as one stage."""

    title = blocks.CharBlock(label=_("Stage"), max_length=300)
    code = _code(_("Code"))
    hint = blocks.TextBlock(label=_("Explanation"), required=False, rows=2)
    steps = blocks.ListBlock(StepBlock(), label=_("Steps"), default=[], collapsed=True)

    class Meta:
        icon = "list-ol"
        label = _("Stage")
        label_format = "{title}"


class RoleBlock(blocks.StructBlock):
    """Somebody who acts in the procedure."""

    title = blocks.CharBlock(label=_("Role"), max_length=300)
    code = _code(_("Code"))
    played_by = blocks.ChoiceBlock(
        label=_("Played by, until somebody is appointed"),
        choices=_choices(PLAYED_BY_LABELS),
        default=PlayedBy.SPECIALIST.value,
    )
    agency_kinds = blocks.MultipleChoiceBlock(
        label=_("Kinds of that other agency"), choices=AgencyKind.choices, required=False
    )
    named_by = _code(
        _("An answer names that agency"),
        pattern=PAIR,
        invalid=ONE_PAIR,
        required=False,
        help_text=_(
            "FORM.QUESTION: documents for the role go to the agency answered there; empty: to the one on the territory"
        ),
    )
    council_kinds = blocks.MultipleChoiceBlock(
        label=_("Decided at a council of this kind"),
        choices=_choices(COUNCIL_NAMES),
        required=False,
        help_text=_(
            "Where the case has such a council, its meeting decides and nobody by hand; where there is none, whoever is named"
            " above decides."
        ),
    )

    class Meta:
        icon = "user"
        label = _("Role")
        label_format = "{title}"


class LevelBlock(blocks.StructBlock):
    """A risk level."""

    title = blocks.CharBlock(label=_("Level"), max_length=300)
    code = _code(_("Code"))
    at_once = _yes_no(_("Works at once: anybody on the case may set it, at any hour"))
    papers = _codes(
        _("Forms that are sent while the level lasts"),
        help_text=_("Codes of forms. When the level changes, what was not registered yet is taken back"),
    )
    to = _codes(_("Sent to"), help_text=_("Codes of roles whose agencies get the document"))

    class Meta:
        icon = "warning"
        label = _("Risk level")
        label_format = "{title}"


class GroundBlock(blocks.StructBlock):
    """A ground on which the work may end."""

    title = blocks.CharBlock(label=_("Ground"), max_length=500)
    code = _code(_("Code"))
    answer = blocks.CharBlock(label=_("Answer of the form that stands for it"), max_length=500, required=False)
    guards = blocks.ListBlock(GuardBlock(), label=_("Conditions"), default=[], collapsed=True)
    needs_words = _yes_no(_("Reasons are written down"))
    leads_to = _code(_("Code of the procedure that takes over"), required=False)

    class Meta:
        icon = "folder"
        label = _("Ground of ending")
        label_format = "{title}"


class ChecklistBlock(blocks.StructBlock):
    """What somebody in a role has to keep in mind."""

    title = blocks.CharBlock(label=_("Heading"), max_length=300)
    role = _code(_("Role"), suggest=ROLES_LIST, required=False)
    items = blocks.ListBlock(blocks.TextBlock(label=_("Item"), rows=1), label=_("Items"), default=[])

    class Meta:
        icon = "list-ul"
        label = _("Checklist")
        label_format = "{title}"


PARTS: dict[str, tuple[str, type[Part]]] = {
    "roles": ("role", Role),
    "stages": ("stage", Stage),
    "grounds": ("ground", Ground),
    "levels": ("level", Level),
    "checklists": ("checklist", Checklist),
}
"""The fields of a procedure that are streams: the name of their block, and what it stands for."""
STREAMS = (*PARTS, "principles")
