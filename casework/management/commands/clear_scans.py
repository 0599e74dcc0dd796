"""`manage.py clear_scans`: throw away scans that were uploaded and never attached. The clock runs it, too."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from casework.actions.scans import discard_old_scans


class Command(BaseCommand):
    help = "Throw away scans that nobody has attached to a document within a day."

    def handle(self, *args: Any, **options: Any) -> None:
        discard_old_scans(at=timezone.now())
