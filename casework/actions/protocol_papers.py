"""The protocols of a meeting before they are signed: what each of them would say, and what it still lacks.

The number of queries is the same for any number of members; each case of the agenda costs a few.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from casework import access
from casework.actions.agenda_items import unfinished_before
from casework.actions.council_steps import Decision, decisions_of, step_of
from casework.actions.facts import standing_for
from casework.actions.meetings import TAKES_PART
from casework.actions.protocol_refusals import NoFormOfProtocol
from casework.actions.surroundings import known_agencies, known_for
from casework.answers_on_screen import AnsweredSection, on_screen
from casework.facts import offered
from casework.models import (
    AgendaItem,
    Attendance,
    CouncilKind,
    CouncilMember,
    Meeting,
    Opinion,
    PersonRole,
)
from casework.prefill import prefill
from casework.protocol_answers import Ordered, Said, Sitting, answers_for
from forms_library.models import Edition
from forms_library.procedures.definition import Step
from forms_library.questionnaire import Answers, Questionnaire, Surroundings
from forms_library.schema import Kind, Question
from forms_library.typed import typed_from_answers, typed_from_defaults

FORMS = {CouncilKind.MRG: "mrg_protocol"}
USUAL_FORM = "consilium_protocol"
"""The official forms of protocols, by the kinds of councils."""


@dataclass(frozen=True)
class Gap:
    """Something that a protocol still lacks, in words, and on which screen it is written down.

    `place` is «attendance», «family», «information», «services», «decisions», «outcome», or «case» for what the case itself
    does not know.
    """

    words: str
    place: str


OUTCOME, DECISIONS = "outcome", "decisions"
PLACES = {
    "decisions": DECISIONS,
    "s3_decisions": DECISIONS,
    "child_opinion": "family",
    "how_obtained": "family",
    "family_invited": "family",
    "not_invited_reason": "family",
    "s1_info": Meeting.Stage.INFORMATION.value,
    "s2_services": Meeting.Stage.SERVICES.value,
    "members": "attendance",
    "children": "case",
}
"""The screen on which the answer to a question of the form is written down; everything else with the discussion."""

WRITTEN_BY = {
    Meeting.Stage.INFORMATION: (Meeting.Stage.INFORMATION.value, "family"),
    Meeting.Stage.SERVICES: (Meeting.Stage.INFORMATION.value, "family", Meeting.Stage.SERVICES.value),
}
"""Which screens should be filled in before a meeting goes on from a stage."""


@dataclass(frozen=True)
class Paper:
    """The protocol of one case on the agenda, before it is signed."""

    item: AgendaItem
    said: Said
    form: Questionnaire
    known: Answers
    has_children: bool

    @property
    def sections(self) -> list[AnsweredSection]:
        """All that will be printed, as far as it is written down; without what the form does not ask, and its number to come."""
        answers = self.form.answers() if self.form.is_valid() else self.known
        return [
            replace(section, answers=told)
            for section in on_screen(self.form.schema, answers)
            if (told := [each for each in section.answers if self._prints(each.question)])
        ]

    def _prints(self, question: Question) -> bool:
        return question.key not in self.form.not_asked and question.kind != Kind.NUMBER

    @property
    def step(self) -> Step | None:
        return step_of(self.item)

    @property
    def decision(self) -> Decision | None:
        """What the council has decided on the step of the procedure; `None` when the step waits for another meeting."""
        return next((each for each in decisions_of(self.item) if each.code == self.item.outcome), None)

    @cached_property
    def gaps(self) -> list[Gap]:
        """What is missing, first by the rules of councils (S000), then what the form asks for; each said once."""
        own = list(_gaps(self.item, self.said, has_children=self.has_children))
        places = {gap.place for gap in own} - {OUTCOME}
        unsaid = dict(_unsaid(self.said))
        asked = [_gap_of_form(*mistake, unsaid=unsaid) for mistake in self.form.error_summary]
        return list(dict.fromkeys([*own, *(gap for gap in asked if gap.place not in places)]))


def papers_of(meeting: Meeting, *, actor: Any, at: dt.datetime) -> list[Paper]:
    """Return the protocols that the meeting would file, in the order of its agenda. Raises `NoFormOfProtocol`.

    A case from which `actor` is kept out by name is not among them.
    """
    edition = edition_of(meeting, at=at)
    members = _members(meeting)
    agencies = known_agencies()
    items = items_of(meeting).exclude(case__in=access.barred_from(actor))
    return [_paper(item, edition, members, agencies, actor=actor, at=at) for item in items]


def lacking_before_next_stage(meeting: Meeting, *, actor: Any, at: dt.datetime) -> list[tuple[AgendaItem, list[Gap]]]:
    """Return the cases that lack something which the stage of the meeting, or one before it, is there for, and what.

    The meeting may go on all the same: it is told beside the button, so that nobody learns it first at the signature.
    """
    places = WRITTEN_BY.get(Meeting.Stage(meeting.stage), ())
    try:
        papers = papers_of(meeting, actor=actor, at=at) if places else []
    except NoFormOfProtocol:
        return []
    found = [(paper.item, [gap for gap in paper.gaps if gap.place in places]) for paper in papers]
    return [(item, gaps) for item, gaps in found if gaps]


def edition_of(meeting: Meeting, *, at: dt.datetime) -> Edition:
    """Return the edition on which the protocols of a meeting are filed today. Raises `NoFormOfProtocol`."""
    code = FORMS.get(CouncilKind(meeting.council.kind), USUAL_FORM)
    edition = Edition.objects.in_force(at=at).filter(code=code).first()
    if edition is None:
        raise NoFormOfProtocol
    return edition


def items_of(meeting: Meeting) -> QuerySet[AgendaItem]:
    """Return the cases of an agenda with all that their protocols tell."""
    return (
        AgendaItem.objects.filter(meeting=meeting)
        .select_related(
            "meeting__council__agency", "case__agency", "case__curator", "case_procedure__edition", "protocol"
        )
        .prefetch_related(
            "information__member__agency",
            "services__agency",
            "decisions__agency",
            "opinions__member",
            "decisions__person",
        )
        .order_by("order", "pk")
    )


def gaps_of_meeting(meeting: Meeting) -> list[Gap]:
    """Return what the meeting as a whole still lacks. One query."""
    rows = meeting.attendance.select_related("member")
    marks = [(row.presence, row.member.role) for row in rows]
    gaps = []
    if any(presence == Attendance.Presence.UNKNOWN for presence, _role in marks):
        gaps.append(Gap(_("mark for every member who was invited whether they took part"), "attendance"))
    roles = {role for _presence, role in marks}
    if CouncilMember.Role.CHAIR not in roles or CouncilMember.Role.SECRETARY not in roles:
        gaps.append(Gap(_("the council needs a chair and a secretary, and both are invited"), "attendance"))
    return gaps


def _paper(
    item: AgendaItem,
    edition: Edition,
    members: tuple[tuple[str, Sitting], ...],
    agencies: dict[str, int],
    *,
    actor: Any,
    at: dt.datetime,
) -> Paper:
    schema, case = edition.schema, item.case
    said = _said(item, members)
    known = known_for(case, actor=actor, at=at)
    before = offered(schema, standing_for(case, form_code=edition.code), already=prefill(schema, known))
    answers = {**before, **answers_for(schema, said)}
    typed = typed_from_defaults(schema) | typed_from_answers(schema, answers)
    around = Surroundings(agencies=agencies, today=case.agency.local(at).date())
    form = Questionnaire(schema, typed=typed, check=True, around=around)
    return Paper(item, said, form, answers, any(each["role"] == PersonRole.CHILD for each in known.people))


def _members(meeting: Meeting) -> tuple[tuple[str, Sitting], ...]:
    """Return who was to take part, each with their role in the council. One query."""
    rows = meeting.attendance.select_related("member__agency").order_by("pk")
    return tuple((row.member.role, _sitting(row)) for row in rows)


def _sitting(row: Attendance) -> Sitting:
    return Sitting(
        full_name=row.member.full_name,
        post=row.member.post,
        agency=row.member.agency.name,
        took_part=row.presence in TAKES_PART,
        remotely=row.presence == Attendance.Presence.REMOTE,
    )


def _said(item: AgendaItem, members: tuple[tuple[str, Sitting], ...]) -> Said:
    """Return all that a meeting has written down about one case, in plain words."""
    meeting, council = item.meeting, item.meeting.council
    by_role = {role: sitting for role, sitting in members if role != CouncilMember.Role.MEMBER}
    opinions = [(each.kind, each.member.full_name, each.text) for each in item.opinions.all()]
    dissent = Opinion.Kind.DISSENT
    return Said(
        date=council.agency.local(meeting.held_at).date(),
        place=meeting.place,
        body=council.kind,
        holder=council.agency.name,
        chair=by_role.get(CouncilMember.Role.CHAIR),
        secretary=by_role.get(CouncilMember.Role.SECRETARY),
        members=tuple(sitting for _role, sitting in members),
        question=item.question,
        speaker=item.case.curator.get_full_name() if item.case.curator else "",
        family_invited=item.family_invited,
        family_attended=item.family_attended,
        not_invited_reason=item.not_invited_reason,
        child_opinion=item.child_opinion,
        child_opinion_how=item.child_opinion_how,
        information=tuple((_who(each.member), each.facts) for each in item.information.all()),
        opinions=tuple((who, kind, text) for kind, who, text in opinions if kind != dissent),
        dissent=tuple((who, text) for kind, who, text in opinions if kind == dissent),
        services=tuple(
            {"who": each.who, "need": each.need, "service": each.service, "agency": each.agency.name}
            for each in item.services.all()
        ),
        heard=item.heard,
        decided=item.decided,
        decisions=tuple(
            Ordered(
                text=each.text,
                agency=each.agency.name,
                due=each.due,
                person=str(each.person) if each.person is not None else "",
            )
            for each in item.decisions.all()
        ),
        earlier=tuple(
            Ordered(text=each.text, agency=each.agency.name, due=each.due, state=each.state, words=each.words)
            for each in unfinished_before(council, item.case)
        ),
        votes_for=item.votes_for,
        votes_against=item.votes_against,
        votes_abstained=item.votes_abstained,
    )


def _who(member: CouncilMember) -> str:
    return f"{member.full_name}, {member.agency.name}"


def _gaps(item: AgendaItem, said: Said, *, has_children: bool) -> Iterator[Gap]:
    """Yield what every council has to have written down, whatever its form asks (S000)."""
    if item.family_invited is None:
        yield Gap(_("say whether the family was invited; if not, why"), "family")
    elif not item.family_invited and not item.not_invited_reason:
        yield Gap(_("say why the family was not invited"), "family")
    elif item.family_invited and item.family_attended is None:
        yield Gap(_("say whether the family took part"), "family")
    if has_children and not item.child_opinion:
        yield Gap(_("write down the opinion of the child and how it was obtained"), "family")
    if not said.decisions:
        yield Gap(_("write down at least one decision, with an executor and a day"), DECISIONS)
    for row, decision in enumerate(item.decisions.all(), start=1):
        if not decision.text.strip():
            yield Gap(_("decision %(row)d has no words: write down what was decided") % {"row": row}, DECISIONS)
        if not decision.agency.is_open:
            closed = {"row": row, "agency": decision.agency.short_name}
            words = _("the executor of decision %(row)d, %(agency)s, does not work any more: choose another agency")
            yield Gap(words % closed, DECISIONS)
    votes = sum(number or 0 for number in (said.votes_for, said.votes_against, said.votes_abstained))
    if votes > sum(member.took_part for member in said.members):
        yield Gap(_("there are more votes than members who took part"), OUTCOME)


def _unsaid(said: Said) -> Iterator[tuple[str, str]]:
    """Yield the questions of forms whose answer nobody has written down at all: the key, and what to do in plain words."""
    if not said.information:
        yield "s1_info", _("write down what at least one member told")
    if not said.services:
        yield "s2_services", _("write down at least one service")
    if not (said.heard and said.decided):
        yield "items", _("write down what was heard and what was decided")
    for key, votes in (("votes_for", said.votes_for), ("votes_against", said.votes_against)):
        if votes is None:
            yield key, _("write down how many voted for and how many against; 0 when nobody did")


def _gap_of_form(place: str, label: str, message: str, *, unsaid: Mapping[str, str]) -> Gap:
    """Return a mistake of the form as a gap: the id of its field, of its table or of its question names the question's key."""
    for kind in ("id_", "table-", "question-"):
        place = place.removeprefix(kind)
    key = place.partition("-")[0].partition("__")[0]
    words = _("“%(question)s” of the form: %(message)s") % {"question": label, "message": message}
    return Gap(unsaid.get(key, words), PLACES.get(key, OUTCOME))
