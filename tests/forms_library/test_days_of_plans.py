"""A plan is made for days to come, and its measures have their terms within it."""

import pytest

from forms_library.packs import shipped
from forms_library.questionnaire import Questionnaire
from forms_library.sample_families import FAMILIES, TODAY, answers_for, around
from forms_library.typed import typed_from_answers

PLANS = ("nso_individual_plan", "tom_support_plan", "ipsr", "nso_dept_plan")
WITH_TERMS = ("nso_individual_plan", "tom_support_plan")
MARKS = {"nso_dept_plan": ("result", "Сделано")}


def refused(code, *, period=("2026-03-05", "2026-06-01"), term="2026-04-01", is_marked=False):
    """Return the keys of the questions beside which a plan with these days is refused."""
    schema = shipped.form(code).schema
    answers = answers_for(schema, FAMILIES[0]) | {"period_from": period[0], "period_to": period[1]}
    if "extended" in schema:
        answers["extended"] = False
    mark, done = MARKS.get(code, ("mark", "выполнено"))
    column = next(each for each in schema["measures"].columns if each.key == mark)
    done = column.choices[0] if column.choices else done
    of_row = {mark: done if is_marked else ""} | ({"term": term} if code in WITH_TERMS else {})
    answers["measures"] = [row | of_row for row in answers["measures"]]
    form = Questionnaire(schema, typed=typed_from_answers(schema, answers), check=True, around=around(schema))
    return {
        place.removeprefix("id_").removeprefix("question-").partition("-")[0]
        for place, _label, _words in form.error_summary
    }


@pytest.mark.parametrize("code", PLANS)
class TestThePeriod:
    def test_has_not_passed(self, code):
        assert refused(code) == set()
        assert refused(code, period=("2020-01-01", "2020-02-01"), term="2020-01-20") == {"period_to"}

    def test_of_a_plan_that_was_carried_out_may_have(self, code):
        assert refused(code, period=("2026-01-01", "2026-02-01"), term="2026-01-20", is_marked=True) == set()

    def test_may_end_today(self, code):
        assert refused(code, period=("2026-01-10", TODAY.isoformat()), term="2026-01-20") == set()


@pytest.mark.parametrize("code", WITH_TERMS)
class TestTheTermOfAMeasure:
    @pytest.mark.parametrize("term", ["2020-01-01", "2026-03-04", "2026-06-02"])
    def test_lies_within_the_period(self, code, term):
        assert refused(code, term=term) == {"measures"}

    def test_of_a_next_version_may_be_earlier_but_not_later(self, code):
        assert refused(code, term="2026-02-01", is_marked=True) == set()
        assert refused(code, term="2026-06-02", is_marked=True) == {"measures"}
