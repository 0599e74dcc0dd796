"""«Why can this person see the case?»: one sentence for each ground, the same on the page and in `manage.py who_can_see`.

The reasons that people have written down may name neighbours and relatives: `tells_reason` is for those who speak for the case.
"""

from django.utils.translation import gettext as _, ngettext

from casework.access import Viewer
from casework.actions.who_sees import PartSeen, WhoSees
from casework.models import Bar, CasePermission, Category, CategoryGrant, EmergencyOpening, Section, TeamRole


def why_whole(viewer: Viewer, *, seen: WhoSees) -> str:
    """Return why somebody sees the whole case: they answer for it, their agency keeps it, or it was shared with them."""
    if viewer.user.pk == seen.case.curator_id:
        ground = _("sees the case because they are its curator")
    elif viewer.share is None and viewer.role == TeamRole.HEAD:
        ground = _("sees the case because they head the agency that keeps it")
    elif viewer.share is None:
        ground = _("sees the case because they work in the agency that keeps it")
    elif CasePermission.WORK in viewer.permissions:
        ground = _("sees the case because it was shared with their agency for work")
    else:
        ground = _("sees the case because it was shared with their agency to read")
    if viewer.share is None:
        return f"{ground}."
    return _("%(ground)s until %(day)s: %(reason)s") % {
        "ground": ground,
        "day": f"{viewer.share.last_day:%d.%m.%Y}",
        "reason": viewer.share.reason,
    }


def why_part(part: PartSeen) -> str:
    """Return what the people of an agency see of a case, and why."""
    if part.disclosure is not None:
        return _of_disclosure(part)
    if part.is_on_an_agenda:
        return _(
            "reads the question about the family on the agenda because they sit in “%(council)s” or work where it is held."
        ) % {"council": part.council}
    if part.papers:
        numbers = ", ".join(f"№ {number}" for number in part.papers)
        return ngettext(
            "sees the document %(numbers)s because it was sent to their agency. The rest of the case is closed.",
            "sees the documents %(numbers)s because they were sent to their agency. The rest of the case is closed.",
            len(part.papers),
        ) % {"numbers": numbers}
    return ngettext(
        "sees %(count)s thing that their agency was asked to do, and marks it. The rest of the case is closed.",
        "sees %(count)s things that their agency was asked to do, and marks them. The rest of the case is closed.",
        part.asked,
    ) % {"count": part.asked}


def _of_disclosure(part: PartSeen) -> str:
    shown = part.disclosure
    assert shown is not None  # noqa: S101 - `why_part` has asked
    words = {
        "sections": "; ".join(str(Section(code).label) for code in shown.sections) or _("chosen documents"),
        "day": f"{shown.last_day:%d.%m.%Y}",
        "reason": shown.reason,
        "council": part.council,
    }
    if part.council:
        return _("sees a part (%(sections)s) because the case is on the agenda of “%(council)s”, until %(day)s") % words
    return _("sees a part (%(sections)s) because it was shown to their agency until %(day)s: %(reason)s") % words


def _with_reason(sentence: str, reason: str, *, tells_reason: bool) -> str:
    return _("%(sentence)s Reason: %(reason)s") % {"sentence": sentence, "reason": reason} if tells_reason else sentence


def why_emergency(opening: EmergencyOpening, *, tells_reason: bool) -> str:
    """Return why somebody sees a foreign case for a day."""
    until = opening.case.agency.local(opening.ends_at)
    sentence = _("sees what saves the child because they opened it in an emergency, until %(time)s.")
    sentence %= {"time": f"{until:%d.%m.%Y %H:%M}"}
    return _with_reason(sentence, opening.reason, tells_reason=tells_reason)


def why_kept_out(bar: Bar, *, tells_reason: bool) -> str:
    """Return who keeps somebody out and why."""
    sentence = _("does not see the case: %(person)s decided so on %(day)s.") % {
        "person": bar.barred_by,
        "day": f"{bar.case.agency.local(bar.barred_at):%d.%m.%Y}",
    }
    return _with_reason(sentence, bar.reason, tells_reason=tells_reason)


def why_category(grant: CategoryGrant, *, tells_reason: bool) -> str:
    """Return what somebody was given leave to read within a case they see."""
    words = {
        "category": Category(grant.category).label,
        "day": f"{grant.last_day:%d.%m.%Y}",
        "person": grant.granted_by,
    }
    if grant.granted_by_id == grant.person_id:
        sentence = _("reads “%(category)s” until %(day)s: opened on their own demand.") % words
    else:
        sentence = _("reads “%(category)s” until %(day)s: opened by %(person)s.") % words
    return _with_reason(sentence, grant.reason, tells_reason=tells_reason)
