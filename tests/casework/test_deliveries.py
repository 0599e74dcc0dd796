"""A document sent to another agency: the addressee gets the document, and never the case."""

import datetime as dt
import uuid
from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from casework import access
from casework.actions import deliveries, procedures
from casework.actions.outgoing import Outgoing, possible_addressees, sent_for_good
from casework.actions.papers_of_levels import papers_out
from casework.actions.procedure_refusals import AlreadyReceived, CannotBeSent, NotYoursToSend
from casework.actions.progress import progress_of
from casework.models import Delivery, Event
from casework.radar_papers import Standing
from forms_library.procedures.definition import FormUse, Role, Stage, Step
from forms_library.procedures.progress import Happening, What, replay
from tests.casework.conftest import NOW
from tests.casework.following import END, PLAN, PLANNED, PROCEDURE
from tests.factories import AgencyFactory, member_of, procedure_in_force
from tests.forms_library.shipped_walks import notified
from tests.forms_library.walking import procedure_of


@pytest.fixture
def addressee(agency):
    return AgencyFactory(kind="guardianship_body", territory=agency.territory)


@pytest.fixture
def guardian(addressee):
    return member_of(addressee)


@pytest.fixture
def sent(file_plan, addressee, specialist):
    return deliveries.send(submission=file_plan(), agency=addressee, actor=specialist, at=NOW)


def signed_in(user):
    browser = Client()
    browser.force_login(user)
    return browser


class TestDoor:
    def test_the_addressee_gets_the_document(self, sent, guardian):
        assert access.get_delivery(user=guardian, token=sent.token) == sent

    def test_the_addressee_does_not_get_the_case(self, sent, guardian, case):
        with pytest.raises(access.CaseNotFound):
            access.get_case(user=guardian, reference=case.reference, today=NOW.date())

    def test_others_get_nothing(self, sent, specialist):
        for user in (specialist, member_of(AgencyFactory())):
            with pytest.raises(access.CaseNotFound):
                access.get_delivery(user=user, token=sent.token)

    def test_somebody_who_has_left_gets_nothing(self, sent, guardian):
        guardian.is_active = False
        assert not access.deliveries_for(user=guardian).exists()

    def test_a_name_that_was_never_given_opens_nothing(self, sent, guardian):
        with pytest.raises(access.CaseNotFound):
            access.get_delivery(user=guardian, token=uuid.uuid4())


class TestSending:
    def test_it_is_sent_once_and_written_down_once(self, sent, case, specialist, addressee):
        again = deliveries.send(submission=sent.submission, agency=addressee, actor=specialist, at=NOW)
        assert again == sent
        assert case.log.filter(event=Event.SENT).count() == 1

    def test_by_hand_to_an_agency_that_works(self, file_plan, specialist, addressee):
        submission = file_plan()
        sent = deliveries.send_by_hand(submission=submission, agency=addressee, actor=specialist, at=NOW)
        assert list(submission.deliveries.all()) == [sent]

    def test_by_hand_is_for_those_who_speak_for_the_case_and_for_who_filed_it(self, file_plan, case, helper, addressee):
        submission = file_plan()
        with pytest.raises(NotYoursToSend):
            deliveries.send_by_hand(submission=submission, agency=addressee, actor=helper, at=NOW)
        browser = Client()
        browser.force_login(helper)
        page = reverse("casework:document", args=[case.reference, submission.number])
        send = reverse("casework:send", args=[case.reference, submission.number])
        assert send not in browser.get(page).content.decode()
        assert browser.get(send).status_code == 404
        own = file_plan(actor=helper)
        assert deliveries.send_by_hand(submission=own, agency=addressee, actor=helper, at=NOW).agency == addressee

    def test_of_an_adoption_goes_to_guardianship_bodies_only(self, monkeypatch, file_plan, specialist, addressee):
        monkeypatch.setattr(deliveries, "refuse_closed", lambda *each, **words: None)
        monkeypatch.setattr(deliveries, "closed_categories", lambda *each: frozenset({"adoption"}))
        submission = file_plan()
        with pytest.raises(NotYoursToSend):
            deliveries.send_by_hand(submission=submission, agency=AgencyFactory(), actor=specialist, at=NOW)
        assert deliveries.send_by_hand(submission=submission, agency=addressee, actor=specialist, at=NOW)

    def test_never_to_the_keeper_or_to_a_closed_agency(self, file_plan, specialist, agency):
        submission = file_plan()
        for nowhere in (agency, AgencyFactory(is_open=False)):
            with pytest.raises(CannotBeSent):
                deliveries.send_by_hand(submission=submission, agency=nowhere, actor=specialist, at=NOW)

    def test_the_database_keeps_it_as_it_was_sent(self, sent):
        with pytest.raises(IntegrityError), transaction.atomic():
            Delivery.objects.update(sent_at=NOW + dt.timedelta(days=1))


def goes_to(submission, keeper):
    role = Role(code="guardians", title="Опека", agency_kinds=("guardianship_body",))
    (found,) = possible_addressees([Outgoing(submission=submission, role=role)], keeper=keeper)
    return found


class TestAddressee:
    def test_one_agency_of_the_kind_on_the_territory(self, file_plan, addressee, agency):
        assert goes_to(file_plan(), agency) == [addressee]

    def test_two_agencies_are_a_choice_for_a_person(self, file_plan, addressee, agency):
        other = AgencyFactory(kind="guardianship_body", territory=agency.territory)
        assert set(goes_to(file_plan(), agency)) == {addressee, other}

    def test_the_one_that_the_document_names(self, file_plan, agency):
        far = AgencyFactory(kind="guardianship_body", territory="Другой район")
        AgencyFactory(kind="guardianship_body", territory=agency.territory)
        submission = file_plan()
        submission.answers["to"] = {"id": far.pk, "name": far.name}
        assert goes_to(submission, agency) == [far]


class TestNamedByTheProcedure:
    """The decision of Novosibirsk names two bodies that may be of one kind: each gets it, and nobody else does."""

    @pytest.fixture
    def centre(self, agency):
        return AgencyFactory(kind="kcson", territory=agency.territory)

    @pytest.fixture
    def school(self, agency):
        return AgencyFactory(kind="education_org", territory=agency.territory)

    @pytest.fixture
    def window(self, agency, centre, school):
        for kind in ("kcson", "education_org", "health_org"):
            AgencyFactory(kind=kind, territory=agency.territory)
        return AgencyFactory(kind="one_window", territory=agency.territory)

    def test_each_body_that_the_decision_names_gets_it(self, window, centre, school):
        assert bodies(window, (centre, school)) == {"responsible_org": [centre], "detecting_body": [school]}

    def test_an_earlier_decision_goes_where_it_says_itself(self, window, centre, school):
        other = AgencyFactory(kind="kcson", territory="Другой район")
        found = bodies(window, (centre, school), and_later=(other, school))
        assert found == {"responsible_org": [centre], "detecting_body": [school]}

    def test_nobody_else_when_the_one_is_closed_keeps_the_case_or_is_of_another_kind(self, window, centre, school):
        closed = AgencyFactory(kind="kcson", territory=window.territory, is_open=False)
        stranger = AgencyFactory(kind="srcn", territory=window.territory)
        for wrong, keeper in ((closed, window), (centre, centre), (stranger, window)):
            assert bodies(keeper, (wrong, school)) == {"responsible_org": [], "detecting_body": [school]}

    def test_to_whom_it_went_is_not_to_whom_it_has_yet_to_go(self, window, centre, school):
        org, sender = outgoing((centre, school))
        assert (org.is_for(centre), org.is_for(school)) == (True, False)
        assert (sender.is_for(centre), sender.is_for(school)) == (False, True)

    def test_a_paper_of_another_form_goes_to_the_body_that_was_named_last(self, agency, file_plan):
        first, last = (AgencyFactory(kind="guardianship_body", territory=agency.territory) for _each in range(2))
        assert residence([first, last], file_plan(), keeper=agency) == [last]

    def test_a_paper_that_names_another_body_of_the_kind_itself_goes_there(self, agency, file_plan):
        first, other = (AgencyFactory(kind="guardianship_body", territory=agency.territory) for _each in range(2))
        paper = file_plan()
        paper.answers["copy_to"] = answer(other)
        assert residence([first], paper, keeper=agency) == [other]

    def test_the_radar_says_what_was_not_sent_until_somebody_has_sent_it(self, agency, case, specialist, file_plan):
        wrong, right = (AgencyFactory(kind=kind, territory=agency.territory) for kind in ("srcn", "guardianship_body"))
        edition = procedure_in_force(named_by_the_plan(), at=NOW - dt.timedelta(days=9))
        followed = procedures.start_procedure(
            case=case, edition=edition, actor=specialist, at=NOW, on=NOW.date(), token=uuid.uuid4()
        )
        paper = file_plan(org=[wrong.name])

        def left():
            return papers_out(followed, progress_of(followed), titles={}).left

        ((body,),) = (each.bodies for each in left())
        assert (body.standing, Delivery.objects.count()) == (Standing.UNREACHED, 0)
        browser = signed_in(specialist)
        page = f"/cases/{case.reference}/procedures/{followed.pk}/"
        assert 'id="left"' in browser.get(page).content.decode()
        deliveries.send_by_hand(submission=paper, agency=right, actor=specialist, at=NOW)
        assert not left()
        assert 'id="left"' not in browser.get(page).content.decode()

    def test_before_anybody_is_named_the_territory_decides(self, agency, addressee, file_plan):
        assert residence([], file_plan(), keeper=agency) == [addressee]


def named_by_the_plan():
    """Return the invented procedure, which begins with the plan; its own question names the guardians."""
    guardians = replace(PROCEDURE.role("guardians"), named_by=f"{PLAN}.org")
    stages = (Stage(code="one", title="Всё", steps=(replace(PLANNED, after=("opened",)), END)),)
    return replace(PROCEDURE, roles=(*PROCEDURE.roles[:-1], guardians), stages=stages)


def answer(agency):
    return {"id": agency.pk, "name": agency.name}


def outgoing(named, and_later=None):
    """Return what the shipped procedure sends of a decision that names `named`, though a later one names others."""
    decided = []
    for number, (org, sender) in enumerate(each for each in (named, and_later) if each):
        answers = {"level": "низкий", "org": answer(org), "sender": answer(sender)}
        ref = SimpleNamespace(pk=number, answers=answers)
        decided.append(Happening(what=What.FILED, on=NOW.date(), code="nso_risk_decision", answers=answers, ref=ref))
    walk = notified().through("check.confirmed")
    progress = replay(walk.procedure, [*walk.happenings, *decided], children=1)
    return [paper for paper in sent_for_good(progress) if paper.submission.pk == 0]


def bodies(keeper, named, **later):
    papers = outgoing(named, **later)
    found = possible_addressees(papers, keeper=keeper)
    return {paper.role.code: agencies for paper, agencies in zip(papers, found, strict=True)}


def residence(named, paper, *, keeper):
    """Return who gets the memo of a refusal in Tomsk after notices of a return to `named`."""
    memo = FormUse(code="tom_refusal_memo", to=("guardianship_residence",))
    step = Step(code="memo", title="Отказ", role="", after=("opened",), forms=(memo,))
    notices = [("tom_return_notice", {"to": answer(each)}, None) for each in named]
    procedure = replace(procedure_of("tom_support"), stages=(Stage(code="one", title="Всё", steps=(step,)),))
    filed = [
        Happening(what=What.FILED, on=NOW.date(), code=code, answers=answers, ref=ref)
        for code, answers, ref in [*notices, ("tom_refusal_memo", paper.answers, paper)]
    ]
    progress = replay(procedure, [Happening(what=What.OPENED, on=NOW.date()), *filed])
    (found,) = possible_addressees(list(sent_for_good(progress)), keeper=keeper)
    return found


class TestReceiving:
    def test_a_document_is_registered_once(self, sent, guardian):
        deliveries.register(delivery=sent, number=" 15-к ", actor=guardian, at=NOW)
        sent.refresh_from_db()
        assert (sent.received_by, sent.incoming_number) == (guardian, "15-к")
        with pytest.raises(AlreadyReceived):
            deliveries.register(delivery=sent, number="16", actor=guardian, at=NOW)

    def test_on_the_screen(self, sent, guardian):
        browser = signed_in(guardian)
        assert sent.submission.edition.title in browser.get("/cases/incoming/").content.decode()
        browser.post(f"/cases/incoming/{sent.token}/register/", {"number": "15"})
        page = browser.get(f"/cases/incoming/{sent.token}/").content.decode()
        assert "15" in page
        assert browser.get(f"/cases/incoming/{sent.token}/word/").status_code == 200

    def test_a_second_registration_says_that_a_colleague_was_quicker(self, sent, guardian):
        deliveries.register(delivery=sent, number="15", actor=guardian, at=NOW)
        page = signed_in(guardian).post(f"/cases/incoming/{sent.token}/register/", {"number": "16"}, follow=True)
        assert str(AlreadyReceived()) in page.content.decode()

    def test_the_sender_sees_who_has_it(self, sent, guardian, desk, case):
        deliveries.register(delivery=sent, number="15", actor=guardian, at=NOW)
        page = desk.get(f"/cases/{case.reference}/documents/{sent.submission.number}/send/").content.decode()
        assert str(sent.agency) in page
        assert str(guardian) in page

    def test_a_long_list_costs_as_much_as_a_short_one(
        self, sent, guardian, file_plan, specialist, addressee, django_assert_num_queries
    ):
        browser = signed_in(guardian)
        browser.get("/cases/incoming/")
        with django_assert_num_queries(6):
            browser.get("/cases/incoming/")
        for _n in range(3):
            deliveries.send(submission=file_plan(), agency=addressee, actor=specialist, at=NOW)
        with django_assert_num_queries(6):
            browser.get("/cases/incoming/")
