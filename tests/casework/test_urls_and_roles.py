"""One table of every URL and every role. An address without a row fails; nothing of a case reaches whoever may not see it."""

import datetime as dt
import re
import uuid
from collections.abc import Iterator
from copy import deepcopy
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from wagtail.models import Collection, Page, Site

from casework.actions import (
    absences,
    calendar_feeds,
    cases,
    deliveries,
    drafts,
    files,
    forms_to_fill,
    names,
    parts,
    procedure_changes,
    procedures,
    scans,
    sharing,
    submissions,
    tasks,
)
from casework.actions.people import keep_person
from casework.models import Case, CaseKind, CaseProcedure, Contradiction, Fact, Person, TeamRole
from forms_library import pdf, permissions
from forms_library.models import Document, FormsCatalogue
from portal.models import ContactRequestPage, HomePage
from tests.casework.addresses import (
    ACT,
    ACT_GO,
    ACTS,
    ACTS_GO,
    ALL_GO,
    ALL_NO,
    ALL_NOT,
    ALL_OK,
    AUTOSAVE,
    CONCERNED_GO,
    HANDS_GO,
    HEAD_GO,
    KEEPER_GO,
    LEAD,
    LEAD_GO,
    OFFICE,
    OWNER,
    OWNER_GO,
    OWNER_NO,
    PRINT,
    READ,
    READ_GO,
    RECEIPT,
    ROLES,
    SENT,
    SENT_GO,
    SHARES_OUT,
    SHARES_OUT_GO,
    STAFF,
    STAFF_GO,
    TEAMS,
    TEAMS_422,
    TEAMS_GO,
    TEAMS_OR_GO,
    VISITORS,
    WITH_ACCESS,
    WORK,
    WORK_422,
    WORK_GO,
    Row,
    rooms,
)
from tests.casework.following import PROCEDURE
from tests.casework.test_scans import sheet
from tests.factories import (
    PLAN_TYPED,
    REQUEST_TYPED,
    AgencyFactory,
    UserFactory,
    home_page,
    member_of,
    procedure_in_force,
    put_in_force,
)

pytestmark = pytest.mark.django_db

FAMILY_NAME = "Лукошкин"
QUESTION = "Хочу вернуть сына Тимофея домой"
SECRETS = (FAMILY_NAME, "Тимофе", "8 (900) 000-00-55", "Малиновая")


TODAY = timezone.localdate()
TOMORROW = TODAY + dt.timedelta(days=1)  # it may have come already where the agency is
SOON = (TODAY + dt.timedelta(days=5)).strftime("%d.%m.%Y")
NOTE = {"text": "Созвонились", "token": str(uuid.UUID(int=7))}
PERSON = {"role": "child", "full_name": "Петров Пётр", "token": str(uuid.UUID(int=8)), "version": "1"}
NAME = {"sex": "male", "is_indeclinable": "on", "version": "0"}
SAYS = {"token": str(uuid.UUID(int=10)), "words": "Так решили"}
SHARE = {"agency": "{stranger_agency}", "level": "view", "last_day": SOON, "reason": "психолог"}

TABLE = [
    Row("casework:desk", "/cases/", STAFF, may_see=("stranger",)),  # who opened the case in an emergency is led back to it
    Row("casework:case_list", "/cases/all/", STAFF),
    Row("casework:find_case", "/cases/find/?reference={case}", STAFF_GO),
    Row("casework:open_case", "/cases/open/", TEAMS, TEAMS_GO, {"kind": "support", "agency": "{own_agency}", "token": str(uuid.UUID(int=9))}),
    Row("casework:start_form", "/cases/fill/nso_dept_plan/", STAFF),
    Row("casework:case", "/cases/{case}/", READ),
    Row("casework:history", "/cases/{case}/history/", READ),
    Row("casework:accept", "/cases/{new}/accept/", ALL_NOT, LEAD_GO),
    Row("casework:refuse", "/cases/{new}/refuse/", LEAD, LEAD_GO, {"reason": "Обратитесь в опеку"}),
    Row("casework:assign", "/cases/{case}/assign/", LEAD, LEAD_GO, {"curator": "{curator}"}),
    Row("casework:close", "/cases/{idle}/close/", LEAD, LEAD_GO, {"ground": "answered", "words": ""}),
    Row("casework:tasks", "/cases/tasks/", STAFF),
    Row("casework:task", "/cases/tasks/{task}/", READ_GO),
    Row("casework:calendar", "/cases/tasks/calendar/", STAFF, STAFF, {"token": str(uuid.UUID(int=10))}),
    Row("casework:calendar_off", "/cases/tasks/calendar/off/", ALL_NOT, STAFF_GO),
    # The secret address is its owner's calendar, whoever asks for it.
    Row("casework:calendar_feed", "/cases/calendar/{feed}.ics", ALL_OK, ALL_NOT, may_see=ROLES),
    Row("casework:calendar_feed", "/cases/calendar/0123456789.ics", ALL_NO),
    Row("casework:absences", "/cases/absences/", STAFF, STAFF),
    Row("casework:end_absence", "/cases/absences/{absence}/end/", ALL_NOT, LEAD_GO),
    Row("casework:give_task", "/cases/{case}/tasks/", ACT, ACT_GO, {"title": "Позвонить", "owner": "{curator}", "token": str(uuid.UUID(int=11))}),
    Row("casework:task_done", "/cases/{case}/tasks/{task}/done/", ALL_NOT, READ_GO),
    Row("casework:take_task", "/cases/{case}/tasks/{task}/take/", ALL_NOT, READ_GO),
    Row("casework:hand_over_task", "/cases/{case}/tasks/{task}/hand-over/", ACT, CONCERNED_GO, {"owner": "{curator}"}),
    Row("casework:note", "/cases/{case}/notes/", WORK, WORK_GO, NOTE),
    Row("casework:add_person", "/cases/{case}/people/", WORK, WORK_GO, PERSON),
    Row("casework:person", "/cases/{case}/people/{person}/", WORK, WORK_GO, PERSON),
    Row("casework:names", "/cases/{case}/names/", READ),
    Row("casework:name", "/cases/{case}/names/{name}/", WORK, WORK_GO, NAME),
    Row("casework:share", "/cases/{case}/shares/", LEAD, LEAD_GO, SHARE),
    Row("casework:withdraw", "/cases/{case}/shares/{share}/withdraw/", ALL_NOT, LEAD_GO),
    Row("casework:facts", "/cases/{case}/facts/", READ),
    Row("casework:settle", "/cases/{case}/facts/{contradiction}/settle/", WORK, WORK_GO, {"outcome": "later", "why": "Позвонили"}),
    Row("casework:start_draft", "/cases/{case}/forms/nso_dept_plan/", ALL_NOT, WORK_GO),
    Row("casework:draft", "/cases/{case}/drafts/{draft}/", WORK, WORK_GO, {"version": "1", "org": "Школа", "_save": "1"}),
    Row("casework:autosave", "/cases/{case}/drafts/{draft}/autosave/", ALL_NOT, AUTOSAVE, {"version": "1", "org": "Школа"}),
    Row("casework:discard", "/cases/{case}/drafts/{draft}/discard/", ALL_NOT, WORK_GO),
    Row("casework:carry_over", "/cases/{case}/drafts/{draft}/carry-over/", WORK_GO, WORK_GO),
    Row("casework:parts", "/cases/{case}/drafts/{draft}/parts/", SHARES_OUT, SHARES_OUT_GO),
    Row("casework:part_done", "/cases/{case}/drafts/{draft}/parts/{part}/done/", ALL_NOT, WORK_GO),
    Row("casework:document", "/cases/{case}/documents/{document}/", READ),
    Row("casework:word", "/cases/{case}/documents/{document}/word/", PRINT),
    Row("casework:send", "/cases/{case}/documents/{document}/send/", OWNER, OWNER_NO, {"agency": "{stranger_agency}"}),
    Row("casework:incoming", "/cases/incoming/", STAFF),
    Row("casework:delivery", "/cases/incoming/{delivery}/", SENT, may_see=("stranger",)),
    Row("casework:delivery_word", "/cases/incoming/{delivery}/word/", SENT, may_see=("stranger",)),
    Row("casework:register_delivery", "/cases/incoming/{delivery}/register/", ALL_NOT, SENT_GO, {"number": "15"}),
    Row("casework:correct", "/cases/{case}/documents/{document}/correct/", ALL_NOT, WORK_GO),
    Row("casework:pdf", "/cases/{case}/documents/{document}/pdf/", ALL_NOT, READ_GO),
    Row("casework:extract", "/cases/{case}/documents/{document}/extract/", ALL_NOT, PRINT, {"addressee": "Психолог школы"}),
    Row("casework:addendum", "/cases/{case}/documents/{document}/addenda/", WORK, WORK_GO, NOTE),
    Row("casework:mark_paper", "/cases/{case}/documents/{document}/paper/", ALL_NOT, WORK_GO, {"step": "signed"}),
    Row("casework:attach_scan", "/cases/{case}/documents/{document}/scans/", ALL_NOT, WORK_422),
    Row("casework:start_procedure", "/cases/{case}/procedures/start/", LEAD, LEAD_GO, {**SAYS, "code": "mrg", "on": "{today}"}),
    Row("casework:procedure", "/cases/{case}/procedures/{procedure}/", READ),
    Row("casework:procedure_timeline", "/cases/{case}/procedures/{procedure}/timeline/", READ),
    Row("casework:set_level", "/cases/{case}/procedures/{procedure}/level/", ACTS, ACTS_GO, {**SAYS, "choice": "danger", "on": "{today}"}),
    Row("casework:end_procedure", "/cases/{case}/procedures/{procedure}/end/", ACTS, HANDS_GO, {**SAYS, "choice": "moved", "on": "{today}"}),
    Row("casework:move_procedure", "/cases/{case}/procedures/{procedure}/move/", ACTS, KEEPER_GO, {**SAYS, "edition": "2"}),
    Row("casework:annul_event", "/cases/{case}/procedures/{procedure}/events/{event}/annul/", ACTS, HEAD_GO, SAYS),
    Row("casework:procedure_step", "/cases/{case}/procedures/{procedure}/steps/check/", ACTS, HEAD_GO, {**SAYS, "turn": "1", "choice": "medium", "on": "{today}"}),
    Row("casework:waive", "/cases/{case}/procedures/{procedure}/steps/plan/waive/", ACTS, ACTS, {**SAYS, "turn": "1", "what": "0", "on": "{today}"}),
    Row("casework:change_term", "/cases/{case}/procedures/{procedure}/steps/check/term/", ACTS, KEEPER_GO, {**SAYS, "turn": "1", "what": "extended", "until": "{later}", "document": "{paper}", "on": "{today}"}),
    Row("casework:package", "/cases/{case}/package/", READ, READ, {"documents": "{document}"}),
    Row("casework:file", "/cases/{case}/files/{file}/", READ),
    Row("casework:preview", "/cases/{case}/files/{photo}/preview/", READ),
    Row("casework:receive_scan", "/cases/scans/", TEAMS_OR_GO, TEAMS_422),
    Row("casework:scan", "/cases/scans/{scan}/", OWNER, OWNER_GO, {"reference": "{case}", "number": "{document}", "_attach": "1"}),
    Row("casework:discard_scan", "/cases/scans/{scan}/discard/", ALL_NOT, OWNER_NO),
    Row("forms_library:blank_form", "/official-forms/nso_dept_plan/1/blank.docx", ALL_OK),
    Row("forms_library:edition_differences", "/official-forms/nso_dept_plan/changes/", ALL_OK),
    Row("forms_library:blank_picture", "/official-forms/nso_dept_plan/1/blank.png", ALL_NO),
    # The public site.
    Row("wagtail_serve", "/", ALL_OK),
    Row("wagtail_serve", "/formy/", ALL_OK),
    Row("wagtail_serve", "/formy/nso-dept-plan/", ALL_OK),
    Row("wagtail_serve", "/napisat-nam/", ALL_OK, ALL_GO, {"{request}": ""}),
    Row("wagtail_serve", "/napisat-nam/gotovo/", RECEIPT, ALL_GO),
    Row("wagtail_serve", "/napisat-nam/sostoyanie/", ALL_OK, ALL_OK, {"reference": "{case}", "code": "{code}"}),
    Row("wagtail_serve", "/nikogda-ne-bylo/", ALL_NO),
    Row("search", "/poisk/?q=Лукошкин", ALL_OK),
    Row("sitemap", "/sitemap.xml", ALL_OK),
    Row("robots", "/robots.txt", ALL_OK),
    Row("set_display", "/display/", ALL_OK, ALL_GO, {"text": "large", "next": "/"}),
    Row("after_sign_in", "/after-sign-in/", STAFF_GO),
    Row("admin_sign_in", "/admin/login/", STAFF_GO),
    Row("sign_in", "/_util/login/", ALL_GO),
    Row("no_such_screen", "/accounts/login/code/", ALL_NO, ALL_NO),
    # Wagtail's and allauth's own.
    Row("wagtaildocs_serve", "{public_document}", ALL_OK),
    Row("wagtaildocs_authenticate_with_password", "/documents/authenticate_with_password/1/", ALL_NO, ALL_NO),
    Row("wagtailcore_authenticate_with_password", "/_util/authenticate_with_password/1/1/", ALL_NO, ALL_NO),
    Row("wagtailcore_login", "/_util/login/", ALL_GO),
    Row("account_login", "/accounts/login/", VISITORS, ALL_GO, {"login": "{someone}", "password": "correct-horse-battery"}),
    Row("account_logout", "/accounts/logout/", "go go ok ok ok ok ok ok ok ok ok go", ALL_GO),
    Row("account_inactive", "/accounts/inactive/", ALL_OK),
    Row("account_signup", "/accounts/signup/", ALL_NO, ALL_NO, {"email": "new@example.org"}),
    Row("account_reauthenticate", "/accounts/reauthenticate/", STAFF),
    Row("account_email", "/accounts/email/", ALL_NO, ALL_NO),
    Row("account_email_verification_sent", "/accounts/confirm-email/", ALL_NO),
    Row("account_confirm_email", "/accounts/confirm-email/unknown/", ALL_NO),
    Row("account_change_password", "/accounts/password/change/", STAFF),
    Row("account_set_password", "/accounts/password/set/", STAFF_GO),
    Row("account_reset_password", "/accounts/password/reset/", ALL_OK, ALL_GO, {"email": "nobody@example.org"}),
    Row("account_reset_password_done", "/accounts/password/reset/done/", ALL_OK),
    Row("account_reset_password_from_key", "/accounts/password/reset/key/1-unknown/", ALL_OK),
    Row("account_reset_password_from_key_done", "/accounts/password/reset/key/done/", ALL_OK),
    Row("account_confirm_login_code", "/accounts/login/code/confirm/", ALL_NO),
]  # fmt: skip
TABLE += [row for room in rooms() for row in room.ROWS]

ADMIN_FOR_ALL = {
    "wagtailadmin_login", "wagtailadmin_password_reset", "wagtailadmin_password_reset_done",
    "wagtailadmin_password_reset_complete", "wagtailadmin_javascript_catalog", "wagtailadmin_sprite",
    "wagtailadmin_logout", "admin_sign_in",
}  # fmt: skip
"""The few addresses of the admin that answer without a right to the admin. None shows anything but itself."""


def named_urls(patterns: Any = None, namespace: str = "", prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield (name, pattern) of every address of the site."""
    for pattern in patterns or get_resolver().url_patterns:
        here = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield namespace + (pattern.name or ""), here
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from named_urls(pattern.url_patterns, inner, here)


def admin_urls() -> list[str]:
    """Return the names of the admin's addresses."""
    return [name for name, pattern in named_urls() if pattern.startswith("admin/") and name.strip(":")]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[SimpleNamespace]:
    """A small site with one family's request, made once: whatever a question changes in it is undone with its test."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setattr(pdf, "to_pdf", no_pdf)
        made = small_site()
        with django_db_blocker.block():
            yield made
        transaction.set_rollback(True)


def small_site() -> SimpleNamespace:
    """Make a site with a case in work and shared, and everything a case can hold; without LibreOffice."""
    now = timezone.now()
    home_page().delete()
    home = Page.get_first_root_node().add_child(instance=HomePage(title="Очаг", slug="ochag"))
    Site.objects.create(hostname="localhost", is_default_site=True, root_page=home)
    home.add_child(instance=ContactRequestPage(title="Попросить связаться", slug="napisat-nam"))
    for code in ("contact_request", "contact_consent", "nso_dept_plan"):
        put_in_force(code, at=now - dt.timedelta(days=2))
    permissions.set_up()
    keeper, reading, helping, strange = (AgencyFactory() for _n in range(4))
    clients = {role: Client() for role in ROLES}
    people = {
        "specialist": member_of(keeper),
        "head": member_of(keeper, TeamRole.HEAD),
        "reader": member_of(reading),
        "helper": member_of(helping),
        "stranger": member_of(strange),
        "editor": UserFactory(),
        "methodologist": UserFactory(),
        "approver": UserFactory(),
        "superuser": UserFactory(is_superuser=True),
        "inactive": member_of(keeper),
    }
    for role, group in (
        ("editor", permissions.EDITORS),
        ("methodologist", permissions.METHODOLOGISTS),
        ("approver", permissions.APPROVERS),
    ):
        people[role].groups.add(Group.objects.get(name=group))
    request = {
        **REQUEST_TYPED,
        "question": QUESTION,
        "name": f"Марина {FAMILY_NAME}а",
        "phone": SECRETS[2],
        "agency": keeper.name,
    }
    code = send(clients["parent"], request)
    case = Case.objects.get()
    cases.accept_case(case=case, actor=people["specialist"], at=now)
    case.refresh_from_db()
    child = keep_person(
        case=case,
        actor=people["specialist"],
        at=now,
        person=Person(role="child", full_name=f"{FAMILY_NAME} Тимофей", address="ул. Малиновая, д. 1"),
    )
    for to_agency, level in ((reading, "view"), (helping, "work")):
        share = sharing.share_case(
            case=case, agency=to_agency, level=level, last_day=TOMORROW, reason="психолог", actor=people["head"], at=now
        )
    cases.write_note(case=case, actor=people["specialist"], at=now, text=QUESTION, token=uuid.uuid4())
    filed = file_plan(case, people["specialist"])
    draft = drafts.start_draft(
        case=case,
        edition=forms_to_fill.edition_to_fill(code="nso_dept_plan", at=now),
        actor=people["specialist"],
        at=now,
    )
    parts.share_out(
        draft=draft,
        hands={next(iter(parts.titles(draft))): (people["helper"], TODAY)},
        actor=people["specialist"],
        at=now,
        today=TODAY,
    )
    first, second = (
        Fact.objects.create(
            case=case, submission=filed, key="mother.phone", kind="phone", value=words, words=words, label="Телефон"
        )
        for words in ("8 (900) 000-00-01", "8 (900) 000-00-02")
    )
    contradiction = Contradiction.objects.create(case=case, earlier=first, later=second)
    followed = follow_a_procedure(case, people["specialist"], people["head"])
    new = cases.open_case(agency=keeper, kind=CaseKind.CONTACT_REQUEST, actor=None, at=now, answer_by=TODAY)
    for to_agency, level in ((reading, "view"), (helping, "work")):
        sharing.share_case(
            case=new, agency=to_agency, level=level, last_day=TOMORROW, reason="психолог", actor=people["head"], at=now
        )
    idle = cases.open_by_hand(
        agency=keeper, kind=CaseKind.SUPPORT, actor=people["specialist"], at=now, token=uuid.uuid4()
    )
    for role, user in people.items():
        clients[role].force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    people["inactive"].is_active = False
    people["inactive"].save()
    world = SimpleNamespace(
        clients=clients,
        people=people,
        home=home,
        keeper=keeper,
        names={
            "case": case.reference,
            "new": new.reference,
            "idle": idle.reference,
            "person": child.pk,
            "name": names.key_of(case, child.full_name),
            "share": share.pk,
            "draft": draft.pk,
            "part": draft.parts.get().pk,
            "contradiction": contradiction.pk,
            "document": filed.number,
            "paper": filed.pk,
            "procedure": followed.pk,
            "event": followed.events.get(what="level").pk,
            "today": TODAY.strftime("%d.%m.%Y"),
            "later": (TODAY + dt.timedelta(days=60)).strftime("%d.%m.%Y"),
            "file": case.files.order_by("pk").first().pk,
            "photo": files.keep_file(
                case=case, upload=SimpleUploadedFile("фото.jpg", sheet()), actor=people["specialist"], at=now
            ).pk,
            "scan": scans.receive_scan(
                upload=SimpleUploadedFile("скан.jpg", sheet()), actor=people["specialist"], at=now
            ).token,
            "code": code,
            "task": tasks.give_task(
                case=case,
                title="Позвонить в школу",
                owner=people["specialist"],
                due=None,
                actor=people["specialist"],
                at=now,
                token=uuid.uuid4(),
            ).pk,
            "absence": absences.write_absence(
                person=people["specialist"],
                substitute=people["head"],
                first_day=TODAY,
                last_day=TOMORROW,
                actor=people["specialist"],
                at=now,
            ).pk,
            "feed": calendar_feeds.make_feed(owner=people["specialist"], token=uuid.uuid4(), at=now),
            "delivery": deliveries.send(submission=filed, agency=strange, actor=people["specialist"], at=now).token,
            "curator": people["specialist"].pk,
            "stranger_agency": strange.pk,
            "someone": UserFactory().email,
            "public_document": Document.objects.create(
                title="Памятка",
                file=SimpleUploadedFile("pamyatka.pdf", b"%PDF-1.7"),
                collection=Collection.get_first_root_node(),
            ).url,
        },
        own_agency={"specialist": keeper, "head": keeper, "reader": reading, "helper": helping, "stranger": strange},
        case=case,
        child=child,
        filed=filed,
        at=now,
    )
    for room in rooms():
        room.prepare(world)
    return world


def follow_a_procedure(case: Case, specialist: Any, head: Any) -> CaseProcedure:
    """Put the case under a procedure that has a newer edition by now, with a level that somebody has set."""
    now = timezone.now()
    edition = procedure_in_force(PROCEDURE, at=now - dt.timedelta(days=2))
    followed = procedures.start_procedure(
        case=case, edition=edition, actor=specialist, at=now, on=TODAY, token=uuid.uuid4()
    )
    word = procedures.Word(on=TODAY, words="Стало лучше")
    procedure_changes.set_level(followed=followed, level="low", word=word, actor=head, at=now)
    procedure_in_force(PROCEDURE, at=now)
    procedure_in_force(PROCEDURE, code="mrg", at=now)
    return followed


def no_pdf(docx: bytes) -> bytes:
    raise pdf.PdfUnavailable


def send(client: Client, typed: dict[str, Any]) -> str:
    """Send a contact request as a parent does and return the secret code of the receipt."""
    client.post("/napisat-nam/", request_data(client, typed))
    return client.get("/napisat-nam/gotovo/").context["code"]


def request_data(client: Client, typed: dict[str, Any]) -> dict[str, Any]:
    page = client.get("/napisat-nam/")
    return {**typed, "seal": page.context["seal"], "consent_edition": "1", "consent": "on"}


def file_plan(case: Case, actor: Any) -> Any:
    """File the plan of the family through its draft, with the scan of the consent."""
    now = timezone.now()
    edition = forms_to_fill.edition_to_fill(code="nso_dept_plan", at=now)
    draft = drafts.start_draft(case=case, edition=edition, actor=actor, at=now)
    files = MultiValueDict({"consent_scan": [SimpleUploadedFile(f"согласие {FAMILY_NAME}.pdf", b"%PDF-1.7")]})
    typed, _refused = drafts.typed_with_files(
        draft=draft, post={**PLAN_TYPED, "children-0-fio": [f"{FAMILY_NAME} Тимофей"]}, files=files, actor=actor, at=now
    )
    draft = drafts.save_draft(draft=draft, typed=typed, version=draft.version, at=now)
    return submissions.file_draft(draft=draft, actor=actor, at=now)


def filled(text: Any, world: SimpleNamespace, role: str = "") -> Any:
    """Put the numbers of the invented world into an address or a value."""
    agency = world.own_agency.get(role, world.keeper)
    return text.format(**world.names, own_agency=agency.pk, request="request") if isinstance(text, str) else text


def answer_of(response: Any) -> str:
    """Return the code of the table for an answer."""
    if response.status_code == 302:
        return "in" if response.url.startswith("/accounts/login/?next=") else "go"
    return {200: "ok", 404: "no", 405: "not"}.get(response.status_code, str(response.status_code))


def said(response: Any) -> str:
    """Return everything an answer carries: its head and its body."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return f"{response.headers}\n{body.decode('utf-8', 'replace')}"


def plain(response: Any, path: str) -> tuple[int, str]:
    """Return everything of an answer but what cannot be the same twice: its address, its token, the time."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|csrftoken=\w+|\d\d:\d\d:\d\d GMT', "", said(response))
    return response.status_code, text.replace(path, "PATH")


class TestEveryUrlAndEveryRole:
    def test_every_address_of_ours_has_a_row(self):
        known = {row.name for row in TABLE if not row.path.startswith("/admin/")}
        assert {name for name, pattern in named_urls() if not pattern.startswith("admin/")} == known

    @pytest.mark.parametrize("row", TABLE, ids=str)
    def test_answers_as_the_table_says_and_tells_strangers_nothing(self, world, row):
        for method, expected in (("get", row.get), ("post", row.post)):
            got = {}
            for role in ROLES if expected else ():
                response = self.ask(world, row, method, role)
                got[role] = answer_of(response)
                asks_with_the_code = row.path == "/napisat-nam/sostoyanie/" and method == "post"
                if role not in {*WITH_ACCESS, "parent", *row.may_see} and not asks_with_the_code:
                    self.tells_nothing(world, row, response)
            assert got == dict(zip(ROLES, expected.split(), strict=bool(expected)))

    def ask(self, world: SimpleNamespace, row: Row, method: str, role: str) -> Any:
        client = world.clients[role]
        data = {key: filled(value, world, role) for key, value in row.data.items()}
        if "{request}" in data:
            data = request_data(client, REQUEST_TYPED)
        cache.clear()  # the limits on attempts are another matter
        cookies = deepcopy(client.cookies)  # whoever signs out in one row is there again in the next
        with transaction.atomic():
            response = getattr(client, method)(filled(row.path, world), data if method == "post" else None)
            transaction.set_rollback(True)
        client.cookies = cookies
        return response

    def tells_nothing(self, world: SimpleNamespace, row: Row, response: Any) -> None:
        text = said(response)
        own_words = "q=" in row.path or "/find/" in row.path
        secrets = SECRETS if not own_words else SECRETS[1:]
        assert not [word for word in secrets if word in text]
        if world.names["case"] not in filled(row.path, world):
            assert world.names["case"] not in text

    def test_a_case_of_others_and_a_number_never_given_are_one_answer(self, world):
        different = set()
        for row in TABLE:
            real = filled(row.path, world)
            never = real
            for name in ("case", "new", "idle"):
                never = never.replace(world.names[name], "2026-99999")
            for role in sorted({*ROLES} - WITH_ACCESS) if never != real and real.startswith("/cases/2026-") else ():
                for method in ("get", "post"):
                    answers = {plain(getattr(world.clients[role], method)(path), path) for path in (real, never)}
                    if len(answers) > 1:
                        different.add((row.name, role, method))
        assert not different


class TestWordsOfAFamily:
    def test_are_not_found_by_searching(self, world):
        for role in ROLES:
            for query in (QUESTION, "Тимофей", world.names["case"]):
                response = world.clients[role].get("/poisk/", {"q": query})
                assert response.context["total"] == 0

    def test_stand_in_no_map_of_the_site(self, world):
        text = said(world.clients["anonymous"].get("/sitemap.xml")) + said(
            world.clients["anonymous"].get("/robots.txt")
        )
        assert not [word for word in (*SECRETS, world.names["case"]) if word in text]

    def test_finding_by_number_tells_a_stranger_nothing(self, world):
        for role in sorted(OFFICE | {"stranger"}):
            client = world.clients[role]
            found, never = (
                client.get("/cases/find/", {"reference": number}, follow=True)
                for number in (world.names["case"], "2026-99999")
            )
            assert found.redirect_chain == never.redirect_chain == [("/cases/all/", 302)]
            assert plain(found, "/cases/all/") == plain(never, "/cases/all/")


class TestTheAdmin:
    def test_asks_whoever_has_no_right_to_it_to_sign_in(self, world):
        for role in ("anonymous", "parent", "specialist", "head", "reader", "helper", "stranger", "inactive"):
            client = world.clients[role]
            open_to_all = set()
            for name in admin_urls():
                try:
                    address = reverse(name)
                except NoReverseMatch:
                    continue
                with transaction.atomic():
                    response = client.get(address)
                    transaction.set_rollback(True)
                if response.status_code == 302 and response.url.startswith(("/accounts/login/", "/admin/login/")):
                    continue
                if response.status_code in {401, 403}:
                    continue
                open_to_all.add(name)
                assert not [word for word in (*SECRETS, world.names["case"]) if word in said(response)]
            assert open_to_all <= ADMIN_FOR_ALL

    @pytest.mark.parametrize("role", sorted(OFFICE))
    def test_never_shows_a_case_on_a_page_of_its_own(self, world, role):
        leaks = {}
        for name in admin_urls():
            try:
                address = reverse(name)
            except NoReverseMatch:
                continue
            if name in {"wagtailadmin_logout", "wagtailadmin_error_test"}:
                continue
            text = said(world.clients[role].get(address))
            if found := [word for word in (*SECRETS, world.names["case"]) if word in text]:
                leaks[name] = found
        assert not leaks

    def test_never_shows_a_case_beside_an_agency_a_person_a_team_or_a_form(self, world):
        """History, usage, deletion: whatever the admin says about one thing that cases stand on."""
        form_page = FormsCatalogue.objects.get().get_children().get(slug="nso-dept-plan")
        things = {
            "agency": world.keeper.pk,
            "page": form_page.pk,
            "user": world.people["specialist"].pk,
            "team": world.people["specialist"].groups.get().pk,
        }
        leaks, errors, asked = {}, {}, 0
        for name in admin_urls():
            for thing, number in things.items():
                try:
                    address = reverse(name, args=[number])
                except NoReverseMatch:
                    continue
                asked += 1
                with transaction.atomic():
                    response = world.clients["superuser"].get(address)
                    transaction.set_rollback(True)
                if response.status_code >= 500:
                    errors[name, thing] = response.status_code
                if found := [word for word in (*SECRETS, world.names["case"]) if word in said(response)]:
                    leaks[name, thing] = found
        assert asked > 100
        assert (leaks, errors) == ({}, {})
