"""Transactional tests empty every table when they end. Here that means: back to what the migrations left.

Two things stand in the way of a plain flush. Rows that never change refuse to be deleted; and Wagtail's root page, its
site and locale, and the working calendar are rows that migrations made and later tests need.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection as default_connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.operations import BaseDatabaseOperations

SQLITE_TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'immutable@_%' ESCAPE '@'"
POSTGRES_TABLES = (
    "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger"
    " WHERE NOT tgisinternal AND tgname LIKE 'immutable@_%' ESCAPE '@'"
)
SETTLE_CHECKS, CHECK_LATER = "SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED"
Rows = dict[str, tuple[list[str], list[tuple[Any, ...]]]]


@contextmanager
def changes_allowed(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Take the triggers of `forms_library.immutability` away for a moment."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRES_TABLES)
            tables = [name for (name,) in cursor.fetchall()]
            before = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables]
            after = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables]
            # A table whose deferred checks still wait for the end of the transaction can't be altered.
            before, after = ([SETTLE_CHECKS, *statements, CHECK_LATER] for statements in (before, after))
        else:
            cursor.execute(SQLITE_TRIGGERS)
            triggers = cursor.fetchall()
            before = [f"DROP TRIGGER {name}" for name, _sql in triggers]
            after = [sql for _name, sql in triggers]
        for statement in before:
            cursor.execute(statement)
        yield
        for statement in after:
            cursor.execute(statement)


def rows_of_every_table(connection: BaseDatabaseWrapper) -> Rows:
    """Return what the migrations put into the database."""
    kept = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True, include_views=False):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            if rows := cursor.fetchall():
                kept[table] = ([column[0] for column in cursor.description], rows)
    return kept


def put_back(connection: BaseDatabaseWrapper, kept: Rows) -> None:
    """Fill empty tables with those rows; foreign keys are checked when the transaction ends."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table, (columns, rows) in kept.items():
            names, places = ", ".join(map(quote, columns)), ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {quote(table)} ({names}) VALUES ({places})", rows)


@pytest.fixture(scope="session", autouse=True)
def flush_means_as_migrated(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Let every flush pass the rows that never change, and leave what the migrations left."""
    with django_db_blocker.unblock():
        as_migrated = rows_of_every_table(default_connection)
    execute_sql_flush = BaseDatabaseOperations.execute_sql_flush

    def execute(self: BaseDatabaseOperations, sql_list: list[str]) -> None:
        with transaction.atomic(using=self.connection.alias):
            with changes_allowed(self.connection):
                execute_sql_flush(self, sql_list)
            put_back(self.connection, as_migrated)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", execute)
        yield
