"""The official forms that the portal is shown with: their questions as JSON and their Word templates beside them."""

import json
from pathlib import Path
from typing import Any

from forms_library.schema import Schema

CODES = ("contact_request", "contact_consent", "nso_risk_notice", "nso_dept_plan")
_HERE = Path(__file__).parent
_QUESTION = {"required": False, "choices": [], "columns": [], "rows": []}
_COLUMN = {"kind": "singleline", "required": False, "choices": []}


def definition(code: str) -> dict[str, Any]:
    """Return the facts and the questions of a form as its JSON file has them."""
    return json.loads((_HERE / f"{code}.json").read_text(encoding="utf-8"))


def schema(code: str) -> Schema:
    """Return the questions of a form as a schema; what the JSON leaves out is empty."""
    return Schema.from_json({"questions": [_question(question) for question in definition(code)["questions"]]})


def template(code: str) -> bytes:
    """Return the Word template of a form."""
    return (_HERE / f"{code}.docx").read_bytes()


def _question(data: dict[str, Any]) -> dict[str, Any]:
    return {**_QUESTION, **data, "columns": [{**_COLUMN, **column} for column in data.get("columns", [])]}
