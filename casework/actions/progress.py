"""Where a case stands under a procedure: the rows of the case read as happenings, and replayed."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Max

from casework.models import CaseEvent, CaseProcedure, PersonRole, Submission
from forms_library.models import CalendarDay, Edition
from forms_library.procedures.definition import Procedure
from forms_library.procedures.guards import Circumstances
from forms_library.procedures.progress import Happening, Progress, What, replay


def progress_of(followed: CaseProcedure) -> Progress:
    """Return where a case stands under a procedure. Two queries, whatever has happened."""
    return replay(followed.edition.procedure, happenings_of(followed))


def children_of(followed: CaseProcedure) -> int:
    """Return how many children are in the case now."""
    return followed.case.people.filter(role=PersonRole.CHILD, is_mistake=False).count()


def happenings_of(followed: CaseProcedure) -> list[Happening]:
    """Return what has happened, in the order in which it was written down."""
    moments = [*_events(followed), *_filed(followed)]
    return [happening for _moment, happening in sorted(moments, key=lambda pair: pair[0])]


def circumstances(
    followed: CaseProcedure,
    *,
    at: dt.datetime,
    stated: Any = (),
    until: dt.date | None = None,
) -> Circumstances:
    """Return what guards look at beside the progress. Two queries."""
    case = followed.case
    born = case.people.filter(role=PersonRole.CHILD, is_mistake=False).values_list("birth_date", flat=True)
    return Circumstances(
        today=case.agency.local(at).date(),
        calendar=CalendarDay.objects.working_calendar(case.agency),
        birth_dates=tuple(born),
        stated=frozenset(stated),
        until=until,
    )


def moment_after(followed: CaseProcedure, at: dt.datetime) -> dt.datetime:
    """Return the moment at which something is written down, never earlier than what the case knows already. Two queries.

    The replay reads in the order of moments. The clocks of two machines differ, and a clock is put back at times: what is
    written down last would be read before the step that it does was open, and count for nothing.
    """
    written = followed.events.aggregate(last=Max("at"))["last"]
    filed = Submission.objects.filter(case=followed.case_id).aggregate(last=Max("filed_at"))["last"]
    return max(moment for moment in (at, written, filed) if moment)


Moment = tuple[dt.datetime, int, int]


def _events(followed: CaseProcedure) -> Iterator[tuple[Moment, Happening]]:
    """Yield what was written down by hand, without what was annulled later."""
    rows = list(followed.events.order_by("at", "pk"))
    annulled = {row.annuls_id for row in rows if row.annuls_id}
    for row in rows:
        if row.pk in annulled or row.what == CaseEvent.What.ANNULLED:
            continue
        happening = Happening(
            what=What(row.what),
            on=row.on,
            step=row.step,
            code=row.code,
            words=row.words,
            until=row.until,
            ref=row,
        )
        # The first event comes before the forms that were filed in the same moment.
        yield (row.at, 0 if row.what == CaseEvent.What.OPENED else 2, row.pk), happening


def _filed(followed: CaseProcedure) -> Iterator[tuple[Moment, Happening]]:
    """Yield the filed forms of the procedure since its first event; a corrected one says what its correction says."""
    procedure = followed.edition.procedure
    case = followed.case
    rows = (
        Submission.objects.filter(case=case, edition__code__in=procedure.form_codes())
        .select_related("edition")
        .only("number", "answers", "filed_at", "supersedes_id", "case_id", "edition__code", "edition__title")
        .order_by("number")
    )
    by_id = {row.pk: row for row in rows}
    superseded = {row.supersedes_id for row in by_id.values()}
    for row in by_id.values():
        if row.pk in superseded:
            continue
        first = _root(row, by_id)
        filed_on = case.agency.local(first.filed_at).date()
        if filed_on < followed.started_on:
            continue
        # Nothing under a procedure happens before its first event or after the day of filing, whatever was typed.
        on = max(min(_dated(procedure, row) or filed_on, filed_on), followed.started_on)
        happening = Happening(what=What.FILED, on=on, code=row.edition.code, answers=row.answers, ref=row)
        yield (first.filed_at, 1, row.number), happening


def _root(row: Submission, by_id: Mapping[int, Submission]) -> Submission:
    while row.supersedes_id and row.supersedes_id in by_id:
        row = by_id[row.supersedes_id]
    return row


def _dated(procedure: Procedure, row: Submission) -> dt.date | None:
    """Return the day that a form itself says is the one that counts."""
    keys = {use.dated_by for step in procedure.steps for use in step.forms if use.code == row.edition.code}
    for key in sorted(keys - {""}):
        try:
            return dt.date.fromisoformat(str(row.answers.get(key, ""))[:10])
        except ValueError:
            continue
    return None


def form_titles(codes: Any) -> list[str]:
    """Return the titles of forms by their codes, in the same order; a code that is unknown stands for itself."""
    codes = list(codes)
    found = dict(
        Edition.objects.filter(code__in=codes).order_by("number").values_list("code", "title") if codes else ()
    )
    return [found.get(code, code) for code in codes]
