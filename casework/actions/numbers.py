"""Papers get their registration numbers at the moment they are filed, so that a thrown away draft leaves no gap."""

from collections.abc import Mapping
from typing import Any

from casework.models import NumberSeries
from forms_library.models import Agency
from forms_library.questionnaire import Answers
from forms_library.schema import Kind, Schema


def registered(
    answers: Answers, *, schema: Schema, form_code: str, agency: Agency, year: int, earlier: Mapping[str, Any] | None
) -> Answers:
    """Return the answers with their registration numbers; a correction keeps those of the `earlier` answers.

    All the numbers of one paper come from one step of the series. The caller holds a transaction.
    """
    asked = [question for question in schema.answered if question.kind == Kind.NUMBER]
    if not asked:
        return answers
    kept = {question.key: earlier[question.key] for question in asked if earlier and earlier.get(question.key)}
    if len(kept) == len(asked):
        return answers | kept
    number = _next_number(form_code, agency=agency, year=year)
    given = {
        question.key: question.number_pattern.replace("{n}", str(number)).replace("{year}", str(year))
        for question in asked
    }
    return answers | given | kept


def _next_number(form_code: str, *, agency: Agency, year: int) -> int:
    series, _made = NumberSeries.objects.select_for_update().get_or_create(
        agency=agency, form_code=form_code, year=year
    )
    series.last += 1
    series.save(update_fields=["last"])
    return series.last
