"""Invented agencies, people, forms and cases. Everything that has rules is made by the actions themselves."""

import datetime as dt
import hashlib
from typing import Any

import factory
from django.utils import timezone
from wagtail.models import Page

from casework.actions import cases
from casework.models import Case, CaseKind, Person, TeamRole
from forms_library.models import (
    Agency,
    AgencyKind,
    Edition,
    EditionEnd,
    FormsCatalogue,
    OfficialForm,
    ProcedureEdition,
    ProcedureEditionEnd,
    ProcedurePage,
)
from forms_library.packs import shipped
from forms_library.procedures.definition import Procedure
from forms_library.schema import digest
from portal.accounts.models import User

PASSWORD = "correct-horse-battery"


class NumberedFactory(factory.django.DjangoModelFactory):
    """Numbers of one length: whichever tests ran before, «№ 7» is never found inside «№ 71»."""

    class Meta:
        abstract = True

    @classmethod
    def _setup_next_sequence(cls) -> int:
        return 1001


class AgencyFactory(NumberedFactory):
    """An agency that works and takes requests."""

    class Meta:
        model = Agency

    code = factory.Sequence(lambda number: f"agency-{number}")
    name = factory.Sequence(lambda number: f"Центр помощи семье № {number}")
    short_name = factory.Sequence(lambda number: f"Центр № {number}")
    kind = AgencyKind.KCSON
    territory = "Приречный район"
    takes_requests = True

    class Params:
        one_window = factory.Trait(kind=AgencyKind.ONE_WINDOW, name="Служба «Единое окно»", short_name="Единое окно")
        closed = factory.Trait(is_open=False)


class UserFactory(NumberedFactory):
    """A member of staff; `member_of(agency)` puts them into a team."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda number: f"staff{number}@example.org")
    last_name = "Ветрова"
    first_name = "Ольга"
    patronymic = factory.Sequence(lambda number: f"Сергеевна-{number}")
    post = "специалист по социальной работе"
    work_phone = "8 (383) 000-00-00"
    password = factory.django.Password(PASSWORD)


def member_of(agency: Agency, role: str = TeamRole.SPECIALIST, **fields: Any) -> User:
    """Return a new member of a team of `agency`."""
    user = UserFactory(**fields)
    for team in cases.make_teams(agency):
        if team.role == role:
            team.group.user_set.add(user)
    return user


def home_page() -> Page:
    """Return the page under which everything stands: the one that Wagtail's own migrations made."""
    return Page.get_first_root_node().get_children().first()


def official_form(code: str) -> OfficialForm:
    """Return the page of a shipped form, live in the catalogue."""
    known = OfficialForm.objects.filter(code=code).first()
    if known:
        return known
    home = home_page()
    catalogue = FormsCatalogue.objects.first() or home.add_child(instance=FormsCatalogue(title="Формы", slug="formy"))
    facts = shipped.form(code)
    form = OfficialForm(
        title=facts.title,
        slug=code.replace("_", "-"),
        code=code,
        purpose=facts.purpose,
        filled_by=facts.filled_by,
        received_by=facts.received_by,
        legal_basis=facts.legal_basis,
        issuing_agency=Agency.objects.filter(kind=AgencyKind.JUVENILE_COMMISSION).first()
        or AgencyFactory(kind=AgencyKind.JUVENILE_COMMISSION, takes_requests=False),
        audience=facts.audience,
    )
    catalogue.add_child(instance=form)
    return form


def put_in_force(code: str, *, at: dt.datetime | None = None, **changes: Any) -> Edition:
    """Return the next edition of a shipped form, in force from `at` (default: a day ago), past the workflow."""
    at = at or timezone.now() - dt.timedelta(days=1)
    form = official_form(code)
    earlier = list(form.editions.order_by("number"))
    template = changes.pop("docx_template", shipped.form(code).template)
    edition = Edition(
        official_form=form,
        number=len(earlier) + 1,
        code=code,
        title=form.title,
        purpose=form.purpose,
        filled_by=form.filled_by,
        received_by=form.received_by,
        legal_basis=form.legal_basis,
        issuing_agency_name="Комиссия по делам несовершеннолетних",
        audience=form.audience,
        questions=changes.pop("schema", shipped.form(code).schema).to_json(),
        docx_template=template,
        template_sha256=hashlib.sha256(template).hexdigest(),
        approved_by=UserFactory(),
        approved_at=at,
        in_force_from=at,
        **changes,
    )
    edition.digest = digest(edition.frozen())
    edition.save()
    for old in earlier:
        if old.in_force_to is None:
            EditionEnd.objects.create(edition=old, in_force_to=at, reason=EditionEnd.Reason.SUPERSEDED)
    return edition


def procedure_in_force(
    procedure: Procedure, *, code: str = "tom_support", at: dt.datetime | None = None
) -> ProcedureEdition:
    """Return the next edition of a procedure, in force from `at` (default: a day ago), past the workflow."""
    at = at or timezone.now() - dt.timedelta(days=1)
    page = ProcedurePage.objects.filter(code=code).first()
    if page is None:
        catalogue = FormsCatalogue.objects.first() or home_page().add_child(
            instance=FormsCatalogue(title="Формы", slug="formy")
        )
        page = ProcedurePage(
            title="Сопровождение семьи",
            slug=code.replace("_", "-"),
            code=code,
            purpose="Семьям",
            legal_basis="Порядок",
            issuing_agency=Agency.objects.filter(kind=AgencyKind.JUVENILE_COMMISSION).first()
            or AgencyFactory(kind=AgencyKind.JUVENILE_COMMISSION, takes_requests=False),
        )
        catalogue.add_child(instance=page.from_procedure(procedure))
    earlier = list(page.editions.order_by("number"))
    edition = page.from_procedure(procedure).as_edition()
    edition.number, edition.approved_by = len(earlier) + 1, UserFactory()
    edition.approved_at = edition.in_force_from = at
    edition.save()
    for old in earlier:
        if old.in_force_to is None:
            ProcedureEditionEnd.objects.create(
                edition=old, in_force_to=at, reason=ProcedureEditionEnd.Reason.SUPERSEDED
            )
    return edition


def open_case(agency: Agency | None = None, *, accepted_by: User | None = None, **fields: Any) -> Case:
    """Return a new case, or one in work when `accepted_by` is given."""
    at = fields.pop("at", timezone.now())
    case = cases.open_case(
        agency=agency or AgencyFactory(), kind=fields.pop("kind", CaseKind.SUPPORT), actor=accepted_by, at=at, **fields
    )
    return cases.accept_case(case=case, actor=accepted_by, at=at) if accepted_by else case


class PersonFactory(factory.django.DjangoModelFactory):
    """A child of an invented family."""

    class Meta:
        model = Person

    role = "child"
    full_name = "Ветрова Полина Андреевна"
    birth_date = dt.date(2016, 4, 9)
    school = "Школа № 17"
    school_class = "4 «Б»"


PLAN_TYPED = {
    "org": ["Школа № 17"],
    "resp_fio": ["Орлова Наталья Юрьевна"],
    "resp_post": ["социальный педагог"],
    "resp_phone": ["8 (383) 000-00-17"],
    "period_from": ["01.12.2026"],
    "period_to": ["01.03.2027"],
    "children-0-fio": ["Ветрова Полина Андреевна"],
    "children-0-birth": ["09.04.2016"],
    "children-0-class": ["4 «Б»"],
    "children-0-school": ["Школа № 17"],
    "factors": ["Пропуски уроков"],
    "measures-0-task": ["Вернуть посещаемость"],
    "measures-0-measure": ["Встречи с психологом"],
    "measures-0-term": ["декабрь"],
    "measures-0-resp": ["Психолог школы"],
    "measures-0-result": [""],
    "sign_resp__post": ["социальный педагог"],
    "sign_resp__name": ["Н.Ю. Орлова"],
    "sign_head__post": ["директор"],
    "sign_head__name": ["Т.Н. Белова"],
}
"""План ведомственных мероприятий as somebody would type it; only the scan of the consent is missing."""

REQUEST_TYPED = {
    "question": ["Хочу вернуть сына домой"],
    "name": ["Марина"],
    "contact_way": ["Позвонить"],
    "phone": ["8 (900) 000-00-01"],
    "email": [""],
    "safe_time": ["после 18"],
    "discreet": ["Да, не говорите"],
    "agency": [""],
}
"""A contact request as a parent would type it."""
