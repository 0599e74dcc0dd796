"""The database itself refuses to change or delete what is written once."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from forms_library.actions import editions
from forms_library.models import Edition, EditionEnd
from tests.flushing import changes_allowed
from tests.forms_library import drafting

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    lib = drafting.library()
    return drafting.put_in_force(lib, drafting.draft(lib))


@pytest.fixture
def end(edition):
    return editions.withdraw(page=edition.official_form, at=timezone.now())


def refused(change):
    # Django itself already refuses to delete an edition that has a proof; by SQL the database does.
    refusal = "immutable: forms_library_edition|EditionProof.edition"
    with pytest.raises(IntegrityError, match=refusal), transaction.atomic():
        change()
    return True


def run(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


class TestAnEdition:
    def test_is_not_changed_by_saving(self, edition):
        edition.title = "Другое"
        assert refused(edition.save)

    def test_is_not_changed_by_a_queryset(self, edition):
        assert refused(lambda: Edition.objects.update(title="Другое"))

    @pytest.mark.parametrize(
        "column", [field.column for field in Edition._meta.concrete_fields], ids=lambda column: column
    )
    def test_is_not_changed_by_sql_in_any_column(self, edition, column):
        # Even writing the same value is refused.
        assert refused(lambda: run(f'UPDATE forms_library_edition SET "{column}" = "{column}"'))

    def test_is_not_deleted_by_itself(self, edition):
        assert refused(edition.delete)

    def test_is_not_deleted_by_a_queryset(self, edition):
        assert refused(Edition.objects.all().delete)

    def test_is_not_deleted_by_sql(self, edition):
        assert refused(lambda: run("DELETE FROM forms_library_edition"))

    def test_is_not_replaced(self, edition):
        if connection.vendor != "sqlite":
            pytest.skip("only SQLite knows INSERT OR REPLACE")
        assert refused(lambda: run("INSERT OR REPLACE INTO forms_library_edition SELECT * FROM forms_library_edition"))

    def test_is_not_truncated(self, edition):
        if connection.vendor != "postgresql":
            pytest.skip("only PostgreSQL knows TRUNCATE")
        connection.check_constraints()
        assert refused(lambda: run("TRUNCATE forms_library_edition, forms_library_editionend CASCADE"))

    def test_stays_readable_after_every_refusal(self, edition):
        refused(edition.delete)
        assert Edition.objects.get() == edition


class TestTheEndOfAnEdition:
    def test_is_not_moved(self, end):
        assert refused(lambda: EditionEnd.objects.update(in_force_to=timezone.now() + dt.timedelta(days=1)))

    def test_is_not_taken_back(self, end):
        assert refused(end.delete)


class TestTheFlushOfTests:
    def test_may_change_rows_and_leaves_the_refusal_behind(self, edition):
        connection.check_constraints()  # PostgreSQL alters no table with foreign keys still to be checked
        with changes_allowed(connection):
            run("UPDATE forms_library_edition SET title = 'x'")
            connection.check_constraints()
        assert refused(lambda: run("UPDATE forms_library_edition SET title = 'y'"))
