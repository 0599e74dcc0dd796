"""`manage.py build_pack`: one signed file from a folder of forms that people read and compare."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from forms_library.management.pack_keys import site_key
from forms_library.packs import Pack, PackError, problem_text, read_pack, shipped, signing, write_pack
from forms_library.packs.folder import read_sources
from forms_library.readiness import readiness


class Command(BaseCommand):
    help = "Build a signed pack from a folder of sources, and put its public key (.pub) beside it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("sources", nargs="?", type=Path, default=shipped.SOURCES)
        parser.add_argument("--out", type=Path, default=shipped.PACK)
        parser.add_argument("--key", type=Path, default=settings.PACK_KEY)

    def handle(self, *args: Any, **options: Any) -> None:
        key = site_key(options["key"])
        try:
            data = write_pack(read_sources(options["sources"]), key)
            pack = read_pack(data)
            _refuse_unready(pack)
        except PackError as error:
            raise CommandError(problem_text(error)) from error
        options["out"].write_bytes(data)
        options["out"].with_suffix(".pub").write_text(signing.public_text(key) + "\n", encoding="ascii")
        elsewhere = _forms_elsewhere(pack)
        if elsewhere:
            self.stderr.write(
                _("The procedures name forms that the pack does not hold: %(codes)s")
                % {"codes": ", ".join(sorted(elsewhere))}
            )
        self.stdout.write(
            _("%(path)s: forms %(forms)s, blocks %(blocks)s, procedures %(procedures)s, SHA-256 %(sha256)s")
            % {
                "path": options["out"].name,
                "forms": len(pack.content.forms),
                "blocks": len(pack.content.blocks),
                "procedures": len(pack.content.procedures),
                "sha256": pack.sha256,
            }
        )


def _refuse_unready(pack: Pack) -> None:
    """Raise `PackError` for a form that nobody could approve."""
    for form in pack.content.forms:
        problems = readiness(form.schema, template=form.template).problems
        if problems:
            raise PackError("bad_form", " ".join(problems), form.code)


def _forms_elsewhere(pack: Pack) -> set[str]:
    """Return the codes of the forms that procedures of the pack name and the pack does not hold."""
    named = {code for procedure in pack.content.procedures for code in procedure.procedure.form_codes()}
    return named - {form.code for form in pack.content.forms}
