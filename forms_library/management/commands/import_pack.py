"""`manage.py import_pack FILE`: what a pack of forms would change here; with `--adopt` it is saved as drafts."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from forms_library import exchange, procedure_exchange
from forms_library.actions import packs
from forms_library.models import FormsCatalogue
from forms_library.packs import Pack, PackError, problem_text, read_pack, signing

STATES = {"new": "+", "changed": "~", "same": "="}


class Command(BaseCommand):
    help = "Show what a pack of forms would change, or adopt it as drafts. Nothing comes into force by it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--adopt", action="store_true", help="Save the forms as drafts for approval.")
        parser.add_argument("--as", dest="actor", metavar="EMAIL", help="The methodologist who adopts.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            pack = read_pack(options["file"].read_bytes())
            self._show(pack)
            if options["adopt"]:
                self._adopt(pack, options["actor"])
        except PackError as error:
            raise CommandError(problem_text(error)) from error
        except (OSError, PermissionDenied) as error:
            raise CommandError(str(error)) from error

    def _show(self, pack: Pack) -> None:
        self.stdout.write(f"{pack.content.title} ({pack.content.publisher})")
        self.stdout.write(_("Fingerprint of the key: %(key)s") % {"key": signing.fingerprint(pack.public_key)})
        procedures = procedure_exchange.compared_procedures(pack, at=timezone.now())
        for comparison in (*exchange.compared_blocks(pack), *exchange.compared(pack), *procedures):
            self.stdout.write(f"{STATES[comparison.state]} {comparison.code}: {comparison.title}")
            if comparison.missing_forms:
                missing = ", ".join(comparison.missing_forms)
                self.stdout.write("  " + _("Forms that are not in force here: %(codes)s") % {"codes": missing})

    def _adopt(self, pack: Pack, email: str | None) -> None:
        actor = get_user_model().objects.filter(email=email, is_active=True).first()
        if actor is None:
            raise CommandError(_("Name the methodologist who adopts the forms: --as name@example.org"))
        catalogue = FormsCatalogue.objects.first()
        if catalogue is None:
            raise CommandError(_("There is no catalogue of forms yet."))
        forms = packs.adopt_pack(pack=pack, catalogue=catalogue, actor=actor, at=timezone.now())
        self.stdout.write(_("Saved as drafts: %(count)s") % {"count": len(forms)})
