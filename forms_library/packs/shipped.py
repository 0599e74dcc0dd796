"""The pack of forms that comes with the program, and the key of who signed it."""

from functools import cache
from pathlib import Path

from forms_library.packs import Pack, PackForm, PackProcedure, read_pack

HERE = Path(__file__).parent
PACK = HERE / "ochag_forms.pack"
PUBLIC_KEY = HERE / "ochag_forms.pub"
SOURCES = HERE / "sources"
PUBLISHER = "Очаг"


@cache
def pack() -> Pack:
    """Return the shipped pack."""
    return read_pack(PACK.read_bytes())


def codes() -> tuple[str, ...]:
    """Return the codes of the shipped forms."""
    return tuple(form.code for form in pack().content.forms)


def form(code: str) -> PackForm:
    """Return one of the shipped forms; raise `KeyError` when there is none of this code."""
    return pack()[code]


def procedure_codes() -> tuple[str, ...]:
    """Return the codes of the shipped procedures."""
    return tuple(procedure.code for procedure in pack().content.procedures)


def procedure(code: str) -> PackProcedure:
    """Return one of the shipped procedures; raise `KeyError` when there is none of this code."""
    return pack().procedure(code)


def public_key() -> str:
    """Return the text of the key that the shipped pack is to be believed by."""
    return PUBLIC_KEY.read_text(encoding="ascii").strip()
