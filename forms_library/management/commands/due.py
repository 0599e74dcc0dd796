"""`manage.py due 2026-04-30 "3 wd"`: when something is due, and why."""

import datetime as dt
import json
from argparse import ArgumentParser
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils.translation import gettext as _

from forms_library.deadlines import BadRule, Rule, count
from forms_library.models import Agency, CalendarDay


class Command(BaseCommand):
    help = "Count a deadline: prints its date and the sentence that explains it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("event", help="When it began: 2026-04-30, 30.04.2026 or 2026-04-30T23:30+03:00.")
        parser.add_argument("rule", help="How long it is: “3 wd”, “10 cd”, “6 m” or “now”.")
        parser.add_argument("--tz", help="The time zone in which a moment becomes a day; the agency's own by default.")
        parser.add_argument("--json", action="store_true", help="Print due, explanation and provisional as JSON.")
        parser.add_argument("--no-roll", action="store_true", help="A validity period: a day off does not move it.")
        parser.add_argument("--agency", metavar="CODE", help="Count with the days off of this agency and its region.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rule = Rule.parse(options["rule"], roll=not options["no_roll"])
            agency = _agency(options["agency"])
            zone = _zone(options["tz"] or (agency.time_zone if agency else None))
            event = _event(options["event"], zone)
            deadline = count(rule, event=event, calendar=CalendarDay.objects.working_calendar(agency))
        except BadRule as error:
            raise CommandError(str(error)) from error
        except DatabaseError as error:
            raise CommandError(_("There is no calendar yet. Make the database first: manage.py migrate")) from error
        due, explanation = deadline.due.isoformat(), deadline.explanation()
        if options["json"]:
            answer = {"due": due, "explanation": explanation, "provisional": deadline.provisional}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self.stdout.write(f"{due}\n{explanation}")


def _agency(code: str | None) -> Agency | None:
    if code is None:
        return None
    agency = Agency.objects.filter(code=code).first()
    if agency is None:
        raise CommandError(_("There is no agency with the code “%(code)s”.") % {"code": code})
    return agency


def _zone(name: str | None) -> ZoneInfo | None:
    if name is None:
        return None
    if name not in available_timezones():
        raise CommandError(_("“%(name)s” is no time zone. Write it like this: Asia/Novosibirsk.") % {"name": name})
    return ZoneInfo(name)


def _event(text: str, zone: ZoneInfo | None) -> dt.date:
    """Return the day of the event; a moment becomes a day of `zone`, or stays the day it names when there is none."""
    try:
        if "." in text[:6]:
            return dt.datetime.strptime(text, "%d.%m.%Y").date()  # noqa: DTZ007 (a day, not a moment)
        if len(text) <= len("2026-04-30"):
            return dt.date.fromisoformat(text)
        moment = dt.datetime.fromisoformat(text)
        return (moment.astimezone(zone) if zone and moment.tzinfo else moment).date()
    except (ValueError, OverflowError) as error:
        raise CommandError(
            _("“%(text)s” is no date. Write it like this: 2026-04-30, 30.04.2026 or 2026-04-30T23:30+03:00.")
            % {"text": text[:40]}
        ) from error
