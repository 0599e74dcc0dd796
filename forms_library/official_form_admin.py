"""How an official form is drafted in the admin: what the editor's screen checks, and what it tells."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from forms_library.file_checks import check_docx
from forms_library.governed_admin import GovernedAdminForm, ReadinessPanel
from forms_library.models.form_fields import check
from forms_library.readiness import schema_problem
from forms_library.rules_in_words import rules_of, rules_of_checks
from forms_library.schema import Kind, Question, Schema
from forms_library.schema_problems import TROUBLES, parts_of, problems

FIELD_OF_PROBLEM = {
    "no_choices": "choices",
    "no_columns": "columns",
    "double_column": "columns",
    "no_rows": "rows",
    "min_over_max": "max_rows",
    "not_before_of_no_date": "not_before",
    "not_before_unknown": "not_before",
    "extract_by_unknown": "extract_by",
    "threshold_scale_unknown": "thresholds",
    "number_pattern": "number_pattern",
    "fact_shape": "fact",
    "measures_without_words": "columns",
    "measures_told_to_few": "sensitivity",
    "executor_no_agency": "columns",
    "measure_day_no_date": "columns",
    "no_expression": "expression",
    **{
        f"{rule}_{trouble}": field
        for rule, field in (("rule", "shown_when"), ("formula", "expression"))
        for trouble in (*TROUBLES.values(), "no_condition", "circular")
    },
}


class BuilderMedia:
    """The script and the looks of the builder of questions, which only fold and hide what is not worked on."""

    js = ["js/form_builder.js"]
    css = {"all": ["css/admin.css"]}


class QuestionRows:
    """What an editor's form with rows of questions has to check: every mistake is said in the row that makes it."""

    question_rows = "form_fields"
    formsets: dict[str, Any]
    cleaned_data: dict[str, Any]
    add_error: Callable[..., None]

    def question_forms(self) -> list[forms.ModelForm]:
        """Return the rows of the questions that stay, in their order."""
        rows = self.formsets[self.question_rows].forms if self.question_rows in self.formsets else []
        return sorted((row for row in rows if row.is_valid() and not row.cleaned_data.get("DELETE")), key=_place)

    def typed_schema(self) -> Schema:
        """Return what was typed as a schema."""
        return Schema(
            questions=tuple(row.instance.question() for row in self.question_forms()),
            checks=tuple(check(block.value) for block in self.cleaned_data.get("checks") or ()),
        )

    def check_questions(self) -> None:
        """Put every problem of the questions and checks into words beside its field."""
        rows, schema = self.question_forms(), self.typed_schema()
        rows_of: dict[str, list[forms.ModelForm]] = {}
        for question, row in zip(schema, rows, strict=True):
            rows_of.setdefault(question.key, []).append(row)
        unread = self._keys_of_unread_rows()
        for problem in problems(schema):
            code, key, detail = parts_of(problem)
            error = ValidationError(schema_problem(problem), code=code)
            # A dot names a column of a table.
            key, dot, _column = key.partition(".")
            if code.endswith("_unknown") and detail.partition(".")[0] in unread:
                continue  # it is there, with a mistake of its own
            if code == "double_key":
                for row in rows_of[key]:
                    row.add_error("clean_name", error)
            elif code.startswith("check_"):
                self.add_error("checks", error)
            elif code in FIELD_OF_PROBLEM:
                rows_of[key][0].add_error("columns" if dot else _field_of(code, schema[key]), error)

    def _keys_of_unread_rows(self) -> set[str]:
        """Return the keys of the questions that say something wrong, and so are not in the schema that is checked."""
        rows = self.formsets[self.question_rows].forms if self.question_rows in self.formsets else []
        unread = [row for row in rows if not row.is_valid()]
        return {row.instance.clean_name or row.instance.get_field_clean_name() for row in unread}


class OfficialFormAdminForm(QuestionRows, GovernedAdminForm):
    """The editor's form of an official form: every mistake is said at its place, and nothing typed is lost."""

    class Media(BuilderMedia):
        """What a long list of questions needs to be worked on; everything is there without it."""

    def clean(self) -> dict[str, Any]:
        cleaned_data = super().clean()
        self.check_questions()
        return cleaned_data

    def clean_docx_template(self) -> Any:
        """Refuse a document that is no safe Word template."""
        document = self.cleaned_data["docx_template"]
        if document is not None:
            with document.file.open("rb") as file:
                check_docx(document.file.name, file.read())
        return document

    def says_otherwise_than(self, reviewed: Any) -> bool:
        # Rows and checks that only exist in a draft always count as changed, so what they say is compared.
        return bool({*self.changed_data} - {"checks"}) or self.typed_schema() != reviewed.schema()


def _rules(schema: Schema) -> tuple[list[tuple[str, str, list[str]]], list[str]]:
    """Return the place of each question on the screen, its label and its rules in words; and the checks in words."""
    of_questions = [
        (f"inline_child_form_fields-{place}", question.label, rules_of(question, schema))
        for place, question in enumerate(schema)
    ]
    return [each for each in of_questions if each[2]], rules_of_checks(schema)


def _place(row: forms.ModelForm) -> int:
    return row.cleaned_data.get("ORDER") or 0


def _field_of(code: str, question: Question) -> str:
    if code == "no_rows" and question.kind in {Kind.CHECKLIST, Kind.MATRIX}:
        return "items"
    return FIELD_OF_PROBLEM[code]


class FormReadinessPanel(ReadinessPanel):
    """The same for a form; besides, what its Word template leaves out, where to try it, and its rules in words."""

    class BoundPanel(ReadinessPanel.BoundPanel):
        def wording(self) -> dict[str, Any]:
            found = self.instance.readiness()
            rules, checks = _rules(self.instance.schema())
            told = {"problems": found.problems, "unused": found.unused, "form_id": self.instance.pk}
            return {**told, "rules": rules, "checks": checks}
