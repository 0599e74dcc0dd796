"""A pack as a file: one zip that is the same to the byte for the same content, and is read without trusting it.

Nothing is compressed: a Word template is a zip already, another zlib packs other bytes, and what is not compressed cannot
unpack into something huge.
"""

import io
import re
import zipfile
from collections.abc import Mapping

from forms_library.packs.errors import PackError

MAX_PACK = 60_000_000
MAX_FILES = 1_500
MANIFEST, SIGNATURE = "pack.json", "signature.json"
CODE = r"[a-z][a-z0-9_]{0,59}"
KNOWN_NAMES = re.compile(
    rf"pack\.json|signature\.json|(blocks|procedures)/{CODE}\.json|forms/{CODE}/(form\.json|template\.docx|demo_answers\.json)"
)
DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_THE_SAME_DAY = (1980, 1, 1, 0, 0, 0)
_UNIX = 3


def write(files: Mapping[str, bytes]) -> bytes:
    """Return the files as a zip whose bytes depend on nothing else."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, date_time=_THE_SAME_DAY)
            entry.create_system = _UNIX
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
    return stream.getvalue()


def read(data: bytes) -> dict[str, bytes]:
    """Return the files of a zip by name; raise `PackError` for everything that a pack never holds.

    Which of the known names must be there is not checked here (see `forms_library.packs.manifest`).
    """
    if len(data) > MAX_PACK:
        raise PackError("too_big", str(len(data)))
    if not zipfile.is_zipfile(io.BytesIO(data)):
        raise PackError("not_a_pack")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_sizes(entries)
            _check_names(entries)
            return {entry.filename: archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError, ValueError) as error:
        if isinstance(error, PackError):
            raise
        raise PackError("damaged", type(error).__name__) from error


def is_dangerous(name: str) -> bool:
    """Return whether a file of this name could be written outside its folder, or over a device."""
    parts = name.split("/")
    strange = any(character in name for character in "\\:\0")
    return strange or "" in parts or ".." in parts or "." in parts or any(map(DEVICES.fullmatch, parts))


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_FILES:
        raise PackError("too_big", str(len(entries)))
    if sum(entry.file_size for entry in entries) > MAX_PACK:
        raise PackError("too_big", str(sum(entry.file_size for entry in entries)))
    for entry in entries:
        if entry.compress_type != zipfile.ZIP_STORED or entry.file_size != entry.compress_size:
            raise PackError("damaged", entry.filename)


def _check_names(entries: list[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    for entry in entries:
        name = entry.orig_filename
        if is_dangerous(name) or name.lower() in seen:
            raise PackError("bad_path", name)
        seen.add(name.lower())
