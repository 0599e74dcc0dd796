"""How an official form is drafted in the admin: what the editor's screen checks, and what it tells."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.admin.panels import Panel
from wagtail.contrib.forms.forms import WagtailAdminFormPageForm

from forms_library.file_checks import check_docx
from forms_library.models.approvals import FourEyesTask, authors_of
from forms_library.readiness import schema_problem
from forms_library.schema import Schema

FIELD_OF_PROBLEM = {
    "no_choices": "choices",
    "no_columns": "columns",
    "double_column": "columns",
    "no_rows": "rows",
    "min_over_max": "max_rows",
    "not_before_of_no_date": "not_before",
    "not_before_unknown": "not_before",
}


class OfficialFormAdminForm(WagtailAdminFormPageForm):
    """The editor's form of an official form: every mistake is said at its place, and nothing typed is lost."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "code" in self.fields:
            # The default of a new form's code is a function; without this every saved code would count as changed.
            self.fields["code"].show_hidden_initial = False

    def clean(self) -> dict[str, Any]:
        cleaned_data = super().clean()
        self._check_questions(self._question_forms())
        if self.instance.pk and isinstance(self.instance.current_workflow_task, FourEyesTask):
            self._refuse_changes_during_review()
        return cleaned_data

    def clean_code(self) -> str:
        """Refuse another code for a form that has been in force."""
        code: str = self.cleaned_data["code"]
        if self.instance.pk and self.instance.editions.exclude(code=code).exists():
            raise ValidationError(
                _("The form has been in force under another code. It keeps that code for ever."), code="code_is_fixed"
            )
        return code

    def clean_docx_template(self) -> Any:
        """Refuse a document that is no safe Word template."""
        document = self.cleaned_data["docx_template"]
        if document is not None:
            with document.file.open("rb") as file:
                check_docx(document.file.name, file.read())
        return document

    def _question_forms(self) -> list[forms.ModelForm]:
        """Return the rows of the questions that stay."""
        rows = self.formsets["form_fields"].forms if "form_fields" in self.formsets else []
        return [row for row in rows if row.is_valid() and not row.cleaned_data.get("DELETE")]

    def _refuse_changes_during_review(self) -> None:
        reviewed = self.instance.get_latest_revision().as_object().schema()
        rows = sorted(self._question_forms(), key=lambda row: row.cleaned_data.get("ORDER") or 0)
        typed = tuple(row.instance.question() for row in rows)
        # Rows that only exist in a draft always count as changed, so the questions themselves are compared.
        if self.changed_data or typed != reviewed.questions:
            self.add_error(
                None,
                ValidationError(
                    _("The form is under review and cannot be changed now. Return it to its author first."),
                    code="under_review",
                ),
            )

    def _check_questions(self, rows: list[forms.ModelForm]) -> None:
        questions = [row.instance.question() for row in rows]
        row_of = {question.key: row for question, row in zip(questions, rows, strict=True)}
        for problem in Schema(questions=tuple(questions)).problems():
            code, _colon, key = problem.partition(":")
            if code in FIELD_OF_PROBLEM:
                # A dot names a column of a table.
                key, dot, _column = key.partition(".")
                field = "columns" if dot else FIELD_OF_PROBLEM[code]
                row_of[key].add_error(field, ValidationError(schema_problem(problem), code=code))


class ReadinessPanel(Panel):
    """Tells what the draft still lacks before it can be approved."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "forms_library/admin/readiness_panel.html"

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            if self.instance.pk:
                context["readiness"] = self.instance.readiness()
                context["is_author"] = self._is_author()
            return context

        def _is_author(self) -> bool:
            latest = self.instance.get_latest_revision()
            return bool(latest and self.request and self.request.user.pk in authors_of(latest))
