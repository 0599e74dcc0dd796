"""`manage.py remind_of_reviews`: remind heads of openings in an emergency that they have not reviewed in time. The clock runs it."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from casework.actions import emergencies


class Command(BaseCommand):
    help = "Remind heads by mail, once on a working day, of openings in an emergency that wait for their review."

    def handle(self, *args: Any, **options: Any) -> None:
        told = emergencies.remind_of_reviews(at=timezone.now())
        if told:
            self.stdout.write(f"Openings that wait for a review: {told}.")
