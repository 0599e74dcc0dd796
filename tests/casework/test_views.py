"""The screens of a case: nothing that was typed is lost, nothing of others is shown, nothing ends in an error."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from lxml import html

from casework.actions import cases, drafts, submissions
from casework.forms.carers import CarerDecisionForm, EndPlacementForm, MatchForm, PlaceForm
from casework.forms.councils import MemberForm
from casework.models import Case, CaseNote, CaseStatus, ClosureGround, Draft, Event, Person, Share, Submission
from tests.casework.conftest import PDF, filled
from tests.factories import PASSWORD, PLAN_TYPED, AgencyFactory, PersonFactory, member_of, open_case, put_in_force

pytestmark = pytest.mark.django_db
HOSTILE = "\"><script>alert(1)</script>{{ 7*7 }}{% now 'Y' %}"


TOKEN = "6f0c6f3e-0000-4000-8000-000000000002"


def address(name, case, *rest):
    return reverse(f"casework:{name}", args=[case.reference, *rest])


@pytest.fixture
def draft(case, specialist, plan):
    return drafts.start_draft(case=case, edition=plan, actor=specialist, at=timezone.now())


@pytest.fixture
def draft_page(case, draft):
    return address("draft", case, draft.pk)


def posted(draft, **changes):
    return {**PLAN_TYPED, "version": draft.version, **changes}


class TestTheDraft:
    def test_keeps_right_and_wrong_words_and_tells_the_mistakes_only_when_filed(self, desk, draft, draft_page):
        wrong = posted(draft, period_from="31.02.2026", _save="1")
        assert desk.post(draft_page, wrong).status_code == 302
        page = desk.get(draft_page)
        assert 'value="31.02.2026"' in page.content.decode()
        assert page.context["questionnaire"].error_summary == []
        draft.refresh_from_db()
        refused = desk.post(draft_page, posted(draft, period_from="31.02.2026", _file="1"))
        assert refused.status_code == 422
        assert "id_period_from" in [place for place, *_rest in refused.context["questionnaire"].error_summary]
        assert not Submission.objects.exists()

    def test_is_filed_with_its_scan_in_one_press_and_leads_to_the_document(self, desk, case, draft, draft_page):
        upload = SimpleUploadedFile("Согласие.pdf", PDF)
        response = desk.post(draft_page, posted(draft, consent_scan=upload, _file="1"))
        assert response.url == address("document", case, 1)
        assert desk.get(response.url).status_code == 200
        word = desk.get(address("word", case, 1))
        assert word.content.startswith(b"PK")
        assert word["Content-Disposition"] == f'attachment; filename="nso_dept_plan-{case.reference}-1.docx"'

    def test_keeps_the_words_when_a_file_is_refused(self, desk, draft, draft_page):
        upload = SimpleUploadedFile("virus.exe", b"MZ")
        response = desk.post(draft_page, posted(draft, consent_scan=upload, factors="Прогулы", _file="1"))
        assert response.status_code == 400
        assert "Прогулы" in response.content.decode()
        assert len(response.context["refused_files"]) == 1
        assert not Submission.objects.exists()

    def test_of_another_window_is_not_written_over_unless_asked_for(self, desk, draft, draft_page):
        desk.post(draft_page, posted(draft, factors="первое окно"))
        conflict = desk.post(draft_page, posted(draft, factors="второе окно"))
        assert conflict.status_code == 409
        assert "второе окно" in conflict.content.decode()
        draft.refresh_from_db()
        assert draft.typed["factors"] == ["первое окно"]
        desk.post(draft_page, posted(draft, factors="второе окно", _overwrite="1", version="1", seen="2"))
        draft.refresh_from_db()
        assert draft.typed["factors"] == ["второе окно"]

    @pytest.mark.parametrize("version", ["", "x", "-1", "9" * 40, "1.0", "²"])
    def test_with_a_tampered_version_writes_over_nothing(self, desk, draft, draft_page, version):
        before = draft.typed
        assert desk.post(draft_page, posted(draft, version=version)).status_code == 409
        draft.refresh_from_db()
        assert draft.typed == before

    def test_takes_rows_away_and_adds_them_without_losing_words(self, desk, draft, draft_page):
        added = desk.post(draft_page, posted(draft, _add_row="measures"))
        assert added.url == f"{draft_page}#table-measures"
        assert len(desk.get(draft_page).context["questionnaire"].tables["measures"].rows) == 2
        draft.refresh_from_db()
        desk.post(draft_page, posted(draft, _remove_row="measures:0"))
        draft.refresh_from_db()
        assert "measures-0-task" not in draft.typed or draft.typed["measures-0-task"] == [""]

    @pytest.mark.parametrize(
        "button",
        [
            {"_remove_row": "measures:99999999"},
            {"_remove_row": "nothing:0"},
            {"_remove_row": "measures"},
            {"_remove_row": ":"},
            {"_add_row": "nothing"},
            {"_add_row": "factors"},
            {"children-999-fio": "x", "measures-٣-task": "x", "unknown": "x"},
        ],
        ids=str,
    )
    def test_does_not_stumble_over_tampered_buttons_and_fields(self, desk, draft, draft_page, button):
        assert desk.post(draft_page, posted(draft, **button)).status_code == 302
        draft.refresh_from_db()
        assert draft.typed == {**PLAN_TYPED, "consent_scan": []}

    def test_that_is_gone_leads_back_to_the_case(self, desk, case, draft, draft_page):
        assert desk.post(address("discard", case, draft.pk)).url == address("case", case)
        for method in (desk.get, desk.post):
            assert method(draft_page).url == address("case", case)
        assert desk.post(address("discard", case, draft.pk)).url == address("case", case)
        assert desk.post(address("carry_over", case, draft.pk)).url == address("case", case)
        assert desk.post(address("autosave", case, draft.pk)).status_code == 404

    def test_in_a_case_that_ended_meanwhile_says_so(self, desk, case, draft, draft_page, specialist, plan):
        cases.close_case(case=case, actor=specialist, at=timezone.now(), ground=ClosureGround.MOVED)
        put_in_force("nso_dept_plan")
        kept = desk.post(draft_page, posted(draft, factors=["Слова, которые не пропадут"]))
        assert kept.status_code == 409
        assert "Слова, которые не пропадут" in kept.content.decode()
        assert 'name="_file"' not in kept.content.decode()
        for page in (address("start_draft", case, plan.code), address("carry_over", case, draft.pk)):
            assert desk.post(page, posted(draft)).url == address("case", case)
        assert desk.post(address("autosave", case, draft.pk), posted(draft)).status_code == 409

    def test_told_of_a_newer_edition_can_be_carried_over(self, desk, case, draft, draft_page):
        desk.post(draft_page, posted(draft))
        assert desk.get(draft_page).context["newer_edition"] is None
        desk.post(address("carry_over", case, draft.pk))
        second = put_in_force("nso_dept_plan")
        assert desk.get(draft_page).context["newer_edition"] == second
        assert desk.post(address("carry_over", case, draft.pk)).url == draft_page
        draft.refresh_from_db()
        assert draft.edition == second

    def test_of_a_form_that_is_not_in_force_cannot_be_begun(self, desk, case):
        assert desk.post(address("start_draft", case, "nothing")).status_code == 404
        assert desk.get(reverse("casework:start_form", args=["nothing"])).status_code == 404

    def test_is_begun_from_the_catalogue_in_a_case_that_may_be_worked_on(self, desk, case, plan):
        open_case(AgencyFactory())
        page = desk.get(reverse("casework:start_form", args=[plan.code]))
        assert list(page.context["cases"]) == [case]
        assert desk.post(address("start_draft", case, plan.code)).url == address("draft", case, Draft.objects.get().pk)


class TestAutosave:
    def test_keeps_the_words_and_tells_the_time_and_the_version(self, desk, case, draft):
        saved = desk.post(address("autosave", case, draft.pk), posted(draft, factors="набрано")).json()
        assert saved["version"] == draft.version + 1
        assert len(saved["saved_at"]) == 5
        draft.refresh_from_db()
        assert draft.typed["factors"] == ["набрано"]

    def test_of_an_old_window_is_a_conflict(self, desk, case, draft):
        page = address("autosave", case, draft.pk)
        desk.post(page, posted(draft, factors="первое"))
        assert desk.post(page, posted(draft, factors="второе")).status_code == 409

    def test_of_somebody_signed_out_is_401_and_of_a_stranger_404(self, case, draft):
        page = address("autosave", case, draft.pk)
        assert Client().post(page, posted(draft)).status_code == 401
        stranger = Client()
        stranger.force_login(member_of(AgencyFactory()))
        assert stranger.post(page, posted(draft)).status_code == 404


class TestASessionThatRanOut:
    def test_in_the_middle_of_a_draft_keeps_the_words_through_signing_in(
        self, desk, draft, draft_page, specialist, plan
    ):
        other_case = open_case(specialist.groups.get().team.agency, accepted_by=specialist)
        other = drafts.start_draft(case=other_case, edition=plan, actor=specialist, at=timezone.now())
        desk.session.flush()
        sent_away = desk.post(draft_page, posted(draft, factors="Набрано перед обедом", _save="1"))
        assert sent_away.url == f"{reverse('account_login')}?next={draft_page}"
        signed_in = desk.post(sent_away.url, {"login": specialist.email, "password": PASSWORD, "next": draft_page})
        assert signed_in.url == draft_page
        assert "Набрано перед обедом" not in desk.get(address("draft", other_case, other.pk)).content.decode()
        page = desk.get(draft_page)
        assert "Набрано перед обедом" in page.content.decode()
        assert "rescued" not in desk.session
        draft.refresh_from_db()
        assert "factors" not in draft.typed

    def test_shows_the_words_to_nobody_who_may_not_see_the_draft(self, draft, draft_page):
        browser = Client()
        browser.post(draft_page, posted(draft, factors="Набрано перед обедом"))
        browser.force_login(member_of(AgencyFactory()))
        assert browser.get(draft_page).status_code == 404


class TestAPageThatGrewOld:
    @pytest.fixture
    def strict(self, specialist):
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(specialist)
        return browser

    def test_with_a_draft_shows_the_words_again_and_saves_nothing(self, strict, draft, draft_page):
        before = draft.typed
        page = strict.post(draft_page, posted(draft, factors="Набрано вчера", _file="1"))
        assert page.status_code == 200
        assert "Набрано вчера" in page.content.decode()
        draft.refresh_from_db()
        assert draft.typed == before
        assert not Submission.objects.exists()

    def test_of_a_stranger_is_still_404(self, draft, draft_page):
        stranger = Client(enforce_csrf_checks=True)
        stranger.force_login(member_of(AgencyFactory()))
        assert stranger.post(draft_page, posted(draft)).status_code == 404

    def test_with_a_request_shows_the_words_again_and_sends_nothing(self, request_page, request_editions):
        AgencyFactory(one_window=True)
        page = Client(enforce_csrf_checks=True).post(request_page.url, {"question": "Хочу вернуть сына"})
        assert page.status_code == 409
        assert "Хочу вернуть сына" in page.content.decode()
        assert not Case.objects.exists()

    def test_of_any_other_kind_changes_nothing(self, strict, case, draft):
        for name, *rest in (
            ("note",),
            ("close",),
            ("discard", draft.pk),
            ("carry_over", draft.pk),
            ("autosave", draft.pk),
        ):
            assert strict.post(address(name, case, *rest), {"text": "x"}).status_code == 403
        assert Draft.objects.filter(pk=draft.pk).exists()
        assert not CaseNote.objects.exists()

    def test_of_an_official_form_is_only_shown(self, strict, plan):
        assert strict.post(plan.official_form.url, {"x": "y"}).status_code in {200, 405}


class TestThingsOfOthers:
    def test_are_404_under_a_case_of_ones_own(self, desk, case, specialist, file_plan, plan):
        agency = AgencyFactory()
        foreign = open_case(agency, accepted_by=member_of(agency))
        theirs = filled(drafts.start_draft(case=foreign, edition=plan, actor=specialist, at=timezone.now()), specialist)
        person = PersonFactory(case=foreign)
        for name, *rest in (
            ("document", 1),
            ("word", 1),
            ("file", foreign.files.get().pk),
            ("person", person.pk),
        ):
            assert desk.get(address(name, case, *rest)).status_code == 404
        assert desk.post(address("autosave", case, theirs.pk), posted(theirs)).status_code == 404
        assert desk.post(address("withdraw", case, 1)).status_code == 404
        assert desk.post(address("correct", case, 1)).status_code == 404
        for name in ("draft", "discard", "carry_over"):  # the same answer as for a draft that is gone
            assert desk.post(address(name, case, theirs.pk), posted(theirs)).url == address("case", case)
        assert Draft.objects.get(pk=theirs.pk).typed == theirs.typed

    @pytest.mark.parametrize("reference", ["2026-99999", "\x00", "2026-00001\x00", "🙂", "x" * 300, "' OR 1=1"])
    def test_and_numbers_that_are_none_are_404(self, desk, case, reference):
        assert desk.get(f"/cases/{reference.replace(chr(0), '%00')}/").status_code == 404
        assert desk.get(reverse("casework:case_list"), {"after": reference}).status_code == 404
        assert desk.get(reverse("casework:find_case"), {"reference": reference}).url == reverse("casework:case_list")


class TestWhatIsShown:
    def test_is_never_markup_and_never_a_template(self, desk, case, specialist, file_plan, draft_page):
        PersonFactory(case=case, full_name=HOSTILE)
        filed = file_plan(factors=[HOSTILE], **{"children-0-fio": [HOSTILE]})
        desk.post(address("note", case), {"text": HOSTILE, "token": "6f0c6f3e-0000-4000-8000-000000000001"})
        corrected = drafts.start_correction(submission=filed, actor=specialist, at=timezone.now())
        pages = [address("case", case), address("document", case, 1), address("draft", case, corrected.pk)]
        for page in pages:
            html = desk.get(page).content.decode()
            assert "<script>alert" not in html
            assert "{{ 7*7 }}" in html
        assert CaseNote.objects.get().text == HOSTILE


class TestThePagesOfACase:
    def test_do_what_their_buttons_say(self, specialist, desk, agency):
        case = open_case(agency)
        other = AgencyFactory()
        desk.post(address("accept", case))
        desk.post(address("assign", case), {"curator": member_of(agency).pk})
        desk.post(address("note", case), {"text": "Звонили", "token": "6f0c6f3e-0000-4000-8000-000000000001"})
        desk.post(
            address("add_person", case),
            {"role": "child", "full_name": "Ким Ли", "birth_date": "05.03.2016", "token": TOKEN},
        )
        person = case.people.get()
        desk.get(address("person", case, person.pk))
        changed = {"role": "child", "full_name": "Ким Лиза", "token": TOKEN, "version": "1"}
        desk.post(address("person", case, person.pk), changed)
        desk.post(
            address("share", case),
            {"agency": other.pk, "level": "view", "last_day": "31.12.2099", "reason": "психолог"},
        )
        desk.post(address("withdraw", case, Share.objects.get().pk))
        desk.post(address("close", case), {"ground": "moved", "words": "Уехали"})
        case.refresh_from_db()
        assert case.status == CaseStatus.CLOSED
        assert Person.objects.get().full_name == "Ким Лиза"
        assert [line.event for line in case.log.order_by("id")] == [
            *("opened", "granted", "accepted", "assigned", "assigned", "noted", "person_added"),
            *("people_read", "people_read", "person_changed"),
            *("shared", "withdrawn", "closed"),
        ]

    @pytest.mark.parametrize(
        ("name", "words"),
        [
            ("refuse", {"reason": "ж" * 2001}),
            ("note", {"text": "Звонили", "token": "not a token"}),
            ("close", {"ground": "чужое", "words": "Уехали"}),
            ("assign", {"curator": "0"}),
            ("share", {"agency": "1", "level": "view", "last_day": "01.01.2020", "reason": "психолог"}),
            ("add_person", {"role": "child", "full_name": "Ким Ли", "birth_date": "01.01.2099", "token": TOKEN}),
            ("add_person", {"role": "hacker", "full_name": "Ким \x00 Ли"}),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_show_again_what_was_wrong_and_change_nothing(self, desk, case, events, name, words):
        page = desk.post(address(name, case), words)
        assert page.status_code == 200
        assert page.context["form"].errors
        longest = max(words.values(), key=len)
        assert longest.replace("\x00", "") in page.content.decode().replace("\x00", "") or name == "assign"
        assert events() == []

    def test_show_the_words_again_when_the_action_is_refused(self, desk, case, specialist):
        share = {"agency": AgencyFactory().pk, "level": "view", "last_day": "31.12.2099", "reason": "психолог"}
        desk.post(address("share", case), share)
        assert "психолог" in desk.post(address("share", case), share).content.decode()
        assert "поздно" in desk.post(address("refuse", case), {"reason": "поздно"}).content.decode()
        cases.close_case(case=case, actor=specialist, at=timezone.now(), ground=ClosureGround.MOVED)
        token = "6f0c6f3e-0000-4000-8000-000000000001"
        for name, words in (
            ("note", {"text": "Звонили", "token": token}),
            ("close", {"ground": "moved", "words": "Звонили"}),
            ("add_person", {"role": "child", "full_name": "Звонили"}),
        ):
            assert "Звонили" in desk.post(address(name, case), words).content.decode()
        assert desk.post(address("assign", case), {"curator": specialist.pk}).status_code == 200
        assert desk.post(address("accept", case)).url == address("case", case)

    def test_of_a_parents_own_words_offer_no_correction(self, receive, one_window_desk):
        case = receive().request.case
        assert one_window_desk.post(address("correct", case, 1)).status_code == 404

    @pytest.fixture
    def one_window_desk(self, db):
        browser = Client()
        browser.force_login(member_of(AgencyFactory(one_window=True)))
        return browser

    def test_of_a_document_that_was_corrected_lead_to_the_newer_one(self, desk, case, file_plan, specialist):
        filed = file_plan()
        draft = drafts.start_correction(submission=filed, actor=specialist, at=timezone.now())
        assert desk.post(address("correct", case, 1)).url == address("draft", case, draft.pk)
        submissions.file_draft(draft=draft, actor=specialist, at=timezone.now())
        assert desk.post(address("correct", case, 1)).url == address("document", case, 1)
        assert desk.get(address("document", case, 2)).status_code == 200
        assert desk.get(address("history", case)).status_code == 200


class TestOpeningACase:
    PAGE = "casework:open_case"
    TOKEN = "6f0c6f3e-0000-4000-8000-000000000002"

    def press(self, browser, agency, token=TOKEN):
        return browser.post(reverse(self.PAGE), {"kind": "support", "agency": agency.pk, "token": token})

    def test_twice_on_one_page_is_one_case_in_work(self, desk, agency, specialist):
        assert self.press(desk, agency).url == self.press(desk, agency).url
        case = Case.objects.get()
        assert (case.status, case.curator) == (CaseStatus.IN_WORK, specialist)

    def test_after_going_back_and_choosing_another_agency_is_another_case(self, desk, agency, specialist):
        other = AgencyFactory()
        specialist.groups.add(*member_of(other).groups.all())
        assert self.press(desk, agency).url != self.press(desk, other).url
        assert Case.objects.count() == 2

    def test_in_somebody_elses_agency_or_with_a_broken_token_is_refused(self, desk, agency):
        assert self.press(desk, AgencyFactory()).status_code == 200
        assert self.press(desk, agency, token="x").status_code == 200
        assert not Case.objects.exists()

    def test_is_for_people_with_an_agency(self):
        browser = Client()
        browser.force_login(member_of(AgencyFactory(closed=True)))
        assert browser.get(reverse(self.PAGE)).status_code == 404


class TestWordsTypedAfterTheSessionEnded:
    @pytest.mark.parametrize(
        ("name", "words"),
        [
            ("note", {"text": "Длинная заметка", "token": TOKEN}),
            ("close", {"ground": "moved", "words": "Длинная заметка"}),
            ("share", {"reason": "Длинная заметка", "last_day": "31.12.2099"}),
            ("add_person", {"role": "child", "full_name": "Длинная заметка", "token": TOKEN}),
        ],
    )
    def test_wait_on_their_page_and_change_nothing_by_themselves(self, client, case, specialist, events, name, words):
        page = address(name, case)
        assert client.post(page, words).url.startswith(reverse("account_login"))
        client.post(reverse("account_login"), {"login": specialist.email, "password": PASSWORD})
        assert "Длинная заметка" in client.get(page).content.decode()
        assert "Длинная заметка" not in client.get(page).content.decode()
        assert set(events()) <= {"read"}

    def test_of_another_site_are_not_kept(self, case, draft, draft_page):
        stranger = Client(enforce_csrf_checks=True)
        stranger.post(draft_page, posted(draft))
        assert "rescued" not in stranger.session

    def test_longer_than_anybody_types_are_not_kept(self, client, draft, draft_page):
        client.post(draft_page, posted(draft, factors=["ж" * 400_000]))
        assert "rescued" not in client.session


class TestTheLogOfLooks:
    def test_names_who_opened_and_who_saved_a_draft(self, desk, draft, draft_page, events):
        events()
        desk.get(draft_page)
        desk.post(draft_page, posted(draft, _save="1"))
        assert events()[-2:] == ["draft_read", "draft_changed"]

    def test_stands_apart_from_what_was_done_on_the_case_page(self, desk, case):
        for _look in range(3):
            page = desk.get(address("case", case))
        assert "read" not in {line.event for line in page.context["history"]}
        assert "read" in {line.event for line in desk.get(address("history", case)).context["history"]}


class TestAHead:
    def test_names_a_curator_instead_of_accepting(self, client, agency, specialist):
        case = open_case(agency)
        client.force_login(member_of(agency, "head"))
        assert client.post(address("accept", case)).url == address("assign", case)
        client.post(address("assign", case), {"curator": specialist.pk})
        case.refresh_from_db()
        assert (case.status, case.curator) == (CaseStatus.IN_WORK, specialist)


class TestALineOfTheLog:
    def test_names_once_whoever_did_something_to_themselves(self, desk, case, specialist):
        said = [
            line.text_content() for line in html.fromstring(desk.get(address("history", case)).content).xpath("//li")
        ]
        taken_over = [words for words in said if str(Event.ASSIGNED.label) in words]
        assert [words.count(str(specialist)) for words in taken_over] == [1]


class TestAFieldThatIsNeededForSomeChoices:
    @pytest.mark.parametrize(
        ("form", "name"),
        [
            (CarerDecisionForm(possible=()), "reasons"),
            (MatchForm(), "risks"),
            (MemberForm(people=()), "full_name"),
            (MemberForm(people=()), "post"),
        ],
        ids=["decision about a family", "risks", "name of a member", "post of a member"],
    )
    def test_says_beside_its_label_when(self, form, name):
        mark = render_to_string("includes/field_mark.html", {"field": form[name]})
        assert str(form.fields[name].needed_when) in mark
        assert render_to_string("includes/field_mark.html", {"field": form[name], "mark": "none"}).strip() == ""

    def test_that_is_free_or_always_needed_says_nothing_of_the_kind(self):
        needed, free = PlaceForm(today=timezone.localdate()), EndPlacementForm(today=timezone.localdate())
        assert render_to_string("includes/field_mark.html", {"field": needed["started_on"]}).strip() == ""
        assert str(_("if you wish")) in render_to_string("includes/field_mark.html", {"field": free["words"]})
