"""What in a case is closed to somebody who may see the case itself: answers of special categories that others wrote."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext, gettext_lazy as _

from casework import access
from casework.actions.facts import Standing
from casework.actions.refusals import ActionRefused
from casework.closed_answers import (
    TOLD_TO_FEW,
    closed_categories,
    closed_facts,
    closed_files,
    closed_questions,
    tells_closed_words,
    typed_files,
)
from casework.models import AnswerLink, Case, Category, Contradiction, Draft, Fact, PaperMark, Submission
from forms_library.models import Edition


class CategoryClosed(ActionRefused):
    """A document tells something that its reader has no leave to read."""

    message = _("There is something in this document that you have no leave to read.")

    def __init__(self, categories: Collection[str]) -> None:
        self.categories = words_of(categories)
        super().__init__(categories)

    def __str__(self) -> str:
        return gettext(
            "This document tells of: %(categories)s. You may read the rest on the screen. Ask the curator to open it to"
            " you; a head opens it for a day on the page “Who may see what”."
        ) % {"categories": self.categories}


def words_of(categories: Collection[str]) -> str:
    """Return what categories are called, in one line."""
    return ", ".join(str(Category(code).label) for code in Category.values if code in categories)


def closed_to(case: Case, *, user: Any, today: dt.date) -> frozenset[str]:
    """Return the categories that are closed to `user` in `case` today, whoever wrote them."""
    return TOLD_TO_FEW - access.categories_open(case, user=user, today=today)


def closed_in(submission: Submission, *, user: Any, closed: Collection[str]) -> frozenset[str]:
    """Return those of `closed` of which a document tells something; nothing of what the reader filed themselves."""
    if submission.filed_by_id == user.pk:
        return frozenset()
    return closed_categories(submission.edition.schema, submission.answers, closed)


def readable_answers(submission: Submission, *, user: Any, today: dt.date) -> dict[str, Any]:
    """Return the answers of a document without those that `user` may not read."""
    closed = closed_to(submission.case, user=user, today=today) if submission.filed_by_id != user.pk else frozenset()
    hidden = closed_questions(submission.edition.schema, closed)
    return {key: answer for key, answer in submission.answers.items() if key not in hidden}


def refuse_closed(submissions: Collection[Submission], *, case: Case, user: Any, today: dt.date) -> None:
    """Raise `CategoryClosed` when one of these documents of a case tells what `user` may not read: paper hides nothing."""
    closed = closed_to(case, user=user, today=today)
    found = {category for each in submissions for category in closed_in(each, user=user, closed=closed)}
    if found:
        raise CategoryClosed(found)


def is_closed_draft(draft: Draft, *, user: Any, today: dt.date) -> bool:
    """Return whether a draft already holds words that `user` may not read. Whoever was given a part of it works on it."""
    if draft.author_id == user.pk or draft.parts.filter(assignee=user).exists():
        return False
    return tells_closed_words(draft.edition.schema, draft.typed, closed_to(draft.case, user=user, today=today))


def is_outside_word_closed(closed: Collection[str]) -> bool:
    """Return whether what came by answer links is closed: a clinic writes of health, and nobody has looked at it yet."""
    return Category.SPECIAL.value in closed


def files_closed_to(case: Case, *, user: Any, closed: Collection[str]) -> frozenset[int]:
    """Return the numbers of the files of a case that belong to answers which `user` may not read (`closed_to`)."""
    if not closed:
        return frozenset()
    came = (
        case.answer_links.filter(files__isnull=False) if is_outside_word_closed(closed) else AnswerLink.objects.none()
    )
    filed = case.submissions.exclude(filed_by=user).select_related("edition").defer("edition__docx_template")
    of_answers = {number for each in filed for number in closed_files(each.edition.schema, each.answers, closed)}
    closed_papers = [each.pk for each in filed if closed_in(each, user=user, closed=closed)]
    scans = PaperMark.objects.filter(submission__in=closed_papers, file__isnull=False).values_list("file", flat=True)
    drafts = case.drafts.exclude(author=user).exclude(parts__assignee=user).select_related("edition")
    begun = {
        number
        for each in drafts.defer("edition__docx_template")
        for number in typed_files(each.edition.schema, each.typed, closed)
    }
    outside = came.values_list("files", flat=True)
    return frozenset(of_answers | begun | {int(number) for number in [*scans, *outside] if number})


def facts_closed_by_edition(case: Case, closed: Collection[str]) -> dict[int, frozenset[str]]:
    """Return the keys of the facts that the forms of a case tell in closed answers, by edition. One query, when any is closed."""
    editions = Edition.objects.filter(pk__in=case.submissions.values("edition")) if closed else ()
    return {edition.pk: closed_facts(edition.schema, closed) for edition in editions}


def tells_to_few(contradiction: Contradiction, told_to_few: Mapping[int, Collection[str]]) -> bool:
    """Return whether either side of a contradiction stands in an answer that is told to few (`facts_closed_by_edition`)."""
    sides = (contradiction.earlier, contradiction.later)
    return any(fact.key in told_to_few.get(fact.submission.edition_id, ()) for fact in sides)


class FactsReader:
    """Who looks at the facts of a case: which of them are closed to them. One query for the editions, when any is closed."""

    def __init__(self, case: Case, *, user: Any, today: dt.date) -> None:
        self.user = user
        self._facts = facts_closed_by_edition(case, closed_to(case, user=user, today=today))

    def may_read(self, fact: Fact) -> bool:
        """Return whether the reader may read one telling."""
        if fact.submission.filed_by_id == self.user.pk:
            return True
        return fact.key not in self._facts.get(fact.submission.edition_id, frozenset())

    def readable(self, standing: Collection[Standing]) -> list[Standing]:
        """Return those of the standing facts that the reader may read."""
        return [each for each in standing if self.may_read(each.fact)]

    def may_settle(self, contradiction: Contradiction) -> bool:
        """Return whether the reader may read both sides."""
        return self.may_read(contradiction.earlier) and self.may_read(contradiction.later)
