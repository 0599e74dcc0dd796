"""A case under a procedure is moved to a newer edition of it."""

import datetime as dt
import uuid
from dataclasses import replace

import pytest

from casework.actions import deliveries, drafts, procedure_changes as changes, procedures, submissions
from casework.actions.procedure_refusals import ProcedureOver
from casework.actions.progress import progress_of
from casework.models import Delivery, TeamRole
from forms_library.procedures.definition import FormUse
from tests.casework.conftest import NOW, filled
from tests.casework.following import CHECK, CURATOR, END, PLANNED, PROCEDURE
from tests.casework.test_procedures import TODAY, appoint, check, open_steps, word
from tests.factories import AgencyFactory, member_of, procedure_in_force


@pytest.fixture
def edition(db):
    return procedure_in_force(PROCEDURE, at=NOW - dt.timedelta(days=90))


@pytest.fixture
def head(agency):
    return member_of(agency, TeamRole.HEAD)


@pytest.fixture
def followed(case, specialist, edition):
    return procedures.start_procedure(
        case=case, edition=edition, actor=specialist, at=NOW, on=TODAY, token=uuid.uuid4()
    )


class TestNewerEdition:
    def test_a_case_keeps_its_edition_until_it_is_moved(self, followed, edition, head):
        newer = procedure_in_force(PROCEDURE, at=NOW - dt.timedelta(days=1))
        assert progress_of(followed).procedure == edition.procedure
        moved = changes.move_to(followed=followed, edition=newer, word=word(words="Новый приказ"), actor=head, at=NOW)
        assert moved.edition == newer
        assert open_steps(moved) == ["check"]

    def test_sends_what_is_done_after_the_move_and_nothing_of_what_was_done_before(
        self, case, specialist, head, plan, file_plan, agency
    ):
        AgencyFactory(kind="guardianship_body", territory=agency.territory)
        again = replace(PLANNED, code="again", after=("plan",))
        silent = [replace(step, forms=(FormUse(code="nso_dept_plan"),)) for step in (PLANNED, again)]

        def edition(*plans):
            stage = replace(PROCEDURE.stages[0], steps=(CHECK, CURATOR, *plans, END))
            return procedure_in_force(replace(PROCEDURE, stages=(stage,)), at=NOW - dt.timedelta(days=1))

        begin = {"case": case, "edition": edition(*silent), "actor": specialist, "at": NOW, "on": TODAY}
        followed = procedures.start_procedure(**begin, token=uuid.uuid4())
        check(followed, head)
        appoint(followed, head, specialist)
        before = file_plan()
        newer = edition(PLANNED, again)
        followed = changes.move_to(followed=followed, edition=newer, word=word(words="Приказ"), actor=head, at=NOW)
        assert not Delivery.objects.exists()
        later = {"actor": specialist, "at": NOW + dt.timedelta(minutes=1)}
        draft = drafts.start_draft(case=case, edition=plan, **later)
        after = submissions.file_draft(draft=filled(draft, specialist), **later)
        assert [sent.submission for sent in Delivery.objects.all()] == [after]
        assert open_steps(followed) == ["end"]
        to = AgencyFactory(kind="guardianship_body")
        assert deliveries.send_by_hand(submission=before, agency=to, actor=specialist, at=NOW).agency == to

    def test_a_correction_goes_to_whoever_has_what_it_corrects(self, case, specialist, head, file_plan, agency):
        AgencyFactory(kind="guardianship_body", territory=agency.territory)
        begin = {"case": case, "actor": specialist, "at": NOW, "on": TODAY, "token": uuid.uuid4()}
        edition = procedure_in_force(PROCEDURE, at=NOW - dt.timedelta(days=2))
        followed = procedures.start_procedure(edition=edition, **begin)
        check(followed, head)
        appoint(followed, head, specialist)
        before = file_plan()
        newer = procedure_in_force(PROCEDURE, at=NOW - dt.timedelta(days=1))
        changes.move_to(followed=followed, edition=newer, word=word(words="Приказ"), actor=head, at=NOW)
        draft = drafts.start_correction(submission=before, actor=specialist, at=NOW)
        after = submissions.file_draft(draft=draft, actor=specialist, at=NOW)
        assert after.deliveries.get().agency == before.deliveries.get().agency

    def test_is_not_followed_after_the_end(self, followed, head):
        newer = procedure_in_force(PROCEDURE, at=NOW - dt.timedelta(days=1))
        changes.end_procedure(followed=followed, ground="moved", word=word(words="Уехали"), actor=head, at=NOW)
        with pytest.raises(ProcedureOver):
            changes.move_to(followed=followed, edition=newer, word=word(words="Приказ"), actor=head, at=NOW)
