"""How the answers of a form stand in tables on the starter of its paper."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from forms_library.schema import CHECKLIST_MARKS, Column, Kind, Question
from forms_library.starter.page import Cell, Sheet

WIDE = 6
"""A table with more columns than this lies on its side."""
WEIGHTS = {
    Kind.LONG_TEXT: 4.0,
    Kind.ADDRESS: 3.0,
    Kind.FIO: 3.0,
    Kind.PERSON: 3.0,
    Kind.AGENCY: 3.0,
    Kind.TEXT: 2.5,
    Kind.CHOICE: 2.0,
    Kind.PHONE: 2.2,
    Kind.EMAIL: 2.2,
}
"""How much of the line a column of this kind needs beside the others."""
NARROW = 1.6
NUMBER_WIDTH = 1.0
DAY_WIDTH = 2.2
SMALL = 10.0
IN_LINE = 20
"""Choices that have more letters than this stand under one another, shorter ones side by side."""
IN_LOOP = "row"
CENTRED = {"{{ row.n }}", *(f"{{{{ row.marks[{place}].mark }}}}" for place in range(10))}


def wide(question: Question) -> bool:
    """Return whether a question is a table that needs a page that lies on its side."""
    return question.kind.is_table and len(question.columns) > WIDE


def card(sheet: Sheet, questions: list[Question]) -> None:
    """Draw short answers as a card: what is asked at the left, the answer at the right."""
    left, right = sheet.width * 0.4, sheet.width * 0.6
    may_vanish = all(question.shown_when for question in questions)  # a table without rows is no table for Word
    if may_vanish:
        sheet.line("{%p if " + " or ".join(question.key for question in questions) + " %}")
    drawn = sheet.table([left, right])
    for question in questions:
        if question.shown_when:
            sheet.tag(drawn, f"{{%tr if {question.key} %}}", columns=2)
        cells = [Cell(text=plain(question.label), width=left), Cell(text=_printed(question), width=right)]
        sheet.row(drawn, cells, height=0.75, may_split=True)
        if question.shown_when:
            sheet.tag(drawn, "{%tr endif %}", columns=2)
    sheet.line(size=6)
    if may_vanish:
        sheet.line("{%p endif %}")


def _printed(question: Question) -> str | list[str]:
    """Return the lines of an answer. On a blank form most cells stay empty: the cell itself is where one writes."""
    if question.kind in {Kind.ATTACHMENT, Kind.DOCUMENT}:
        return f"{{% for item in {question.key} %}}{{{{ item|cell }}}}{{% if not loop.last %}}; {{% endif %}}{{% endfor %}}"
    if question.kind in {Kind.CHOICE, Kind.CHOICES, Kind.YES_NO}:
        marks = f"{question.key}__marks"
        if all(len(choice) <= IN_LINE for choice in question.choices):
            return _boxes(marks)
        return [f"{{%p for choice in {marks} %}}", "{{ choice.mark }} {{ choice.label }}", "{%p endfor %}"]
    if question.kind == Kind.MONEY:
        return f"{{{{ {question.key}|cell }}}} руб."
    if question.kind.is_date or question.kind == Kind.DATE_TIME:
        return f"{{{{ {question.key} }}}}"
    return f"{{{{ {question.key}|cell }}}}"


def _boxes(marks: str) -> str:
    one = "{{ choice.mark }}\u00a0{{ choice.label }}"
    return f"{{% for choice in {marks} %}}{one}{{% if not loop.last %}}   {{% endif %}}{{% endfor %}}"


def table(sheet: Sheet, question: Question) -> None:
    """Draw a table with repeated rows and their numbers."""
    widths = [NUMBER_WIDTH, *_shared(sheet.width - NUMBER_WIDTH, (), question.columns)]
    drawn = sheet.table(widths)
    _head(sheet, drawn, ["№ п/п"], question.columns, widths)
    _numbers(sheet, drawn, question, widths)
    texts = ["{{ row.n }}", *(f"{{{{ row.{column.key} }}}}" for column in question.columns)]
    _body(sheet, drawn, question.key, texts, widths)


def fixed_table(sheet: Sheet, question: Question) -> None:
    """Draw a table whose rows are named by the form."""
    widths = _shared(sheet.width, [3.0], question.columns)
    drawn = sheet.table(widths)
    _head(sheet, drawn, [""], question.columns, widths)
    _numbers(sheet, drawn, question, widths)
    texts = ["{{ row.label }}", *(f"{{{{ row.{column.key} }}}}" for column in question.columns)]
    _body(sheet, drawn, question.key, texts, widths)


def matrix(sheet: Sheet, question: Question) -> None:
    """Draw a matrix: each row with its own scale, the chosen answer ticked."""
    extra = question.columns
    widths = _shared(sheet.width, [3.0, 4.0], extra)
    drawn = sheet.table(widths)
    _head(sheet, drawn, ["", "Оценка"], extra, widths)
    texts = ["{{ row.label }}", _boxes("row.marks"), *(f"{{{{ row.{column.key} }}}}" for column in extra)]
    _body(sheet, drawn, question.key, texts, widths)


def checklist(sheet: Sheet, question: Question) -> None:
    """Draw a checklist scale by scale: a box under each mark, and after each scale its sum and what it suggests."""
    marks = question.choices or CHECKLIST_MARKS
    own = [4.5, *([1.1] * len(marks))]
    widths = [NUMBER_WIDTH, *_shared(sheet.width - NUMBER_WIDTH, own, question.columns)]
    drawn = sheet.table(widths)
    _head(sheet, drawn, ["№", "Признак", *marks], question.columns, widths)
    columns = len(widths)
    sheet.tag(drawn, f"{{%tr for group in {question.key}__groups %}}", columns=columns)
    sheet.tag(drawn, "{%tr if group.scale %}", columns=columns)
    whole: dict[str, Any] = {"width": sheet.width, "span": columns, "is_bold": True, "size": SMALL}
    sheet.row(drawn, [Cell(text="{{ group.scale }}", keep=True, **whole)])
    sheet.tag(drawn, "{%tr endif %}", columns=columns)
    boxes = [f"{{{{ row.marks[{place}].mark }}}}" for place in range(len(marks))]
    texts = ["{{ row.n }}", "{{ row.label }}", *boxes, *(f"{{{{ row.{column.key} }}}}" for column in question.columns)]
    _body(sheet, drawn, "group.rows", texts, widths)
    if any(row.weight for row in question.rows):
        total = "Сумма баллов: {{ group.score }}{% if group.level %}. Подсказка: {{ group.level }}{% endif %}"
        sheet.row(drawn, [Cell(text=total, **whole)])
    sheet.tag(drawn, "{%tr endfor %}", columns=columns)


def _shared(width: float, own: Sequence[float], columns: Sequence[Column]) -> list[float]:
    """Return how wide the form's own columns, by weight, and the others are; a day is never cut in two."""
    weights = [*own, *(WEIGHTS.get(column.kind, NARROW) for column in columns)]
    least = [0.0] * len(own) + [DAY_WIDTH if column.kind.is_date else 0.0 for column in columns]
    shares = [width * weight / sum(weights) for weight in weights]
    fixed = {place for place, share in enumerate(shares) if share < least[place]}
    left = width - sum(least[place] for place in fixed)
    free = sum(weight for place, weight in enumerate(weights) if place not in fixed)
    return [least[place] if place in fixed else left * weight / free for place, weight in enumerate(weights)]


def _head(sheet: Sheet, drawn: Any, own: Sequence[str], columns: Sequence[Column], widths: Sequence[float]) -> None:
    """Draw the headings; neighbouring columns of one group stand under a heading of their own."""
    look: dict[str, Any] = {"align": "center", "size": SMALL, "keep": True}
    has_groups = any(column.group for column in columns)
    tall: dict[str, Any] = {"merge": "restart"} if has_groups else {}
    above = [Cell(text=text, width=width, **look, **tall) for text, width in zip(own, widths, strict=False)]
    below = [Cell(text="", width=width, merge="continue", **look) for _text, width in zip(own, widths, strict=False)]
    rest = list(zip(columns, widths[len(own) :], strict=True))
    for name, members in groupby(rest, key=lambda pair: pair[0].group or pair[0]):
        group = list(members)
        if isinstance(name, Column):
            (column, width) = group[0]
            above.append(Cell(text=plain(column.label), width=width, **look, **tall))
            below.append(Cell(text="", width=width, merge="continue", **look))
        else:
            above.append(Cell(text=plain(name), width=sum(width for _column, width in group), span=len(group), **look))
            below.extend(Cell(text=plain(column.label), width=width, **look) for column, width in group)
    sheet.row(drawn, above, is_head=True)
    if has_groups:
        sheet.row(drawn, below, is_head=True)


def _numbers(sheet: Sheet, drawn: Any, question: Question, widths: Sequence[float]) -> None:
    if question.numbered_columns:
        cells = [
            Cell(text=str(number), width=width, align="center", size=9, keep=True)
            for number, width in enumerate(widths, start=1)
        ]
        sheet.row(drawn, cells, is_head=True)


def _body(sheet: Sheet, drawn: Any, rows: str, texts: Sequence[str], widths: Sequence[float]) -> None:
    sheet.tag(drawn, f"{{%tr for {IN_LOOP} in {rows} %}}", columns=len(widths))
    cells = [
        Cell(text=text, width=width, size=SMALL, align="center" if text in CENTRED else "")
        for text, width in zip(texts, widths, strict=True)
    ]
    sheet.row(drawn, cells, height=0.7, may_split=True)
    sheet.tag(drawn, "{%tr endfor %}", columns=len(widths))


def plain(text: str) -> str:
    """Return a text in which nothing reads as a tag of the template."""
    return text.replace("{", "(").replace("}", ")")
