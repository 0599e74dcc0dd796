"""The requisites of an official paper as blocks with names (ГОСТ Р 7.0.97): each can be put on a starter by itself."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from forms_library import qr
from forms_library.schema import Kind, Question, Schema
from forms_library.starter.page import Cell, Sheet
from forms_library.starter.tables import plain

LINE = "_" * 30
SHORT_LINE = "_" * 14
DAY_LINE = "«____» ______________ 20____ г."
ANGLED = 8.0
"""The lines of a requisite in the corner are at most this long."""


DATE_OF_PAPER = re.compile(
    r"дата(| (составления|заполнения|анализа|осмотра|подбора|акта|приказа|решения|согласия|заседания).*)"
)
SENDERS = ("from", "org", "institution", "operator", "centre")


@dataclass(frozen=True)
class Requisite:
    """A named block: whether it stands above the title, what draws it, and which answers it prints itself."""

    name: Any
    is_above: bool
    draw: Callable[[Sheet, Schema], None]
    prints: Callable[[Schema], Sequence[Question]] = lambda schema: ()


def restriction_mark(sheet: Sheet, schema: Schema) -> None:
    """Draw the mark that restricts access, in the upper right corner; nothing stays when the form has none."""
    sheet.line("{%p if about.restriction_mark %}")
    sheet.line("{{ about.restriction_mark }}", "right", after=6)
    sheet.line("{%p endif %}")


def organisation(sheet: Sheet, schema: Schema) -> None:
    """Draw the blank of the organisation: its name, else a line to write on, and its reference data."""
    sender = _sender(schema)
    text = f"{{{{ {sender[0].key} }}}}" if sender else LINE * 2
    sheet.line(text, "center", is_bold=bool(sender), size=13)
    sheet.line("(наименование организации)", "center", size=9, after=2)
    sheet.line(LINE * 2 + LINE[:15], "center", size=10)
    sheet.line("(адрес, телефон, электронная почта, ОКПО, ОГРН, ИНН/КПП)", "center", size=9, after=10)


def addressee(sheet: Sheet, schema: Schema) -> None:
    """Draw the addressee at the right, in lines of at most 8 cm: the question «to» of an outgoing paper, else lines."""
    found = _addressee(schema)
    lines = [f"{{{{ {found[0].key} }}}}"] if found else [LINE, LINE]
    _at_the_right(sheet, lines, under="(адресат)")


def approval(sheet: Sheet, schema: Schema) -> None:
    """Draw «УТВЕРЖДАЮ» with lines for the head's post, signature and day."""
    _at_the_right(sheet, ["УТВЕРЖДАЮ", LINE], under="(должность)")
    _at_the_right(sheet, [f"{SHORT_LINE}  {SHORT_LINE}"], under="(подпись)                   (расшифровка подписи)")
    _at_the_right(sheet, [DAY_LINE, "М.П."])
    sheet.line(size=6)


def _at_the_right(sheet: Sheet, lines: Sequence[str], *, under: str = "") -> None:
    left = sheet.width - ANGLED
    table = sheet.table([left, ANGLED], has_borders=False)
    sheet.row(table, [Cell(text="", width=left), Cell(text=lines, width=ANGLED)])
    if under:
        sheet.row(table, [Cell(text="", width=left), Cell(text=under, width=ANGLED, size=9)])
    sheet.line(size=2)


def date_and_number(sheet: Sheet, schema: Schema) -> None:
    """Draw the line of the date and the registration number."""
    day, number = _day(schema), _number(schema)
    left = f"{{{{ {day[0].key} }}}}" if day else DAY_LINE
    right = f"№\N{NO-BREAK SPACE}{{{{ {number[0].key} }}}}" if number else f"№\N{NO-BREAK SPACE}{SHORT_LINE}"
    half = sheet.width / 2
    table = sheet.table([half, half], has_borders=False)
    sheet.row(table, [Cell(text=left, width=half), Cell(text=right, width=half, align="right")])
    sheet.line(size=6)


def enclosures(sheet: Sheet, schema: Schema) -> None:
    """Draw the list of what goes with the paper; nothing stays when nothing does."""
    for question in _enclosed(schema):
        sheet.line(f"{{%p if {question.key} %}}")
        named = plain(question.label)
        sheet.line(f"{named}:" if named.startswith("Прил") else f"Приложение ({named}):", before=8, keep=True)
        sheet.line(f"{{%p for item in {question.key} %}}")
        sheet.line("{{ loop.index }}. {{ item }}")
        sheet.line("{%p endfor %}")
        sheet.line("{%p endif %}")


def acquainted(sheet: Sheet, schema: Schema) -> None:
    """Draw the note of somebody who has read the paper."""
    sheet.line("С документом ознакомлен(а), один экземпляр получил(а):", before=12, keep=True)
    _signed(sheet, [""], ("(подпись)", "(расшифровка подписи)", "(дата)"), (0.28, 0.4, 0.28))


def board(sheet: Sheet, schema: Schema) -> None:
    """Draw lines for a chair, a secretary and three members."""
    sheet.line(size=6)
    roles = ["Председатель", "Секретарь", "Члены комиссии", "", ""]
    _signed(sheet, roles, ("", "(подпись)", "(расшифровка подписи)"), (0.3, 0.26, 0.4))


def _signed(sheet: Sheet, roles: Sequence[str], under: Sequence[str], shares: Sequence[float]) -> None:
    """Draw a row of lines for each role, with what belongs on them in small letters beneath."""
    gap = (1 - sum(shares)) / 2
    widths = [sheet.width * part for part in (shares[0], gap, shares[1], gap, shares[2])]
    table = sheet.table(widths, has_borders=False)
    for role in roles:
        lined = [
            Cell(text=role if not place else "", width=width, keep=True, borders=_under(place, under))
            for place, width in enumerate(widths)
        ]
        sheet.row(table, lined, height=0.85)
        small = [
            Cell(text="" if place % 2 else under[place // 2], width=width, align="center", size=9, keep=True)
            for place, width in enumerate(widths)
        ]
        sheet.row(table, small)


def _under(place: int, under: Sequence[str]) -> tuple[str, ...]:
    return ("bottom",) if place % 2 == 0 and under[place // 2] else ()


def executor(sheet: Sheet, schema: Schema) -> None:
    """Draw the mark of who prepared the paper, with a telephone, in small letters at the end."""
    sheet.line(f"Исполнитель: {LINE}", before=14, size=10, keep=True)
    sheet.line(f"Телефон: {SHORT_LINE}", size=10)


def stamp(sheet: Sheet, schema: Schema) -> None:
    """Draw the place of the seal."""
    sheet.line("М.П.", before=10)


def code(sheet: Sheet, schema: Schema) -> None:
    """Draw the code by which a scan finds its record; nothing personal is in it."""
    sheet.picture(qr.png(qr.record_code("form", "", "")), side=1.7, named="QR")


def _always_asked(schema: Schema) -> list[Question]:
    """Return the questions that stand alone and are never left out: a requisite needs its answer every time."""
    found: list[Question] = []
    for heading, questions in schema.sections():
        if heading is None or not heading.shown_when:
            found.extend(question for question in questions if not question.shown_when)
    return found


def _sender(schema: Schema) -> list[Question]:
    agencies = {question.key: question for question in _always_asked(schema) if question.kind == Kind.AGENCY}
    return [agencies[key] for key in SENDERS if key in agencies][:1]


def _addressee(schema: Schema) -> list[Question]:
    return [question for question in _always_asked(schema) if question.key == "to" and question.kind == Kind.AGENCY]


def _day(schema: Schema) -> list[Question]:
    days = (question for question in _always_asked(schema) if question.kind == Kind.DATE)
    return [question for question in days if DATE_OF_PAPER.fullmatch(question.label.strip().lower())][:1]


def _number(schema: Schema) -> list[Question]:
    return [question for question in _always_asked(schema) if question.kind == Kind.NUMBER][:1]


def _enclosed(schema: Schema) -> list[Question]:
    return [question for question in _always_asked(schema) if question.kind == Kind.ATTACHMENT]


REQUISITES = {
    "organisation": Requisite(_("Name of the organisation"), True, organisation, _sender),
    "date_and_number": Requisite(
        _("Date and registration number"), True, date_and_number, lambda schema: _day(schema) + _number(schema)
    ),
    "addressee": Requisite(_("Addressee"), True, addressee, _addressee),
    "approval": Requisite(_("“I approve”"), True, approval),
    "enclosures": Requisite(_("List of enclosures"), False, enclosures, _enclosed),
    "board": Requisite(_("Signatures of a commission"), False, board),
    "stamp": Requisite(_("Place of the seal"), False, stamp),
    "acquainted": Requisite(_("Note of acquaintance"), False, acquainted),
    "executor": Requisite(_("Who prepared the paper"), False, executor),
    "code": Requisite(_("QR code of the record"), False, code),
}
"""What a methodologist may choose for a starter, by code, in the order of the paper."""


def signature(sheet: Sheet, question: Question) -> None:
    """Draw a signature: whose it is, then post, signature, decoded name and day, each on a line long enough."""
    widths = [sheet.width * part for part in (0.29, 0.02, 0.18, 0.02, 0.28, 0.02, 0.19)]
    sheet.line(size=6)
    table = sheet.table(widths, has_borders=False)
    sheet.row(table, [Cell(text=question.label, width=sheet.width, span=7, keep=True)])
    written = {0: f"{{{{ {question.key}.post }}}}", 4: f"{{{{ {question.key}.name|initials }}}}"}
    on_lines = [
        Cell(text=written.get(place, ""), width=width, keep=True, borders=() if place % 2 else ("bottom",))
        for place, width in enumerate(widths)
    ]
    sheet.row(table, on_lines, height=0.85)
    under = {0: "(должность)", 2: "(подпись)", 4: "(расшифровка подписи)", 6: "(дата)"}
    sheet.row(
        table,
        [Cell(text=under.get(place, ""), width=width, align="center", size=9) for place, width in enumerate(widths)],
    )
