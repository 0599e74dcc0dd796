"""Rows that never change: the database itself refuses to update or delete them, whoever asks.

Written for SQLite and PostgreSQL. On both, Django reports the refusal as an `IntegrityError` whose text begins with
`immutable:` and names the table.

SQLite loses the triggers of a table that Django rebuilds (any later change of its columns): a migration that alters
such a table ends with a fresh `forbid_changes`.
"""

from collections.abc import Collection
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.migrations.state import ProjectState
from django.db.models import Model

POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION ochag_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'immutable: %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""


def forbid_changes(model_name: str, *, may_change: Collection[str] = (), until: str = "") -> "ForbidChanges":
    """Return a migration operation that makes the rows of a model of this app immutable.

    Fields named in `may_change` may still be updated (with `update_fields`, so that no other column is named): at any time,
    or while the field named `until` is empty.
    """
    return ForbidChanges(model_name, may_change=tuple(may_change), until=until)


class ForbidChanges(Operation):
    """Creates the triggers of one table, or drops them on the way back."""

    reduces_to_sql = True
    reversible = True
    category = OperationCategory.SQL

    def __init__(self, model_name: str, may_change: tuple[str, ...] = (), until: str = "") -> None:
        self.model_name = model_name
        self.may_change = may_change
        self.until = until

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Nothing changes for Django's own idea of the models."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        for statement in self._drop(model, schema_editor) + self._create(model, schema_editor):
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        model = from_state.apps.get_model(app_label, self.model_name)
        for statement in self._drop(model, schema_editor):
            schema_editor.execute(statement, params=None)

    def describe(self) -> str:
        return f"Forbid changes of {self.model_name}"

    @property
    def migration_name_fragment(self) -> str:
        return f"{self.model_name.lower()}_immutable"

    def _create(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> list[str]:
        fixed = [field.column for field in model._meta.local_concrete_fields if field.name not in self.may_change]
        # Without a list of columns the row's own number is guarded, too (SQLite's rowid).
        columns = (
            f" OF {', '.join(schema_editor.quote_name(str(column)) for column in fixed)}" if self.may_change else ""
        )
        update = f"UPDATE{columns}"
        filled = ""
        if self.until:
            meta: Any = model._meta
            filled = f"OLD.{schema_editor.quote_name(meta.get_field(self.until).column)} IS NOT NULL"
        if schema_editor.connection.vendor == "postgresql":
            return _on_postgresql(model, schema_editor, update, filled)
        return _on_sqlite(model, schema_editor, update, filled)

    def _drop(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> list[str]:
        table = model._meta.db_table
        on_table = f" ON {schema_editor.quote_name(table)}" if schema_editor.connection.vendor == "postgresql" else ""
        return [f"DROP TRIGGER IF EXISTS {_trigger(table, event)}{on_table}" for event in EVENTS]


EVENTS = ("update", "again", "delete", "truncate", "replace")


def _trigger(table: str, event: str) -> str:
    return f"immutable_{table}_{event}"


def _on_postgresql(model: type[Model], schema_editor: BaseDatabaseSchemaEditor, update: str, filled: str) -> list[str]:
    table = model._meta.db_table
    events = {"update": f"{update}", "delete": "DELETE", "truncate": "TRUNCATE"}
    scopes = {"truncate": "STATEMENT", "again": f"ROW WHEN ({filled})"}
    if filled:
        events["again"] = "UPDATE"
    return [
        POSTGRES_FUNCTION,
        *(
            f"CREATE TRIGGER {_trigger(table, event)} BEFORE {what} ON {schema_editor.quote_name(table)}"
            f" FOR EACH {scopes.get(event, 'ROW')} EXECUTE FUNCTION ochag_refuse_change()"
            for event, what in events.items()
        ),
    ]


def _on_sqlite(model: type[Model], schema_editor: BaseDatabaseSchemaEditor, update: str, filled: str) -> list[str]:
    table = model._meta.db_table
    quoted = schema_editor.quote_name(table)
    refuse = f"SELECT RAISE(ABORT, 'immutable: {table}');"
    # INSERT OR REPLACE deletes the row in its way without firing the delete trigger.
    in_the_way = " OR ".join(
        "("
        + " AND ".join(f"{quoted}.{column} = NEW.{column}" for column in map(schema_editor.quote_name, columns))
        + ")"
        for columns in _unique_columns(model)
    )
    again = [f"CREATE TRIGGER {_trigger(table, 'again')} BEFORE UPDATE ON {quoted} WHEN {filled} BEGIN {refuse} END"]
    return [
        *(again if filled else []),
        f"CREATE TRIGGER {_trigger(table, 'update')} BEFORE {update} ON {quoted} BEGIN {refuse} END",
        f"CREATE TRIGGER {_trigger(table, 'delete')} BEFORE DELETE ON {quoted} BEGIN {refuse} END",
        f"CREATE TRIGGER {_trigger(table, 'replace')} BEFORE INSERT ON {quoted}"  # noqa: S608 (names of models)
        f" WHEN EXISTS (SELECT 1 FROM {quoted} WHERE {in_the_way}) BEGIN {refuse} END",
    ]


def _unique_columns(model: type[Model]) -> list[list[str]]:
    meta: Any = model._meta
    alone = [[field.column] for field in meta.local_concrete_fields if field.unique]
    together = [
        [meta.get_field(name).column for name in constraint.fields] for constraint in meta.total_unique_constraints
    ]
    return alone + together
