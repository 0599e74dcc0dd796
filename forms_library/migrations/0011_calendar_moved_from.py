"""From which day off each moved day off of 2024–2027 was moved (domain.md E.1)."""

import datetime as dt

from django.db import migrations

MOVED = {
    2024: "27.04-29.04 02.11-30.04 06.01-10.05 28.12-30.12 07.01-31.12",
    2025: "04.01-02.05 23.02-08.05 08.03-13.06 01.11-03.11 05.01-31.12",
    2026: "03.01-09.01 04.01-31.12 08.03-09.03 09.05-11.05",
    2027: "20.02-22.02 02.01-05.11 03.01-31.12 01.05-03.05 09.05-10.05 12.06-14.06",
}


def fill(apps, schema_editor):
    calendar_day = apps.get_model("forms_library", "CalendarDay")
    for year, moves in MOVED.items():
        for move in moves.split():
            moved_from, day = (dt.datetime.strptime(f"{part}.{year}", "%d.%m.%Y").date() for part in move.split("-"))
            calendar_day.objects.filter(day=day, kind="moved_off", agency=None, region="").update(moved_from=moved_from)


def empty(apps, schema_editor):
    apps.get_model("forms_library", "CalendarDay").objects.update(moved_from=None)


class Migration(migrations.Migration):
    dependencies = [("forms_library", "0010_calendar_scopes")]

    operations = [migrations.RunPython(fill, empty)]
