"""Where on a page of councils a refusal is told: beside the field that it is about, or on top when it is about no field."""

from typing import Any

from django.http import HttpRequest

from casework.actions import council_refusals as refusals
from casework.actions.refusals import ActionRefused, CaseEnded
from casework.views.doors import tell

FIELDS: dict[type[ActionRefused], tuple[str, ...]] = {
    refusals.AccountOfAnotherAgency: ("person",),
    refusals.AgencyIsClosed: ("agency",),
    refusals.AlreadyAMember: ("person", "full_name"),
    refusals.AlreadyOnAgenda: ("reference", "meeting"),
    refusals.CaseNotYours: ("reference", "meeting"),
    CaseEnded: ("reference",),
    refusals.CouncilExists: ("name",),
    refusals.DueInThePast: ("due",),
    refusals.MeetingBegun: ("meeting",),
    refusals.MeetingInThePast: ("held_at",),
    refusals.MeetingOver: ("meeting",),
    refusals.NoDueDay: ("due",),
    refusals.NoExecutor: ("agency",),
    refusals.NoNewDay: ("until",),
    refusals.NobodyNamed: ("full_name",),
    refusals.NotThisCouncil: ("step",),
    refusals.NotThisTerritory: ("territory",),
    refusals.NothingDecided: ("text",),
    refusals.OpinionsTooLate: ("opinions_by",),
    refusals.QuorumTooBig: ("quorum",),
    refusals.QuorumTooSmall: ("quorum",),
    refusals.SeatTaken: ("role",),
    refusals.TooManyVotes: ("votes_for",),
    refusals.UnknownOutcome: ("outcome",),
}
"""The fields that a refusal may be about; the first of them that the form shows is marked."""


def tell_beside(request: HttpRequest, form: Any, refusal: ActionRefused) -> None:
    """Show why an action was refused beside the field that it is about, so that the summary of errors leads there."""
    shown = [name for name in FIELDS.get(type(refusal), ()) if name in form.fields and not form[name].is_hidden]
    if shown:
        form.add_error(shown[0], str(refusal))
    else:
        tell(request, refusal)
