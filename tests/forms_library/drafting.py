"""Steps in the life of an official form, as its methodologist and its approver take them; most fit procedures too."""

import datetime as dt
import io
import itertools
from types import SimpleNamespace
from typing import Any, TypeVar

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.test import Client
from docx import Document as WordDocument
from wagtail.models import Locale, Page, Site

from forms_library import permissions
from forms_library.models import Agency, Document, FormField, FormsCatalogue, OfficialForm, ProcedurePage
from portal.accounts.models import User

Governed = TypeVar("Governed", OfficialForm, ProcedurePage)
_numbers = itertools.count(1001)


def word_template(*paragraphs: str) -> bytes:
    """Return a small .docx with these paragraphs."""
    document = WordDocument()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def template_document(*paragraphs: str) -> Document:
    """Return a Word template kept in the library of documents."""
    document = Document(title="Шаблон")
    document.file.save(f"template_{next(_numbers)}.docx", ContentFile(word_template(*paragraphs)))
    return document


def user(*groups: str, **fields: Any) -> User:
    """Return a member of staff in these groups."""
    number = next(_numbers)
    person = User.objects.create_user(
        email=f"staff{number}@example.org", password="correct-horse", first_name="Анна", last_name="Тестова", **fields
    )
    person.groups.set(Group.objects.filter(name__in=groups))
    return person


def signed_in(person: User) -> Client:
    """Return a browser in which somebody has signed in."""
    client = Client()
    client.force_login(person)
    return client


def library() -> SimpleNamespace:
    """Return an empty catalogue on a site, and the people who keep it."""
    Locale.objects.get_or_create(language_code="ru")
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root")
    home = root.get_children().first() or root.add_child(instance=Page(title="Портал", slug="portal"))
    Site.objects.get_or_create(is_default_site=True, defaults={"hostname": "localhost", "root_page": home})
    catalogue = home.add_child(instance=FormsCatalogue(title="Официальные формы", slug="forms"))
    permissions.set_up()
    return SimpleNamespace(
        home=home,
        catalogue=catalogue,
        methodologist=user(permissions.METHODOLOGISTS),
        approver=user(permissions.APPROVERS),
        agency=Agency.objects.create(
            code=f"agency-{next(_numbers)}",
            name="Отдел опеки",
            short_name="Опека",
            kind="guardianship_body",
            territory="Город",
        ),
    )


def draft(lib: SimpleNamespace, *, by: User | None = None, **fields: Any) -> OfficialForm:
    """Return a form whose first draft is saved: it asks one thing, and its template prints it."""
    number = next(_numbers)
    form = OfficialForm(
        **{
            "title": f"План {number}",
            "slug": f"plan-{number}",
            "code": f"plan_{number}",
            "purpose": "Чтобы помощь шла по плану",
            "filled_by": "Специалист",
            "received_by": "Комиссия",
            "legal_basis": "Порядок",
            "issuing_agency": lib.agency,
            "docx_template": template_document("{{ name }}"),
            "act_number": f"{number}-од",
            "act_date": dt.date(2026, 1, 15),
            "act_reason": "Форма вводится впервые",
            "live": False,
            **fields,
        }
    )
    Page.objects.get(pk=lib.catalogue.pk).add_child(instance=form)
    form.form_fields.add(FormField(label="Имя", clean_name="name", field_type="singleline", required=True))
    form.save_revision(user=by or lib.methodologist)
    return form


def rename(form: OfficialForm, title: str, *, by: User) -> OfficialForm:
    """Save a next draft of the form under another title, and say why."""
    page = form.get_latest_revision_as_object()
    page.title, page.act_reason = title, f"Новое название: {title}"
    page.save_revision(user=by)
    return fresh(form)


def send(page: Governed, *, by: User) -> Any:
    """Send the latest draft to review; return the task state."""
    page = fresh(page)
    return page.get_workflow().start(page, by).current_task_state


def approve(page: Governed, *, by: User) -> None:
    """Let somebody approve what is under review."""
    page = fresh(page)
    page.current_workflow_task.on_action(page.current_workflow_task_state, by, "approve")


def actions_for(page: Governed, person: User) -> list[str]:
    """Return what the editor offers somebody to do with what is under review."""
    page = fresh(page)
    return [name for name, _label, _modal in page.current_workflow_task.get_actions(page, person)]


def put_in_force(lib: SimpleNamespace, page: Governed) -> Any:
    """Send the latest draft of a form or a procedure and let the approver approve it; return the edition."""
    send(page, by=lib.methodologist)
    approve(page, by=lib.approver)
    return page.editions.latest("number")


def fresh(page: Governed) -> Governed:
    """Return the form or the procedure as the database has it now."""
    return type(page).objects.get(pk=page.pk)
