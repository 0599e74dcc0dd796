"""The door of cases: who may read, work on and decide on a whole case.

Whoever asks for a case passes here, is checked and gets the case in one breath. Only standing grants count: not a global
permission, not superuser. A case that somebody may not see does not exist for them.

guardian keeps the grants (one row: team, permission, case). Bounded grants end with their last day by themselves, because
every question here asks about today. Whoever is kept out by name (`Bar`) has no grant, whatever team they are in.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery

from casework.models import (
    Bar,
    Case,
    CaseGroupObjectPermission,
    CasePermission,
    Share,
    ShareLevel,
    Team,
    TeamRole,
)
from casework.models.cases import CaseQuerySet
from forms_library.models import Agency
from forms_library.models.agencies import AgencyQuerySet

Grant = CaseGroupObjectPermission

GRANTS_OF_OWN_AGENCY: dict[str, tuple[CasePermission, ...]] = {
    TeamRole.HEAD: (CasePermission.VIEW, CasePermission.LEAD),
    TeamRole.SPECIALIST: (CasePermission.VIEW, CasePermission.WORK, CasePermission.LEAD),
}
"""What the teams of the agency that keeps a case may do with it (domain.md D)."""

GRANTS_OF_SHARE: dict[str, dict[str, tuple[CasePermission, ...]]] = {
    ShareLevel.VIEW: {TeamRole.HEAD: (CasePermission.VIEW,), TeamRole.SPECIALIST: (CasePermission.VIEW,)},
    ShareLevel.WORK: {
        TeamRole.HEAD: (CasePermission.VIEW,),
        TeamRole.SPECIALIST: (CasePermission.VIEW, CasePermission.WORK),
    },
}
"""What the teams of another agency may do while a case is shared with it. Nobody there decides on the case."""


class CaseNotFound(LookupError):
    """There is no such case for this person. The same for a case of others and for a number that was never given."""


@dataclass(frozen=True)
class Viewer:
    """One person who can see a case, and the grant that lets them."""

    user: Any
    agency: Agency
    role: str
    permissions: tuple[str, ...]
    share: Share | None


def _standing_grants(*, user: Any, today: dt.date) -> QuerySet[Grant]:
    return Grant.objects.standing(today=today).exclude(content_object__in=barred_from(user))


def barred_from(user: Any) -> QuerySet[Bar, Any]:
    """Return the ids of the cases from which `user` is kept out by name, for a subquery: deny beats allow."""
    return Bar.objects.filter(person=user, lifted_at=None).values("case")


def is_barred(case: Case, *, user: Any) -> bool:
    """Return whether `user` is kept out of `case` by name."""
    return bool(user.is_authenticated) and barred_from(user).filter(case=case).exists()


def may_pass(user: Any) -> bool:
    """Return whether somebody may come to any door at all: signed in, and still with us."""
    return bool(user.is_authenticated and user.is_active)


def cases_for(*, user: Any, permission: CasePermission = CasePermission.VIEW, today: dt.date) -> CaseQuerySet:
    """Return the cases on which `user` holds `permission` on the day `today`; none for strangers and inactive people."""
    if not may_pass(user):
        return Case.objects.none()
    grants = _standing_grants(user=user, today=today).filter(
        group__user=user, permission__codename=permission.value, permission__content_type__app_label="casework"
    )
    return Case.objects.filter(Exists(grants.filter(content_object=OuterRef("pk"))))


def get_case(*, user: Any, reference: str, permission: CasePermission = CasePermission.VIEW, today: dt.date) -> Case:
    """Return the case with this number, if `user` holds `permission` on it today; raise `CaseNotFound` otherwise."""
    if not reference.isprintable():  # PostgreSQL takes no NUL, not even in a question
        raise CaseNotFound(reference)
    try:
        return (
            cases_for(user=user, permission=permission, today=today)
            .select_related("agency", "curator")
            .get(reference=reference)
        )
    except Case.DoesNotExist:
        raise CaseNotFound(reference) from None


def permissions_on(case: Case, *, user: Any, today: dt.date) -> frozenset[CasePermission]:
    """Return everything `user` may do with `case` today. One query."""
    if not may_pass(user):
        return frozenset()
    grants = _standing_grants(user=user, today=today).filter(content_object=case, group__user=user)
    return frozenset(CasePermission(codename) for codename in grants.values_list("permission__codename", flat=True))


def newest_cases(*, user: Any, today: dt.date, limit: int, before: Case | None = None) -> list[Case]:
    """Return the newest cases that `user` may read, at most `limit`, opened earlier than `before` when it is given.

    Reads the newest grants of each of the person's teams straight from the index and merges them, so it costs the same
    for a hundred cases and for a million (performance.md). Always three queries.
    """
    if not may_pass(user):
        return []
    permission = Permission.objects.filter(codename=CasePermission.VIEW, content_type__app_label="casework").values(
        "pk"
    )
    groups = dict(user.groups.filter(team__isnull=False).values_list("pk", Subquery(permission[:1])))
    if not groups:
        return []
    numbers = _newest_case_ids(groups, user=user, today=today, limit=limit, before=before)
    found = Case.objects.select_related("agency", "curator").in_bulk(numbers)
    return [found[number] for number in numbers]


def _newest_case_ids(
    groups: Mapping[int, int], *, user: Any, today: dt.date, limit: int, before: Case | None
) -> list[int]:
    """Merge the newest grants of every group: one index scan each, in one statement that both databases take.

    `groups` maps each group to the id of the permission that counts.
    """
    table = connection.ops.quote_name(Grant._meta.db_table)
    bars = connection.ops.quote_name(Bar._meta.db_table)
    to_database = connection.ops
    moment = to_database.adapt_datetimefield_value(before.opened_at) if before else None
    earlier = "AND (opened_at, content_object_id) < (%s, %s)" if before else ""
    # A case can be granted to several teams of one person, so each brings `limit` and the merge drops doubles.
    newest_of_group = f"""
        SELECT * FROM (
            SELECT content_object_id, opened_at FROM {table}
            WHERE group_id = %s AND permission_id = %s AND (last_day IS NULL OR last_day >= %s) {earlier}
                AND NOT EXISTS (
                    SELECT 1 FROM {bars} WHERE person_id = %s AND case_id = content_object_id AND lifted_at IS NULL
                )
            ORDER BY opened_at DESC, content_object_id DESC LIMIT %s
        ) newest
    """  # noqa: S608 - only the tables' own names are put in, everything else is a parameter
    parameters: list[Any] = []
    statements = []
    for group, permission in groups.items():
        statements.append(newest_of_group)
        parameters += [group, permission, to_database.adapt_datefield_value(today)]
        parameters += [moment, before.pk] if before else []
        parameters += [user.pk, limit]
    statement = " UNION ".join(statements) + " ORDER BY 2 DESC, 1 DESC LIMIT %s"
    with connection.cursor() as cursor:
        cursor.execute(statement, [*parameters, limit])
        return [row[0] for row in cursor.fetchall()]


def viewers_of(case: Case, *, today: dt.date) -> list[Viewer]:
    """Return every active person who can see `case` today and why, in order of agency and name."""
    kept_out = Bar.objects.filter(case=case, lifted_at=None).values("person")
    let_in = get_user_model().objects.filter(is_active=True).exclude(pk__in=kept_out)
    grants = (
        Grant.objects.standing(today=today)
        .filter(content_object=case)
        .select_related("group__team__agency", "permission", "share")
        .prefetch_related(Prefetch("group__user_set", queryset=let_in))
    )
    by_group: dict[int, list[Grant]] = {}
    for grant in grants:
        by_group.setdefault(grant.group_id, []).append(grant)
    viewers = [
        Viewer(
            user=user,
            agency=of_group[0].group.team.agency,
            role=of_group[0].group.team.role,
            permissions=tuple(sorted(grant.permission.codename for grant in of_group)),
            share=of_group[0].share,
        )
        for of_group in by_group.values()
        for user in of_group[0].group.user_set.all()
    ]
    return sorted(viewers, key=lambda viewer: (viewer.agency.short_name, str(viewer.user)))


def readers_of(cases: Iterable[int], *, among: Iterable[int], today: dt.date) -> set[tuple[int, int]]:
    """Return who `among` these people may read which of `cases` today: pairs of a case and a person. One query."""
    kept_out = Bar.objects.filter(case=OuterRef("content_object"), person=OuterRef("group__user"), lifted_at=None)
    grants = Grant.objects.standing(today=today).filter(
        ~Exists(kept_out),
        content_object__in=cases,
        group__user__in=among,
        group__user__is_active=True,
        permission__codename=CasePermission.VIEW,
        permission__content_type__app_label="casework",
    )
    return set(grants.values_list("content_object", "group__user"))


def agencies_of(user: Any) -> AgencyQuerySet:
    """Return the agencies in whose teams `user` works."""
    return Agency.objects.filter(teams__group__user=user).distinct()


def admit_agency(
    case: Case, *, agency: Agency, share: Share | None = None, teams: Iterable[Team] | None = None
) -> None:
    """Give the teams of `agency` their grants on `case`: as its keeper, or within the bounds of `share`.

    `teams` are the agency's own, when the caller has just read them.
    """
    grants_of_role = GRANTS_OF_SHARE[share.level] if share else GRANTS_OF_OWN_AGENCY
    permission_ids = dict(
        Permission.objects.filter(content_type__app_label="casework", codename__in=CasePermission.values).values_list(
            "codename", "pk"
        )
    )
    Grant.objects.bulk_create(
        [
            Grant(
                group_id=team.group_id,
                permission_id=permission_ids[permission.value],
                content_object=case,
                opened_at=case.opened_at,
                share=share,
                last_day=share.last_day if share else None,
            )
            for team in (Team.objects.filter(agency=agency) if teams is None else teams)
            for permission in grants_of_role[team.role]
        ]
    )


def dismiss_share(share: Share) -> None:
    """Take back, at once, every grant that came from `share`."""
    Grant.objects.filter(share=share).delete()
