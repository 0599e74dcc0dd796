"""Two people, or two presses, at the same moment: real threads on a real database, SQLite's file or PostgreSQL."""

import threading
import uuid

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from casework.actions import cases, drafts, issued, presence, procedure_changes, procedures, submissions
from casework.actions.procedure_refusals import StepAlreadyDone
from casework.actions.procedures import Word
from casework.actions.refusals import ActionRefused, CaseAlreadyDecided
from casework.models import (
    Case,
    CaseNote,
    CaseProcedure,
    ContactRequest,
    DraftVisit,
    IssuedDocument,
    Submission,
    TeamRole,
)
from tests.casework.conftest import filled
from tests.casework.following import PROCEDURE
from tests.factories import REQUEST_TYPED, AgencyFactory, member_of, open_case, procedure_in_force

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works):
    """Do all the works at the same moment, each in a thread of its own; return what they gave or raised."""
    gate, results = threading.Barrier(len(works)), [None] * len(works)

    def run(number):
        try:
            gate.wait(timeout=30)
            results[number] = works[number]()
        except Exception as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[number]) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


class TestAtTheSameMoment:
    def test_two_people_accept_a_case_and_one_of_them_is_told(self, agency):
        case, people = open_case(agency), [member_of(agency), member_of(agency)]
        results = at_once(
            *(lambda who=who: cases.accept_case(case=case, actor=who, at=timezone.now()) for who in people)
        )
        assert sorted(isinstance(result, CaseAlreadyDecided) for result in results) == [False, True], results
        assert case.log.filter(event="accepted").count() == 1

    def test_two_presses_file_one_document(self, case, specialist, plan):
        draft = filled(drafts.start_draft(case=case, edition=plan, actor=specialist, at=timezone.now()), specialist)
        results = at_once(*[lambda: submissions.file_draft(draft=draft, actor=specialist, at=timezone.now())] * 2)
        assert results == [Submission.objects.get()] * 2

    def test_two_windows_save_and_one_is_told(self, case, specialist, plan):
        draft = drafts.start_draft(case=case, edition=plan, actor=specialist, at=timezone.now())
        results = at_once(
            *(
                lambda word=word: drafts.save_draft(
                    draft=draft, typed={"factors": [word]}, version=1, at=timezone.now()
                )
                for word in ("первое", "второе")
            )
        )
        assert sorted(isinstance(result, ActionRefused) for result in results) == [False, True], results

    def test_two_presses_send_one_request(self, request_page, request_editions):
        AgencyFactory(one_window=True)
        browser = Client()
        page = browser.get(request_page.url)
        words = {
            **REQUEST_TYPED,
            "seal": page.context["seal"],
            "consent": "on",
            "consent_edition": page.context["consent_edition"].number,
        }

        def press():
            twin = Client()
            twin.cookies["csrftoken"] = browser.cookies["csrftoken"].value
            return twin.post(request_page.url, words).status_code

        assert at_once(press, press, press) == [302] * 3
        request = ContactRequest.objects.get()
        assert Case.objects.get() == request.case
        assert request.case.submissions.count() == 2

    def test_two_presses_write_one_note(self, case, specialist):
        token = uuid.uuid4()
        results = at_once(
            *[lambda: cases.write_note(case=case, actor=specialist, at=timezone.now(), text="Звонили", token=token)] * 2
        )
        assert results == [CaseNote.objects.get()] * 2

    def test_eight_cases_are_opened_and_get_eight_numbers(self, agency):
        results = at_once(*[lambda: open_case(agency)] * 8)
        assert len({case.reference for case in results}) == 8
        assert Case.objects.count() == 8

    def test_two_pages_of_one_person_visit_a_draft_once(self, case, specialist, plan):
        draft = drafts.start_draft(case=case, edition=plan, actor=specialist, at=timezone.now())
        results = at_once(*[lambda: presence.visit(draft=draft, actor=specialist, at=timezone.now())] * 4)
        assert results == [[]] * 4
        assert DraftVisit.objects.count() == 1

    def test_two_downloads_of_one_paper_get_one_number(self, file_plan, specialist):
        filed = file_plan()
        handed = at_once(
            *[lambda: issued.issue_word(submission=filed, actor=specialist, at=timezone.now()).issued.number] * 4
        )
        assert handed == [1] * 4
        assert IssuedDocument.objects.count() == 1


class TestUnderAProcedure:
    @pytest.fixture
    def followed(self, case, specialist):
        now = timezone.now()
        edition = procedure_in_force(PROCEDURE)
        return procedures.start_procedure(
            case=case, edition=edition, actor=specialist, at=now, on=now.date(), token=uuid.uuid4()
        )

    def word(self, **said):
        return Word(on=timezone.localdate(), words="Так решили", **said)

    def test_two_heads_decide_and_one_of_them_is_told(self, followed, agency):
        heads = [member_of(agency, TeamRole.HEAD), member_of(agency, TeamRole.HEAD)]
        act = {"followed": followed, "step": "check", "turn": 1, "at": timezone.now()}
        results = at_once(
            *(
                lambda head=head, way=way: procedures.decide(**act, outcome=way, word=self.word(), actor=head)
                for head, way in zip(heads, ("low", "medium"), strict=True)
            )
        )
        assert sorted(isinstance(result, StepAlreadyDone) for result in results) == [False, True], results
        assert followed.events.filter(what="decided").count() == 1

    def test_two_presses_end_the_work_once(self, followed, agency):
        head, word = member_of(agency, TeamRole.HEAD), self.word()
        results = at_once(
            *[
                lambda: procedure_changes.end_procedure(
                    followed=followed, ground="moved", word=word, actor=head, at=timezone.now()
                )
            ]
            * 2
        )
        assert results == [followed] * 2
        assert followed.events.filter(what="closed").count() == 1

    def test_two_presses_begin_a_procedure_once(self, case, specialist):
        edition, token, now = procedure_in_force(PROCEDURE), uuid.uuid4(), timezone.now()
        begin = {"case": case, "edition": edition, "actor": specialist, "at": now, "on": now.date(), "token": token}
        results = at_once(*[lambda: procedures.start_procedure(**begin)] * 2)
        assert results == [CaseProcedure.objects.get()] * 2
