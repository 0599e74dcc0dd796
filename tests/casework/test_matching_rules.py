"""What the rules say of a family: hard reasons, advice, risks. Pure."""

import datetime as dt
from dataclasses import replace

import pytest

from casework.matching import FamilyFacts, PaperFacts, Verdict, Why, exclusions, in_order, judge
from casework.needs_card import CONTACT_ANSWERS, NEEDS_OF_ROWS, TOGETHER, Needs, needs_in, unknown_in
from forms_library.packs import shipped
from tests.casework.professional_families import CARD

TODAY = dt.date(2026, 11, 23)
YESTERDAY, TOMORROW = TODAY - dt.timedelta(days=1), TODAY + dt.timedelta(days=1)
GOOD = tuple(PaperFacts(kind, TODAY) for kind in ("health", "record", "training"))
NEEDS = Needs(age_months=20)
FAMILY = FamilyFacts(papers=GOOD)


def why(needs=NEEDS, **facts):
    return [each.why for each in exclusions(needs, replace(FAMILY, **facts), today=TODAY)]


class TestExclusions:
    def test_a_family_that_fits_has_none(self):
        assert why() == []

    @pytest.mark.parametrize(("age_from", "age_to", "found"), [(0, 19, [Why.AGE]), (21, 36, [Why.AGE]), (20, 20, [])])
    def test_of_age_count_whole_months_with_both_ends(self, age_from, age_to, found):
        assert why(age_from=age_from, age_to=age_to) == found

    def test_of_age_need_an_age(self):
        assert why(replace(NEEDS, age_months=None), age_to=1) == []

    def test_no_place_is_one_and_says_how_many(self):
        assert why(places=2, taken=2) == [Why.NO_PLACE]
        assert "2" in exclusions(NEEDS, replace(FAMILY, places=2, taken=2), today=TODAY)[0].words

    @pytest.mark.parametrize(
        ("papers", "found"),
        [
            (GOOD[1:], [Why.PAPERS]),
            (GOOD[:2], [Why.TRAINING]),
            ((*GOOD[:2], PaperFacts("training", YESTERDAY)), [Why.PAPERS]),
            ((*GOOD, PaperFacts("contract", YESTERDAY)), [Why.PAPERS]),
            ((*GOOD[:2], PaperFacts("training", None)), []),
        ],
    )
    def test_papers_are_there_and_good_to_their_last_day(self, papers, found):
        assert why(papers=papers) == found

    @pytest.mark.parametrize("state", ["candidate", "rework", "paused", "left"])
    def test_only_an_included_family_takes_children(self, state):
        assert why(state=state) == [Why.STATE]

    def test_a_family_rests_to_the_last_day_of_its_rest(self):
        assert why(rests_until=TODAY) == [Why.RESTING]
        assert why(rests_until=YESTERDAY) == []

    @pytest.mark.parametrize(
        ("siblings_with", "found"),
        [([{7}], []), ([{8}], [Why.SIBLINGS]), ([{7, 8}, {7}], []), ([{7}, {8}], [Why.SIBLINGS])],
    )
    def test_a_child_goes_where_its_brothers_and_sisters_are(self, siblings_with, found):
        needs = replace(NEEDS, together=2, siblings_with=tuple(map(frozenset, siblings_with)))
        assert why(needs, number=7, places=3, accepts_siblings=True) == found

    def test_brothers_and_sisters_are_not_parted(self):
        together = replace(NEEDS, together=2)
        assert why(together, places=2) == [Why.SIBLINGS]
        assert why(together, accepts_siblings=True) == [Why.SIBLINGS]
        assert why(together, accepts_siblings=True, places=2) == []

    def test_a_sister_who_lives_there_already_has_her_place(self):
        together = replace(NEEDS, together=2)
        assert why(together, accepts_siblings=True, places=2, taken=1, of_case=1) == []
        assert why(together, accepts_siblings=True, places=2, taken=1) == [Why.SIBLINGS]

    def test_a_need_that_the_family_is_not_ready_for(self):
        assert why(replace(NEEDS, wanted=frozenset({"illness"}))) == [Why.NEED]
        assert why(replace(NEEDS, wanted=frozenset({"illness"})), accepted=frozenset({"illness"})) == []

    def test_all_reasons_are_told_at_once(self):
        assert set(why(state="paused", age_to=1, taken=1)) == {Why.STATE, Why.AGE, Why.NO_PLACE}


class TestAdvice:
    def verdict(self, needs=NEEDS, **facts) -> Verdict:
        return judge(needs, replace(FAMILY, **facts), today=TODAY)

    def test_puts_what_is_possible_first_and_keeps_what_is_equal(self):
        tired, near, full = self.verdict(recent=2), self.verdict(finished=1), self.verdict(taken=1, finished=9)
        assert [name for name, _v in in_order([("tired", tired), ("full", full), ("near", near)])] == [
            "near",
            "tired",
            "full",
        ]
        assert [name for name, _v in in_order([("a", near), ("b", near)])] == ["a", "b"]

    def test_prefers_the_childs_own_district_whatever_the_case_and_the_letter_e(self):
        needs = replace(NEEDS, lives_at=("Зелёный район, ул. Малая",))
        assert self.verdict(needs, district="зеленый Район").points > self.verdict(needs, district="Другой").points
        assert self.verdict(needs, district="").points == self.verdict(needs, district="Другой").points

    def test_every_point_has_its_reason(self):
        verdict = self.verdict(replace(NEEDS, together=2), accepts_siblings=True, places=3, finished=5, recent=1)
        assert verdict.points == sum(reason.points for reason in verdict.reasons)
        assert all(reason.words for reason in verdict.reasons)

    @pytest.mark.parametrize(
        "facts", [{"limits": "Ночные смены"}, {"smokes_at_home": True}, {"recent": 4}, {"has_pets": True}]
    )
    def test_risks_come_with_what_would_help(self, facts):
        plain = self.verdict(replace(NEEDS, allergy="неизвестно"))
        risky = self.verdict(replace(NEEDS, allergy="неизвестно"), **facts)
        assert len(risky.risks) == len(plain.risks) + 1
        assert all(risk.words and risk.resource for risk in risky.risks)

    def test_animals_are_no_risk_when_there_is_no_allergy(self):
        papers = tuple(replace(paper, valid_until=None) for paper in GOOD)
        assert not self.verdict(replace(NEEDS, allergy="нет"), has_pets=True, papers=papers).risks

    def test_a_paper_that_ends_soon_is_a_risk_and_no_exclusion(self):
        papers = (*GOOD[:2], PaperFacts("training", TODAY + dt.timedelta(days=30)))
        assert self.verdict(papers=papers).is_possible
        assert len(self.verdict(papers=papers).risks) == 3
        far = tuple(PaperFacts(kind, TODAY + dt.timedelta(days=31)) for kind in ("health", "record", "training"))
        assert not self.verdict(papers=far).risks

    def test_an_unknown_age_is_a_risk(self):
        assert len(self.verdict(replace(NEEDS, age_months=None)).risks) == len(self.verdict().risks) + 1


class TestNeedsCard:
    schema = shipped.form("pf_child_needs").schema

    def needs(self, *, together=1, also=(), **changes):
        return needs_in(self.schema, {**CARD, **changes}, age_months=29, together=together, also=also)

    def with_row(self, label, said):
        labels = [row.label for row in self.schema["needs"].rows]
        rows = [dict(row) for row in CARD["needs"]]
        rows[labels.index(label)]["answer"] = said
        return rows

    def test_asks_for_what_its_rows_say(self):
        assert self.needs().wanted == {"contact"}
        assert self.needs(needs=self.with_row("Аллергия", "есть")).wanted == {"contact", "diet"}
        assert self.needs(needs=self.with_row("Здоровье", "нужно лечение сейчас")).wanted == {"contact", "illness"}
        assert self.needs(parents_contact="невозможны").wanted == set()

    def test_takes_what_people_add(self):
        assert self.needs(also=["disability"]).wanted == {"contact", "disability"}

    def test_keeps_brothers_and_sisters_together_even_when_nobody_adds_them(self):
        assert self.needs().together == 1
        assert self.needs(siblings="есть, нужны вместе").together == 2
        assert self.needs(siblings="есть, нужны вместе", together=3).together == 3

    def test_lists_everything_that_is_unknown(self):
        assert [str(each) for each in unknown_in(self.schema, CARD)] == ["Аллергия", "Прививки"]
        more = unknown_in(self.schema, {**CARD, "family_plan": "Неизвестно", "stay": "неизвестно"})
        assert len(more) == 4

    def test_every_word_that_asks_something_is_a_word_of_the_shipped_card(self):
        rows = {row.label: row.choices for row in self.schema["needs"].rows}
        assert all(said in rows[label] for label, said in NEEDS_OF_ROWS)
        assert set(CONTACT_ANSWERS) < set(self.schema["parents_contact"].choices)
        assert TOGETHER in self.schema["siblings"].choices

    def test_an_edition_without_these_questions_asks_nothing(self):
        schema = shipped.form("nso_dept_plan").schema
        assert needs_in(schema, {}, age_months=None, together=1).wanted == set()
