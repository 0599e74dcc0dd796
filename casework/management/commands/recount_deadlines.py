"""`manage.py recount_deadlines`: count the last days of all open tasks anew, by the calendar as it is now.

A change of the calendar does so by itself; this is for whoever has changed days past the admin, or restored a backup.
"""

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from casework.actions import recounting


class Command(BaseCommand):
    help = "Count the last days of all open tasks anew, by the working calendar as it is now."

    def handle(self, *args: Any, **options: Any) -> None:
        changed = recounting.recount({dt.date.min, dt.date.max}, at=timezone.now())
        self.stdout.write(f"Tasks with another last day: {changed}.")
