"""`manage.py index_people`: make the index by which a child is found («is this child known?») anew."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from casework.actions.person_keys import index_people


class Command(BaseCommand):
    help = "Make the index of children anew. Needed once after upgrading; afterwards it keeps itself in step."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(_("%(keys)d keys of children: all in order") % {"keys": index_people()})
