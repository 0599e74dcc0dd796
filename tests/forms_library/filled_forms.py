"""Word templates made on the spot, documents read back, and the demo forms filled in by invented people."""

import hashlib
import io
import zipfile
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from lxml import etree

LONG_NAME = "Константинопольская-Преображенская Александра-Виктория Владиславовна"
ADDRESS = "630099, Новосибирская область, город Новосибирск, улица Героя Рокоссовского, дом 125, корпус 3, " * 2


def word_template(*paragraphs: str, rows: Sequence[Sequence[str]] = (), header: str = "", footer: str = "") -> bytes:
    """Return a .docx with these paragraphs, then a table, and a header and footer."""
    word = Document()
    for text in paragraphs:
        word.add_paragraph(text)
    if rows:
        table = word.add_table(rows=0, cols=len(rows[0]))
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    for part, text in ((word.sections[0].header, header), (word.sections[0].footer, footer)):
        if text:
            part.paragraphs[0].text = text
    return saved(word)


def saved(word: Any) -> bytes:
    stream = io.BytesIO()
    word.save(stream)
    return stream.getvalue()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def with_part(
    package: bytes, name: str, data: bytes | None = None, *, replace: tuple[bytes, bytes] = (b"", b"")
) -> bytes:
    """Return the package with one part added, or with one part's bytes replaced."""
    with zipfile.ZipFile(io.BytesIO(package)) as old:
        parts = {part: old.read(part) for part in old.namelist()}
    if data is not None:
        parts[name] = data
    else:
        assert replace[0] in parts[name]
        parts[name] = parts[name].replace(*replace, 1)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for part, content in parts.items():
            new.writestr(part, content)
    return stream.getvalue()


def part_of(package: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return archive.read(name)


def text_of(package: bytes) -> str:
    """Return the text of the body: line breaks as line ends, tabs as tabs, paragraphs on lines of their own."""
    root = etree.fromstring(part_of(package, "word/document.xml"))
    shown = {qn("w:br"): lambda _: "\n", qn("w:tab"): lambda _: "\t", qn("w:t"): lambda element: element.text or ""}
    return "\n".join(
        "".join(shown[element.tag](element) for element in paragraph.iter(*shown)) for paragraph in root.iter(qn("w:p"))
    )


def _signature(post: str, name: str) -> dict[str, str]:
    return {"post": post, "name": name}


def _files(*names: str) -> list[dict[str, Any]]:
    return [{"id": number, "name": name, "sha256": "0"} for number, name in enumerate(names)]


CHILDREN = [
    {"fio": LONG_NAME, "birth": "2016-03-05", "class": "3 «А»", "school": "Школа № 199"},
    {"fio": "Ким Ли", "birth": "2018-12-31", "class": "", "school": "не посещает"},
]
ANSWERS: dict[str, dict[str, Any]] = {
    "contact_request": {
        "question": "Муж уехал, одной не справиться.\n\nБоюсь, что детей заберут.",
        "name": "Анна",
        "contact_way": "Позвонить",
        "phone": "8 913 000-00-00",
        "email": "",
        "safe_time": "по будням до обеда",
        "discreet": "Да, не говорите",
        "agency": {"id": None, "name": ""},
    },
    "contact_consent": {"name": "Анна", "contact": "8 913 000-00-00", "agreed": True},
    "nso_risk_notice": {
        "number": "",
        "to": {"id": 1, "name": "Служба «Единое окно»"},
        "from": {"id": 2, "name": "ООО <Ромашка> & Ко"},
        "reporter": "Петрова Мария Ильинична",
        "reporter_post": "участковая медицинская сестра",
        "reporter_phone": "8 (383) 111-11-11",
        "legal_ground": "Письменное согласие законного представителя ребёнка",
        "found_on": "2026-03-05",
        "registered_on": "2026-03-05T14:30",
        "life_threat": False,
        "threat_reported": "",
        "factors": "Дома не было продуктов.\nДети в школу не ходят.",
        "taken_measures": "",
        "family_informed": None,
        "children": CHILDREN,
        "adults": [],
        "address": ADDRESS,
        "assessments": [],
        "attachments": _files("Оценка (1).pdf", "Акт.pdf"),
        "sign": _signature("главный врач", "О. О. Орлов"),
        "in_num": "",
        "in_dt": None,
        "officer": "",
    },
    "nso_dept_plan": {
        "org": {"id": 1, "name": "Школа № 199"},
        "resp_fio": "Сидорова Анна Викторовна",
        "resp_post": "социальный педагог",
        "resp_phone": "8 (383) 000-00-00",
        "period_from": "2026-03-05",
        "period_to": "2026-06-05",
        "children": CHILDREN,
        "mother_fio": LONG_NAME,
        "mother_birth": "1990-02-01",
        "mother_phone": "8 913 000-00-00",
        "father_fio": "",
        "father_birth": "",
        "father_phone": "",
        "factors": "Дети пропускают школу.\nМать потеряла работу.",
        "measures": [
            {
                "task": f"Задача {number}",
                "measure": "Встреча с классным руководителем",
                "term": "до 01.04.2026",
                "resp": "Сидорова А. В.",
                "result": "",
            }
            for number in range(30)
        ],
        "consent": [],
        "consent_scan": _files("Согласие.pdf"),
        "sign_resp": _signature("социальный педагог", "А. В. Сидорова"),
        "sign_head": _signature("директор школы", "К. К. Константинов"),
        "sign_repr": _signature("мать", "А.-В. В. Константинопольская-Преображенская"),
    },
}
