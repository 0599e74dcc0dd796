"""Every edition ever in force still prints what it printed, and when one does not, it is named."""

import io
from unittest import mock

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from forms_library import rendering
from forms_library.actions import editions
from forms_library.models import Edition, EditionProof
from tests.flushing import changes_allowed
from tests.forms_library import drafting

pytestmark = pytest.mark.django_db


@pytest.fixture
def lib():
    return drafting.library()


@pytest.fixture
def edition(lib):
    return drafting.put_in_force(lib, drafting.draft(lib))


@pytest.fixture
def other(lib):
    form = drafting.draft(lib, docx_template=drafting.template_document("Имя: {{ name }}"))
    return drafting.put_in_force(lib, form)


def check():
    told, complained = io.StringIO(), io.StringIO()
    try:
        call_command("check_editions", stdout=told, stderr=complained)
    except CommandError as refusal:
        return str(refusal), complained.getvalue()
    return None, told.getvalue()


def printed_otherwise(edition):
    """Let the program print one edition with one more space, as a careless change of it might."""
    honest = rendering.document

    def document(schema, answers, **facts):
        data = honest(schema, answers, **facts)
        return data + b" " if facts["template_sha256"] == edition.template_sha256 else data

    return mock.patch("forms_library.rendering.document", document)


class TestProof:
    def test_is_written_when_an_edition_comes_into_force(self, edition):
        assert edition.proof.answers
        assert len({edition.proof.sha256, edition.proof.blank_sha256}) == 2

    def test_never_changes(self, edition):
        for change in (lambda: EditionProof.objects.update(sha256="0" * 64), EditionProof.objects.all().delete):
            with pytest.raises(IntegrityError, match="immutable"), transaction.atomic():
                change()

    def test_that_cannot_be_written_does_not_stop_the_clock(self, lib):
        form = drafting.draft(lib)
        failure = rendering.TemplateError("broken_xml", "document.xml")
        with mock.patch("forms_library.proofs.rendering.document", side_effect=failure):
            edition = drafting.put_in_force(lib, form)
            assert editions.verify(edition=edition, at=timezone.now())
        assert not EditionProof.objects.exists()


class TestCheck:
    def test_passes_while_nothing_has_changed(self, edition, other):
        refusal, told = check()
        assert refusal is None
        assert "2" in told

    def test_names_the_edition_that_prints_otherwise_and_only_that_one(self, edition, other):
        with printed_otherwise(edition):
            refusal, complained = check()
        assert refusal
        assert edition.code in complained
        assert other.code not in complained

    def test_names_the_edition_that_fails_and_looks_at_the_others_too(self, edition, other):
        broken = rendering.TemplateError("broken_xml", "document.xml")
        with mock.patch("forms_library.proofs.rendering.blank", side_effect=[broken, b"otherwise"]):
            _refusal, complained = check()
        assert edition.code in complained
        assert other.code in complained

    def test_covers_editions_out_of_force(self, lib, edition):
        editions.withdraw(official_form=edition.official_form, at=timezone.now())
        with printed_otherwise(edition):
            assert check()[0]

    def test_writes_the_proof_of_an_edition_that_is_older_than_proofs(self, edition):
        with changes_allowed(connection):
            EditionProof.objects.all().delete()
        assert check()[0] is None
        assert EditionProof.objects.get().edition == edition
        with printed_otherwise(edition):
            assert check()[0]

    def test_of_no_editions_passes(self):
        assert check()[0] is None
        assert not Edition.objects.exists()
