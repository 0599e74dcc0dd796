"""Who plays a role of a procedure in a case, and so may do its steps.

Until somebody is appointed, a role is played by a team of the agency that keeps the case, or by its curator. What another
body does is written down by whoever works on the case there. With whom the case is only shared plays no role, unless the
keeper has appointed them to it (domain.md B.1: the curator comes from a social service institution). A substitute plays every role of the colleague who is away, and
the head every role of the agency's own people. The curator of the case plays the curator's role, however they became it: an
appointment makes them the curator, and so does a later change of curator when the appointed one has left.
"""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.contrib.auth import get_user_model

from casework import access
from casework.models import Absence, CaseProcedure, TeamRole
from forms_library.procedures.definition import PlayedBy, Role
from forms_library.procedures.progress import Progress

MAY_DO = {access.CasePermission.WORK, access.CasePermission.LEAD}
"""What somebody needs one of in a case to be given something to do there."""


def acting_for(user: Any, *, today: dt.date) -> frozenset[int]:
    """Return the ids of everybody whose tasks `user` does today: their own, and those they stand in for."""
    away = Absence.objects.filter(substitute=user, first_day__lte=today, last_day__gte=today)
    return frozenset({user.pk, *away.values_list("person", flat=True)})


def plays(role: str, followed: CaseProcedure, progress: Progress, *, user: Any, today: dt.date) -> bool:
    """Return whether `user` may act in this role of a procedure today."""
    return role in roles_played(followed, progress, user=user, today=today)


def roles_played(followed: CaseProcedure, progress: Progress, *, user: Any, today: dt.date) -> frozenset[str]:
    """Return the codes of all roles in which `user` may act today. Three queries at most, however many there are."""
    case, roles = followed.case, progress.procedure.roles
    permissions = access.permissions_on(case, user=user, today=today)
    if not MAY_DO & permissions:
        return frozenset()
    people = acting_for(user, today=today)
    if access.CasePermission.LEAD not in permissions:
        others = people - _of_agency(people, case.agency_id)
        return frozenset(role.code for role in roles if _is_appointed(role, followed, progress, others))
    if heads(people, agency_id=case.agency_id):
        return frozenset(role.code for role in roles)
    return frozenset(role.code for role in roles if _is_played_by(role, followed, progress, people))


def players(role: str, followed: CaseProcedure, progress: Progress, *, today: dt.date) -> list[Any]:
    """Return everybody who plays a role of a procedure themselves, by name; the same few queries however many they are.

    Whoever only stands in for a colleague is not among them: they do the tasks of that colleague as these are, and could not
    do them any more when the colleague is back.
    """
    wanted = progress.procedure.role(role)
    found = set()
    for viewer in access.viewers_of(followed.case, today=today):
        themselves = frozenset({viewer.user.pk})
        if access.CasePermission.LEAD in viewer.permissions:
            is_one = viewer.role == TeamRole.HEAD or _is_played_by(wanted, followed, progress, themselves)
        else:
            is_one = bool(MAY_DO.intersection(viewer.permissions)) and _is_appointed(
                wanted, followed, progress, themselves
            )
        if is_one:
            found.add(viewer.user)
    return sorted(found, key=str)


def _is_appointed(role: Role, followed: CaseProcedure, progress: Progress, people: Collection[int]) -> bool:
    """Return whether one of `people` was appointed to a role by name."""
    if role.played_by == PlayedBy.CURATOR:
        return followed.case.curator_id in people
    return appointed_to(role.code, progress) in people


def _of_agency(people: Collection[int], agency: int) -> frozenset[int]:
    members = get_user_model().objects.filter(pk__in=people, groups__team__agency=agency)
    return frozenset(members.values_list("pk", flat=True))


def _is_played_by(role: Role, followed: CaseProcedure, progress: Progress, people: frozenset[int]) -> bool:
    """Return whether one of `people`, who are no heads, may act in a role."""
    if role.played_by == PlayedBy.HEAD:
        return False
    if role.played_by != PlayedBy.CURATOR and appointed_to(role.code, progress) is None:
        return True
    return _is_appointed(role, followed, progress, people)


def appointed_to(role: str, progress: Progress) -> int | None:
    """Return the id of whoever was appointed to a role; `None` when nobody was, or when the case itself knows who it is."""
    if progress.procedure.role(role).played_by == PlayedBy.CURATOR:
        return None
    happening = progress.appointed.get(role)
    return happening.ref.person_id if happening and happening.ref else None


def is_head(user: Any, *, agency_id: int) -> bool:
    """Return whether somebody heads an agency."""
    return bool(user.is_active and heads([user.pk], agency_id=agency_id))


def heads(people: Collection[int], *, agency_id: int) -> bool:
    """Return whether one of `people` heads an agency; nobody who has left does, not even through a substitute."""
    found = get_user_model().objects.filter(pk__in=people, is_active=True)
    return found.filter(groups__team__agency=agency_id, groups__team__role=TeamRole.HEAD).exists()


def team_and_owner(role: str, followed: CaseProcedure, progress: Progress) -> tuple[str, int | None]:
    """Return the role of the team that a task of this role belongs to, and the id of who answers for it."""
    appointed = appointed_to(role, progress)
    if progress.procedure.role(role).played_by == PlayedBy.HEAD:
        return TeamRole.HEAD, appointed
    return TeamRole.SPECIALIST, appointed or followed.case.curator_id
