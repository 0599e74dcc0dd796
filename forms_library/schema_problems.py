"""What makes a schema unusable, as codes: `double_key:children`, `rule_unknown:reason:life_threat`.

A problem is its code, the key it concerns (of a column: «table.column», of a check: its number) and sometimes the detail
that is wrong. `readiness` puts it into words. `rule_…` is said of a condition, `formula_…` of a computed answer,
`check_…` of what must hold between answers. No database, no clock, no request.
"""

import re
from collections.abc import Callable, Iterator, Mapping

from forms_library.expressions import Expression, ExpressionError, kind_of, kind_of_cell, parse
from forms_library.expressions.evaluation import needs, needs_of_row
from forms_library.expressions.kinds import in_order
from forms_library.schema import Column, Kind, Question, Schema
from forms_library.things_to_do import problems_of_measures

TROUBLES = {
    "syntax": "syntax",
    "forbidden": "syntax",
    "too_long": "too_long",
    "too_deep": "too_long",
    "unknown_name": "unknown",
    "unknown_function": "function",
    "unknown_choice": "choice",
    "wrong_arguments": "arguments",
}
"""How a problem of a schema calls what is wrong with a rule."""
_FACT = re.compile(r"[a-z_]+\.[a-z_]+")
_BRACES = re.compile(r"\{[^{}]*\}|[{}]")


def problems(schema: Schema) -> list[str]:
    """Return what makes the schema unusable, in the order of its questions."""
    found = list(_double_keys(schema))
    for question in schema:
        found.extend(_question_problems(question, schema))
    found.extend(_circles(schema))
    found.extend(_check_problems(schema))
    if not schema.answered:
        found.append("no_questions:")
    return found


def parts_of(problem: str) -> tuple[str, str, str]:
    """Return the code, the key and the detail of a problem."""
    code, _colon, rest = problem.partition(":")
    key, _colon, detail = rest.partition(":")
    return code, key, detail


def _double_keys(schema: Schema) -> Iterator[str]:
    seen: set[str] = set()
    for question in schema:
        if question.key in seen:
            yield f"double_key:{question.key}"
        seen.add(question.key)


def _question_problems(question: Question, schema: Schema) -> Iterator[str]:
    if question.kind in {Kind.CHOICE, Kind.CHOICES} and not question.choices:
        yield f"no_choices:{question.key}"
    if question.kind.is_table:
        yield from _table_problems(question)
    if question.kind == Kind.CHECKLIST:
        yield from _threshold_problems(question)
    if question.kind == Kind.NUMBER and not _is_pattern(question.number_pattern):
        yield f"number_pattern:{question.key}"
    if question.not_before:
        yield from _order_problems(question, schema)
    yield from _fact_problems(question, question.key)
    yield from _rule_problems(question, schema)


def _table_problems(table: Question) -> Iterator[str]:
    keys = [column.key for column in table.cells]
    if not keys:
        yield f"no_columns:{table.key}"
    if len(set(keys)) < len(keys):
        yield f"double_column:{table.key}"
    if table.kind.has_fixed_rows and not table.rows:
        yield f"no_rows:{table.key}"
    if table.min_rows > table.max_rows:
        yield f"min_over_max:{table.key}"
    if table.kind == Kind.MATRIX and not table.choices and not all(row.choices for row in table.rows):
        yield f"no_choices:{table.key}"
    if table.extract_by and table.extract_by not in keys:
        yield f"extract_by_unknown:{table.key}:{table.extract_by}"
    for column in table.columns:
        yield from _column_problems(column, table)
    yield from problems_of_measures(table)


def _column_problems(column: Column, table: Question) -> Iterator[str]:
    place = f"{table.key}.{column.key}"
    if column.kind == Kind.CHOICE and not column.choices:
        yield f"no_choices:{place}"
    yield from _fact_problems(column, place)
    if column.kind == Kind.COMPUTED:
        yield from _formula_problems(column.expression, place, lambda rule: kind_of_cell(rule, table.cells))


def _threshold_problems(checklist: Question) -> Iterator[str]:
    scales = {row.scale for row in checklist.rows} | {""}
    for threshold in checklist.thresholds:
        if threshold.scale not in scales:
            yield f"threshold_scale_unknown:{checklist.key}:{threshold.scale}"


def _is_pattern(pattern: str) -> bool:
    return "{n}" in pattern and set(_BRACES.findall(pattern)) <= {"{n}", "{year}"}


def _order_problems(question: Question, schema: Schema) -> Iterator[str]:
    with_a_day = {other.key for other in schema if other.kind.is_date or other.kind == Kind.DATE_TIME}
    if question.key not in with_a_day:
        yield f"not_before_of_no_date:{question.key}"
    elif question.not_before not in with_a_day - {question.key}:
        yield f"not_before_unknown:{question.key}"


def _fact_problems(item: Question | Column, place: str) -> Iterator[str]:
    if item.fact and not _FACT.fullmatch(item.fact):
        yield f"fact_shape:{place}"


def _rule_problems(question: Question, schema: Schema) -> Iterator[str]:
    if question.shown_when.strip():
        yield from _condition_problems(question.shown_when, "rule", question.key, schema)
    if question.kind == Kind.COMPUTED:
        yield from _formula_problems(question.expression, question.key, lambda rule: kind_of(rule, schema))


def _formula_problems(source: str, place: str, kind: Callable[[Expression], Kind]) -> Iterator[str]:
    if not source.strip():
        yield f"no_expression:{place}"
        return
    try:
        kind(parse(source))
    except ExpressionError as error:
        yield _trouble("formula", place, source, error)


def _condition_problems(source: str, subject: str, place: str, schema: Schema) -> Iterator[str]:
    try:
        if kind_of(parse(source), schema) != Kind.YES_NO:
            yield f"{subject}_no_condition:{place}"
    except ExpressionError as error:
        yield _trouble(subject, place, source, error)


def _trouble(subject: str, place: str, source: str, error: ExpressionError) -> str:
    trouble = TROUBLES[error.code]
    detail = source if trouble in {"syntax", "too_long"} else error.detail
    return f"{subject}_{trouble}:{place}:{detail}"


def _check_problems(schema: Schema) -> Iterator[str]:
    for number, check in enumerate(schema.checks, start=1):
        yield from _condition_problems(check.condition, "check", str(number), schema)
        if check.key and check.key not in schema:
            yield f"check_key_unknown:{number}:{check.key}"


def _circles(schema: Schema) -> Iterator[str]:
    conditions = {question.key for question in schema if question.shown_when.strip()}
    formulas = {question.key for question in schema if question.kind == Kind.COMPUTED}
    for circle in _circles_of(needs(schema)):
        if circle[0] in conditions | formulas:
            subject = "rule" if circle[0] in conditions else "formula"
            yield f"{subject}_circular:{circle[0]}:{' → '.join(circle)}"
    for table in schema:
        for circle in _circles_of(needs_of_row(table.cells)):
            yield f"formula_circular:{table.key}.{circle[0]}:{' → '.join(circle)}"


def _circles_of(needed: Mapping[str, set[str]]) -> Iterator[list[str]]:
    """Give, for each name that needs itself in the end, the shortest way back to it."""
    sound = set(in_order(needed))
    for name in needed:
        if name not in sound and (circle := _way_back(name, needed)):
            yield circle


def _way_back(name: str, needed: Mapping[str, set[str]]) -> list[str]:
    reached: dict[str, list[str]] = {}
    ways = [[name]]
    while ways and name not in reached:
        further = [[*way, step] for way in ways for step in sorted(needed[way[-1]])]
        ways = []
        for way in further:
            if way[-1] not in reached:
                reached[way[-1]] = way
                ways.append(way)
    return reached.get(name, [])
