"""One row for a day: a working Saturday that is also short was two rows, and is now one «short working day»."""

from collections import defaultdict

from django.db import migrations

SATURDAY = 5
OLD_ACT = "ТК РФ, статья 112"
SHORT_ACT = "ТК РФ, статья 95"
OFF = ("holiday", "moved_off")


def merge(apps, schema_editor):
    calendar_day = apps.get_model("forms_library", "CalendarDay")
    calendar_day.objects.filter(kind="short", act=OLD_ACT).update(act=SHORT_ACT)
    rows_of = defaultdict(dict)
    for row in calendar_day.objects.all():
        rows_of[row.day][row.kind] = row
    for day, rows in rows_of.items():
        kept = _what_it_meant(day, rows)
        for kind, row in rows.items():
            if kind != kept:
                row.delete()
        if kept == "short" and "working" in rows:
            rows["short"].act = f"{rows['working'].act}; {rows['short'].act}"[:200]
            rows["short"].save(update_fields=["act"])


def _what_it_meant(day, rows):
    """Return the one kind that counts the day as its rows did together; `None` for a «short» Sunday."""
    if "working" in rows:
        return "short" if "short" in rows else "working"
    for kind in OFF:
        if kind in rows:
            return kind
    return "short" if day.weekday() < SATURDAY else None


def split(apps, schema_editor):
    calendar_day = apps.get_model("forms_library", "CalendarDay")
    for row in calendar_day.objects.filter(kind="short"):
        if row.day.weekday() >= SATURDAY:
            calendar_day.objects.create(day=row.day, kind="working", act=row.act)


class Migration(migrations.Migration):
    dependencies = [("forms_library", "0008_remarks_are_resolved_once")]

    operations = [migrations.RunPython(merge, split)]
