"""Who may read what is told to few: health, criminal record, secret of adoption (domain.md D, principles 4 and 5).

A right to the case is not enough. The curator reads what belongs to the work; others read what they wrote themselves and what they
were given leave to read (`CategoryGrant`); the fact of an adoption is for guardianship bodies only (СК ст. 139).
"""

import datetime as dt
from typing import Any

from django.db.models import Q

from casework.access.cases import agencies_of, is_barred, may_pass, permissions_on
from casework.models import Case, CasePermission, Category, CategoryGrant
from forms_library.models.agencies import AgencyKind

OF_THE_CURATOR = frozenset({Category.SPECIAL.value, Category.CRIMINAL.value})


def categories_open(case: Case, *, user: Any, today: dt.date) -> frozenset[str]:
    """Return the codes of `Category` that `user` may read in `case` today; none without a right to the case itself.

    Until a case has a curator, whoever may take it into work reads what came with it. Four queries at most.
    """
    held = permissions_on(case, user=user, today=today)
    if CasePermission.VIEW not in held:
        return frozenset()
    opened = set(granted_to(case, user=user, today=today))
    if user.pk == case.curator_id or (case.curator_id is None and CasePermission.LEAD in held):
        opened |= OF_THE_CURATOR
    if agencies_of(user).filter(kind=AgencyKind.GUARDIANSHIP_BODY).exists():
        opened.add(Category.ADOPTION.value)
    return frozenset(opened)


def granted_to(case: Case, *, user: Any, today: dt.date) -> frozenset[str]:
    """Return the categories that `user` was given leave to read in `case` today."""
    if not may_pass(user) or is_barred(case, user=user):
        return frozenset()
    standing = Q(withdrawn_at=None, last_day__gte=today)
    grants = CategoryGrant.objects.filter(standing, case=case, person=user)
    return frozenset(grants.values_list("category", flat=True))
