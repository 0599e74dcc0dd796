"""The log, filed forms and notes are written once: the database itself refuses to change or delete them."""

import uuid

import pytest
from django.db import IntegrityError, connection, transaction

from casework.actions import cases
from casework.models import AccessRecord, CaseNote, Submission
from tests.casework.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[AccessRecord, Submission, CaseNote], ids=["log", "submission", "note"])
def row(request, case, specialist, file_plan):
    file_plan()
    cases.write_note(case=case, actor=specialist, at=NOW, text="Звонили", token=uuid.uuid4())
    return request.param.objects.order_by("pk").last()


def attempts(row):
    """Return every way to change or to delete a row."""
    table, rows = connection.ops.quote_name(row._meta.db_table), type(row).objects.filter(pk=row.pk)
    moment = {"at", "filed_at", "written_at"} & {field.name for field in row._meta.fields}

    def raw(statement):
        with connection.cursor() as cursor:
            cursor.execute(statement)

    return [
        row.save,
        lambda: row.save(update_fields=list(moment)),
        lambda: rows.update(case=row.case),
        lambda: type(row).objects.bulk_update([row], list(moment)),
        lambda: raw(f"UPDATE {table} SET case_id = case_id WHERE id = {row.pk}"),
        row.delete,
        rows.delete,
        lambda: rows._raw_delete(using="default"),
        lambda: raw(f"DELETE FROM {table}"),
    ]


class TestARowThatIsWrittenOnce:
    def test_is_neither_changed_nor_deleted_by_anybody_in_any_way(self, row):
        before = type(row).objects.values().get(pk=row.pk)
        for number, attempt in enumerate(attempts(row)):
            with pytest.raises(IntegrityError, match=r"immutable|protected foreign keys"), transaction.atomic():
                attempt()
            assert type(row).objects.values().get(pk=row.pk) == before, number

    def test_keeps_its_case_from_being_deleted(self, row):
        with pytest.raises((IntegrityError, transaction.TransactionManagementError)), transaction.atomic():
            row.case.delete()
