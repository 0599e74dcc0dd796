"""Load the demo portal: agencies, staff, pages, official forms and cases. Safe to repeat at any time."""

import json
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from forms_library import permissions
from portal.demo import loading
from portal.demo.agencies import AGENCIES
from portal.demo.staff import ACCOUNTS, DEMO_PASSWORD, memberships


class Command(BaseCommand):
    help = "Load the demo portal. What is there already, and whatever a person changed, is left alone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--table", action="store_true", help="Only print the table of demo accounts.")
        parser.add_argument("--once", action="store_true", help="Load only if this machine has not loaded it yet.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_ALLOWED:
            raise CommandError(
                _("The demo has accounts with a password that everybody knows: it is not for real families.")
            )
        loaded = settings.VAR_DIR / "demo_loaded"
        if not options["table"] and not (options["once"] and loaded.exists()):
            self._load(verbosity=options["verbosity"])
            loaded.touch()
        self._print_accounts()

    def _load(self, *, verbosity: int) -> None:
        self._step(_("Home page"), loading.load_site)
        self._step(_("Agencies"), loading.load_agencies)
        self._step(_("Map of the district"), loading.load_local_services)
        permissions.set_up()
        self._step(_("Staff"), loading.load_staff)
        self._step(_("Telephones of the site"), loading.load_contacts)
        self._step(_("Page sketches"), loading.sketch_pages)
        self.stdout.write(_("Official forms…"))
        call_command("load_demo_forms", verbosity=verbosity, stdout=self.stdout)
        self._step(_("Published pages"), loading.publish_pages)
        self.stdout.write(_("Demo teams and cases…"))
        call_command("load_demo_cases", memberships=json.dumps(memberships()), verbosity=verbosity, stdout=self.stdout)

    def _step(self, name: str, load: Callable[[], loading.Made]) -> None:
        self.stdout.write(f"{name}… ", ending="")
        self.stdout.flush()
        done = load()
        self.stdout.write(_("made: %(made)s, already there: %(kept)s") % {"made": done.made, "kept": done.kept})

    def _print_accounts(self) -> None:
        agencies = {agency.code: agency.short_name for agency in AGENCIES}
        rows = [(_("Who"), _("Agency"), _("E-mail"), _("Password"))]
        rows += [
            (
                account.post,
                agencies.get(account.agency, _("the portal itself")),
                account.email,
                DEMO_PASSWORD,
            )
            for account in ACCOUNTS
        ]
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        self.stdout.write("")
        for row in rows:
            self.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
