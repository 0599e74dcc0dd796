"""What a form is filled in with: what the case and the specialist's own account already know, and what may be chosen."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext

from casework import access
from casework.actions.closed import FactsReader
from casework.actions.facts import standing_facts
from casework.facts import beside
from casework.models import Case, CaseEvent, CaseFile, CaseProcedure, Draft, Submission
from casework.prefill import Known
from forms_library.answer_fields import Attached, Documents
from forms_library.models import Agency, LocalService
from forms_library.questionnaire import Questionnaire, Surroundings
from forms_library.schema import Kind, Schema
from forms_library.things_to_do import RESOURCE, column_of, tables_of_measures
from forms_library.typed import Typed

MOST_SERVICES = 200
"""So many services of a district are offered in a form; the map itself has all."""
CHANGES_OF_TERMS = (CaseEvent.What.SUSPENDED, CaseEvent.What.RESUMED, CaseEvent.What.EXTENDED)


def known_for(case: Case, *, actor: Any, at: dt.datetime) -> Known:
    """Return what the case and the specialist's own account can fill in."""
    agency = _own_agency(case, actor=actor)
    people = tuple(
        {
            "role": person.role,
            "role_name": str(person.get_role_display()),
            "full_name": person.full_name,
            "birth_date": person.birth_date.isoformat() if person.birth_date else "",
            "phone": person.phone,
            "address": person.address,
            "school": person.school,
            "school_class": person.school_class,
        }
        for person in case.people.filter(is_mistake=False)
    )
    return Known(
        people=people,
        specialist={"fio": actor.get_full_name(), "post": actor.post, "phone": actor.work_phone},
        agency=_details(agency) if agency else {},
        today=case.agency.local(at).date(),
        term_changes=tuple(_told(event) for event in _term_changes(case)),
    )


def _term_changes(case: Case) -> QuerySet[CaseEvent]:
    """Return how the terms of the procedures that run in the case were changed, without what was taken back. One query."""
    return (
        CaseEvent.objects.filter(
            case_procedure__in=CaseProcedure.objects.running().filter(case=case),
            what__in=CHANGES_OF_TERMS,
            annulled_by=None,
        )
        .select_related("case_procedure__edition", "document__edition")
        .defer("document__answers", "document__edition__docx_template", "document__edition__questions")
        .order_by("at", "pk")
    )


def _told(event: CaseEvent) -> dict[str, str]:
    return {
        "step": event.case_procedure.edition.procedure.event_in_words(event.step),
        "what": str(event.get_what_display()),
        "on": event.on.isoformat(),
        "until": event.until.isoformat() if event.until else "",
        "ground": " ".join(event.words.split()),
        "document": f"№ {event.document.number}, {event.document.edition.title}" if event.document else "",
    }


def questionnaire_of(
    draft: Draft, *, at: dt.datetime, typed: Typed | None = None, check: bool = False, reader: Any = None
) -> Questionnaire:
    """Return the draft as a form on the screen, with `typed` in place of what was kept when it is given.

    `reader` is who looks at it: beside each answer stands what they may read of what the case knows.
    """
    schema, today = draft.edition.schema, draft.case.agency.local(at).date()
    links = any(question.kind == Kind.DOCUMENT for question in schema)
    return Questionnaire(
        schema,
        typed=draft.typed if typed is None else typed,
        check=check,
        around=Surroundings(
            agencies=known_agencies(),
            people=dict(draft.case.people.filter(is_mistake=False).values_list("full_name", "pk")),
            attached=attached_to(draft.case),
            documents=documents_to_link(draft.case) if links else {},
            origins=_origins(draft.case, schema, draft.typed if typed is None else typed, user=reader, today=today),
            today=today,
        ),
    )


def services_for(draft: Draft) -> list[LocalService]:
    """Return the services on the map of the keeper's district, when the form has a column for resources; all when it has none.

    Nothing for other forms. Two queries at most.
    """
    if not any(column_of(table, RESOURCE) for table in tables_of_measures(draft.edition.schema)):
        return []
    shown = LocalService.objects.shown().select_related("agency").order_by("domain", "name", "pk")
    near = list(shown.filter(territory=draft.case.agency.territory)[:MOST_SERVICES])
    return near or list(shown[:MOST_SERVICES])


def _origins(case: Case, schema: Schema, typed: Typed, *, user: Any, today: dt.date) -> dict[str, str]:
    """Return in words, by the name of a field, where its value comes from, or what the case knows instead.

    Only what the reader may read; nothing when nobody reads it.
    """
    if user is None or not any(question.fact or any(column.fact for column in question.columns) for question in schema):
        return {}
    found = {}
    readable = FactsReader(case, user=user, today=today).readable(standing_facts(case))
    for name, known, is_same in beside(schema, typed, readable):
        submission = known.fact.submission
        place = {
            "number": submission.number,
            "title": submission.edition.title,
            "day": date_format(case.agency.local(submission.filed_at), "d.m.Y"),
            "words": known.words,
        }
        found[name] = (
            gettext("From document No. %(number)s, %(title)s, %(day)s.") % place
            if is_same
            else gettext("Document No. %(number)s, %(title)s, %(day)s says: %(words)s.") % place
        )
    return found


def known_agencies() -> dict[str, int]:
    """Return the names of the agencies of the register with their ids."""
    return dict(Agency.objects.open().order_by("name").values_list("name", "pk"))


def attached_to(case: Case) -> Attached:
    """Return the files of a case as a form shows and keeps them."""
    return {kept["id"]: kept for kept in CaseFile.objects.filter(case=case).values("id", "name", "sha256")}


def documents_to_link(case: Case) -> Documents:
    """Return the filed forms of a case that a question of another form may point at, the latest first."""
    filed = Submission.objects.filter(case=case).valid().values("number", "filed_at", "edition__title", "edition__code")
    return {
        each["number"]: {
            "id": each["number"],
            "name": f"№ {each['number']}, {each['edition__title']}, {date_format(case.agency.local(each['filed_at']), 'd.m.Y')}",
            "form": each["edition__code"],
        }
        for each in filed
    }


def agency_of_the_actor(case: Case, *, actor: Any) -> Agency:
    """Return the agency in whose name `actor` files: that of the case, or their own when it was let into the case."""
    return (_own_agency(case, actor=actor) if actor else None) or case.agency


def _details(agency: Agency) -> dict[str, Any]:
    """Return an agency as the papers name it; of its telephones, the first."""
    phone = agency.phones.first()
    return {
        "id": agency.pk,
        "name": agency.name,
        "address": agency.address,
        "phone": phone.number if phone else "",
    }


def _own_agency(case: Case, *, actor: Any) -> Agency | None:
    own = access.agencies_of(actor)
    return own.filter(pk=case.agency_id).first() or own.first()
