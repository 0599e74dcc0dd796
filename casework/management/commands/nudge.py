"""`manage.py nudge`: tell whoever is next of what agencies have not answered or not done in time. The clock runs it."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from casework.actions import assignment_clock


class Command(BaseCommand):
    help = "Remind agencies of what they were asked for; curators, heads and councils hear of silence."

    def handle(self, *args: Any, **options: Any) -> None:
        written = assignment_clock.nudge_silent(at=timezone.now())
        if written:
            self.stdout.write(f"Words about silence: {written}.")
