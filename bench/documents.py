"""A Word document of thirty measures beside stock docxtpl, and beside replacing words in a finished text and zipping it."""

import hashlib
import io
import re
import sys
import time
import zipfile
from collections.abc import Callable
from functools import partial
from typing import Any
from xml.sax.saxutils import escape

import django

django.setup()

from docxtpl import DocxTemplate  # noqa: E402
from jinja2 import Environment  # noqa: E402

from bench.report import Row, middle, show  # noqa: E402
from forms_library import rendering  # noqa: E402
from forms_library.inflection import suggested  # noqa: E402
from forms_library.packs import shipped  # noqa: E402
from forms_library.sample_families import FAMILIES, answers_for  # noqa: E402
from forms_library.sandbox import WORD_FILTERS  # noqa: E402

ROUNDS, DOCUMENTS = 7, 20
SUBSTITUTION_GOAL = 1.5
MARK = re.compile(r"mark(\d{4})end")
ABOUT = {
    "title": "План ведомственных мероприятий",
    "code": "nso_dept_plan",
    "edition": "1",
    "case": "2026-00017",
    "document": "3",
}
ANSWERS: dict[str, Any] = {
    "org": {"id": 1, "name": "Школа № 17"},
    "resp_fio": "Орлова Наталья Юрьевна",
    "resp_post": "социальный педагог",
    "resp_phone": "8 (383) 000-00-17",
    "period_from": "2026-12-01",
    "period_to": "2027-03-01",
    "children": [
        {"fio": f"Ветрова Полина {number}", "birth": "2016-04-09", "class": "4 «Б»", "school": "Школа № 17"}
        for number in range(3)
    ],
    "mother_fio": "Ветрова Марина Игоревна",
    "mother_birth": "1990-02-01",
    "mother_phone": "8 (900) 000-00-01",
    "father_fio": "",
    "father_birth": "",
    "father_phone": "",
    "factors": "Пропуски уроков & одиночество.\nМать ищет работу <с лета>.",
    "measures": [
        {
            "task": f"Вернуть посещаемость, шаг {number}",
            "measure": f"Встреча {number} с психологом школы и матерью",
            "term": "декабрь",
            "resp": "Психолог школы",
            "result": "",
        }
        for number in range(30)
    ],
    "consent": [],
    "consent_scan": [{"id": 1, "name": "Согласие.pdf", "sha256": "0"}],
    "sign_resp": {"post": "социальный педагог", "name": "Н. Ю. Орлова"},
    "sign_head": {"post": "директор", "name": "Т. Н. Белова"},
    "sign_repr": {"post": "мать", "name": "М. И. Ветрова"},
}


def main() -> None:
    """Print the table; refuse to compare documents that do not say the same."""
    schema, template = shipped.form("nso_dept_plan").schema, shipped.form("nso_dept_plan").template
    sha256 = hashlib.sha256(template).hexdigest()
    context = rendering.printable(schema, ANSWERS) | {"about": rendering.about_form(ABOUT)}

    def ours() -> bytes:
        # The template comes from the database as other bytes each time.
        return rendering.document(
            schema, ANSWERS, template=bytes(bytearray(template)), template_sha256=sha256, about=ABOUT
        )

    jinja_env = Environment(autoescape=True)
    jinja_env.filters |= WORD_FILTERS | {"cell": str}  # the words of our templates that docxtpl does not know

    def stock() -> bytes:
        word = DocxTemplate(io.BytesIO(template))
        word.render(context, jinja_env)
        saved = io.BytesIO()
        word.save(saved)
        return saved.getvalue()

    plain = _substitution(ours(), context)
    for name, other in (("docxtpl", stock), ("substitution", plain)):
        if _text(other()) != _text(ours()):
            sys.exit(f"documents: {name} made another document, so there is nothing to compare")
    found = _timed({"ours": ours, "stock": stock, "plain": plain})
    show(
        "A Word document: План ведомственных мероприятий, 30 measures, ms each on one core",
        [
            Row("beside plain substitution and zip", found["ours"], found["plain"], at_most=SUBSTITUTION_GOAL),
            Row("beside stock docxtpl", found["ours"], found["stock"], at_most=1),
        ],
    )


def every_form() -> None:
    """Print what each shipped form costs, filled in by an invented family, beside plain substitution in the same zip."""
    rows = []
    for code in shipped.codes():
        form = shipped.form(code)
        answers = answers_for(form.schema, FAMILIES[0])
        sha256 = hashlib.sha256(form.template).hexdigest()
        about = {"title": form.title, "code": code, "case": "2026-00017", "document": "3"}
        paper = {"template": form.template, "template_sha256": sha256, "about": about}
        # A filed form keeps the names it puts into cases.
        frozen = {text: suggested(text) for text in rendering.inflected_words(form.schema, answers, **paper)}
        made = partial(rendering.document, form.schema, answers, **paper, name_forms=frozen)
        context = rendering.printable(form.schema, answers) | {"about": rendering.about_form(about)}
        found = _timed({"ours": made, "plain": _substitution(made(), context)})
        rows.append(Row(code, found["ours"], found["plain"], at_most=SUBSTITUTION_GOAL))
    rows.sort(key=lambda row: row.ratio)
    middle_row = rows[len(rows) // 2]
    show(
        f"All {len(rows)} shipped forms, an ordinary family, ms each on one core, beside plain substitution and zip",
        rows,
        f"The middle one: {middle_row.ratio:.2f}; within {SUBSTITUTION_GOAL}: "
        f"{sum(row.ratio <= SUBSTITUTION_GOAL for row in rows)} of {len(rows)}.",
    )


def _substitution(document: bytes, context: dict[str, Any]) -> Callable[[], bytes]:
    """Return what fills a finished text: each printed word is put where it stood, then all is zipped.

    The text has its thirty rows already, so this is the least that any way of filling can cost.
    """
    with zipfile.ZipFile(io.BytesIO(document)) as package:
        files = {name: package.read(name) for name in package.namelist()}
    words = [word for word in _words(context) if word]
    text = files.pop("word/document.xml").decode()
    for number, word in enumerate(words):
        text = text.replace(f">{_shown(word)}<", f">mark{number:04}end<", 1)
    pieces = MARK.split(text)

    def fill() -> bytes:
        filled = list(pieces)
        for place in range(1, len(filled), 2):
            filled[place] = _shown(words[int(filled[place])])
        saved = io.BytesIO()
        with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as package:
            for name, data in files.items():
                package.writestr(name, data)
            package.writestr("word/document.xml", "".join(filled).encode())
        return saved.getvalue()

    return fill


def _shown(word: str) -> str:
    return escape(word, {'"': "&#34;", "'": "&#39;"})


def _words(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [word for part in value.values() for word in _words(part)]
    if isinstance(value, list):
        return [word for part in value for word in _words(part)]
    return [value] if isinstance(value, str) else []


def _text(document: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(document)) as package:
        xml = package.read("word/document.xml").decode()
    return re.sub(r"<[^>]*>", "", re.sub(r"<w:br/>", "\n", xml)).replace("&#34;", '"').replace("&quot;", '"')


def _timed(ways: dict[str, Callable[[], bytes]]) -> dict[str, float]:
    rounds: dict[str, list[float]] = {name: [] for name in ways}
    for _number in range(ROUNDS):
        for name, make in ways.items():
            begun = time.process_time()
            for _document in range(DOCUMENTS):
                make()
            rounds[name].append(1000 * (time.process_time() - begun) / DOCUMENTS)
    return {name: middle(found) for name, found in rounds.items()}


if __name__ == "__main__":
    main()
    every_form()
