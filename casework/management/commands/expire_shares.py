"""`manage.py expire_shares`: clear away grants whose last day has passed (they open nothing any more)."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from casework.actions import sharing


class Command(BaseCommand):
    help = "End shares whose last day has passed."

    def handle(self, *args: Any, **options: Any) -> None:
        ended = sharing.expire_shares(today=timezone.localdate(), at=timezone.now())
        if ended:
            self.stdout.write(f"{ended}")
