"""`manage.py remind`: remind people of their tasks, and tell heads what stays undone. The clock runs it."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from casework.actions import reminders


class Command(BaseCommand):
    help = "Remind people of their tasks by mail; heads hear of what is overdue for two working days."

    def handle(self, *args: Any, **options: Any) -> None:
        written = reminders.remind(at=timezone.now())
        if written:
            self.stdout.write(f"Reminders: {written}.")
