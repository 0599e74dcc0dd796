"""What casework tells methodologists before a form changes: how many drafts are open on it, by agency. No case, no name."""

from collections.abc import Iterator

from django.db.models import Count
from django.utils.translation import gettext as _, ngettext

from casework.models import Draft
from forms_library.impact import Use
from forms_library.models import OfficialForm


def open_drafts(official_form: OfficialForm) -> Iterator[Use]:
    """Yield the number of drafts begun on any edition of the form, for each agency that has some."""
    drafts = Draft.objects.filter(edition__official_form=official_form.pk)
    counted = drafts.order_by().values("case__agency__short_name").annotate(count=Count("pk"))
    for row in counted:
        count = ngettext("%(count)s draft", "%(count)s drafts", row["count"]) % {"count": row["count"]}
        yield Use(what=_("Drafts being filled in"), name=f"{row['case__agency__short_name']}: {count}")
