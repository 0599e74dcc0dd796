"""Is every word of the interface there in Russian? `python -m tests.translations`, part of `make check`.

Collects the words anew into a temporary copy of the sources and compares them with locale/ru; then looks whether the
compiled file is the compilation of the written one. `--compile` compiles it, the same bytes every time.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("portal", "forms_library", "casework", "templates", "manage.py")
WRITTEN = Path("locale/ru/LC_MESSAGES/django.po")
COMPILED = WRITTEN.with_suffix(".mo")
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[#0\- +]*\d*(?:\.\d+)?[a-zA-Z%]")
Key = tuple[str | None, str, str]


def main(arguments: list[str]) -> int:
    """Check or, with `--compile`, compile the translations; return the code to leave with."""
    written = polib.pofile(str(ROOT / WRITTEN), wrapwidth=0)
    if "--compile" in arguments:
        (ROOT / COMPILED).write_bytes(compiled(written))
        return 0
    if shutil.which("xgettext") is None:
        sys.stderr.write("xgettext is missing: apt-get install gettext\n")
        return 2
    problems = [*untranslated(written, collected()), *wrong_placeholders(written), *stale(written)]
    sys.stdout.writelines(f"{WRITTEN}: {problem}\n" for problem in problems)
    sys.stdout.write(f"{len(written)} messages, {len(problems)} problems\n")
    return int(bool(problems))


def collected() -> polib.POFile:
    """Return the words that the sources use now."""
    with tempfile.TemporaryDirectory(prefix="ochag-words-") as temporary:
        copy = Path(temporary)
        for name in SOURCES:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "migrations"))
            else:
                shutil.copy(ROOT / name, copy / name)
        (copy / WRITTEN.parent).mkdir(parents=True)
        # The settings come from here, so that LOCALE_PATHS is the copy's own.
        command = [sys.executable, "manage.py", "makemessages", "-l", "ru", "--no-wrap", "--no-location", "-v", "0"]
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings.test", "PYTHONPATH": str(copy)}
        subprocess.run(command, cwd=copy, env={**environment, "OCHAG_VAR": str(copy / "var")}, check=True)
        return polib.pofile(str(copy / WRITTEN))


def key(entry: polib.POEntry) -> Key:
    return entry.msgctxt, entry.msgid, entry.msgid_plural


def untranslated(written: polib.POFile, used: polib.POFile) -> Iterator[str]:
    """Tell what is missing, uncertain or empty."""
    known = {key(entry): entry for entry in written if not entry.obsolete}
    for entry in used:
        found = known.get(key(entry))
        if found is None:
            yield f"missing: {entry.msgid!r}"
        elif found.fuzzy:
            yield f"fuzzy: {entry.msgid!r}"
        elif not found.translated():
            yield f"untranslated: {entry.msgid!r}"


def wrong_placeholders(written: polib.POFile) -> Iterator[str]:
    """Tell where the Russian words would be filled in otherwise than the English ones."""
    for entry in written:
        if "python-format" not in entry.flags or not entry.translated():
            continue
        allowed = [_placeholders(text) for text in (entry.msgid, entry.msgid_plural) if text]
        for text in entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]:
            # One form of the two may leave the number out («a day», «%(count)s days»); a translation may, too.
            if not (_placeholders(text) in allowed or (entry.msgid_plural and _placeholders(text) <= allowed[-1])):
                yield f"placeholders differ: {entry.msgid!r} / {text!r}"


def _placeholders(text: str) -> Counter[str]:
    return Counter(PLACEHOLDER.findall(text))


def stale(written: polib.POFile) -> Iterator[str]:
    """Tell when the compiled file is not the compilation of the written one."""
    path = ROOT / COMPILED
    if not path.exists() or path.read_bytes() != compiled(written):
        yield f"{COMPILED.name} is not made of it: python -m tests.translations --compile"


def compiled(written: polib.POFile) -> bytes:
    """Return the compiled file: nothing in it depends on the day or the machine."""
    written.metadata = {
        name: value for name, value in written.metadata.items() if name in {"Content-Type", "Plural-Forms", "Language"}
    }
    return bytes(written.to_binary())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
