"""«Why can this person see the case?»: one sentence for each ground, the same on the page and in `manage.py who_can_see`."""

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


def why_emergency(opening: EmergencyOpening) -> str:
    """Return why somebody sees a foreign case for a day."""
    until = opening.case.agency.local(opening.ends_at)
    return _("sees what saves the child because they opened it in an emergency, until %(time)s: %(reason)s") % {
        "time": f"{until:%d.%m.%Y %H:%M}",
        "reason": opening.reason,
    }


def why_kept_out(bar: Bar) -> str:
    """Return who keeps somebody out and why."""
    return _("does not see the case: %(person)s decided so on %(day)s. Reason: %(reason)s") % {
        "person": bar.barred_by,
        "day": f"{bar.case.agency.local(bar.barred_at):%d.%m.%Y}",
        "reason": bar.reason,
    }


def why_category(grant: CategoryGrant) -> str:
    """Return what somebody was given leave to read within a case they see."""
    words = {
        "category": Category(grant.category).label,
        "day": f"{grant.last_day:%d.%m.%Y}",
        "person": grant.granted_by,
        "reason": grant.reason,
    }
    if grant.granted_by_id == grant.person_id:
        return _("reads “%(category)s” until %(day)s: opened on their own demand. Reason: %(reason)s") % words
    return _("reads “%(category)s” until %(day)s: opened by %(person)s. Reason: %(reason)s") % words
