"""Why a part of a pack cannot become a draft of this site: always with its code, so that the publisher can find it."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError

from forms_library.packs import PackError

_NOT_OF_THE_PACK = {
    *("id", "path", "depth", "slug", "locale", "content_type", "draft_title", "url_path", "translation_key"),
    *("issuing_agency", "page", "reusable_block"),
}


def refuse_unfit(parent: Any, rows: Iterable[Any], code: str) -> None:
    """Raise `PackError` when a value of the pack is too long, or is none of the choices, for this site."""
    try:
        parent.clean_fields(exclude=_NOT_OF_THE_PACK)
        for row in rows:
            row.clean_fields(exclude=_NOT_OF_THE_PACK)
    except ValidationError as error:
        raise unfit(error, code) from error


def unfit(error: ValidationError, code: str) -> PackError:
    """Return what a `ValidationError` says as what is wrong with a part of the pack."""
    return PackError("bad_form", " ".join(error.messages)[:300], code)
