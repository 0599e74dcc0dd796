"""Can a draft become an edition, and if not, what is missing: in words for the person who drafts it.

No database, no clock, no request.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _, gettext_lazy

from forms_library import template_check
from forms_library.schema import Schema

SCHEMA_PROBLEMS = {
    "double_key": gettext_lazy("Two questions have the same key «%(key)s». Give one of them another key."),
    "no_choices": gettext_lazy("The question «%(key)s» offers no choices. Add them, one per line."),
    "no_columns": gettext_lazy("The table «%(key)s» has no columns. Add at least one."),
    "double_column": gettext_lazy(
        "Two columns of the table «%(key)s» have the same key. Give one of them another key."
    ),
    "no_rows": gettext_lazy("The table «%(key)s» has fixed rows, but none is named. Add them, one per line."),
    "min_over_max": gettext_lazy("The table «%(key)s» asks for more rows than it allows. Make the two numbers agree."),
    "not_before_of_no_date": gettext_lazy(
        "The question «%(key)s» is no date, so it cannot come after another one. Leave «not before» empty."
    ),
    "not_before_unknown": gettext_lazy(
        "The date «%(key)s» may not be before another date, but the form has no such date. Check the key."
    ),
    "no_questions": gettext_lazy("The form asks nothing yet. Add at least one question."),
}


@dataclass(frozen=True, kw_only=True)
class Readiness:
    """What stands between a draft and an edition, and what is only worth knowing."""

    problems: tuple[str, ...]
    unused: tuple[str, ...] = ()  # questions that the Word template never prints

    def __bool__(self) -> bool:
        return not self.problems


def readiness(schema: Schema, *, template: bytes | None) -> Readiness:
    """Look at a draft's questions and at its Word template together."""
    problems = [schema_problem(code) for code in schema.problems()]
    if template is None:
        return Readiness(problems=(*problems, _("There is no Word template. Choose a .docx file.")))
    try:
        template_check.inspect(template)
    except template_check.UnsafeTemplate as unsafe:
        return Readiness(problems=(*problems, template_check.problem_text(unsafe)))
    report = template_check.report(template, schema)
    problems.extend(template_check.problem_text(error) for error in report.errors)
    problems.extend(
        template_check.problem_text(template_check.TemplateProblem(code="missing", detail=name))
        for name in report.missing
    )
    return Readiness(problems=tuple(problems), unused=tuple(report.unused))


def schema_problem(code: str) -> str:
    """Put a problem of a schema (`double_key:children`) into words."""
    kind, _colon, key = code.partition(":")
    return SCHEMA_PROBLEMS[kind] % {"key": key}
