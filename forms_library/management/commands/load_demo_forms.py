"""Bring the shipped forms into force the way every form comes into force: a pack adopted by one person, each form approved
by another."""

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
from forms_library.models import FormsCatalogue, OfficialForm, ReusableBlock
from forms_library.models.approvals import NotReady
from forms_library.packs import shipped

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

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--only", nargs="+", metavar="CODE", help="Load only these forms.")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        catalogue = _catalogue()
        permissions.set_up()  # the review guards the catalogue, so that it can be set up only now
        drafter = _colleague(METHODOLOGIST, permissions.METHODOLOGISTS)
        approver = _colleague(APPROVER, permissions.APPROVERS)
        for form in _drafts(_missing(options["only"]), catalogue=catalogue, drafter=drafter, at=timezone.now()):
            _bring_into_force(form, drafter=drafter, approver=approver)
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


def _missing(only: list[str] | None) -> set[str]:
    """Return the codes of the wanted forms, and of all the blocks, that are not there yet."""
    wanted = set(shipped.codes() if only is None else only)
    unknown = wanted - set(shipped.codes())
    if unknown:
        raise CommandError(_("There is no shipped form “%(code)s”.") % {"code": min(unknown)})
    blocks = {block.code for block in shipped.pack().content.blocks}
    forms = wanted - set(OfficialForm.objects.values_list("code", flat=True))
    return forms | (blocks - set(ReusableBlock.objects.values_list("code", flat=True)))


def _drafts(codes: set[str], *, catalogue: FormsCatalogue, drafter: Any, at: dt.datetime) -> list[OfficialForm]:
    kinds = {form.issuing_agency for form in shipped.pack().content.forms if form.code in codes}
    for kind, agencies in exchange.agencies_for(kinds).items():
        if not agencies:
            raise CommandError(
                _("There is no agency of the kind “%(kind)s”. Load the demo portal first.") % {"kind": kind}
            )
    packs.trust_shipped_publisher(at=at)
    return packs.adopt_pack(pack=shipped.pack(), catalogue=catalogue, actor=drafter, at=at, codes=codes)


def _bring_into_force(form: OfficialForm, *, drafter: Any, approver: Any) -> None:
    """Send to review and approve as a second person: edition 1 is in force."""
    try:
        with indexed_once(form):
            task_state = form.get_workflow().start(form, drafter).current_task_state
            task_state.task.specific.on_action(task_state, approver, "approve")
    except NotReady as refusal:
        raise CommandError(f"{form.code}: {refusal}") from refusal
