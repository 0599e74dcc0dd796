"""What casework tells methodologists before a procedure changes: how many running cases follow it, by agency. No case, no
name."""

from collections.abc import Iterator

from django.db.models import Count
from django.utils.translation import gettext as _, ngettext

from casework.models import CaseProcedure
from forms_library.impact import Use
from forms_library.models import ProcedurePage


def running_cases(page: ProcedurePage) -> Iterator[Use]:
    """Yield the number of cases that follow any edition of the procedure, for each agency that has some."""
    running = CaseProcedure.objects.running().filter(edition__page=page.pk)
    counted = running.order_by().values("case__agency__short_name").annotate(count=Count("pk"))
    for row in counted:
        count = ngettext("%(count)s case", "%(count)s cases", row["count"]) % {"count": row["count"]}
        yield Use(what=_("Cases that follow the procedure"), name=f"{row['case__agency__short_name']}: {count}")
