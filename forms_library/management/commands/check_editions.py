"""`manage.py check_editions`: every edition ever in force still prints what it printed, byte by byte."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext

from forms_library.actions import editions
from forms_library.models import Edition

FEW = 10  # each edition brings its Word template along


class Command(BaseCommand):
    help = "Print a sample of every edition and compare it with what was printed when it came into force."

    def handle(self, *args: Any, **options: Any) -> None:
        broken, checked = [], 0
        for edition in Edition.objects.with_proofs().iterator(chunk_size=FEW):
            checked += 1
            problem = editions.verify(edition=edition, at=timezone.now())
            if problem:
                broken.append(edition)
                self.stderr.write(
                    _("%(code)s, edition %(number)s: %(problem)s")
                    % {"code": edition.code, "number": edition.number, "problem": problem}
                )
        if broken:
            raise CommandError(
                ngettext("%(count)s edition is not as it was.", "%(count)s editions are not as they were.", len(broken))
                % {"count": len(broken)}
            )
        if options["verbosity"]:
            self.stdout.write(
                ngettext("%(count)s edition is as it was.", "%(count)s editions are as they were.", checked)
                % {"count": checked}
            )
