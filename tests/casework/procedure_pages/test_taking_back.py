"""An entry is taken back: what goes with it is shown before, what hangs is shown after, and the case has its curator again."""

import datetime as dt

import pytest

from casework.actions import curators, procedure_changes as changes, procedures
from casework.actions.annulments import look_at_annulment
from casework.actions.procedures import Word
from casework.actions.radar import look
from casework.models import CaseEvent
from tests.casework.procedure_pages.conftest import file_plan, text
from tests.factories import member_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(agency):
    return member_of(agency, first_name="Вера", last_name="Вторая")


@pytest.fixture
def act(followed, head, now, today):
    """Return short verbs for what the head does under the procedure."""
    return Acting(followed, head, now, today)


@pytest.fixture
def file_plan_now(case, specialist, plan, now):
    """Return a function that files a plan in the case."""
    return lambda: file_plan(case, plan, specialist, now)


class Acting:
    """A head at work on a case under a procedure."""

    def __init__(self, followed, head, now, today):
        self.followed, self.today = followed, today
        self.by = {"actor": head, "at": now}

    def word(self, words="Так", **said):
        return Word(on=self.today, words=words, **said)

    def of(self, step, **said):
        turn = len([task for task in self.followed.tasks.all() if task.step == step])
        return {"followed": self.followed, "step": step, "turn": turn, "word": self.word(**said), **self.by}

    def check(self):
        return procedures.decide(outcome="medium", **self.of("check"))

    def appoint(self, person):
        return procedures.appoint(person=person, **self.of("curator"))

    def level(self, level):
        return changes.set_level(followed=self.followed, level=level, word=self.word(), **self.by)

    def annul(self, event):
        return changes.annul(event=event, word=self.word(), **self.by)

    def look(self):
        self.followed.refresh_from_db()
        return look(self.followed, user=self.by["actor"], at=self.by["at"])

    def without(self, event):
        return look_at_annulment(self.look(), event)

    @property
    def curator(self):
        self.followed.case.refresh_from_db()
        return self.followed.case.curator


def said(entries):
    return [entry.what for entry in entries]


class TestBefore:
    def test_the_page_tells_what_would_count_no_more(self, act, specialist, plan, file_plan_now):
        decision = act.check()
        act.appoint(specialist)
        file_plan_now()
        after = act.without(decision)
        assert said(after.idle) == ["appointed"]
        assert [entry.paper.title for entry in after.unused] == [plan.title]
        assert after.annulment.waiting == ("Проверка сигнала",)
        assert after.annulment.gone == ("Мониторинг", "Работа завершена")
        assert (after.annulment.level, after.curator, after.stays) == ("", "", specialist.get_full_name())

    def test_it_tells_the_level_that_would_stand_again(self, act):
        act.check()
        assert act.without(act.level("danger")).annulment.level == "средний"

    def test_it_tells_the_days_that_would_be_others(self, act, file_plan_now):
        paper = file_plan_now()
        paused = changes.suspend_term(**act.of("check", document=paper))
        before = act.followed.tasks.get(step="check")
        changes.resume_term(**act.of("check"))
        after = act.without(paused)
        assert (before.due, said(after.idle), after.annulment.new_days) == (None, ["resumed"], ())
        due = act.followed.tasks.get(step="check").due
        longer = act.of("check", document=paper, until=act.today + dt.timedelta(days=60))
        (day,) = act.without(changes.extend_term(**longer)).annulment.new_days
        assert (day.title, day.due) == ("Проверка сигнала", due)

    def test_a_step_that_comes_again_waits_again_and_is_not_gone(self, act, specialist, file_plan_now):
        act.check()
        act.appoint(specialist)
        file_plan_now()
        reviewed = procedures.decide(outcome="go_on", **act.of("review"))
        after = act.without(reviewed).annulment
        assert (after.waiting, after.gone) == (("Мониторинг",), ())

    def test_an_end_that_is_taken_back_lets_the_open_steps_wait(self, act):
        changes.end_procedure(followed=act.followed, ground="moved", word=act.word(), **act.by)
        closed = act.followed.events.get(what=CaseEvent.What.CLOSED)
        assert act.without(closed).annulment.waiting == ("Проверка сигнала",)

    def test_the_screen_says_it_in_words_and_changes_nothing(self, act, specialist, head_desk, address):
        decision = act.check()
        act.appoint(specialist)
        page = text(head_desk.get(address("annul_event", decision.pk)))
        for words in ("Проверка сигнала", "Назначение куратора", specialist.get_full_name()):
            assert words in page
        assert not CaseEvent.objects.filter(annuls=decision).exists()


class TestAfter:
    def test_entries_that_mean_nothing_are_shown_with_the_way_to_take_them_back(
        self, act, specialist, head_desk, address
    ):
        decision = act.check()
        appointed = act.appoint(specialist)
        assert act.look().idle == ()
        act.annul(decision)
        assert said(act.look().idle) == ["appointed"]
        page = text(head_desk.get(address()))
        idle = page[page.index('id="idle"') : page.index('id="happened"')]
        assert address("annul_event", appointed.pk) in idle
        assert act.without(appointed).changes_nothing
        act.annul(appointed)
        assert act.look().idle == ()

    def test_an_entry_that_hangs_does_not_count_when_its_step_waits_again(self, act, specialist):
        decision = act.check()
        act.appoint(specialist)
        act.annul(decision)
        procedures.decide(outcome="medium", **act.of("check"))
        assert [each.step.code for each in act.look().radar.now] == ["curator"]


class TestTheCurator:
    @pytest.fixture
    def twice(self, act, specialist, colleague):
        """The specialist was appointed first, and their colleague later."""
        act.check()
        act.appoint(specialist)
        act.level("danger")
        return act.appoint(colleague)

    def test_is_again_who_was_appointed_before(self, act, twice, specialist, colleague, events):
        assert act.curator == colleague
        assert act.without(twice).curator == specialist.get_full_name()
        act.annul(twice)
        assert act.curator == specialist
        assert {task.owner for task in act.followed.tasks.open().filter(step="plan")} == {specialist}
        assert events() == ["annulled", "assigned"]

    def test_is_again_who_was_appointed_before_when_the_appointment_hangs(self, act, twice, specialist):
        act.annul(act.followed.events.get(what=CaseEvent.What.LEVEL))
        assert act.curator == specialist

    def test_stays_when_nobody_was_appointed_before_and_the_step_waits(self, act, colleague):
        act.check()
        only = act.appoint(colleague)
        act.annul(only)
        assert act.curator == colleague
        assert [task.step for task in act.followed.tasks.open()] == ["curator"]

    def test_stays_when_the_one_before_works_here_no_more(self, act, twice, specialist, colleague):
        specialist.groups.clear()
        act.annul(twice)
        assert act.curator == colleague

    def test_stays_when_the_head_has_named_another_one_meanwhile(self, act, twice, case, agency):
        third = member_of(agency)
        curators.assign_curator(case=case, curator=third, **act.by)
        act.annul(twice)
        assert act.curator == third
