"""Where a case stands is computed from what happened: the rules of the replay, one by one."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings, strategies as st

from forms_library.deadlines import Rule
from forms_library.procedures.definition import FormUse, Guard, GuardKind, Stage
from forms_library.procedures.guards import Circumstances, holds, is_adult
from forms_library.procedures.progress import Happening, What, replay
from forms_library.working_calendar import WorkingCalendar
from tests.casework.following import CHECK, CURATOR, END, PLANNED, PROCEDURE, RESCUE, REVIEW

DAY = dt.date(2026, 2, 2)
CALENDAR = WorkingCalendar()


def happening(what, **facts):
    return Happening(**{"what": what, "on": DAY, **facts})


OPENED = happening(What.OPENED)
MEDIUM = happening(What.DECIDED, step="check", code="medium")
APPOINTED = happening(What.APPOINTED, step="curator", code="curator")
PLAN = happening(What.FILED, code="nso_dept_plan")
GO_ON = happening(What.DECIDED, step="review", code="go_on")


def open_steps(*happenings, procedure=PROCEDURE, **around):
    return [turn.step.code for turn in replay(procedure, happenings, **around).open_turns]


def with_plan(**changes):
    steps = (CHECK, CURATOR, RESCUE, replace(PLANNED, **changes), REVIEW, END)
    return replace(PROCEDURE, stages=(Stage(code="one", title="Всё", steps=steps),))


class TestSteps:
    def test_nothing_is_open_before_the_first_event(self):
        assert open_steps() == []

    def test_an_event_opens_what_waits_for_it(self):
        assert open_steps(OPENED) == ["check"]
        assert open_steps(OPENED, MEDIUM) == ["curator"]

    def test_what_nobody_waits_for_changes_nothing(self):
        assert open_steps(OPENED, GO_ON, APPOINTED) == ["check"]

    def test_a_form_that_was_filed_before_its_step_counts(self):
        assert open_steps(OPENED, PLAN, MEDIUM, APPOINTED) == ["review", "end"]

    def test_a_form_does_one_step_once(self):
        procedure = with_plan(after=("curator", "review.go_on"))
        assert open_steps(OPENED, MEDIUM, APPOINTED, PLAN, GO_ON, procedure=procedure) == ["plan", "review", "end"]

    def test_a_form_for_each_child(self):
        procedure = with_plan(forms=(FormUse(code="nso_dept_plan", per_child=True),))
        happened = (OPENED, MEDIUM, APPOINTED, PLAN)
        assert open_steps(*happened, procedure=procedure, children=2) == ["plan"]
        assert open_steps(*happened, PLAN, procedure=procedure, children=2) == ["review", "end"]

    def test_a_form_that_rests_on_another_waits_for_it(self):
        procedure = with_plan(required=("housing_survey",))
        happened = (OPENED, MEDIUM, APPOINTED, PLAN)
        assert open_steps(*happened, procedure=procedure) == ["plan"]
        survey = happening(What.FILED, code="housing_survey")
        assert open_steps(*happened, survey, procedure=procedure) == ["review", "end"]

    def test_a_guard_holds_a_form_back_until_it_is_met(self):
        guard = Guard(kind=GuardKind.ANSWER, words="w", form="housing_survey", question="ok", value="да")
        procedure = with_plan(needs=(guard,))
        happened = (OPENED, MEDIUM, APPOINTED, PLAN)
        no, yes = (happening(What.FILED, code="housing_survey", answers={"ok": word}) for word in ("нет", "да"))
        assert open_steps(*happened, no, procedure=procedure) == ["plan"]
        assert open_steps(*happened, no, yes, procedure=procedure) == ["review", "end"]

    def test_an_answer_of_a_form_decides(self):
        outcome = replace(REVIEW.outcomes[0], answer="продолжить", level="medium")
        procedure = with_plan(decided_by="nso_dept_plan.decision", outcomes=(outcome,))
        for word, done in (("закрыть", False), ("продолжить", True)):
            paper = happening(What.FILED, code="nso_dept_plan", answers={"decision": word})
            progress = replay(procedure, [OPENED, MEDIUM, APPOINTED, paper])
            assert (progress.happened_on("plan.go_on") is not None) is done

    def test_an_entry_whose_step_does_not_wait_does_nothing_and_is_told_of(self):
        waived, resumed = happening(What.WAIVED, step="plan"), happening(What.RESUMED, step="check")
        idle = [APPOINTED, GO_ON, waived, resumed, happening(What.EXTENDED, step="review", until=DAY)]
        progress = replay(PROCEDURE, [OPENED, *idle])
        assert progress.idle == idle
        assert progress.appointed == {}
        assert (
            replay(PROCEDURE, [OPENED, happening(What.SUSPENDED, step="check"), resumed, MEDIUM, APPOINTED]).idle == []
        )

    def test_an_appointment_that_stands_does_the_step_that_ends_with_it(self):
        again = replace(CURATOR, code="again", after=("review.go_on",), ends_with=("curator",))
        after = replace(RESCUE, after=("again",))
        steps = (CHECK, CURATOR, after, PLANNED, REVIEW, END)
        later = replace(GO_ON, on=DAY + dt.timedelta(days=9))
        for step, waiting in ((again, "rescue"), (replace(again, ends_with=()), "again")):
            procedure = replace(PROCEDURE, stages=(Stage(code="one", title="Всё", steps=(*steps, step)),))
            progress = replay(procedure, [OPENED, MEDIUM, APPOINTED, PLAN, later])
            assert progress.open_turn(waiting).opened_on == later.on

    def test_an_appointment_confirms_a_step_that_opens_itself_once(self):
        again = replace(CURATOR, code="again", after=("curator", "again"), ends_with=("curator",))
        procedure = replace(PROCEDURE, stages=(Stage(code="one", title="Всё", steps=(CHECK, CURATOR, again, END)),))
        progress = replay(procedure, [OPENED, MEDIUM, APPOINTED])
        assert [turn.is_open for turn in progress.turns_of("again")] == [False, True]

    def test_what_was_done_before_the_case_was_moved_is_carried_over(self):
        turns = replay(PROCEDURE, [OPENED, MEDIUM, happening(What.MOVED), APPOINTED]).turns
        assert {turn.step.code: turn.is_carried_over for turn in turns} == {
            "check": True,
            "curator": False,
            "plan": False,
        }

    @pytest.mark.parametrize(("dated_by", "earliest"), [("", 1), ("period_from", 4)])
    def test_what_a_form_opens_can_be_older_than_the_day_on_which_the_form_was_typed_in(self, dated_by, earliest):
        procedure = with_plan(forms=(FormUse(code="nso_dept_plan", dated_by=dated_by),))
        days = [DAY + dt.timedelta(days=number) for number in range(5)]
        happened = [OPENED, MEDIUM, replace(APPOINTED, on=days[1]), replace(PLAN, on=days[4])]
        turn = replay(procedure, happened).open_turn("review")
        assert (turn.opened_on, turn.earliest) == (days[4], days[earliest])

    def test_a_step_that_comes_again_keeps_its_anchor(self):
        later = replace(GO_ON, on=dt.date(2026, 5, 20))
        turn = replay(PROCEDURE, [OPENED, MEDIUM, APPOINTED, PLAN, later]).open_turn("review")
        assert (turn.number, turn.due(CALENDAR)) == (2, dt.date(2026, 8, 3))  # 02.08.2026 is a Sunday

    def test_what_ends_a_step_takes_it_away(self):
        low = happening(What.LEVEL, code="low")
        progress = replay(PROCEDURE, [OPENED, MEDIUM, APPOINTED, PLAN, low])
        assert [turn.step.code for turn in progress.open_turns] == ["end"]
        assert progress.turns_of("review")[0].ended_on == DAY

    def test_the_same_level_twice_opens_nothing(self):
        medium = happening(What.LEVEL, code="medium")
        progress = replay(PROCEDURE, [OPENED, MEDIUM, APPOINTED, medium])
        assert [turn.step.code for turn in progress.open_turns] == ["plan"]
        assert len(progress.levels) == 2

    def test_after_the_end_nothing_waits(self):
        progress = replay(PROCEDURE, [OPENED, MEDIUM, APPOINTED, PLAN, happening(What.CLOSED, code="moved")])
        assert progress.open_turns == []
        assert progress.turns_of("end")[0].outcome == "moved"

    def test_what_was_done_without_stays_a_gap(self):
        waived = happening(What.WAIVED, step="plan", code="nso_dept_plan", words="ИППСУ")
        progress = replay(PROCEDURE, [OPENED, MEDIUM, APPOINTED, waived, happening(What.CLOSED, code="moved")])
        assert [gap.words for _turn, gap in progress.gaps()] == ["ИППСУ"]

    def test_a_whole_step_can_be_done_without(self):
        waived = happening(What.WAIVED, step="plan")
        assert open_steps(OPENED, MEDIUM, APPOINTED, waived) == ["review", "end"]


class TestTerms:
    def due(self, *happenings):
        return replay(PROCEDURE, [OPENED, *happenings]).open_turn("check").due(CALENDAR)

    def test_a_term_that_stands_still_has_no_day(self):
        assert self.due(happening(What.SUSPENDED, step="check")) is None

    def test_it_is_longer_by_the_days_it_stood(self):
        assert self.due() == dt.date(2026, 2, 5)
        resumed = happening(What.RESUMED, step="check", on=DAY + dt.timedelta(days=4))
        assert self.due(happening(What.SUSPENDED, step="check"), resumed) == dt.date(2026, 2, 9)

    def test_an_extension_is_the_day_itself(self):
        until = dt.date(2026, 3, 1)
        assert self.due(happening(What.EXTENDED, step="check", until=until)) == until

    def test_an_extended_term_stands_still_too(self):
        extended = happening(What.EXTENDED, step="check", until=dt.date(2026, 3, 1))
        suspended = happening(What.SUSPENDED, step="check")
        resumed = happening(What.RESUMED, step="check", on=DAY + dt.timedelta(days=4))
        assert self.due(extended, suspended) is None
        assert self.due(extended, suspended, resumed) == dt.date(2026, 3, 5)

    def test_what_does_not_fit_changes_nothing(self):
        assert self.due(happening(What.RESUMED, step="check"), happening(What.EXTENDED, step="plan")) == self.due()

    def test_a_step_without_a_term_has_no_day(self):
        turn = replay(PROCEDURE, [OPENED, MEDIUM, APPOINTED, PLAN]).open_turn("end")
        assert (turn.deadline(CALENDAR), turn.due(CALENDAR)) == (None, None)


class TestGuards:
    def around(self, **facts):
        return Circumstances(**{"today": DAY, "calendar": CALENDAR, **facts})

    @pytest.mark.parametrize(
        ("today", "until", "is_met"),
        [
            (dt.date(2026, 8, 1), None, False),
            (dt.date(2026, 8, 2), None, True),
        ],
    )
    def test_not_before_the_term_has_passed(self, today, until, is_met):
        guard = Guard(kind=GuardKind.NOT_BEFORE, words="w", event="opened", term=Rule.parse("6 m", roll=False))
        assert holds(guard, progress=replay(PROCEDURE, [OPENED]), around=self.around(today=today)) is is_met

    def test_a_term_from_what_has_not_happened_is_not_met(self):
        guard = Guard(kind=GuardKind.NOT_BEFORE, words="w", event="plan", term=Rule.parse("6 m"))
        assert not holds(guard, progress=replay(PROCEDURE, [OPENED]), around=self.around())

    def test_a_form_and_an_event(self):
        progress = replay(PROCEDURE, [OPENED, PLAN])
        form = Guard(kind=GuardKind.FORM, words="w", form="nso_dept_plan")
        event = Guard(kind=GuardKind.EVENT, words="w", event="check")
        assert (holds(form, progress=progress, around=self.around()), progress.proves(event)) == (True, False)

    @pytest.mark.parametrize(
        ("born", "today", "adult"),
        [
            ("2008-02-29", "2026-02-28", False),
            ("2008-02-29", "2026-03-01", True),
            ("2008-02-02", "2026-02-02", True),
            ("2008-02-03", "2026-02-02", False),
        ],
    )
    def test_18_years(self, born, today, adult):
        assert is_adult(dt.date.fromisoformat(born), dt.date.fromisoformat(today)) is adult

    @pytest.mark.parametrize("born", [(), (None,), (dt.date(2000, 1, 1), None), (dt.date(2020, 1, 1),)])
    def test_children_of_unknown_age_are_children(self, born):
        guard = Guard(kind=GuardKind.CHILDREN_ADULT, words="w")
        assert not holds(guard, progress=replay(PROCEDURE, [OPENED]), around=self.around(birth_dates=born))


ANYTHING = st.builds(
    Happening,
    what=st.sampled_from(list(What)),
    on=st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31)),
    step=st.sampled_from(["", "check", "curator", "rescue", "plan", "review", "end", "unknown"]),
    code=st.sampled_from(["", "medium", "low", "danger", "go_on", "extend", "curator", "nso_dept_plan", "moved", "?"]),
    until=st.none() | st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31)),
)


class TestWhateverHappens:
    @given(st.lists(ANYTHING, max_size=40))
    @settings(max_examples=300, deadline=None)
    def test_a_step_is_open_once_and_every_turn_ends_once(self, happenings):
        progress = replay(PROCEDURE, happenings)
        waiting = [turn.step.code for turn in progress.turns if turn.is_open]
        assert len(waiting) == len(set(waiting))
        assert not [turn for turn in progress.turns if turn.done_on and turn.ended_on]
        for turn in progress.open_turns:
            due = turn.due(CALENDAR)
            assert due is None or turn.extended_to or due >= turn.due_from
        assert progress == replay(PROCEDURE, happenings)
