"""The log, filed forms and notes are written once, a contradiction is settled once: the database itself sees to that."""

import uuid

import pytest
from django.db import IntegrityError, connection, transaction

from casework.actions import cases
from casework.models import AccessRecord, CaseNote, Contradiction, Fact, Submission
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


class TestAContradiction:
    @pytest.fixture
    def contradiction(self, case, file_plan):
        form = file_plan()
        facts = [
            Fact.objects.create(case=case, submission=form, key="a", kind="text", value=words, words=words, label="А")
            for words in ("раз", "два")
        ]
        return Contradiction.objects.create(case=case, earlier=facts[0], later=facts[1])

    @pytest.fixture
    def settled(self, contradiction, specialist):
        settle(contradiction, specialist)
        return contradiction

    @pytest.mark.parametrize("column", ["id", "case_id", "earlier_id", "later_id"])
    def test_keeps_what_was_told(self, contradiction, column):
        assert refused(f'UPDATE casework_contradiction SET "{column}" = "{column}"')

    def test_is_settled_once(self, settled, specialist):
        assert Contradiction.objects.get().why == "Позвонили"
        for again in (
            lambda: settle(settled, specialist, why="Передумали"),
            lambda: Contradiction.objects.update(outcome="", settled_by=None, settled_at=None),
            lambda: Contradiction.objects.update(why="Иначе"),
        ):
            with pytest.raises(IntegrityError, match="immutable"), transaction.atomic():
                again()
        assert Contradiction.objects.get().why == "Позвонили"

    @pytest.mark.parametrize("state", ["contradiction", "settled"])
    def test_is_not_deleted(self, request, state):
        request.getfixturevalue(state)
        assert refused("DELETE FROM casework_contradiction")

    def test_is_not_replaced(self, settled):
        if connection.vendor != "sqlite":
            pytest.skip("only SQLite knows INSERT OR REPLACE")
        assert refused("INSERT OR REPLACE INTO casework_contradiction SELECT * FROM casework_contradiction")

    def test_is_not_truncated(self, settled):
        if connection.vendor != "postgresql":
            pytest.skip("only PostgreSQL knows TRUNCATE")
        connection.check_constraints()
        assert refused("TRUNCATE casework_contradiction")


def settle(contradiction, who, why="Позвонили"):
    rows = Contradiction.objects.filter(pk=contradiction.pk)
    return rows.update(outcome="later", why=why, settled_by=who, settled_at=NOW)


def refused(statement):
    with (
        pytest.raises(IntegrityError, match="immutable: casework_contradiction"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    return True
