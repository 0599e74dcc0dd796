"""`manage.py make_pack_key`: the key with which this site signs the packs of forms that it gives to others."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from forms_library.packs import signing


class Command(BaseCommand):
    help = "Make the key that signs packs of forms. A key that is there is never replaced."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--key", type=Path, default=settings.PACK_KEY, help="Where to keep it.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            key = signing.make_key(options["key"])
        except FileExistsError as error:
            raise CommandError(_("There is a key already: %(path)s") % {"path": options["key"]}) from error
        public = signing.public_text(key)
        self.stdout.write(_("The private key, for this site only: %(path)s") % {"path": options["key"]})
        self.stdout.write(_("The public key, for those who adopt your forms: %(key)s") % {"key": public})
        self.stdout.write(_("Its fingerprint: %(fingerprint)s") % {"fingerprint": signing.fingerprint(public)})
