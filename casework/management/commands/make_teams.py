"""`manage.py make_teams`: the teams of every agency, so that people can be put into them before the first case."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from casework.actions import cases
from forms_library.models import Agency


class Command(BaseCommand):
    help = "Make the teams that agencies lack; people are put into them in the Wagtail admin (Settings, Users)."

    def handle(self, *args: Any, **options: Any) -> None:
        agencies = Agency.objects.open().order_by("short_name")
        for agency in agencies:
            names = ", ".join(team.group.name for team in cases.make_teams(agency))
            self.stdout.write(f"{agency}: {names}")
        if not agencies:
            self.stdout.write(_("There are no agencies yet. Add them in the Wagtail admin."))
