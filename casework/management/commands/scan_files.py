"""`manage.py scan_files`: ask the virus scanner about every file that nobody has looked at. The clock runs it, too."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from casework import virus_scanner
from casework.actions.files import scan_waiting_files
from casework.models import FileState


class Command(BaseCommand):
    help = "Scan the files that wait, where CLAMAV_URL names a scanner. Does nothing where it names none."

    def handle(self, *args: Any, **options: Any) -> None:
        if not virus_scanner.is_on():
            return
        clean = infected = 0
        try:
            for result in scan_waiting_files(at=timezone.now()):
                infected += result.state == FileState.INFECTED
                clean += result.state == FileState.CLEAN
        except virus_scanner.ScannerUnavailable as error:
            raise CommandError(f"The virus scanner does not answer: {error}. Files go on waiting.") from error
        if clean or infected:
            self.stdout.write(f"Files without viruses: {clean}; with viruses: {infected}.")
