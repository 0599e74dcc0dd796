"""A fact is read away from its form: whose it is stands before what it is about."""

import re
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import translation

from casework import fact_words
from casework.fact_words import about_what
from casework.facts import NOT_TOLD
from casework.models import Fact
from forms_library.packs import shipped


class TestTheWordsOfAFact:
    @pytest.mark.parametrize(
        ("key", "words"),
        [
            ("mother.birth_date", "Mother: date of birth"),
            ("child.school", "Child: school or kindergarten"),
            ("mother.hobby", "Mother: Дата"),
            ("stranger.phone", "Дата"),
            ("", "Дата"),
        ],
    )
    def test_say_whose_it_is(self, key, words):
        with translation.override("en"):
            assert about_what(key, "Дата") == words

    def test_are_there_for_every_fact_of_the_shipped_forms(self):
        asked = [
            each.fact
            for form in shipped.pack().content.forms
            for question in form.schema
            for each in (question, *question.columns)
            if each.fact and not each.fact.startswith(NOT_TOLD)
        ]
        assert len(set(asked)) > 50
        assert [key for key in set(asked) if "no words" in about_what(key, "no words")] == []

    def test_are_there_for_every_key_of_the_dictionary(self):
        page = (Path(shipped.SOURCES) / "FACTS.md").read_text(encoding="utf-8")
        assert set(re.findall(r"^\| [^|]+ \| `(\w+)` \|$", page, re.M)) == set(fact_words.WHOSE) - {"relative"}
        of_cases = set(re.findall(r"\| `case\.(\w+)` \|", page))
        assert of_cases == set(fact_words.OF_THE_CASE)


@pytest.mark.django_db
class TestThePageOfFacts:
    def test_says_whose_they_are(self, case, desk, file_plan):
        Fact.objects.create(
            case=case,
            submission=file_plan(),
            key="father.birth_date",
            kind="date",
            value="1990-01-01",
            words="01.01.1990",
            label="Дата",
        )
        page = desk.get(reverse("casework:facts", args=[case.reference])).content.decode()
        assert "Отец: дата рождения" in page
