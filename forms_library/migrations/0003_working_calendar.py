"""The working calendar of 2024–2027 (domain.md E.1). The table of 2027 rests on one source and is to be confirmed."""

import datetime as dt

from django.db import migrations

LABOUR_CODE = "ТК РФ, статья 112"
ACTS = {
    2024: "Постановление Правительства РФ от 10.08.2023 № 1314",
    2025: "Постановление Правительства РФ от 04.10.2024 № 1335",
    2026: "Постановление Правительства РФ от 24.09.2025 № 1466",
    2027: "Постановление Правительства РФ о переносе выходных дней в 2027 году",
}
HOLIDAYS = ("01.01 02.01 03.01 04.01 05.01 06.01 07.01 08.01 23.02 08.03 01.05 09.05 12.06 04.11").split()
MOVED_OFF = {
    2024: "29.04 30.04 10.05 30.12 31.12",
    2025: "02.05 08.05 13.06 03.11 31.12",
    2026: "09.01 31.12",
    2027: "22.02 05.11 31.12",
}
# A holiday on a day off moves that day off to the next working day by the code itself, without a decree.
MOVED_BY_THE_CODE = {2026: "09.03 11.05", 2027: "03.05 10.05 14.06"}
WORKING = {2024: "27.04 02.11 28.12", 2025: "01.11", 2026: "", 2027: "20.02"}
SHORT = {
    2024: "22.02 07.03 08.05 11.06 02.11",
    2025: "07.03 30.04 11.06 01.11",
    2026: "30.04 08.05 11.06 03.11",
    2027: "20.02 30.04 11.06 03.11",
}


def fill(apps, schema_editor):
    calendar_day = apps.get_model("forms_library", "CalendarDay")
    for year, act in ACTS.items():
        rows = [
            ("holiday", HOLIDAYS, LABOUR_CODE),
            ("moved_off", MOVED_OFF[year].split(), act),
            ("moved_off", MOVED_BY_THE_CODE.get(year, "").split(), LABOUR_CODE),
            ("working", WORKING[year].split(), act),
            ("short", SHORT[year].split(), LABOUR_CODE),
        ]
        calendar_day.objects.bulk_create(
            calendar_day(day=_date(day, year), kind=kind, act=source) for kind, days, source in rows for day in days
        )


def empty(apps, schema_editor):
    apps.get_model("forms_library", "CalendarDay").objects.filter(day__year__in=ACTS).delete()


def _date(day, year):
    number, month = map(int, day.split("."))
    return dt.date(year, month, number)


class Migration(migrations.Migration):
    dependencies = [("forms_library", "0002_editions_never_change")]

    operations = [migrations.RunPython(fill, empty)]
