"""A draft of a form is changed by the program for its methodologist: always as a new revision, never during a review."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext
from wagtail.models import Page, ReferenceIndex
from wagtail.signal_handlers import disable_reference_index_auto_update

from forms_library.models import FormField, OfficialForm
from forms_library.models.governed_pages import GovernedPage
from forms_library.schema import Schema


class UnderReview(PermissionDenied):
    """The form or the procedure is under review, and cannot change now."""


class NotYours(PermissionDenied):
    """Somebody else drafts this form or procedure."""


def refuse_changes(page: GovernedPage, *, actor: Any) -> None:
    """Raise `NotYours` or `UnderReview` when this person may not save a new draft of the form or the procedure now."""
    if not page.permissions_for_user(actor).can_edit():
        raise NotYours(gettext("You may not change “%(title)s”.") % {"title": page.title})
    if page.workflow_in_progress:
        raise UnderReview(
            gettext("“%(title)s” is under review. Approve it or return it first.") % {"title": page.title}
        )


@transaction.atomic
def save_questions(*, form: OfficialForm, change: Callable[[Schema], Schema], actor: Any) -> OfficialForm:
    """Save a new draft that asks what `change` makes of the last one's questions; return it. Nothing is published."""
    Page.objects.select_for_update().get(pk=form.pk)
    refuse_changes(form, actor=actor)
    draft = form.get_latest_revision_as_object()
    draft.form_fields = rows_for(draft, change(draft.schema()))
    with indexed_once(draft):
        # A draft may be half empty; what it lacks is said before its approval.
        draft.save_revision(user=actor, clean=False, log_action=True)
    return draft


def rows_for(form: OfficialForm, schema: Schema) -> list[FormField]:
    """Return the rows of the form builder for these questions; one that says the same already stays as it is."""
    known = {row.clean_name: row for row in form.form_fields.all()} if form.pk else {}
    rows = []
    for order, question in enumerate(schema):
        row = known.get(question.key)
        if row is None or row.question() != question:
            row = FormField.from_question(question, pk=row.pk if row else None)
        row.sort_order = order
        rows.append(row)
    return rows


@contextmanager
def indexed_once(page: GovernedPage) -> Iterator[None]:
    """Note once what the page refers to. By itself Wagtail does it anew for each question that is saved."""
    with disable_reference_index_auto_update():
        yield
    ReferenceIndex.create_or_update_for_object(page)
