"""Bring the demo forms into force the way every form comes into force: drafted by one person, approved by another."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Site

from forms_library import demo, permissions
from forms_library.models import Agency, Document, FormField, FormsCatalogue, OfficialForm
from forms_library.schema import Column, Question

METHODOLOGIST = "metodist@ochag.example"
APPROVER = "utverzhdayu@ochag.example"
SLUG = "formy"
TITLE = "Официальные формы"
INTRO = (
    "Формы, по которым работают специалисты. Бланк можно скачать и заполнить от руки. "
    "Специалист, который вошёл на портал, заполняет форму внутри дела семьи."
)


class Command(BaseCommand):
    help = "Load the official forms of the demo portal. A form that is there already is left alone."

    def handle(self, *args: Any, **options: Any) -> None:
        catalogue = _catalogue()
        permissions.set_up()  # the review guards the catalogue, so that it can be set up only now
        drafter = _colleague(METHODOLOGIST, permissions.METHODOLOGISTS)
        approver = _colleague(APPROVER, permissions.APPROVERS)
        for code in demo.CODES:
            if OfficialForm.objects.filter(code=code).exists():
                continue
            form = _bring_into_force(code, catalogue=catalogue, drafter=drafter, approver=approver)
            if options["verbosity"]:
                self.stdout.write(_("In force: %(title)s") % {"title": form.title})


def _catalogue() -> FormsCatalogue:
    catalogue = FormsCatalogue.objects.first()
    if catalogue:
        return catalogue
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None:
        raise CommandError(_("There is no site yet. Load the demo portal first: manage.py load_demo"))
    catalogue = FormsCatalogue(title=TITLE, slug=SLUG, intro=INTRO, show_in_menus=True)
    site.root_page.add_child(instance=catalogue)
    return catalogue


def _colleague(email: str, group: str) -> Any:
    """Return the account, made without a password when the staff has not been loaded, and a member of its group."""
    user = get_user_model().objects.filter(email=email).first()
    if user is None:
        user = get_user_model().objects.create_user(email=email)
    user.groups.add(Group.objects.get(name=group))
    return user


@transaction.atomic
def _bring_into_force(code: str, *, catalogue: FormsCatalogue, drafter: Any, approver: Any) -> OfficialForm:
    """Draft, send to review, approve as a second person: edition 1 is in force."""
    form = _drafted(code, catalogue=catalogue, drafter=drafter)
    review = form.get_workflow().start(form, drafter)
    task_state = review.current_task_state
    task_state.task.specific.on_action(task_state, approver, "approve")
    return form


def _drafted(code: str, *, catalogue: FormsCatalogue, drafter: Any) -> OfficialForm:
    facts = demo.definition(code)
    template = Document(title=facts["title"], uploaded_by_user=drafter)
    template.file.save(f"{code}.docx", ContentFile(demo.template(code)), save=False)
    template.file_size = template.file.size
    template.save()
    form = OfficialForm(
        **{name: facts[name] for name in ("title", "code", "purpose", "filled_by", "received_by", "legal_basis")},
        audience=facts["audience"],
        slug=code.replace("_", "-"),
        search_description=facts["purpose"],
        issuing_agency=_agency(facts["issuing_agency"]),
        docx_template=template,
        owner=drafter,
        live=False,
    )
    form.form_fields = [_field(order, question) for order, question in enumerate(demo.schema(code))]
    catalogue.refresh_from_db()
    catalogue.add_child(instance=form)
    form.save_revision(user=drafter)
    return form


def _agency(kind: str) -> Agency:
    agency = Agency.objects.open().filter(kind=kind).order_by("pk").first()
    if agency is None:
        raise CommandError(_("There is no agency of the kind “%(kind)s”. Load the demo portal first.") % {"kind": kind})
    return agency


def _field(order: int, question: Question) -> FormField:
    return FormField(
        sort_order=order,
        clean_name=question.key,
        label=question.label,
        field_type=question.kind.value,
        required=question.required,
        help_text=question.help_text,
        default_value=question.default,
        choices="\n".join(question.choices),
        columns=[("column", _column(column)) for column in question.columns],
        rows="\n".join(question.rows),
        min_rows=question.min_rows,
        max_rows=question.max_rows,
        not_before=question.not_before,
    )


def _column(column: Column) -> dict[str, Any]:
    return {
        "key": column.key,
        "label": column.label,
        "kind": column.kind.value,
        "required": column.required,
        "choices": "\n".join(column.choices),
    }
