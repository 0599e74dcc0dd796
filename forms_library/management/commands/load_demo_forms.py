"""Bring the shipped forms and procedures into force the way every one comes into force: a pack adopted by one person, each
form and each procedure approved by another."""

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Site

from forms_library import exchange, permissions
from forms_library.actions import packs
from forms_library.actions.drafts import indexed_once
from forms_library.models import FormsCatalogue, OfficialForm, ProcedurePage, ReusableBlock
from forms_library.models.approvals import NotReady
from forms_library.packs import shipped

METHODOLOGIST = "metodist@ochag.example"
APPROVER = "utverzhdayu@ochag.example"
SLUG = "formy"
TITLE = "Официальные формы"
INTRO = (
    "Формы, по которым работают специалисты. Бланк можно скачать и заполнить от руки. "
    "Специалист, который вошёл на портал, заполняет форму прямо в случае семьи."
)


class Command(BaseCommand):
    help = "Load the official forms and procedures of the demo portal. What is there already is left alone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--only", nargs="+", metavar="CODE", help="Load only these forms and procedures.")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        catalogue = _catalogue()
        permissions.set_up()  # the review guards the catalogue, so that it can be set up only now
        drafter = _colleague(METHODOLOGIST, permissions.METHODOLOGISTS)
        approver = _colleague(APPROVER, permissions.APPROVERS)
        # The forms come first: a procedure cannot be approved before its forms are in force.
        for page in _drafts(_missing(options["only"]), catalogue=catalogue, drafter=drafter, at=timezone.now()):
            _bring_into_force(page, drafter=drafter, approver=approver)
            if options["verbosity"]:
                self.stdout.write(_("In force: %(title)s") % {"title": page.title})


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


def _missing(only: list[str] | None) -> set[str]:
    """Return the codes of the wanted forms and procedures, and of all the blocks, that are not there yet."""
    known = {*shipped.codes(), *shipped.procedure_codes()}
    wanted = known if only is None else set(only)
    unknown = wanted - known
    if unknown:
        raise CommandError(_("There is no shipped form or procedure “%(code)s”.") % {"code": min(unknown)})
    blocks = {block.code for block in shipped.pack().content.blocks}
    there = (model.objects.values_list("code", flat=True) for model in (OfficialForm, ProcedurePage))
    return wanted.difference(*there) | (blocks - set(ReusableBlock.objects.values_list("code", flat=True)))


def _drafts(
    codes: set[str], *, catalogue: FormsCatalogue, drafter: Any, at: dt.datetime
) -> list[OfficialForm | ProcedurePage]:
    kinds = {part.issuing_agency for part in shipped.pack().content.issued if part.code in codes}
    for kind, agencies in exchange.agencies_for(kinds).items():
        if not agencies:
            raise CommandError(
                _("There is no agency of the kind “%(kind)s”. Load the demo portal first.") % {"kind": kind}
            )
    packs.trust_shipped_publisher(at=at)
    return packs.adopt_pack(pack=shipped.pack(), catalogue=catalogue, actor=drafter, at=at, codes=codes)


def _bring_into_force(page: OfficialForm | ProcedurePage, *, drafter: Any, approver: Any) -> None:
    """Send to review and approve as a second person: edition 1 is in force."""
    try:
        with indexed_once(page):
            task_state = page.get_workflow().start(page, drafter).current_task_state
            task_state.task.specific.on_action(task_state, approver, "approve")
    except NotReady as refusal:
        raise CommandError(f"{page.code}: {refusal}") from refusal
