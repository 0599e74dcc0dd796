"""An invented council: a commission holds it, a school, a clinic and the police sit in it beside the commission's own people."""

import datetime as dt
import uuid
from types import SimpleNamespace
from typing import Any

from casework.actions import agenda, councils, meetings
from casework.models import AgendaItem, Case, CouncilKind, CouncilMember, Meeting, TeamRole
from forms_library.models import AgencyKind
from tests.factories import AgencyFactory, member_of

KINDS = {
    "school": AgencyKind.EDUCATION_ORG,
    "clinic": AgencyKind.HEALTH_ORG,
    "police": AgencyKind.POLICE_JUVENILE_UNIT,
}


def board(*, at: dt.datetime, territory: str = "Приречный район", quorum: int = 3) -> SimpleNamespace:
    """Return a council with a chair and a secretary of the commission and one member of each of three other agencies."""
    holder = AgencyFactory(kind=AgencyKind.JUVENILE_COMMISSION, territory=territory)
    head = member_of(holder, role=TeamRole.HEAD)
    council = councils.make_council(
        agency=holder,
        name="Территориальный консилиум",
        kind=CouncilKind.TERRITORIAL_CONSILIUM,
        territory=territory,
        quorum=quorum,
        place="Зал заседаний",
        actor=head,
        at=at,
    )
    made = SimpleNamespace(council=council, holder=holder, head=head, members={}, agencies={"commission": holder})
    for name, role in (("chair", "chair"), ("secretary", "secretary")):
        setattr(made, name, member_of(holder))
        made.members[name] = seat(made, holder, getattr(made, name), role=role, at=at)
    for name, kind in KINDS.items():
        agency = made.agencies[name] = AgencyFactory(kind=kind, territory=territory)
        setattr(made, name, member_of(agency))
        made.members[name] = seat(made, agency, getattr(made, name), at=at)
    return made


def seat(made: SimpleNamespace, agency: Any, person: Any, *, at: dt.datetime, role: str = "member") -> CouncilMember:
    """Seat a person of an agency."""
    return councils.add_member(
        council=made.council, agency=agency, person=person, full_name="", post="", role=role, actor=made.head, at=at
    )


def meeting_of(made: SimpleNamespace, *, at: dt.datetime, in_days: int = 5, **changes: Any) -> Meeting:
    """Call a meeting."""
    wanted = {
        "held_at": at + dt.timedelta(days=in_days),
        "place": "Зал заседаний",
        "is_remote_allowed": True,
        "opinions_by": (at + dt.timedelta(days=2)).date(),
        "token": uuid.uuid4(),
        **changes,
    }
    return meetings.call_meeting(council=made.council, actor=made.secretary, at=at, **wanted)


def put_on(meeting: Meeting, case: Case, actor: Any, *, at: dt.datetime) -> AgendaItem:
    """Put a case on the agenda as somebody who works on it does."""
    return agenda.put_own_case(meeting=meeting, case=case, question="Как помочь семье?", actor=actor, at=at)


def comes_to_its_day(meeting: Meeting, *, at: dt.datetime) -> None:
    """Let it be the day of the meeting."""
    meeting.held_at = at
    meeting.save(update_fields=["held_at"])


def begin(meeting: Meeting, made: SimpleNamespace, *, at: dt.datetime, stage: str = "information") -> Meeting:
    """Bring the day of the meeting, mark everybody present and lead it to a stage."""
    comes_to_its_day(meeting, at=at)
    presence = dict.fromkeys(meeting.attendance.values_list("member", flat=True), "present")
    meeting = meetings.mark_attendance(
        meeting=meeting, presence=presence, version=meeting.version, actor=made.secretary, at=at
    )
    for each in ("information", "services", "decisions"):
        meeting = meetings.go_to_stage(
            meeting=meeting, stage=each, version=meeting.version, actor=made.secretary, at=at
        )
        if each == stage:
            break
    return meeting
