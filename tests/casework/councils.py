"""An invented council with a meeting that has come to its decisions, for the tests of protocols."""

import datetime as dt
import uuid

from casework.actions import agenda, agenda_items, councils, meetings
from casework.models import Attendance, CouncilKind, CouncilMember, Meeting, TeamRole
from forms_library.deadlines import Rule
from forms_library.models import AgencyKind
from forms_library.procedures.definition import (
    DoneBy,
    Due,
    FormUse,
    Ground,
    Guard,
    GuardKind,
    Outcome,
    Procedure,
    Role,
    Stage,
    Step,
)
from tests.casework.conftest import NOW
from tests.factories import AgencyFactory, member_of

PLACE = "Приречный район"
TODAY = NOW.date()
NEXT_MONTH = TODAY + dt.timedelta(days=30)

APPROVAL = Step(
    code="approval",
    title="Утвердить план",
    role="council",
    done_by=DoneBy.DECISION,
    after=("opened", "approval.returned"),
    forms=(FormUse(code="consilium_protocol", dated_by="date"),),
    due=Due(rule=Rule.parse("30 cd")),
    outcomes=(
        Outcome(code="approved", title="План утверждён"),
        Outcome(code="returned", title="План вернули", needs_words=True),
        Outcome(code="extended", title="План продлён", asks_until=True),
    ),
)
CARD = Step(
    code="card", title="Карта утверждена", role="council", done_by=DoneBy.EVENT, after=("approval.approved",),
    due=Due(rule=Rule.parse("10 cd")),
)  # fmt: skip
REVIEW = Step(
    code="review",
    title="Мониторинг плана",
    role="keeper",
    after=("approval.approved",),
    forms=(FormUse(code="nso_monitoring"),),
    due=Due(rule=Rule.parse("3 m")),
)
ENDING = Step(
    code="ending",
    title="Прекратить сопровождение",
    role="council",
    done_by=DoneBy.CLOSURE,
    after=("approval.approved",),
)
PROCEDURE = Procedure(
    start="Случай открыт",
    roles=(
        Role(code="keeper", title="Специалист"),
        Role(code="council", title="Территориальный консилиум", council_kinds=("territorial_consilium",)),
    ),
    stages=(Stage(code="all", title="Сопровождение", steps=(APPROVAL, CARD, REVIEW, ENDING)),),
    grounds=(
        Ground(
            code="reached",
            title="Цели достигнуты",
            guards=(Guard(kind=GuardKind.STATEMENT, words="Риска нет"),),
        ),
        Ground(code="moved", title="Семья переехала", needs_words=True),
    ),
)


class Board:
    """A council of three agencies: its chair and secretary hold it, a school sits in it."""

    def __init__(self, *, kind=CouncilKind.TERRITORIAL_CONSILIUM, territory=PLACE, holder=None):
        self.holder = holder or AgencyFactory(kind=AgencyKind.JUVENILE_COMMISSION, territory=territory)
        self.school = AgencyFactory(territory=territory)
        self.head = member_of(self.holder, TeamRole.HEAD)
        self.chair, self.secretary, self.teacher = (
            member_of(self.holder), member_of(self.holder), member_of(self.school),
        )  # fmt: skip
        self.council = councils.make_council(
            agency=self.holder, name="Консилиум", kind=kind, territory=territory, quorum=2, place="Мира, 1",
            actor=self.head, at=NOW,
        )  # fmt: skip
        seats = (
            (self.chair, self.holder, CouncilMember.Role.CHAIR),
            (self.secretary, self.holder, CouncilMember.Role.SECRETARY),
            (self.teacher, self.school, CouncilMember.Role.MEMBER),
        )
        self.seats = [
            councils.add_member(
                council=self.council, agency=agency, person=person, full_name=str(person), post="специалист",
                role=role, actor=self.head, at=NOW,
            )
            for person, agency, role in seats
        ]  # fmt: skip

    def meeting(self, *cases, at=NOW, step=None):
        """Call a meeting about `cases`, with everybody invited; `step` gives (case procedure, step) of each."""
        meeting = meetings.call_meeting(
            council=self.council, held_at=at + dt.timedelta(hours=1), place="Мира, 1", is_remote_allowed=True,
            opinions_by=None, actor=self.secretary, at=at, token=uuid.uuid4(),
        )  # fmt: skip
        for case in cases:
            followed, code = step or (None, "")
            agenda.put_on_agenda(
                meeting=meeting, case=case, reason="asked", question="О плане семьи", actor=case.curator, at=at,
                case_procedure=followed, step=code,
            )  # fmt: skip
        meetings.invite(meeting=meeting, actor=self.secretary, at=at)
        return meeting

    def held(self, *cases, at=NOW, step=None):
        """Return a meeting about `cases` that has come to its decisions: two take part, one remotely, one is away."""
        meeting = self.meeting(*cases, at=at, step=step)
        presence = dict(
            zip(
                (seat.pk for seat in self.seats),
                (Attendance.Presence.PRESENT, Attendance.Presence.PRESENT, Attendance.Presence.REMOTE),
                strict=True,
            )
        )
        meeting = self._do(meetings.mark_attendance, meeting, at=at, presence=presence)
        for stage in (Meeting.Stage.INFORMATION, Meeting.Stage.SERVICES, Meeting.Stage.DECISIONS):
            meeting = self._do(meetings.go_to_stage, meeting, at=at, stage=stage)
        return meeting

    def _do(self, action, meeting, *, at, **words):
        return action(meeting=meeting, version=meeting.version, actor=self.secretary, at=at, **words)

    def write_all(self, item, *, outcome="", until=None, at=NOW, executor=None, decided="План утвердить"):
        """Write down all that the protocol of a case needs."""
        said = {"actor": self.secretary, "at": at}
        agenda_items.write_family(
            item=item, family_invited=True, not_invited_reason="", family_attended=True,
            child_opinion="Хочу к бабушке", child_opinion_how="психолог говорил с ребёнком", version=fresh(item).version,
            **said,
        )  # fmt: skip
        agenda_items.write_information(
            item=item, facts={self.seats[2].pk: "Ходит в школу"}, version=fresh(item).version, **said
        )
        agenda_items.add_service(
            item=item, who="child", need="Покой", service="Занятия", agency=self.school, token=uuid.uuid4(), **said
        )
        agenda_items.add_decision(
            item=item, text="Открыть место в продлёнке", agency=executor or self.school, person=None,
            due=NEXT_MONTH, token=uuid.uuid4(), **said,
        )  # fmt: skip
        agenda_items.write_outcome(
            item=item, heard="О плане", decided=decided, votes=(3, 0, 0), outcome=outcome, until=until,
            version=fresh(item).version, **said,
        )  # fmt: skip
        return fresh(item)


def fresh(row):
    """Return a row as it is now."""
    return type(row).objects.get(pk=row.pk)
