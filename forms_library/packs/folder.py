"""The forms of a pack as a folder that people read and compare: `CODE/form.json`, `template.docx`, `demo_answers.json`.

Beside them stand `pack.json` (name, title, publisher), `blocks/CODE.json` and `procedures/CODE.json`.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from forms_library.packs.content import PackBlock, PackContent, PackForm, PackProcedure
from forms_library.packs.errors import PackError
from forms_library.schema import Schema


def read_sources(folder: Path) -> PackContent:
    """Return what the folder says; raise `PackError` with the name of the form that is wrong."""
    facts = _json(folder / "pack.json")
    return PackContent(
        **{name: facts[name] for name in ("name", "title", "publisher")},
        forms=tuple(read_form(path.parent) for path in sorted(folder.glob("*/form.json"))),
        blocks=tuple(_read_block(path) for path in sorted(folder.glob("blocks/*.json"))),
        procedures=tuple(_read_procedure(path) for path in sorted(folder.glob("procedures/*.json"))),
    )


def read_form(folder: Path) -> PackForm:
    """Return the form of one folder, which bears its code."""
    answers, template = folder / "demo_answers.json", folder / "template.docx"
    if not template.exists():
        raise PackError("bad_form", template.name, folder.name)
    form = PackForm.from_json(
        _json(folder / "form.json"),
        template=template.read_bytes(),
        demo_answers=_json(answers) if answers.exists() else None,
    )
    if form.code != folder.name:
        raise PackError("bad_form", "code", folder.name)
    return replace(form, schema=_as_built(form.schema))


def _read_block(path: Path) -> PackBlock:
    block = PackBlock.from_json(_json(path))
    return replace(block, schema=_as_built(block.schema))


def _read_procedure(path: Path) -> PackProcedure:
    procedure = PackProcedure.from_json(_json(path))
    if procedure.code != path.stem:
        raise PackError("bad_form", "code", path.name)
    return procedure


def _as_built(schema: Schema) -> Schema:
    """Return the schema as the form builder keeps it: only what a person answers can be required."""
    return replace(
        schema,
        questions=tuple(
            replace(question, required=question.required and question.kind.is_typed) for question in schema
        ),
    )


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise PackError("bad_form", f"{path.name}: {error}", path.parent.name) from error
