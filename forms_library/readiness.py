"""Can a draft become an edition, and if not, what is missing: in words for the person who drafts it.

No database, no clock, no request.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _, gettext_lazy

from forms_library import template_check
from forms_library.schema import Schema
from forms_library.schema_problems import parts_of, problems as problems_of_schema

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
    "extract_by_unknown": gettext_lazy(
        "Extracts of the table «%(key)s» are made by its column «%(detail)s», but it has no such column. Check the key."
    ),
    "threshold_scale_unknown": gettext_lazy(
        "A threshold of the checklist «%(key)s» is for the scale «%(detail)s», but no item belongs to it. "
        "Check the name of the scale."
    ),
    "number_pattern": gettext_lazy(
        "The pattern of the registration number «%(key)s» must hold {n} and may hold {year}, and no other braces. "
        "For example: {n}/{year}"
    ),
    "fact_shape": gettext_lazy(
        "The fact of the question «%(key)s» must say whose and what, in small Latin letters with one dot, "
        "for example child.birth_date"
    ),
    "measures_without_words": gettext_lazy(
        "The table «%(key)s» has columns of things to do, but none says what is to be done. "
        "Give one of its columns the fact assignment.text"
    ),
    "measures_told_to_few": gettext_lazy(
        "The rows of the table «%(key)s» go to other agencies as things to do, so it cannot be told to few. "
        "Ask for what only few may read in a question of its own"
    ),
    "executor_no_agency": gettext_lazy(
        "The column «%(key)s» names who does it (assignment.executor), so it must be an agency. "
        "For a name in words use the fact assignment.person"
    ),
    "measure_day_no_date": gettext_lazy("The column «%(key)s» holds a day of a thing to do. Make it a date."),
    "rule_syntax": gettext_lazy(
        "The condition of the question «%(key)s» cannot be read: %(detail)s. Check its signs, quotes and brackets. "
        "For example: life_threat = да"
    ),
    "rule_too_long": gettext_lazy(
        "The condition of the question «%(key)s» is too long. Move a part of it into a computed question of its own."
    ),
    "rule_unknown": gettext_lazy(
        "The condition of the question «%(key)s» names «%(detail)s», but the form has no such question "
        "(it was removed or renamed). Correct the condition or bring the question back."
    ),
    "rule_function": gettext_lazy(
        "The condition of the question «%(key)s» uses «%(detail)s(…)», but there is no such function. Correct its name."
    ),
    "rule_choice": gettext_lazy(
        "The condition of the question «%(key)s» expects the choice «%(detail)s», which is not offered "
        "(it was removed or renamed). Correct the condition or the choices."
    ),
    "rule_arguments": gettext_lazy(
        "The condition of the question «%(key)s» is wrong at «%(detail)s»: what stands there does not fit together. "
        "Compare dates with dates, numbers with numbers, texts with texts."
    ),
    "rule_no_condition": gettext_lazy(
        "The condition of the question «%(key)s» does not come out as yes or no. Compare it with something, "
        "for example: age(birth_date, today) < 14"
    ),
    "rule_circular": gettext_lazy(
        "The condition of the question «%(key)s» depends on itself: %(detail)s. Break the circle."
    ),
    "no_expression": gettext_lazy("The computed answer «%(key)s» has no formula. Write one."),
    "formula_syntax": gettext_lazy(
        "The formula of «%(key)s» cannot be read: %(detail)s. Check its signs, quotes and brackets. "
        "For example: minutes(start, end)"
    ),
    "formula_too_long": gettext_lazy(
        "The formula of «%(key)s» is too long. Move a part of it into a computed question of its own."
    ),
    "formula_unknown": gettext_lazy(
        "The formula of «%(key)s» names «%(detail)s», but there is no such question or column "
        "(it was removed or renamed). Correct the formula or bring it back."
    ),
    "formula_function": gettext_lazy(
        "The formula of «%(key)s» uses «%(detail)s(…)», but there is no such function. Correct its name."
    ),
    "formula_choice": gettext_lazy(
        "The formula of «%(key)s» expects the choice «%(detail)s», which is not offered (it was removed or renamed). "
        "Correct the formula or the choices."
    ),
    "formula_arguments": gettext_lazy(
        "The formula of «%(key)s» is wrong at «%(detail)s»: what stands there does not fit together. "
        "Numbers are added to numbers, terms are counted between dates."
    ),
    "formula_circular": gettext_lazy("The formula of «%(key)s» depends on itself: %(detail)s. Break the circle."),
    "check_syntax": gettext_lazy(
        "Check %(key)s of the form cannot be read: %(detail)s. Check its signs, quotes and brackets. "
        "For example: period_from <= period_to"
    ),
    "check_too_long": gettext_lazy("Check %(key)s of the form is too long. Make two checks of it."),
    "check_unknown": gettext_lazy(
        "Check %(key)s of the form names «%(detail)s», but the form has no such question (it was removed or renamed). "
        "Correct the check or bring the question back."
    ),
    "check_function": gettext_lazy(
        "Check %(key)s of the form uses «%(detail)s(…)», but there is no such function. Correct its name."
    ),
    "check_choice": gettext_lazy(
        "Check %(key)s of the form expects the choice «%(detail)s», which is not offered (it was removed or renamed). "
        "Correct the check or the choices."
    ),
    "check_arguments": gettext_lazy(
        "Check %(key)s of the form is wrong at «%(detail)s»: what stands there does not fit together. "
        "Compare dates with dates, numbers with numbers, texts with texts."
    ),
    "check_no_condition": gettext_lazy(
        "Check %(key)s of the form does not come out as yes or no. Compare it with something, "
        "for example: period_from <= period_to"
    ),
    "check_key_unknown": gettext_lazy(
        "The message of check %(key)s stands beside «%(detail)s», but the form has no such question. Check the key."
    ),
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
    problems = [schema_problem(code) for code in problems_of_schema(schema)]
    if template is None:
        return Readiness(problems=(*problems, _("There is no Word template. Choose a .docx file.")))
    try:
        template_check.inspect(template)
    except template_check.UnsafeTemplate as unsafe:
        return Readiness(problems=(*problems, template_check.problem_text(unsafe)))
    report = template_check.report(template, schema)
    if report.is_of_another_form(schema):
        problems.append(_("This looks like the template of another form. Choose the right one, or make a starter."))
    problems.extend(template_check.problem_text(error) for error in report.errors)
    problems.extend(
        template_check.problem_text(template_check.TemplateProblem(code="missing", detail=name))
        for name in report.missing
    )
    return Readiness(problems=tuple(problems), unused=tuple(report.unused))


def schema_problem(problem: str) -> str:
    """Put a problem of a schema (`double_key:children`) into words."""
    code, key, detail = parts_of(problem)
    return SCHEMA_PROBLEMS[code] % {"key": key, "detail": detail}
