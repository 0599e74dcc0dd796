"""Each shipped procedure, walked in a real case from the first event to the end: through every outcome and every ground.

The walks are those of `tests.forms_library.shipped_walks`; here forms are filed, decisions are written down, and tasks
are kept, by the actions that the screens call.
"""

import datetime as dt
import uuid

import pytest

from casework.actions import procedure_changes, procedures, submissions
from casework.actions.procedures import Word
from casework.actions.progress import progress_of
from casework.models import PersonRole, TeamRole
from forms_library.models import Edition
from forms_library.procedures.progress import What
from forms_library.questionnaire import empty_answer
from tests.factories import AgencyFactory, PersonFactory, member_of, open_case, procedure_in_force, put_in_force
from tests.forms_library import shipped_walks
from tests.forms_library.walking import CALENDAR, Walk, day, procedure_of, stated_in

pytestmark = pytest.mark.django_db
BEGUN = dt.datetime(2025, 12, 1, 5, 0, tzinfo=dt.UTC)


class CaseWalk(Walk):
    """One family under one procedure, in a case of the database."""

    def __init__(self, code, *, on="2026-02-09", children=1, born=dt.date(2015, 3, 1)):
        self.code, self.today, self.born = code, day(on), (born,) * children
        self.procedure = procedure_of(code)
        self.moments = 0
        for form in sorted(self.procedure.form_codes()):
            put_in_force(form, at=BEGUN)
        agency = AgencyFactory()
        self.head, self.specialist = member_of(agency, TeamRole.HEAD), member_of(agency)
        self.case = open_case(agency, accepted_by=self.specialist, at=BEGUN)
        for _each in range(children):
            PersonFactory(case=self.case, role=PersonRole.CHILD, birth_date=born)
        edition = procedure_in_force(self.procedure, code=code, at=BEGUN)
        self.followed = procedures.start_procedure(
            case=self.case, edition=edition, actor=self.specialist, at=self.now(), on=self.today, token=uuid.uuid4()
        )

    @property
    def progress(self):
        return progress_of(self.followed)

    def now(self):
        """Return a moment of the day, later than the one before."""
        self.moments += 1
        return dt.datetime.combine(self.today, dt.time(5), dt.UTC) + dt.timedelta(seconds=self.moments)

    def _happens(self, what, *, step="", code="", answers=None, until=None):
        self.by_what[what](self, step, code, answers or {}, until)
        self.followed.refresh_from_db()
        self.tasks_are_in_step()
        return self

    def _act(self, step):
        turn = self.progress.turns_of(step).index(self.progress.open_turn(step)) + 1
        return {"followed": self.followed, "step": step, "turn": turn, "actor": self.head, "at": self.now()}

    def _word(self, guards=(), until=None):
        return Word(on=self.today, words="По итогам работы", stated=stated_in(guards), until=until)

    def _file(self, step, code, answers, until):
        edition = Edition.objects.in_force(at=self.now()).get(code=code)
        whole = {question.key: empty_answer(question) for question in edition.schema.answered} | answers
        submissions.file_submission(
            case=self.case, edition=edition, answers=whole, token=uuid.uuid4(), actor=self.specialist, at=self.now()
        )

    def _decide(self, step, code, answers, until):
        of_step = self.procedure.step(step)
        word = self._word((*of_step.needs, *of_step.outcome(code).guards), until)
        procedures.decide(**self._act(step), outcome=code, word=word)

    def _appoint(self, step, code, answers, until):
        procedures.appoint(**self._act(step), person=self.specialist, word=self._word())

    def _tell(self, step, code, answers, until):
        procedures.tell_what_happened(**self._act(step), word=self._word(self.procedure.step(step).needs))

    def _set_level(self, step, code, answers, until):
        procedure_changes.set_level(
            followed=self.followed, level=code, word=self._word(), actor=self.head, at=self.now()
        )

    def _waive(self, step, code, answers, until):
        procedure_changes.waive(**self._act(step), what=code, word=self._word())

    def _end(self, step, code, answers, until):
        word = self._word(self.procedure.ground(code).guards)
        procedure_changes.end_procedure(followed=self.followed, ground=code, word=word, actor=self.head, at=self.now())

    by_what = {
        What.FILED: _file,
        What.DECIDED: _decide,
        What.APPOINTED: _appoint,
        What.HAPPENED: _tell,
        What.LEVEL: _set_level,
        What.WAIVED: _waive,
        What.CLOSED: _end,
    }

    def tasks_are_in_step(self):
        """Every step that waits has its task, due on the day that the calendar of the sources gives."""
        waiting = {turn.step.code: turn.due(CALENDAR) for turn in self.progress.open_turns}
        assert dict(self.followed.tasks.open().values_list("step", "due")) == waiting


@pytest.mark.parametrize("taken", shipped_walks.WALKS, ids=lambda taken: taken.__name__)
def test_a_case_walks(taken, monkeypatch):
    monkeypatch.setattr(shipped_walks, "Walk", CaseWalk)
    walk = taken()
    assert walk.followed.ground == walk.progress.closed.code
    assert walk.followed.ended_on == walk.today
    assert not walk.followed.tasks.open().exists()
    monkeypatch.undo()
    assert walk.walked() == taken().walked()
