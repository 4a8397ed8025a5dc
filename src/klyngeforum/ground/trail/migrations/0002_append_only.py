"""The database itself refuses to change or remove an act."""

from django.db import migrations

SQLITE_ON = [
    f"""CREATE TRIGGER trail_refuses_{verb} BEFORE {verb.upper()} ON trail_act
    BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END"""
    for verb in ("update", "delete")
]
SQLITE_OFF = [f"DROP TRIGGER IF EXISTS trail_refuses_{verb}" for verb in ("update", "delete")]

POSTGRES_ON = [
    """CREATE OR REPLACE FUNCTION trail_refuses() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the trail is append-only' USING ERRCODE = 'restrict_violation'; END $$""",
    """CREATE TRIGGER trail_refuses_change BEFORE UPDATE OR DELETE ON trail_act
    FOR EACH ROW EXECUTE FUNCTION trail_refuses()""",
    """CREATE TRIGGER trail_refuses_truncate BEFORE TRUNCATE ON trail_act
    FOR EACH STATEMENT EXECUTE FUNCTION trail_refuses()""",
]
POSTGRES_OFF = [
    "DROP TRIGGER IF EXISTS trail_refuses_change ON trail_act",
    "DROP TRIGGER IF EXISTS trail_refuses_truncate ON trail_act",
]


def _run(schema_editor, sqlite, postgres):
    for statement in postgres if schema_editor.connection.vendor == "postgresql" else sqlite:
        schema_editor.execute(statement)


def on(apps, schema_editor):
    _run(schema_editor, SQLITE_ON, POSTGRES_ON)


def off(apps, schema_editor):
    _run(schema_editor, SQLITE_OFF, POSTGRES_OFF)


class Migration(migrations.Migration):
    dependencies = [("trail", "0001_initial")]
    operations = [migrations.RunPython(on, off)]
