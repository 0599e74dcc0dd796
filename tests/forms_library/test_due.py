"""`manage.py due` counts a deadline on the command line."""

import datetime as dt
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from forms_library.models import Agency, CalendarDay

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


def told(*arguments, **options):
    out = io.StringIO()
    call_command("due", *arguments, stdout=out, **options)
    return out.getvalue()


def due(*arguments, **options):
    return json.loads(told(*arguments, json=True, **options))["due"]


class TestDue:
    def test_prints_the_date_and_the_sentence(self):
        assert told("2026-04-30", "3 wd").splitlines() == [
            "2026-05-06",
            "3 рабочих дня с 30.04.2026: не считаются 01–03.05 (праздник, выходные); срок — 06.05.2026",
        ]

    def test_prints_the_same_as_json(self):
        answer = json.loads(told("2026-04-30", "3 wd", "--json"))
        assert set(answer) == {"due", "explanation", "provisional"}
        assert (answer["due"], answer["provisional"]) == ("2026-05-06", False)
        assert answer["explanation"].endswith("06.05.2026")

    def test_says_when_a_year_is_a_guess(self):
        assert json.loads(told("2028-03-01", "1 wd", "--json"))["provisional"] is True

    def test_takes_a_date_as_people_write_it(self):
        assert due("30.04.2026", "3 wd") == "2026-05-06"

    def test_does_not_move_a_validity_period(self):
        assert due("2025-11-09", "6 m") == "2026-05-12"
        assert due("2025-11-09", "6 m", "--no-roll") == "2026-05-09"

    def test_turns_a_moment_into_a_day_of_the_zone(self):
        moment = "2026-04-29T20:30+00:00"
        assert due(moment, "1 cd") == "2026-04-30"
        assert due(moment, "1 cd", tz="Europe/Moscow") == "2026-04-30"
        assert due(moment, "3 wd", tz="Asia/Novosibirsk") == "2026-05-06"
        assert due("2026-04-29T16:59:59Z", "1 cd", tz="Asia/Novosibirsk") == "2026-04-30"
        assert due("2026-04-29T17:00:00Z", "1 cd", tz="Asia/Novosibirsk") == "2026-05-04"

    def test_leaves_a_day_alone_whatever_the_zone(self):
        assert due("2026-04-30", "3 wd", tz="Pacific/Auckland") == "2026-05-06"

    def test_counts_with_the_days_off_and_the_clock_of_an_agency(self):
        agency = Agency.objects.create(
            code="kcson", name="Центр", short_name="Центр", kind="kcson", territory="Район", time_zone="Asia/Tomsk"
        )
        CalendarDay.objects.create(day=dt.date(2026, 5, 6), kind="holiday", act="Приказ", agency=agency)
        assert due("2026-04-30", "3 wd", agency="kcson") == "2026-05-07"
        assert due("2026-04-29T17:30Z", "3 wd", agency="kcson") == "2026-05-07"
        assert due("2026-04-29T17:30Z", "3 wd", agency="kcson", tz="UTC") == "2026-05-05"

    @pytest.mark.parametrize(
        ("arguments", "options"),
        [
            (("2026-02-30", "3 wd"), {}),
            (("вчера", "3 wd"), {}),
            (("20260230", "3 wd"), {}),
            (("", "3 wd"), {}),
            (("2026-04-30", "three days"), {}),
            (("2026-04-30", "0 wd"), {}),
            (("2026-04-30", "-3 wd"), {}),
            (("2026-04-30", "10001 wd"), {}),
            (("2026-04-30", "99999999999999999999 cd"), {}),
            (("9999-12-31", "3 wd"), {}),
            (("9990-01-01", "10000 m"), {}),
            (("9999-12-31T23:00-05:00", "1 cd"), {"tz": "Asia/Novosibirsk"}),
            (("2026-04-30", "3 wd"), {"tz": "Asia/Nowhere"}),
            (("2026-04-30", "3 wd"), {"tz": "../etc/passwd"}),
            (("2026-04-30", "3 wd"), {"agency": "nobody"}),
        ],
    )
    def test_refuses_in_plain_words(self, arguments, options):
        with pytest.raises(CommandError, match=r"\w+ \w+"):
            told(*arguments, **options)

    def test_leaves_with_one_when_it_refuses(self, tmp_path):
        result = subprocess.run(
            [sys.executable, "manage.py", "due", "вчера", "3 wd", "--settings", "portal.settings.test"],
            cwd=ROOT,
            env={**os.environ, "OCHAG_VAR": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 1
        assert "Traceback" not in result.stderr
