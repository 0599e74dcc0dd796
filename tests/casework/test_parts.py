"""One form filled in by several specialists: given out, seen on the desk, ready, filed, kept for good."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from casework.actions import cases, curators, drafts, parts, sharing, submissions
from casework.actions.refusals import (
    CaseEnded,
    DraftGone,
    NotAColleague,
    NotYourDraft,
    NotYourPart,
    PartGone,
    PartsOpen,
)
from casework.models import ClosureGround, DraftPart, ShareLevel, SubmissionPart, TeamRole
from tests.casework.conftest import NOW
from tests.casework.filling import WHOLE, everything
from tests.factories import AgencyFactory, member_of

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 23)
FRIDAY = dt.date(2026, 11, 27)


@pytest.fixture
def draft(case, specialist):
    begun = drafts.start_draft(case=case, edition=everything(), actor=specialist, at=NOW)
    return drafts.save_draft(draft=begun, typed=WHOLE, version=1, at=NOW)


@pytest.fixture
def colleague(agency):
    return member_of(agency, last_name="Иванова")


@pytest.fixture
def share_out(draft, specialist):
    """Return a function that gives sections out."""

    def give(actor=specialist, **hands):
        parts.share_out(draft=draft, hands=hands, actor=actor, at=NOW, today=TODAY)

    return give


@pytest.fixture
def part(share_out, draft, colleague):
    share_out(help=(colleague, FRIDAY))
    return draft.parts.get()


class TestColleagues:
    def test_are_those_who_may_work_on_the_case_today(self, case, agency, specialist, colleague):
        head = member_of(agency, TeamRole.HEAD)
        reading, helping = AgencyFactory(), AgencyFactory()
        reader, helper = member_of(reading), member_of(helping)
        for to_agency, level in ((reading, ShareLevel.VIEW), (helping, ShareLevel.WORK)):
            sharing.share_case(
                case=case, agency=to_agency, level=level, last_day=TODAY, reason="", actor=specialist, at=NOW
            )
        assert set(parts.colleagues(case, today=TODAY)) == {specialist, colleague, helper}
        assert set(parts.colleagues(case, today=FRIDAY)) == {specialist, colleague}
        assert head not in parts.colleagues(case, today=TODAY)
        assert reader not in parts.colleagues(case, today=TODAY)


class TestSharingOut:
    def test_puts_a_section_into_somebodys_hands(self, events, part, colleague, specialist):
        assert (part.section, part.title, part.assignee, part.due_date) == ("help", "Помощь", colleague, FRIDAY)
        assert (part.assigned_by, part.done_at, str(part)) == (specialist, None, "Помощь")
        assert events()[-1] == "parts_shared_out"

    def test_leaves_alone_what_stays_as_it_was(self, part, share_out, colleague, events):
        parts.finish_part(part=part, actor=colleague, at=NOW)
        written = events()
        share_out(help=(colleague, FRIDAY))
        assert DraftPart.objects.get().done_at == NOW
        assert events() == written

    def test_on_another_day_or_to_somebody_else_begins_anew(self, part, share_out, colleague, specialist):
        parts.finish_part(part=part, actor=colleague, at=NOW)
        share_out(help=(specialist, FRIDAY))
        assert (DraftPart.objects.get().assignee, DraftPart.objects.get().done_by) == (specialist, None)

    def test_takes_back_what_nobody_in_particular_fills_in(self, part, share_out, events):
        share_out(help=None)
        assert not DraftPart.objects.exists()
        assert events()[-1] == "part_taken_back"

    def test_to_somebody_who_may_not_work_on_the_case_is_refused(self, share_out, agency):
        for stranger in (member_of(AgencyFactory()), member_of(agency, TeamRole.HEAD)):
            with pytest.raises(NotAColleague):
                share_out(help=(stranger, FRIDAY))
        assert not DraftPart.objects.exists()

    def test_is_for_whoever_began_the_form_and_for_the_curator(self, share_out, colleague, case, draft, specialist):
        with pytest.raises(NotYourDraft):
            share_out(actor=colleague, help=(colleague, FRIDAY))
        curators.assign_curator(case=case, actor=specialist, at=NOW, curator=colleague)
        draft.refresh_from_db()
        share_out(actor=colleague, help=(colleague, FRIDAY))
        assert DraftPart.objects.get().assigned_by == colleague

    def test_in_an_ended_case_or_a_draft_that_is_gone_is_refused(self, share_out, draft, case, specialist, colleague):
        cases.close_case(case=case, actor=specialist, at=NOW, ground=ClosureGround.MOVED)
        with pytest.raises(CaseEnded):
            share_out(help=(colleague, FRIDAY))
        draft.delete()
        with pytest.raises(DraftGone):
            share_out(help=(colleague, FRIDAY))


class TestAPart:
    def test_is_ready_when_whoever_holds_it_says_so_and_once(self, part, colleague, events):
        assert parts.finish_part(part=part, actor=colleague, at=NOW).done_by == colleague
        later = parts.finish_part(part=part, actor=colleague, at=NOW + dt.timedelta(hours=1))
        assert later.done_at == NOW
        assert events().count("part_done") == 1

    def test_is_not_called_ready_by_anybody_else(self, part, specialist):
        with pytest.raises(NotYourPart):
            parts.finish_part(part=part, actor=specialist, at=NOW)

    def test_that_was_taken_back_is_gone(self, part, share_out, colleague):
        share_out(help=None)
        with pytest.raises(PartGone):
            parts.finish_part(part=part, actor=colleague, at=NOW)

    def test_is_overdue_once_its_day_has_passed_and_it_is_not_ready(self, part, colleague):
        saturday = FRIDAY + dt.timedelta(days=1)
        assert [part.is_overdue(today=day) for day in (FRIDAY, saturday)] == [False, True]
        assert not parts.finish_part(part=part, actor=colleague, at=NOW).is_overdue(today=saturday)

    def test_whose_section_is_not_in_the_newer_edition_is_taken_back(self, part, draft, specialist, plan):
        drafts.carry_draft_over(draft=draft, edition=plan, actor=specialist, at=NOW)
        assert not DraftPart.objects.exists()


class TestFiling:
    def test_waits_for_the_parts(self, draft, part, specialist):
        with pytest.raises(PartsOpen):
            submissions.file_draft(draft=draft, actor=specialist, at=NOW)

    def test_keeps_who_filled_in_what(self, draft, part, specialist, colleague):
        parts.finish_part(part=part, actor=colleague, at=NOW)
        filed = submissions.file_draft(draft=draft, actor=specialist, at=NOW)
        kept = filed.parts.get()
        assert (kept.title, kept.assignee, kept.done_by, kept.done_at) == ("Помощь", colleague, colleague, NOW)
        assert (kept.due_date, kept.assigned_by) == (FRIDAY, specialist)

    def test_goes_on_when_the_author_takes_the_parts_back(self, draft, part, specialist, events):
        filed = submissions.file_draft(draft=draft, actor=specialist, at=NOW, take_parts_back=True)
        assert not filed.parts.exists()
        assert events()[-2:] == ["part_taken_back", "filed"]

    def test_is_not_forced_by_anybody_else(self, draft, part, colleague):
        with pytest.raises(NotYourDraft):
            submissions.file_draft(draft=draft, actor=colleague, at=NOW, take_parts_back=True)

    def test_leaves_rows_that_never_change(self, draft, part, specialist, colleague):
        parts.finish_part(part=part, actor=colleague, at=NOW)
        submissions.file_draft(draft=draft, actor=specialist, at=NOW)
        kept = SubmissionPart.objects.get()
        for attempt in (kept.save, kept.delete, SubmissionPart.objects.all().delete):
            with pytest.raises(IntegrityError, match="immutable"), transaction.atomic():
                attempt()


class TestOnTheScreen:
    @pytest.fixture
    def their_desk(self, colleague):
        browser = Client()
        browser.force_login(colleague)
        return browser

    @pytest.fixture
    def pages(self, case, draft):
        return {
            "draft": reverse("casework:draft", args=[case.reference, draft.pk]),
            "parts": reverse("casework:parts", args=[case.reference, draft.pk]),
        }

    def hands(self, who, day, *, section=1):
        return {f"who_{section}": str(who.pk), f"day_{section}": day.strftime("%d.%m.%Y")}

    def test_the_work_is_divided_by_people_and_days(self, desk, pages, colleague):
        tomorrow = timezone.localdate() + dt.timedelta(days=1)
        assert desk.post(pages["parts"], self.hands(colleague, tomorrow)).url == pages["draft"]
        assert (DraftPart.objects.get().title, DraftPart.objects.get().due_date) == ("Помощь", tomorrow)
        assert colleague.last_name in desk.get(pages["parts"]).content.decode()

    def test_a_day_is_asked_for_and_has_not_passed(self, desk, pages, colleague):
        yesterday = timezone.localdate() - dt.timedelta(days=1)
        for sent in (self.hands(colleague, yesterday), {"who_1": str(colleague.pk), "day_1": ""}):
            assert "day_1" in desk.post(pages["parts"], sent).context["form"].errors
        assert (
            "day_1" in desk.post(pages["parts"], {"who_1": str(colleague.pk), "day_1": "завтра"}).context["form"].errors
        )
        assert not DraftPart.objects.exists()

    def test_nobody_else_divides_it(self, their_desk, pages):
        assert their_desk.get(pages["parts"]).status_code == 404

    def test_a_colleague_finds_the_part_on_the_desk_until_it_is_ready(self, their_desk, case, draft, part):
        ((waiting, _is_overdue),) = their_desk.get(reverse("casework:desk")).context["parts"]
        assert waiting == part
        their_desk.post(reverse("casework:part_done", args=[case.reference, draft.pk, part.pk]))
        assert their_desk.get(reverse("casework:desk")).context["parts"] == []

    def test_an_open_part_is_named_when_the_form_is_filed(self, desk, pages, part, case):
        refused = desk.post(pages["draft"], {**WHOLE, "version": "2", "_file": "1"})
        assert (refused.status_code, refused.context["parts_open"]) == (422, True)
        assert desk.post(pages["draft"], {**WHOLE, "version": "2", "_take_back": "1"}).url.endswith("/documents/1/")

    def test_the_document_says_who_filled_in_which_part(self, desk, draft, part, case, specialist, colleague):
        parts.finish_part(part=part, actor=colleague, at=NOW)
        submissions.file_draft(draft=draft, actor=specialist, at=NOW)
        html = desk.get(reverse("casework:document", args=[case.reference, 1])).content.decode()
        assert f"Помощь — {colleague}" in html
