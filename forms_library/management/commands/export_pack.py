"""`manage.py export_pack`: forms of this site as one signed file for another one."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from forms_library.actions.packs import UnknownForm, export_pack
from forms_library.management.pack_keys import site_key
from forms_library.packs import PackError, problem_text


class Command(BaseCommand):
    help = "Export official forms, with their templates, blocks and demo answers, and procedures as one signed pack."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--codes", nargs="*", default=[], metavar="CODE", help="The forms to export.")
        parser.add_argument("--procedures", nargs="*", default=[], metavar="CODE", help="The procedures to export.")
        parser.add_argument(
            "--blocks", nargs="*", default=[], metavar="CODE", help="More blocks than the forms copied."
        )
        parser.add_argument("--out", type=Path, required=True)
        parser.add_argument("--key", type=Path, default=settings.PACK_KEY)
        parser.add_argument("--name", default="forms", help="Short, Latin.")
        parser.add_argument("--title", default=settings.WAGTAIL_SITE_NAME)
        parser.add_argument("--publisher", default=settings.WAGTAIL_SITE_NAME)

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["codes"] and not options["procedures"]:
            raise CommandError(_("Name at least one form (--codes) or procedure (--procedures)."))
        try:
            data = export_pack(
                name=options["name"],
                title=options["title"],
                publisher=options["publisher"],
                codes=options["codes"],
                block_codes=options["blocks"],
                procedure_codes=options["procedures"],
                key=site_key(options["key"]),
                at=timezone.now(),
            )
        except PackError as error:
            raise CommandError(problem_text(error)) from error
        except UnknownForm as error:
            raise CommandError(str(error)) from error
        options["out"].write_bytes(data)
        self.stdout.write(_("Exported: %(path)s") % {"path": options["out"]})
