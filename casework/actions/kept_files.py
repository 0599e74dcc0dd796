"""Files in storage beside their rows: written together, and taken away again together when the work fails.

A database takes its rows back when a transaction fails; a storage does not.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar

from django.core.files.base import File
from django.db import transaction
from django.db.models.fields.files import FieldFile

_written: ContextVar[list[FieldFile]] = ContextVar("files written in this block")


@contextmanager
def all_or_nothing() -> Iterator[None]:
    """Hold a transaction; when the block fails, the files that it wrote go with its rows. Blocks may stand in one another."""
    around, mine = _written.get(None), list[FieldFile]()
    token = _written.set(mine)
    try:
        with transaction.atomic():
            yield
    except BaseException:
        for file in mine:
            # A storage that fails now must not hide what has failed before.
            with suppress(OSError):
                file.storage.delete(str(file.name))
        raise
    finally:
        _written.reset(token)
    if around is not None:
        around += mine


def write(place: FieldFile, content: File) -> None:
    """Write a file for a row that is saved next, inside `all_or_nothing`."""
    mine = _written.get()
    place.save(content.name or "file", content, save=False)
    mine.append(place)
