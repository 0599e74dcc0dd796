"""The matrix of domain.md D, cell by cell: the program is asked what each role can really do."""

import datetime as dt
import uuid
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from casework import access, matrix
from casework.actions import cases, deliveries, disclosures, drafts, procedures, sharing, submissions
from casework.matrix import Right
from casework.models import (
    AgendaItem,
    Assignment,
    AssignmentKind,
    AssignmentState,
    CaseKind,
    Council,
    CouncilKind,
    CouncilMember,
    ItemDisclosure,
    Meeting,
    TeamRole,
)
from forms_library import permissions
from forms_library.models import AgencyKind, OfficialForm
from tests.casework.conftest import filled
from tests.casework.following import PROCEDURE
from tests.factories import (
    AgencyFactory,
    UserFactory,
    home_page,
    member_of,
    open_case,
    procedure_in_force,
    put_in_force,
)

HEALTH = {"curator": "Диагноз по делу", "helper": "Диагноз у помощника", "notice": "Диагноз в извещении"}


class World:
    """One case, and everybody who has something to do with it."""

    def __init__(self) -> None:
        self.now = timezone.now()
        self.until = timezone.localdate() + dt.timedelta(days=30)
        self.plan = put_in_force("nso_dept_plan", at=self.now - dt.timedelta(days=2))
        permissions.set_up()
        self.keeper = AgencyFactory(one_window=True)
        self.curator, self.officer = member_of(self.keeper), member_of(self.keeper)
        self.head = member_of(self.keeper, TeamRole.HEAD)
        self.case = open_case(self.keeper, accepted_by=self.curator, at=self.now)
        edition = procedure_in_force(PROCEDURE, at=self.now - dt.timedelta(days=2))
        self.followed = procedures.start_procedure(
            case=self.case,
            edition=edition,
            actor=self.curator,
            at=self.now,
            on=timezone.localdate(),
            token=uuid.uuid4(),
        )
        self.people: dict[str, object] = {}
        self.papers = {
            name: self.file(self.case, self.curator, HEALTH["curator"])
            for name in ("decision", "protocol", "family_file", "visits")
        }
        self.notices = {"": self.notice_of("reporter"), "other": self.notice_of("somebody else")}
        self.deliveries: list[object] = []
        self.addressees()
        self.helper()
        self.asked()
        self.council()
        self.others()
        self.clients = {role: self.signed_in(self.people[role]) for role in matrix.ROLES}

    def signed_in(self, person: object) -> Client:
        client = Client()
        if person is not None:
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def file(self, case, actor, health):
        draft = drafts.start_draft(case=case, edition=self.plan, actor=actor, at=self.now)
        return submissions.file_draft(draft=filled(draft, actor, factors=[health]), actor=actor, at=self.now)

    def notice_of(self, role, kind=AgencyKind.EDUCATION_ORG):
        """File a notice in the sender's own case and send it to the keeper."""
        sender = member_of(AgencyFactory(kind=kind))
        agency = access.agencies_of(sender).get()
        case = cases.open_by_hand(agency=agency, kind=CaseKind.SUPPORT, actor=sender, at=self.now, token=uuid.uuid4())
        filed = self.file(case, sender, HEALTH["notice"])
        self.people[role] = sender
        sent = [deliveries.send(submission=filed, agency=self.keeper, actor=sender, at=self.now)]
        return SimpleNamespace(case=case, filed=filed, sent=sent, sender=sender)

    def send(self, name, agency):
        self.deliveries.append(
            deliveries.send(submission=self.papers[name], agency=agency, actor=self.curator, at=self.now)
        )

    def addressees(self) -> None:
        """Guardianship bodies and the police: senders of their own notices, addressees of papers."""
        self.notices["guardianship_origin"] = self.notice_of("guardianship_origin", AgencyKind.GUARDIANSHIP_BODY)
        self.notices["police_juvenile_unit"] = self.notice_of("police_juvenile_unit", AgencyKind.POLICE_JUVENILE_UNIT)
        police = access.agencies_of(self.people["police_juvenile_unit"]).get()
        residence = AgencyFactory(kind=AgencyKind.GUARDIANSHIP_BODY)
        self.people["guardianship_residence"] = member_of(residence)
        self.send("decision", police)
        for name in ("decision", "protocol", "family_file"):
            self.send(name, residence)
        notice = self.notices[""]
        notice.sent.append(deliveries.send(submission=notice.filed, agency=residence, actor=notice.sender, at=self.now))

    def helper(self) -> None:
        """A specialist of an agency with which the case is shared for work, who files a form there."""
        other = AgencyFactory()
        sharing.share_case(
            case=self.case,
            agency=other,
            level="work",
            last_day=self.until,
            reason="Помощь",
            actor=self.curator,
            at=self.now,
        )
        self.people["case_specialist"] = helper = member_of(other)
        self.own_paper = self.file(self.case, helper, HEALTH["helper"])

    def show(self, agency, documents=()):
        return disclosures.disclose(
            case=self.case,
            agency=agency,
            sections=["stage", "plan"],
            documents=list(documents),
            reason="Помощь",
            last_day=self.until,
            actor=self.curator,
            at=self.now,
        )

    def asked(self) -> None:
        """A school that was asked to do something and is shown a part."""
        school = AgencyFactory(kind=AgencyKind.EDUCATION_ORG)
        self.people["dept_plan_responsible"] = member_of(school)
        self.shown = [self.show(school)]
        self.assignment = Assignment.objects.create(
            case=self.case,
            kind=AssignmentKind.MEASURE,
            agency=school,
            text="Встречи с психологом",
            state=AssignmentState.ACCEPTED,
            sent_by=self.curator,
            sent_at=self.now,
        )

    def council(self) -> None:
        """A council with the case on its agenda and packs for two agencies."""
        commission, board = AgencyFactory(kind=AgencyKind.JUVENILE_COMMISSION), AgencyFactory()
        council = Council.objects.create(
            agency=commission, name="МРГ", kind=CouncilKind.MRG, territory="Район", quorum=2
        )
        self.meeting = Meeting.objects.create(
            council=council,
            number=1,
            year=2026,
            held_at=self.now + dt.timedelta(days=5),
            place="Зал",
            called_by=self.curator,
            called_at=self.now,
        )
        item = AgendaItem.objects.create(
            meeting=self.meeting, case=self.case, order=1, reason="asked", question="Что делать"
        )
        for role, agency, seat in (("commission_chair", commission, "chair"), ("board_member", board, "member")):
            self.people[role] = person = member_of(agency)
            CouncilMember.objects.create(
                council=council,
                agency=agency,
                person=person,
                full_name=str(person),
                post="специалист",
                role=seat,
                since=timezone.localdate() - dt.timedelta(days=9),
            )
            shown = self.show(agency, [self.papers["family_file"]])
            ItemDisclosure.objects.create(item=item, agency=agency, disclosure=shown)
            self.shown.append(shown)

    def others(self) -> None:
        """Those who are of the keeper, and those who have nothing to do with the case."""
        self.people |= dict.fromkeys(("case_curator", "responsible_specialist", "pf_worker"), self.curator)
        self.people |= {"window_officer": self.officer, "org_director": self.head}
        self.people |= dict.fromkeys(("visitor", "parent"))
        for role, group in (("portal_editor", permissions.EDITORS), ("form_designer", permissions.METHODOLOGISTS)):
            self.people[role] = UserFactory()
            self.people[role].groups.add(Group.objects.get(name=group))
        self.people |= {role: UserFactory() for role in ("professional_family", "pd_officer", "auditor")}
        self.people["supervisor"] = member_of(AgencyFactory())
        self.people["department_analyst"] = member_of(AgencyFactory(kind=AgencyKind.FAMILY_DEPARTMENT))
        self.people["system_administrator"] = UserFactory(is_superuser=True, is_staff=True)


class Asked:
    """What one role is given by the program, column by column. Every answer comes from the site, as the person gets it."""

    def __init__(self, world: World, role: str) -> None:
        self.world, self.role, self.client = world, role, world.clients[role]
        self.reference = world.case.reference
        self.seen: dict[str, str | None] = {}

    def text(self, name: str, *place: object) -> str | None:
        """Return the page as this role gets it, or `None` when it is not there for them; each is asked for once."""
        address = reverse(f"casework:{name}", args=place)
        if address not in self.seen:
            answer = self.client.get(address)
            self.seen[address] = answer.content.decode() if answer.status_code == 200 else None
        return self.seen[address]

    def opens(self, name: str, *place: object) -> bool:
        return self.text(name, *place) is not None

    def may_work(self) -> bool:
        return self.opens("note", self.reference)

    def a_part(self) -> bool:
        """Return whether any paper of the case, any part of it or anything to do in it is open to them."""
        world = self.world
        return (
            any(self.opens("delivery", sent.token) for sent in world.deliveries)
            or any(self.opens("disclosure", shown.token) for shown in world.shown)
            or self.opens("assignment", world.assignment.token)
        )

    def templates(self) -> Right:
        person = self.world.people[self.role]
        pages = [home_page(), OfficialForm.objects.get(code="nso_dept_plan")]
        if person and any(page.permissions_for_user(person).can_edit() for page in pages):
            return Right.CHANGE
        blank = self.client.get("/official-forms/nso_dept_plan/1/blank.docx")
        return Right.READ if blank.status_code == 200 else Right.NONE

    def notice(self, notice: SimpleNamespace) -> Right:
        place = (notice.case.reference, notice.filed.number)
        if self.opens("document", *place):
            return Right.CHANGE if self.opens("addendum", *place) else Right.READ
        return Right.PART if any(self.opens("delivery", sent.token) for sent in notice.sent) else Right.NONE

    def own_notice(self) -> Right:
        return self.notice(self.world.notices.get(self.role, self.world.notices[""]))

    def notices(self) -> Right:
        return self.notice(self.world.notices["other"])

    def risk(self) -> Right:
        place = (self.reference, self.world.followed.pk)
        if self.opens("procedure", *place):
            return Right.CHANGE if self.opens("set_level", *place) else Right.READ
        shown = [self.text("disclosure", each.token) for each in self.world.shown]
        decision = self.world.papers["decision"].pk
        sent = [each for each in self.world.deliveries if each.submission_id == decision]
        is_shown = any(page and 'id="stage"' in page for page in shown)
        return Right.PART if is_shown or any(self.opens("delivery", each.token) for each in sent) else Right.NONE

    def card(self) -> Right:
        if not self.opens("case", self.reference):
            return Right.PART if self.a_part() else Right.NONE
        if self.opens("assign", self.reference):
            return Right.FULL
        return Right.CHANGE if self.may_work() else Right.READ

    def special(self) -> Right:
        papers = [self.world.papers["decision"], self.world.own_paper]
        pages = [self.text("document", self.reference, paper.number) or "" for paper in papers]
        if HEALTH["curator"] not in pages[0]:
            self.client.post(
                reverse("casework:look_at_category", args=[self.reference]),
                {"category": "special", "reason": "Жалоба семьи"},
            )
            self.seen.clear()
            pages[0] = self.text("document", self.reference, papers[0].number) or ""
        if HEALTH["curator"] in pages[0]:
            return Right.READ
        own = self.world.notices.get(self.role, self.world.notices[""])
        pages.append(self.text("document", own.case.reference, own.filed.number) or "")
        pages += [self.text("delivery", sent.token) or "" for sent in (*self.world.deliveries, *own.sent)]
        pages += [
            self.text("disclosed_document", shown.token, self.world.papers["family_file"].number) or ""
            for shown in self.world.shown
        ]
        return Right.PART if any(words in page for page in pages for words in HEALTH.values()) else Right.NONE

    def paper(self, name: str) -> Right:
        paper = self.world.papers[name]
        if self.opens("document", self.reference, paper.number):
            return Right.FULL if self.may_work() else Right.READ
        sent = [each for each in self.world.deliveries if each.submission_id == paper.pk]
        is_shown = any(self.opens("disclosed_document", each.token, paper.number) for each in self.world.shown)
        return Right.PART if is_shown or any(self.opens("delivery", each.token) for each in sent) else Right.NONE

    def protocol(self) -> Right:
        at_the_table = Right.READ if self.opens("meeting", self.world.meeting.token) else Right.NONE
        return max(self.paper("protocol"), at_the_table)

    def family_file(self) -> Right:
        return self.paper("family_file")

    def visits(self) -> Right:
        return self.paper("visits")

    def log(self) -> Right:
        return Right.READ if self.opens("history", self.reference) else Right.NONE

    def reports(self) -> Right:
        names = [name for name in get_resolver("casework.urls").reverse_dict if isinstance(name, str)]
        return Right.READ if any("report" in name for name in names) else Right.NONE


@pytest.mark.django_db
class TestEveryCell:
    def test_is_what_the_program_gives(self):
        world = World()
        asked = {role: Asked(world, role) for role in matrix.ROLES}
        wrong = {}
        # Special categories come last: a head who looks on demand is shown more from then on.
        for cell in sorted(matrix.cells(), key=lambda cell: cell.column == "special"):
            with transaction.atomic():
                given = getattr(asked[cell.role], cell.column)()
                transaction.set_rollback(True)
            if given != cell.here:
                wrong[cell.role, cell.column] = f"matrix says {cell.here.name}, the program gives {given.name}"
        assert wrong == {}


class TestTheMatrix:
    def test_has_a_cell_for_every_role_and_column(self):
        found = {(cell.role, cell.column) for cell in matrix.cells()}
        assert found == {(role, column) for role in matrix.ROLES for column in matrix.COLUMNS}
        assert len(matrix.ROLES) == 23

    def test_has_a_probe_for_every_column(self):
        assert all(callable(getattr(Asked, column, None)) for column in matrix.COLUMNS)

    def test_says_why_wherever_the_program_differs_and_only_there(self):
        for cell in matrix.cells():
            assert bool(str(cell.note)) == (cell.by_domain != cell.here), (cell.role, cell.column)
            assert not cell.is_not_yet or cell.here == Right.NONE

    def test_gives_each_place_one_reason(self):
        assert not matrix.DIFFERS.keys() & matrix.NOT_YET.keys()

    def test_is_read_in_words(self):
        rows = matrix.in_words()
        assert [row.code for row in rows] == list(matrix.ROLES)
        assert all(str(row.title) and str(row.relation) and len(row.cells) == len(matrix.COLUMNS) for row in rows)
