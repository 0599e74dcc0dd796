"""`manage.py check_editions`: every edition ever in force is what came into force, and its papers are, byte by byte."""

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext

from forms_library.actions import editions
from forms_library.models import Edition, ProcedureEdition


class Command(BaseCommand):
    help = (
        "Check that every edition of a form or a procedure still says what came into force, and that a sample of a form's"
        " papers is printed as it was then."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        broken, checked = 0, Counter[type]()
        for edition, problem in editions.verified(at=timezone.now()):
            checked[type(edition)] += 1
            if problem:
                broken += 1
                self.stderr.write(
                    _("%(code)s, edition %(number)s: %(problem)s")
                    % {"code": edition.code, "number": edition.number, "problem": problem}
                )
        if options["verbosity"]:
            self.stdout.write(_checked(forms=checked[Edition], procedures=checked[ProcedureEdition]))
        if broken:
            raise CommandError(
                ngettext("%(count)s edition is not as it was.", "%(count)s editions are not as they were.", broken)
                % {"count": broken}
            )
        if options["verbosity"]:
            self.stdout.write(_("All of them are as they were."))


def _checked(*, forms: int, procedures: int) -> str:
    """Return in words what was looked at."""
    of_forms = ngettext("%(count)s edition of forms", "%(count)s editions of forms", forms) % {"count": forms}
    of_procedures = ngettext("%(count)s edition of procedures", "%(count)s editions of procedures", procedures) % {
        "count": procedures
    }
    return _("Checked: %(forms)s, %(procedures)s.") % {"forms": of_forms, "procedures": of_procedures}
