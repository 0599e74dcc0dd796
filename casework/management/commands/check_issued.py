"""`manage.py check_issued`: can every paper that was ever handed out still be made, byte for byte?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from casework.actions.issued import differing
from casework.models import IssuedDocument


class Command(BaseCommand):
    help = "Make every issued paper anew and compare its hash. Fails, naming them, when some differ."

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = 0
        for issued, reason in differing():
            wrong += 1
            self.stderr.write(f"{issued.case.reference}, № {issued.number} ({issued.kind}): {reason}")
        if wrong:
            raise CommandError(f"{wrong} issued papers can no longer be made as they were.")
        self.stdout.write(f"{IssuedDocument.objects.count()} issued papers are as they were.")
