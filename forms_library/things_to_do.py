"""What the facts of columns say of a form: that its rows are things to do, that it analyses a case, that it tells of a visit.

A methodologist declares this with the keys of facts (FACTS.md); no form is known by its code. Keys of these families say how a
form is read, and tell nothing about the family that another form should repeat. Pure.
"""

from collections.abc import Iterator

from forms_library.schema import Column, Kind, Question, Schema

OF_MEASURES = "assignment."
"""«These rows are things to do»: .text, .executor, .person, .due, .group, .aim, .resource, .expected, .result, .mark, .marked_on."""
RESOURCE = "assignment.resource"
TEXT, EXECUTOR, DUE, MARKED_ON = "assignment.text", "assignment.executor", "assignment.due", "assignment.marked_on"
OF_PLAN = "plan."
"""What a form is told of the plan in force: .document, .measures_total, .measures_done, and by rows .text, .mark, .result."""
OF_ANALYSIS = "analysis."
"""The analysis of a case by domains: .strengths, .weaknesses, .aim, .text, .due, .executor."""
OF_VISITS = "visit."
"""A visit: .kind, .start, .minutes, .counted, .short_reason, .danger, .next_on."""
ABOUT_THE_FORM = (OF_MEASURES, OF_PLAN, OF_ANALYSIS, OF_VISITS)


def tables_of_measures(schema: Schema) -> list[Question]:
    """Return the tables whose rows are things to do: those that have a column for the words."""
    return [question for question in schema if question.kind == Kind.TABLE and column_of(question, TEXT)]


def column_of(table: Question, fact: str) -> Column | None:
    """Return the first column of a table with this fact."""
    return next((column for column in table.columns if column.fact == fact), None)


def question_of(schema: Schema, fact: str) -> Question | None:
    """Return the first question with this fact."""
    return next((question for question in schema if question.fact == fact), None)


def table_of_analysis(schema: Schema) -> Question | None:
    """Return the table in which a form analyses a case domain by domain."""
    return next((question for question in schema if any(_is(OF_ANALYSIS, column) for column in question.columns)), None)


def asks_about_the_plan(schema: Schema) -> bool:
    """Return whether a form asks what became of the plan in force."""
    facts = [question.fact for question in schema]
    facts += [column.fact for question in schema for column in question.columns]
    return any(fact.startswith(OF_PLAN) for fact in facts)


def problems_of_measures(table: Question) -> Iterator[str]:
    """Yield what makes the things to do of a table unusable, as `schema_problems` names problems."""
    own = [column for column in table.columns if _is(OF_MEASURES, column)]
    if own and not column_of(table, TEXT):
        yield f"measures_without_words:{table.key}"
    if own and table.sensitivity.is_told_to_few:
        yield f"measures_told_to_few:{table.key}"
    for column in own:
        if column.fact == EXECUTOR and column.kind != Kind.AGENCY:
            yield f"executor_no_agency:{table.key}.{column.key}"
        if column.fact in {DUE, MARKED_ON} and not column.kind.is_date:
            yield f"measure_day_no_date:{table.key}.{column.key}"


def _is(family: str, column: Column) -> bool:
    return column.fact.startswith(family)
