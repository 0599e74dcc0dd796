"""Why something about a council or its meeting was refused, in words for the person who tried."""

from typing import Any

from django.utils.translation import gettext, gettext_lazy as _

from casework.actions.refusals import ActionRefused


class CouncilRefused(ActionRefused):
    """Something about a council. What is said about it may name numbers and people."""

    def __init__(self, **words: Any) -> None:
        super().__init__()
        self.words = words

    def __str__(self) -> str:
        return str(self.message) % self.words if self.words else str(self.message)


class NotThisTerritory(CouncilRefused):
    """A council of a territory is held by the commission of that territory: it opens the cases of others to its members."""

    message = _(
        "A territorial council and an interagency group are held by the commission, the “one window” or the department, and for"
        " their own territory. Choose “council of the organisation” for a council of your own agency."
    )


class NotHolder(CouncilRefused):
    """A council is made and kept by the head of the agency that holds it."""

    message = _("A council is made and kept by the head of the agency that holds it. Ask them.")


class AgencyIsClosed(CouncilRefused):
    """Nobody of a closed agency sits in a council, carries anything out or holds a council."""

    message = _("This agency does not work any more. Choose one that works now.")


class NoAgencyOfMember(CouncilRefused):
    """A member sits for an agency."""

    message = _("A member sits in a council for an agency. Choose the agency first.")


class NobodyNamed(CouncilRefused):
    """A member has a name and a post."""

    message = _("Write the full name and the post of the member, or choose their account.")


class AccountOfAnotherAgency(CouncilRefused):
    """The account of a member is one of the agency for which they sit."""

    message = _("This person does not work in the agency that you chose. Choose one of its people, or no account.")


class SeatTaken(CouncilRefused):
    """One chair and one secretary."""

    message = _("The council has a chair or a secretary already. Write down first that the former one leaves.")


class AlreadyAMember(CouncilRefused):
    """Somebody sits in a council once."""

    message = _("This person is a member of the council already.")


class NotAMember(CouncilRefused):
    """Only a member takes part."""

    message = _("Only a member of the council who has an account can do this, for themselves.")


class MemberLeft(CouncilRefused):
    """A member leaves once, not before they came."""

    message = _("This member has left already.")


class CouncilExists(CouncilRefused):
    """A council has a name of its own in its agency."""

    message = _("Your agency holds a council of this name already. Open it in the list, or choose another name.")


class QuorumTooSmall(CouncilRefused):
    """One person is no council."""

    message = _("A quorum is at least two members.")


class QuorumTooBig(CouncilRefused):
    """The members have to be able to make a quorum."""

    message = _(
        "The quorum is %(quorum)d, and the council has %(members)d members. Add members or make the quorum smaller."
    )


class CouncilClosed(CouncilRefused):
    """A council that works no more is not called."""

    message = _("This council does not work any more.")


class NotACaller(CouncilRefused):
    """Who calls a meeting and makes its agenda."""

    message = _("Meetings are called by the secretary, the chair and the head of the agency that holds the council.")


class NotRunning(CouncilRefused):
    """Who leads a meeting through its stages."""

    message = _("The secretary and the chair lead the meeting and write down what it says.")


class NotTheChair(CouncilRefused):
    """Who opens special categories."""

    message = _("Only the chair of the council can open this to an agency.")


class MeetingInThePast(CouncilRefused):
    """A meeting is called for a time to come."""

    message = _("This time has passed. Call the meeting for a later time.")


class OpinionsTooLate(CouncilRefused):
    """Opinions are asked for before the meeting."""

    message = _("Opinions are asked for by a day from today on and not later than the day of the meeting.")


class MeetingOver(CouncilRefused):
    """A protocol that is signed and a meeting that was cancelled change no more."""

    message = _("This meeting is over: its protocol is signed, or it was cancelled. Nothing in it changes any more.")


class MeetingBegun(CouncilRefused):
    """What is done only before a meeting begins."""

    message = _("The meeting has begun already. This was possible only before.")


class MeetingDayNotCome(CouncilRefused):
    """A meeting begins on its own day: until then members write their opinions and the agenda changes."""

    message = _(
        "The meeting is called for %(day)s and begins on that day, not before. If it is held earlier, move it to its new time"
        " first."
    )


class AlreadyWrittenDown(CouncilRefused):
    """What was said at a meeting is not undone by a step back."""

    message = _(
        "Something has been written down at this meeting already: what members told, services, decisions, votes or opinions."
        " It does not go back to the time before its beginning."
    )


class MeetingChanged(CouncilRefused):
    """Two people led the same meeting at once."""

    message = _("Somebody has changed this meeting meanwhile. Look at what stands below and press once more.")


class NothingOnAgenda(CouncilRefused):
    """A meeting is about cases."""

    message = _("There is no case on the agenda yet. Put the cases on it first.")


class NoQuorum(CouncilRefused):
    """A council without a quorum decides nothing."""

    message = _(
        "There is no quorum: %(present)d take part, and %(quorum)d are needed. Nothing can be decided. Mark who takes"
        " part, or call another meeting."
    )


class NotTheNextStage(CouncilRefused):
    """The stages of S000 follow each other."""

    message = _("The stages of a meeting follow each other. Reload the page to see which one comes next.")


class StageNotReached(CouncilRefused):
    """Each stage has its own screen, in its turn."""

    message = _("The meeting has not come to this stage yet. Go on to it on the page of the meeting.")


class NotThisCouncil(CouncilRefused):
    """A decision belongs to a council of a kind, and waits for it."""

    message = _("This step does not wait for a decision of a council of this kind. Look where the case stands.")


class AlreadyOnAgenda(CouncilRefused):
    """A case stands on an agenda once."""

    message = _("This case is on the agenda of this meeting already.")


class CaseNotYours(CouncilRefused):
    """A case comes to an agenda by those who may read it, or because the procedure or the radar names it."""

    message = _("There is no such case among those that you may read and those that are proposed.")


class OpinionsStand(CouncilRefused):
    """The words of members are not thrown away."""

    message = _(
        "Members have already written opinions about this case. Keep it on the agenda and write down at the meeting that it"
        " is not considered."
    )


class ItemChanged(CouncilRefused):
    """Two people wrote about the same case at once."""

    message = _("Somebody has changed the same page meanwhile. Below are your words; compare them and save once more.")


class SpeaksForThemselves(CouncilRefused):
    """Only the words of members without an account are written down for them."""

    message = _(
        "Write down from paper only the opinion of a member who sits in the council today and has no account. Whoever has an"
        " account writes their own."
    )


class OpinionIsLate(CouncilRefused):
    """An opinion in advance is given until the day that was named."""

    message = _("The day by which opinions were asked for has passed, or the meeting has begun. Speak at the meeting.")


class NoRemoteOpinion(CouncilRefused):
    """A remote opinion is for who takes part remotely, while the meeting goes."""

    message = _(
        "A remote opinion is given while the meeting goes, by a member who was marked as taking part remotely. Ask the"
        " secretary."
    )


class NoDissentYet(CouncilRefused):
    """A dissenting opinion is about decisions in which one took part."""

    message = _(
        "A dissenting opinion is written by who takes part in the meeting, when it has come to decisions and until the"
        " protocol is signed."
    )


class ReasonMissing(CouncilRefused):
    """A family that is not invited is told why."""

    message = _("Say why the family is not invited.")


class HowMissing(CouncilRefused):
    """The opinion of a child has a source."""

    message = _("Say how the opinion of the child was obtained: who talked with the child, and when.")


class NoExecutor(CouncilRefused):
    """A decision is carried out by somebody."""

    message = _("A decision needs an executor. Choose the agency that carries it out.")


class NothingDecided(CouncilRefused):
    """A decision says what is to be done."""

    message = _("A decision needs words. Write down what is to be done.")


class NoDueDay(CouncilRefused):
    """A decision is carried out by a day."""

    message = _("A decision needs a last day. Write down by what day it is carried out.")


class DueInThePast(CouncilRefused):
    """A decision is carried out by a day to come."""

    message = _("This day has passed. Choose today or a later day.")


class TooManyVotes(CouncilRefused):
    """Who takes part votes once."""

    message = _("%(votes)d votes are written down, and %(present)d members take part. Check the numbers.")


class UnknownOutcome(CouncilRefused):
    """What a council decides on a step is one of its outcomes."""

    message = _("Choose one of the decisions that the procedure offers for this step.")


class NoNewDay(CouncilRefused):
    """A decision about a term names the new last day."""

    message = _("This decision needs a day: write up to what day it holds.")


class NotForThisAgency(CouncilRefused):
    """The secret of an adoption is for guardianship bodies only (СК ст. 139)."""

    message = _("The secret of an adoption is opened to guardianship bodies only.")


def not_enough(present: int, quorum: int) -> str:
    """Return the words that say, without refusing anything yet, that a quorum is missing."""
    return gettext("There is no quorum yet: %(present)d of %(quorum)d.") % {"present": present, "quorum": quorum}
