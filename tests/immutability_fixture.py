"""Transactional tests empty every table between them; rows that never change have to let that pass."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.operations import BaseDatabaseOperations

SQLITE_TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'immutable@_%' ESCAPE '@'"
POSTGRES_TABLES = "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE 'immutable@_%' ESCAPE '@'"


@contextmanager
def changes_allowed(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Take the triggers of `forms_library.immutability` away for a moment."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            connection.check_constraints()  # no table is altered while its foreign keys wait to be checked
            cursor.execute(POSTGRES_TABLES)
            tables = [name for (name,) in cursor.fetchall()]
            before = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables]
            after = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables]
        else:
            cursor.execute(SQLITE_TRIGGERS)
            triggers = cursor.fetchall()
            before = [f"DROP TRIGGER {name}" for name, _sql in triggers]
            after = [sql for _name, sql in triggers]
        for statement in before:
            cursor.execute(statement)
        yield
        if connection.vendor == "postgresql":
            connection.check_constraints()
        for statement in after:
            cursor.execute(statement)


@pytest.fixture(scope="session", autouse=True)
def flush_passes_immutable_rows() -> Iterator[None]:
    """Let the flush after a transactional test empty the immutable tables, too."""
    execute_sql_flush = BaseDatabaseOperations.execute_sql_flush

    def execute(self: BaseDatabaseOperations, sql_list: list[str]) -> Any:
        with transaction.atomic(using=self.connection.alias), changes_allowed(self.connection):
            return execute_sql_flush(self, sql_list)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", execute)
        yield
