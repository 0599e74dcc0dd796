"""Packs of forms and procedures are adopted as drafts: a second person still approves each of them. Never by half."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext, gettext_lazy as _
from wagtail.log_actions import log
from wagtail.models import Page, Revision

from forms_library import exchange, procedure_exchange
from forms_library.actions import pack_procedures
from forms_library.actions.drafts import refuse_changes, rows_for
from forms_library.actions.pack_drafts import last_draft, save_draft, take_facts
from forms_library.actions.pack_refusals import refuse_unfit
from forms_library.models import (
    BlockField,
    Document,
    FormsCatalogue,
    OfficialForm,
    ProcedurePage,
    ReusableBlock,
    TrustedPublisher,
    UploadedPack,
)
from forms_library.packs import FACTS, Pack, PackBlock, PackError, PackForm, read_pack, shipped, write_pack
from forms_library.schema import Schema

ADOPTED = "forms_library.adopt_pack"
"""The name of the row that each adopted form gets in the log of the admin."""


class UnknownPublisher(PermissionDenied):
    """Nobody has said that this key is to be trusted."""


class UnknownForm(ValueError):
    """There is no form, block or procedure of this code."""


def trust_shipped_publisher(*, at: dt.datetime) -> TrustedPublisher:
    """Trust the key of the forms that come with the program; return its publisher."""
    return TrustedPublisher.objects.get_or_create(
        public_key=shipped.public_key(), defaults={"name": shipped.PUBLISHER, "added_at": at}
    )[0]


def publisher_of(pack: Pack) -> TrustedPublisher | None:
    """Return the trusted publisher who signed a pack; `None` when the key is unknown here."""
    return TrustedPublisher.objects.filter(public_key=pack.public_key).first()


def export_pack(
    *,
    name: str,
    title: str,
    publisher: str,
    codes: Collection[str],
    block_codes: Collection[str],
    key: Ed25519PrivateKey,
    at: dt.datetime,
    procedure_codes: Collection[str] = (),
) -> bytes:
    """Return these forms, the blocks they were copied from, `block_codes` and the procedures as one signed file.

    Raises `UnknownForm`, and `PackError` for a form that nobody could import: what is exported can be read.
    """
    procedures = procedure_exchange.shared(procedure_codes, at=at)
    exported = exchange.content(
        name=name,
        title=title,
        publisher=publisher,
        codes=codes,
        block_codes=block_codes,
        at=at,
        procedures=procedures,
    )
    unknown = set(codes) - {form.code for form in exported.forms}
    unknown |= set(block_codes) - {block.code for block in exported.blocks}
    if unknown:
        raise UnknownForm(gettext("There is no form or block “%(code)s” here.") % {"code": min(unknown)})
    strange = set(procedure_codes) - {procedure.code for procedure in procedures}
    if strange:
        raise UnknownForm(gettext("There is no procedure “%(code)s” here.") % {"code": min(strange)})
    data = write_pack(exported, key)
    read_pack(data)
    return data


@transaction.atomic
def keep_upload(*, data: bytes, actor: Any, at: dt.datetime) -> UploadedPack:
    """Keep an uploaded pack until its methodologist has decided; the one before it is forgotten."""
    return UploadedPack.objects.update_or_create(uploaded_by=actor, defaults={"data": data, "uploaded_at": at})[0]


def adopt_pack(
    *,
    pack: Pack,
    catalogue: FormsCatalogue,
    actor: Any,
    at: dt.datetime,
    codes: Collection[str] | None = None,
    agencies: exchange.Agencies | None = None,
) -> list[OfficialForm | ProcedurePage]:
    """Save the forms and procedures of a pack as new drafts, and its blocks; return the forms, then the procedures, that
    were made or changed.

    `codes` names the parts to take (all when it is `None`), `agencies` who issues the forms of each kind here;
    without it the first agency of the kind does. What is the same already is left alone. Nothing is published.
    Raises `UnknownPublisher`, `UnderReview`, `NotYours`, and `PackError` when a form does not fit; then nothing at all is saved.
    """
    if publisher_of(pack) is None:
        raise UnknownPublisher(
            _("The signature is right, but its publisher is unknown here. Ask an administrator to add the publisher.")
        )
    adoption = _Adoption(
        pack=pack,
        catalogue=catalogue,
        actor=actor,
        at=at,
        codes=codes,
        agencies=_first_agencies(pack) if agencies is None else agencies,
    )
    try:
        with transaction.atomic():
            Page.objects.select_for_update().get(pk=catalogue.pk)
            adoption.save_blocks()
            return [*adoption.save_forms(), *adoption.save_procedures()]
    except Exception:
        # The database forgets the documents by itself; their files would stay.
        for document in adoption.documents:
            document.file.delete(save=False)
        raise


def save_block(theirs: PackBlock) -> ReusableBlock:
    """Make a reusable block, or change it to this wording. No form changes by it."""
    block = ReusableBlock.objects.filter(code=theirs.code).first() or ReusableBlock(code=theirs.code)
    block.title, block.hint = theirs.title, theirs.hint
    block.questions = [
        BlockField.from_question(question, sort_order=order) for order, question in enumerate(theirs.schema)
    ]
    refuse_unfit(block, block.questions.all(), theirs.code)
    _refuse_kept_otherwise(block.schema(), theirs.schema, theirs.code)
    block.save()
    return block


@dataclass(kw_only=True)
class _Adoption:
    """One import under way: what is taken, by whom, and the files that it has left on the disk so far."""

    pack: Pack
    catalogue: FormsCatalogue
    actor: Any
    at: dt.datetime
    codes: Collection[str] | None
    agencies: exchange.Agencies
    documents: list[Document] = field(default_factory=list)

    def save_blocks(self) -> None:
        blocks = {block.code: block for block in self.pack.content.blocks}
        for comparison in self._taken(exchange.compared_blocks(self.pack)):
            save_block(blocks[comparison.code])

    def save_forms(self) -> list[OfficialForm]:
        wanted = self._taken(exchange.compared(self.pack))
        for comparison in wanted:
            if comparison.mine:
                refuse_changes(comparison.mine, actor=self.actor)
        return [self._saved(self.pack[comparison.code], comparison.mine) for comparison in wanted]

    def save_procedures(self) -> list[ProcedurePage]:
        wanted = self._taken(procedure_exchange.compared_procedures(self.pack, at=self.at))
        saved = []
        for comparison in wanted:
            theirs, known = self.pack.procedure(comparison.code), comparison.mine
            if known:
                refuse_changes(known, actor=self.actor)
            agency = self.agencies.get(theirs.issuing_agency)
            page, revision = pack_procedures.save_procedure(
                theirs, known, catalogue=self.catalogue, actor=self.actor, agency=agency
            )
            self._note(page, revision)
            saved.append(page)
        return saved

    def _taken(self, comparisons: Iterable[exchange.Comparison]) -> list[exchange.Comparison]:
        """Return what is wanted and not the same already."""
        changed = (comparison for comparison in comparisons if comparison.state != "same")
        return [comparison for comparison in changed if self.codes is None or comparison.code in self.codes]

    def _saved(self, theirs: PackForm, known: OfficialForm | None) -> OfficialForm:
        """Save a form of the pack as the newest draft of the form that bears its code here."""
        form = self._draft(theirs, known)
        revision = save_draft(form, catalogue=self.catalogue, actor=self.actor)
        self._note(form, revision)
        return form

    def _note(self, page: OfficialForm | ProcedurePage, revision: Revision) -> None:
        facts = {"pack": self.pack.content.name, "publisher": self.pack.content.publisher, "sha256": self.pack.sha256}
        log(instance=page, action=ADOPTED, user=self.actor, revision=revision, timestamp=self.at, data=facts)

    def _draft(self, theirs: PackForm, known: OfficialForm | None) -> OfficialForm:
        form = last_draft(OfficialForm, known, theirs, actor=self.actor)
        take_facts(form, theirs, FACTS, agency=self.agencies.get(theirs.issuing_agency))
        form.demo_answers = dict(theirs.demo_answers)
        form.checks = [("check", asdict(check)) for check in theirs.schema.checks]
        form.form_fields = rows_for(form, theirs.schema)
        refuse_unfit(form, form.form_fields.all(), theirs.code)
        _refuse_kept_otherwise(form.schema(), theirs.schema, theirs.code)
        if form.template_bytes() != theirs.template:
            form.docx_template = self._kept_template(theirs)
        return form

    def _kept_template(self, theirs: PackForm) -> Document:
        document = Document(title=theirs.title, uploaded_by_user=self.actor, file_size=len(theirs.template))
        document.file.save(f"{theirs.code}.docx", ContentFile(theirs.template), save=False)
        self.documents.append(document)
        document.save()
        return document


def _first_agencies(pack: Pack) -> exchange.Agencies:
    found = exchange.agencies_for(pack.content.agency_kinds())
    return {kind: next(iter(agencies), None) for kind, agencies in found.items()}


def _refuse_kept_otherwise(kept: Schema, theirs: Schema, code: str) -> None:
    """Raise `PackError` when the form builder would not keep a question, or a check, as the pack says it."""
    if kept == theirs:
        return
    unlike = [mine.key for mine, other in zip(kept.questions, theirs.questions, strict=True) if mine != other]
    raise PackError(
        "bad_form", gettext("this site would keep it otherwise: %(keys)s") % {"keys": ", ".join(unlike)}, code
    )
