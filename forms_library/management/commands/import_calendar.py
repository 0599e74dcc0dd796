"""`manage.py import_calendar FILE --act ACT`: make the calendar of a year what the official table says."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from forms_library.actions.calendar import CalendarDifference, DayChange, NoAct, calendar_difference, import_calendar
from forms_library.calendar_xml import MAX_BYTES, BadCalendar, read_calendar


class Command(BaseCommand):
    help = "Import the calendar of a year from its XML; with --dry-run only say what would change."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--act", default="", help="The law or decree by which the days are set.")
        parser.add_argument("--as", dest="actor", metavar="EMAIL", help="The methodologist who imports.")
        parser.add_argument("--dry-run", action="store_true", help="Only say what would change.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with options["file"].open("rb") as file:
                table = read_calendar(file.read(MAX_BYTES + 1))
            if options["dry_run"]:
                difference = calendar_difference(table)
            else:
                difference = import_calendar(
                    table=table, act=options["act"], actor=_actor(options["actor"]), at=timezone.now()
                )
        except OSError as error:
            raise CommandError(_("The file %(file)s cannot be read.") % {"file": options["file"]}) from error
        except (BadCalendar, NoAct) as error:
            raise CommandError(str(error)) from error
        self._tell(difference)

    def _tell(self, difference: CalendarDifference) -> None:
        if not difference.changes:
            self.stdout.write(_("The calendar of %(year)s says the same already.") % {"year": difference.year})
        for change in difference.changes:
            self.stdout.write(f"{_sign(change)} {change.day:%d.%m.%Y} {change.words}")


def _sign(change: DayChange) -> str:
    if change.before is None:
        return "+"
    return "-" if change.after is None else "~"


def _actor(email: str | None) -> Any:
    if email is None:
        return None
    actor = get_user_model().objects.filter(email=email, is_active=True).first()
    if actor is None:
        raise CommandError(_("Nobody with the e-mail %(email)s works here.") % {"email": email})
    return actor
