"""Every edition ever in force is still what it was and prints what it printed, and when one does not, it is named."""

import io
import json
from unittest import mock

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from forms_library import daily_digest, rendering
from forms_library.actions import editions
from forms_library.models import Edition, EditionProof, ProcedureEdition
from forms_library.schema import digest
from tests.flushing import changes_allowed
from tests.forms_library import drafting, procedure_drafting

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(lib):
    return drafting.put_in_force(lib, drafting.draft(lib))


@pytest.fixture
def other(lib):
    form = drafting.draft(lib, docx_template=drafting.template_document("Имя: {{ name }}"))
    return drafting.put_in_force(lib, form)


@pytest.fixture
def procedure(lib):
    return procedure_drafting.put_in_force(lib, procedure_drafting.draft(lib))


def tampered(edition, **columns):
    """Change an edition behind the back of the program and of the triggers."""
    table, names = edition._meta.db_table, ", ".join(f'"{name}" = %s' for name in columns)
    with changes_allowed(connection), connection.cursor() as cursor:
        cursor.execute(f'UPDATE "{table}" SET {names} WHERE id = %s', [*columns.values(), edition.pk])
    return type(edition).objects.get(pk=edition.pk)


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
        editions.withdraw(page=edition.official_form, at=timezone.now())
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

    def test_says_how_many_editions_of_forms_and_of_procedures_were_looked_at(self, edition, other, procedure):
        refusal, told = check()
        assert refusal is None
        assert "2" in told.partition(",")[0]
        assert "1" in told.partition(",")[2]


class TestTampering:
    """A row that was changed past the program no longer says what its digest stands for."""

    @pytest.mark.parametrize("column", ["title", "purpose", "legal_basis", "issuing_agency_name", "code", "intro"])
    def test_with_the_words_of_a_procedure_is_named(self, lib, procedure, column):
        untouched = procedure_drafting.put_in_force(lib, procedure_drafting.draft(lib))
        tampered(procedure, **{column: "podmena"})
        refusal, complained = check()
        assert "1" in refusal
        assert complained.count("\n") == 1
        assert untouched.code not in complained

    def test_with_a_term_of_a_procedure_is_named(self, procedure):
        definition = json.dumps(procedure_drafting.small(days=30).to_json())
        tampered(procedure, definition=definition)
        refusal, complained = check()
        assert refusal
        assert procedure.code in complained

    def test_with_the_words_of_a_form_is_named(self, edition, other):
        tampered(edition, purpose="Подмена, которой на бумаге не видно")
        refusal, complained = check()
        assert refusal
        assert edition.code in complained
        assert other.code not in complained

    def test_with_a_procedure_out_of_force_is_named(self, procedure):
        editions.withdraw(page=procedure.page, at=timezone.now())
        tampered(procedure, title="Подмена")
        assert check()[0]

    def test_is_told_in_the_daily_digest(self, procedure):
        tampered(procedure, title="Подмена")
        assert [finding.title for finding in daily_digest.findings(at=timezone.now())] == ["Подмена"]


class TestAnEdition:
    def test_of_a_procedure_that_cannot_be_read_any_more_is_named(self, procedure):
        changed = tampered(procedure, definition=json.dumps({"stages": 7}))
        tampered(changed, digest=digest(changed.frozen()))
        _refusal, complained = check()
        assert procedure.code in complained
        assert ProcedureEdition.objects.get().is_as_frozen()

    def test_frozen_before_there_were_restriction_marks_is_as_it_was(self, edition):
        frozen = edition.frozen()
        del frozen["restriction_mark"]
        older = tampered(edition, digest=digest(frozen))
        assert older.is_as_frozen()
        assert not tampered(older, restriction_mark="Конфиденциально").is_as_frozen()
