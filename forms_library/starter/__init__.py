"""A Word template made from the questions of a form, so that a methodologist only has to make it pretty in Word.

Everything that the form asks is printed once, in the order of the form, by the same rules as the shipped papers: short
answers in a card, long ones under their names, tables with repeated heads, signatures with lines long enough to sign.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby, takewhile

from forms_library.rendering import repacked
from forms_library.schema import Kind, Question, Schema
from forms_library.starter.page import Sheet
from forms_library.starter.requisites import REQUISITES, restriction_mark, signature
from forms_library.starter.tables import card, checklist, fixed_table, matrix, plain, table, wide
from forms_library.typed import GAPS

__all__ = ["REQUISITES", "StarterFacts", "starter_template"]

IN_CARD = frozenset(Kind) - {Kind.LONG_TEXT, Kind.SIGNATURE, Kind.SECTION, Kind.NOTE}
NUMBERED_FROM = 3
UPRIGHT_FROM = 6
ROMAN = ("I. ", "II. ", "III. ", "IV. ", "V. ", "Раздел ", "Часть ")
TABLES = {
    Kind.TABLE: table,
    Kind.FIXED_TABLE: fixed_table,
    Kind.CHECKLIST: checklist,
    Kind.MATRIX: matrix,
}


@dataclass(frozen=True, kw_only=True)
class StarterFacts:
    """What a starter needs to know besides the questions; `requisites` are codes of `REQUISITES`."""

    title: str
    kept_over_ten_years: bool = False
    requisites: Sequence[str] = ("date_and_number",)


def starter_template(schema: Schema, *, about: StarterFacts) -> bytes:
    """Return a Word template that prints every answer of the form; the same form gives the same bytes.

    Raises `KeyError` for a requisite that there is none of.
    """
    if unknown := set(about.requisites) - REQUISITES.keys():
        raise KeyError(sorted(unknown)[0])
    requisites = [REQUISITES[code] for code in REQUISITES if code in {*about.requisites}]
    in_requisites = {question.key for requisite in requisites for question in requisite.prints(schema)}
    sheet = Sheet(kept_over_ten_years=about.kept_over_ten_years, is_landscape=_begins_wide(schema))
    restriction_mark(sheet, schema)
    for requisite in requisites:
        if requisite.is_above:
            requisite.draw(sheet, schema)
    sheet.heading(plain(about.title), 1, "center")
    are_numbered = _are_numbered(schema)
    for number, (heading, questions) in enumerate(_shown(schema, in_requisites), start=1):
        _section(sheet, heading, questions, number=f"{number}. " if are_numbered else "")
    _gaps(sheet)
    for requisite in requisites:
        if not requisite.is_above:
            requisite.draw(sheet, schema)
    return repacked(sheet.saved())


def _shown(schema: Schema, elsewhere: Collection[str]) -> list[tuple[Question | None, list[Question]]]:
    """Return the sections without the answers that a requisite prints, and without a section that has only those."""
    sections = []
    for heading, questions in schema.sections():
        left = [question for question in questions if question.key not in elsewhere]
        if left or not questions:
            sections.append((heading, left))
    return sections


def _begins_wide(schema: Schema) -> bool:
    """Return whether a wide table comes so early that a page upright before it would stand almost empty."""
    before = takewhile(lambda question: not wide(question), schema.answered)
    return any(map(wide, schema)) and len(list(before)) < UPRIGHT_FROM


def _are_numbered(schema: Schema) -> bool:
    """Return whether sections get numbers: when there are several, each is always asked, and none has its own number."""
    sections = schema.sections()
    headings = [heading for heading, _questions in sections if heading]
    return (
        len(headings) == len(sections) >= NUMBERED_FROM
        and not any(heading.shown_when for heading in headings)
        and not any(heading.label[:1].isdigit() or heading.label.startswith(ROMAN) for heading in headings)
    )


def _section(sheet: Sheet, heading: Question | None, questions: list[Question], *, number: str) -> None:
    is_conditional = heading is not None and heading.shown_when
    if any(map(wide, questions if is_conditional else questions[:1])):
        sheet.turn()
    if is_conditional:
        sheet.line(f"{{%p if {_any_answer(questions)} %}}")
    if heading is not None:
        sheet.heading(f"{number}{{{{ {heading.key} }}}}")
    for in_card, group in groupby(questions, key=lambda question: question.kind in IN_CARD - TABLES.keys()):
        if in_card:
            card(sheet, list(group))
        else:
            for question in group:
                _alone(sheet, question)
    if is_conditional:
        sheet.line("{%p endif %}")


def _alone(sheet: Sheet, question: Question) -> None:
    """Draw what does not stand in a card: a table, a long answer, a note, a signature."""
    if wide(question):
        sheet.turn()
    if question.shown_when:
        sheet.line(f"{{%p if {_any_answer([question])} %}}")
    if question.kind in TABLES:
        sheet.line(plain(question.label), is_bold=True, before=8, after=4, keep=True)
        TABLES[question.kind](sheet, question)
        sheet.line(size=6)  # Word makes one table of two that touch
    elif question.kind == Kind.NOTE:
        sheet.line(f"{{{{ {question.key} }}}}", "justify", size=11, before=4, after=4)
    elif question.kind == Kind.SIGNATURE:
        signature(sheet, question)
    else:
        sheet.line(plain(question.label), is_bold=True, before=8, after=2, keep=True)
        sheet.line(f"{{{{ {question.key} }}}}", after=4)
    if question.shown_when:
        sheet.line("{%p endif %}")


def _any_answer(questions: list[Question]) -> str:
    """Return the condition under which something of these questions is to be printed: a blank form prints them all."""
    names = [
        f"{question.key}.name" if question.kind == Kind.SIGNATURE else question.key
        for question in questions
        if question.kind.is_answered
    ]
    return " or ".join(names) or "about.title"


def _gaps(sheet: Sheet) -> None:
    sheet.line(f"{{%p if {GAPS} %}}")
    sheet.line("Не заполнено, причина:", before=10, size=10, keep=True)
    sheet.line(f"{{%p for gap in {GAPS} %}}")
    sheet.line("{{ gap.label }} — {{ gap.reason }}", size=10)
    sheet.line("{%p endfor %}")
    sheet.line("{%p endif %}")
