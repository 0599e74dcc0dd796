"""What the page of a procedure shows, worked out without a database: what waits, why, by when, and what comes next."""

import datetime as dt
from dataclasses import replace

import pytest

from casework.radar import StageState, radar, standing, suggestions
from casework.radar_axis import time_axis
from casework.radar_choices import criteria, effects, ground_choices, level_choices, outcome_choices
from casework.radar_entries import Entry, Taken, in_words
from casework.radar_steps import Act, Facts, Urgency, open_step, term_after, urgency
from casework.timeline import Tone
from forms_library.deadlines import Rule, WorkingCalendar
from forms_library.procedures.definition import Due, FormUse, Guard, GuardKind, Stage, Step
from forms_library.procedures.guards import Circumstances
from forms_library.procedures.progress import Happening, What, replay
from tests.casework.following import CHECK, CURATOR, END, PROCEDURE, REVIEW

START = dt.date(2026, 11, 2)  # a Monday
CALENDAR = WorkingCalendar(years=frozenset({2026}))


def at(day=0):
    return START + dt.timedelta(days=day)


def around(day=0, **more):
    return Circumstances(today=at(day), calendar=CALENDAR, **more)


def facts(day=0, **more):
    return Facts(**{"around": around(day), "titles": {"nso_dept_plan": "План"}, **more})


def after(*happenings, procedure=PROCEDURE, children=0):
    return replay(procedure, [Happening(what=What.OPENED, on=at()), *happenings], children=children)


def decided(outcome="medium", day=1, step="check"):
    return Happening(what=What.DECIDED, on=at(day), step=step, code=outcome)


def appointed(day=2):
    return Happening(what=What.APPOINTED, on=at(day), step="curator", code="curator")


def filed(code="nso_dept_plan", day=3, **answers):
    return Happening(what=What.FILED, on=at(day), code=code, answers=answers)


def only(step, **changes):
    """Return the procedure with a single step, which waits from the beginning."""
    stage = Stage(code="one", title="Одна", steps=(replace(step, after=("opened",)),))
    return replace(PROCEDURE, stages=(stage,), **changes)


class TestUrgency:
    @pytest.mark.parametrize(
        ("days", "told"),
        [(-1, Urgency.OVERDUE), (0, Urgency.TODAY), (1, Urgency.SOON), (7, Urgency.SOON), (8, Urgency.LATER)],
    )
    def test_changes_at_midnight(self, days, told):
        assert urgency(at(days), today=at()) == told

    @pytest.mark.parametrize(
        ("days", "told"),
        [(15, Urgency.LATER), (14, Urgency.SOON), (13, Urgency.SOON), (0, Urgency.TODAY), (-1, Urgency.OVERDUE)],
    )
    def test_of_a_long_term_begins_when_people_are_told_of_it(self, days, told):
        warned = replace(CHECK, due=Due(rule=Rule.parse("20 cd"), warn_days=14))
        progress = after(procedure=only(warned))
        due = progress.open_turns[0].due(CALENDAR)
        today = (due - START).days - days
        assert open_step(progress, progress.open_turns[0], facts(today)).urgency == told

    def test_is_none_without_a_day_and_while_the_term_stands_still(self):
        assert urgency(None, today=at()) == Urgency.NONE
        assert urgency(None, today=at(), is_paused=True) == Urgency.PAUSED


class TestAnOpenStep:
    def waiting(self, progress, facts, place=0):
        return open_step(progress, progress.open_turns[place], facts)

    def test_says_who_by_when_and_why_that_day(self):
        told = self.waiting(after(), facts(names={"officer": "Ветрова О. С."}, mine={"officer"}))
        assert (told.role, told.who, told.is_mine, told.act) == (
            "Служба «Единое окно»",
            "Ветрова О. С.",
            True,
            Act.DECIDE,
        )
        assert told.due == at(3)
        assert "п. 4" in told.explanation

    def test_names_whom_the_task_was_given_to(self):
        told = self.waiting(after(), facts(names={"officer": "Ветрова"}, doers={("check", 1): "Орлова"}))
        assert told.who == "Орлова"

    def test_of_another_body_names_no_person(self):
        other = replace(CHECK, role="guardians")
        told = self.waiting(after(procedure=only(other)), facts(doers={("check", 1): "Орлова"}))
        assert (told.who, told.is_of_others) == ("", True)

    def test_of_a_body_that_keeps_the_case_itself_names_its_person(self):
        own = after(procedure=only(replace(CHECK, role="guardians")))
        told = self.waiting(own, facts(keeper="guardianship_body", doers={("check", 1): "Орлова"}))
        assert (told.who, told.is_of_others) == ("Орлова", False)

    def test_rests_on_a_year_that_is_not_known_yet(self):
        far = after(procedure=only(replace(CHECK, due=Due(rule=Rule.parse("3 m")))))
        assert self.waiting(far, facts()).is_provisional
        assert not self.waiting(after(), facts()).is_provisional

    def test_that_comes_again_is_numbered(self):
        progress = after(decided(), appointed(), filed(), decided("go_on", 4, "review"))
        told = next(each for each in radar(progress, facts(5)).now if each.step.code == "review")
        assert told.number == 2

    def test_counts_the_forms_of_the_children(self):
        step = Step(code="s", title="Оценки", role="reporter", forms=(FormUse(code="nso_dept_plan", per_child=True),))
        progress = after(filed(), filed(), procedure=only(step), children=3)
        (paper,) = self.waiting(progress, facts(5)).papers
        assert (paper.filed, paper.wanted, paper.is_missing) == (2, 3, True)
        assert "2" in paper.count_in_words
        assert "3" in paper.count_in_words

    def test_offers_the_form_that_is_begun_before_another_one(self):
        step = Step(
            code="s", title="Оценки", role="reporter", forms=(FormUse(code="a"), FormUse(code="b", is_optional=True))
        )
        waits = after(procedure=only(step))
        assert self.waiting(waits, facts()).next_paper is None
        assert self.waiting(waits, facts(in_force={"a", "b"}, may_fill=True)).next_paper.code == "a"
        begun = facts(in_force={"a", "b"}, may_fill=True, drafts={"b": 7})
        assert self.waiting(waits, begun).next_paper.draft == 7

    def test_waits_for_the_forms_that_have_to_lie_in_the_case(self):
        step = replace(CHECK, required=("nso_dept_plan",))
        told = self.waiting(after(procedure=only(step)), facts(mine={"officer"}))
        assert (told.missing, told.can_act) == (["План"], False)
        told = self.waiting(after(filed(), procedure=only(step)), facts(mine={"officer"}))
        assert (told.missing, told.can_act) == ([], True)

    def test_says_guards_in_words_and_asks_what_only_a_person_can_state(self):
        needs = (
            Guard(kind=GuardKind.FORM, words="акт в деле", form="act"),
            Guard(kind=GuardKind.STATEMENT, words="семья согласна"),
        )
        told = self.waiting(after(procedure=only(replace(CHECK, needs=needs))), facts())
        assert [(each.words, each.is_met, each.is_asked) for each in told.conditions] == [
            ("акт в деле", False, False),
            ("семья согласна", False, True),
        ]
        assert told.missing == ["акт в деле"]

    def test_says_of_what_was_waived_that_it_is_done_without(self):
        needs = (Guard(kind=GuardKind.FORM, words="акт в деле", form="act"),)
        step = replace(CHECK, needs=needs, required=("nso_dept_plan",), waived_by="officer")
        waived = [
            Happening(what=What.WAIVED, on=at(), step="check", code=code) for code in ("акт в деле", "nso_dept_plan")
        ]
        told = self.waiting(after(*waived, procedure=only(step)), facts(mine={"officer"}))
        assert (told.missing, told.can_waive, told.papers[0].is_done) == ([], True, True)

    def test_is_not_decided_by_hand_where_a_form_decides(self):
        step = replace(
            CHECK, decided_by="nso_dept_plan.level", forms=(FormUse(code="nso_dept_plan", is_optional=True),)
        )
        told = self.waiting(after(procedure=only(step)), facts(mine={"officer"}))
        assert (told.is_decided_by_form, told.can_act) == (True, False)


class TestTerms:
    def paused(self, *more):
        return after(Happening(what=What.SUSPENDED, on=at(1), step="check"), *more)

    def test_that_stand_still_have_no_last_day_and_can_only_run_again(self):
        told = radar(self.paused(), facts(2)).now[0]
        assert (told.due, told.urgency, told.explanation, told.term_changes) == (None, Urgency.PAUSED, "", ["resumed"])

    def test_that_run_can_stand_still_or_be_extended(self):
        assert radar(after(), facts()).now[0].term_changes == ["suspended", "extended"]
        assert radar(after(procedure=only(replace(CHECK, due=None))), facts()).now[0].term_changes == []

    def test_extended_say_what_they_were(self):
        progress = after(Happening(what=What.EXTENDED, on=at(1), step="check", until=at(20)))
        told = radar(progress, facts(2)).now[0]
        assert told.due == at(20)
        assert "22.11.2026" in told.explanation
        assert "05.11.2026" in told.explanation

    def test_extended_without_a_term_say_the_day_only(self):
        progress = after(
            Happening(what=What.EXTENDED, on=at(1), step="check", until=at(20)),
            procedure=only(replace(CHECK, due=None)),
        )
        assert radar(progress, facts(2)).now[0].explanation.endswith("22.11.2026")

    @pytest.mark.parametrize(
        ("what", "until", "due"), [("extended", at(30), at(30)), ("suspended", None, None), ("resumed", None, at(3))]
    )
    def test_are_shown_before_they_change(self, what, until, due):
        progress = after()
        turn = progress.open_turns[0]
        shown, _why = term_after(turn, what=what, on=at(1), until=until, calendar=CALENDAR)
        assert shown == due
        assert (turn.paused, turn.extended_to) == ([], None)

    def test_run_again_for_as_many_days_as_they_stood_still(self):
        turn = self.paused().open_turns[0]
        assert term_after(turn, what="resumed", on=at(8), until=None, calendar=CALENDAR)[0] == at(10)
        assert turn.is_paused


class TestTheWhole:
    def test_puts_what_is_late_first(self):
        progress = after(decided(), Happening(what=What.LEVEL, on=at(1), code="danger"))
        assert [each.step.code for each in radar(progress, facts(2)).now] == ["rescue", "curator"]

    def test_puts_danger_before_what_is_late_and_last_what_nobody_has_to_do(self):
        progress = after(decided(), Happening(what=What.LEVEL, on=at(10), code="danger"))
        assert [each.step.code for each in radar(progress, facts(10)).now] == ["rescue", "curator"]
        steps = (replace(CURATOR, after=("opened",), is_optional=True), CHECK)
        mixed = replace(PROCEDURE, stages=(Stage(code="one", title="Одна", steps=steps),))
        assert [each.step.code for each in radar(after(procedure=mixed), facts()).now] == ["check", "curator"]

    def test_stands_in_no_stage_where_nobody_has_to_do_anything(self):
        end = replace(END, after=("opened",), is_optional=True)
        stages = (*PROCEDURE.stages[:1], Stage(code="end", title="Конец", steps=(end,)))
        told = radar(after(procedure=replace(PROCEDURE, stages=stages)), facts())
        assert [stage.state for stage in told.stages] == [StageState.NOW, StageState.LATER]

    def test_tells_what_comes_next_and_after_what(self):
        told = radar(after(), facts())
        assert [step.title for step in told.next_steps] == ["Назначение куратора", "Работа завершена"]
        assert "средний" in told.next_steps[0].after
        assert "План составлен" in [step.title for step in told.other_steps]

    def test_tells_in_which_stage_the_case_stands(self):
        assert [stage.state for stage in radar(after(), facts()).stages] == [StageState.NOW, StageState.LATER]
        later = after(decided(), appointed())
        assert [stage.state for stage in radar(later, facts(3)).stages] == [StageState.DONE, StageState.NOW]

    def test_that_is_over_offers_nothing(self):
        progress = after(decided("low"), Happening(what=What.CLOSED, on=at(5), code="moved"))
        told = radar(progress, facts(6))
        assert (told.is_over, told.now, told.later, told.dangers) == (True, (), (), ())

    def test_offers_danger_until_it_is_set(self):
        assert [level.code for level in radar(after(), facts()).dangers] == ["danger"]
        progress = after(Happening(what=What.LEVEL, on=at(), code="danger"))
        assert radar(progress, facts()).dangers == ()

    def test_unfolds_a_long_picture_only_when_asked(self):
        assert not radar(after(), facts()).is_long
        many = tuple(replace(CURATOR, code=f"s{number}") for number in range(13))
        stages = (Stage(code="many", title="Много", steps=many),)
        assert radar(after(procedure=replace(PROCEDURE, stages=stages)), facts()).is_long

    def test_shows_the_checklist_of_ones_own_role_first(self):
        lists = (*PROCEDURE.checklists, replace(PROCEDURE.checklists[0], title="Окно", role="officer"))
        told = radar(after(procedure=replace(PROCEDURE, checklists=lists)), facts(mine={"officer"}))
        assert [each.title for each in told.checklists] == ["Окно", "Куратор помнит"]

    def test_says_what_the_assessments_suggest(self):
        procedure = replace(PROCEDURE, suggested_by=("nso_dept_plan.level", "other.level"))
        progress = after(filed(level="средний"), procedure=procedure)
        assert [(each.form, each.says) for each in suggestions(progress, {"nso_dept_plan": "План"})] == [
            ("План", "средний")
        ]


class TestWhereItStands:
    @pytest.mark.parametrize(
        ("happenings", "day", "state"),
        [
            ((), 0, "open"),
            ((), 4, "overdue"),
            ((decided(),), 4, "done"),
            ((Happening(what=What.SUSPENDED, on=at(1), step="check"),), 4, "waiting"),
            ((Happening(what=What.CLOSED, on=at(5), code="moved"),), 6, "gone"),
        ],
    )
    def test_is_told_of_each_step(self, happenings, day, state):
        assert standing(after(*happenings), around(day))["check"].state == state

    def test_is_not_told_of_what_has_not_come(self):
        assert set(standing(after(), around())) == {"check"}

    def test_without_a_term_is_open(self):
        progress = after(procedure=only(replace(CHECK, due=None)))
        assert standing(progress, around(400))["check"].state == "open"

    def test_of_a_step_that_comes_again_is_that_of_the_open_time(self):
        progress = after(decided(), appointed(), filed(), decided("go_on", 4, "review"))
        assert standing(progress, around(5))["review"].state == "open"

    def test_of_a_step_taken_away_after_it_was_done_is_done(self):
        progress = after(
            decided(),
            appointed(),
            filed(),
            decided("go_on", 4, "review"),
            Happening(what=What.LEVEL, on=at(5), code="low"),
        )
        assert standing(progress, around(6))["review"].state == "done"


class TestChoices:
    def test_tell_what_an_outcome_leads_to(self):
        words = " ".join(effects(after(), CHECK, CHECK.outcomes[0]))
        assert "средний" in words
        assert "Назначение куратора" in words

    def test_tell_of_the_open_steps_only_that_they_go_away(self):
        waiting = after(decided(), appointed(), filed())
        low = next(each for each in level_choices(waiting, allowed={"low"}, suggested="low") if each.value == "low")
        assert any(REVIEW.title in words for words in low.leads_to)
        low = level_choices(after(), allowed={"low"}, suggested="")[0]
        assert not any(REVIEW.title in words for words in low.leads_to)
        assert low.mark == ""

    def test_of_outcomes_ask_for_a_day_within_a_limit(self):
        progress = after(decided(), appointed(), filed())
        turn = progress.open_turn("review")
        choices = {each.value: each for each in outcome_choices(REVIEW, progress, around(4), turn=turn)}
        assert (choices["extend"].asks_until, choices["extend"].mark) == (True, "не дольше 6 месяцев")
        assert choices["extend"].missing == ()

    def test_of_grounds_say_what_is_missing_now(self):
        choices = {each.value: each for each in ground_choices(after(), around(birth_dates=(at(-4000),)))}
        assert choices["grown"].missing == ("всем детям 18 лет",)
        assert choices["done"].statements == ("Риска для ребёнка нет",)
        grown = {each.value: each for each in ground_choices(after(), around(birth_dates=(at(-7000),)))}
        assert grown["grown"].missing == ()

    def test_of_a_ground_that_the_filed_decision_does_not_name_say_so(self):
        end = replace(END, decided_by="nso_dept_plan.ground")
        grounds = tuple(replace(ground, answer=ground.title) for ground in PROCEDURE.grounds)
        procedure = only(end, grounds=grounds)
        progress = after(filed(ground="Семья переехала"), procedure=procedure)
        choices = {each.value: each for each in ground_choices(progress, around())}
        assert choices["moved"].missing == ()
        assert len(choices["done"].missing) == 1

    def test_do_not_offer_the_level_that_is_set(self):
        progress = after(decided())
        choices = level_choices(progress, allowed={"low", "medium"}, suggested="low")
        assert [(each.value, each.is_hidden, bool(each.mark)) for each in choices] == [
            ("low", False, True),
            ("medium", True, False),
        ]

    def test_show_the_criteria_of_the_last_decision(self):
        procedure = replace(PROCEDURE, suggested_by=("nso_risk_decision.suggested",))
        progress = after(filed("nso_risk_decision", open=["нужен куратор"], not_open=None), procedure=procedure)
        assert criteria(progress) == ([], ["нужен куратор"])
        assert criteria(after()) == ([], [])


class TestEntries:
    @pytest.mark.parametrize(
        ("what", "code", "words"),
        [
            ("opened", "", "Поступил сигнал"),
            ("decided", "medium", "Проверка сигнала: Средний уровень"),
            ("happened", "", "Проверка сигнала"),
            ("appointed", "curator", "Проверка сигнала: Орлова"),
            ("level", "danger", "угроза жизни"),
            ("waived", "", "Проверка сигнала"),
            ("waived", "nso_dept_plan", "План"),
            ("suspended", "", "Проверка сигнала"),
            ("resumed", "", "Проверка сигнала"),
            ("extended", "", "05.03.2027"),
            ("closed", "moved", "Семья переехала"),
            ("closed", "unknown", "unknown"),
            ("moved", "1 → 2", "1 → 2"),
            ("filed", "nso_dept_plan", "План"),
        ],
    )
    def test_say_what_happened(self, what, code, words):
        told = in_words(
            PROCEDURE,
            what=what,
            step="check",
            code=code,
            person="Орлова",
            until=dt.date(2027, 3, 5),
            titles={"nso_dept_plan": "План"},
        )
        assert words in told

    def test_of_an_edition_that_knows_no_such_step_stand_by_their_code(self):
        assert "gone" in in_words(PROCEDURE, what="happened", step="gone", titles={})


def entry(what="happened", day=0, **more):
    written = dt.datetime.combine(at(day), dt.time(12))
    return Entry(
        **{"on": at(day), "written_at": written, "what": what, "words": "с именем", "bare": "без имени", **more}
    )


class TestTheTimeAxis:
    def test_shows_what_counts_and_without_names(self):
        taken = Taken(who="Орлова", on=at(2), why="ошибка")
        shown = time_axis(after(), [entry(), entry(day=1, taken=taken), entry("filed", 2)], around=around(3))
        said = [(row.on, row.tone) for row in shown.table if row.tone in {Tone.EVENT, Tone.DOCUMENT}]
        assert said == [(at(), Tone.EVENT), (at(2), Tone.DOCUMENT)]
        assert "с именем" not in str(shown)

    @pytest.mark.parametrize(
        ("happenings", "day", "tone"),
        [
            ((), 1, Tone.RUNNING),
            ((), 9, Tone.OVERDUE),
            ((decided(day=2),), 9, Tone.MET),
            ((decided(day=8),), 9, Tone.LATE),
        ],
    )
    def test_shows_terms_as_they_were_kept(self, happenings, day, tone):
        table = time_axis(after(*happenings), [], around=around(day)).table
        assert next(row for row in table if row.words.startswith("Проверка сигнала")).tone == tone

    def test_shows_stages_and_pauses(self):
        progress = after(Happening(what=What.SUSPENDED, on=at(1), step="check"))
        tones = {row.tone for row in time_axis(progress, [entry()], around=around(3)).table}
        assert {Tone.STAGE, Tone.PAUSE} <= tones

    def test_after_the_end_asks_for_nothing(self):
        progress = after(Happening(what=What.CLOSED, on=at(5), code="moved"))
        tones = {row.tone for row in time_axis(progress, [], around=around(30)).table}
        assert Tone.OVERDUE not in tones
        assert Tone.RUNNING not in tones
