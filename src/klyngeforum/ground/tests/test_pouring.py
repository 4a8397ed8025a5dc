"""What PostgreSQL plans by after very many rows."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from klyngeforum.ground.bodies.actions import NewBody, register_many
from klyngeforum.ground.bodies.terms import BodyKind

AT = datetime(2013, 2, 1, tzinfo=UTC)
pytestmark = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite plans without counts")


def registered(count: int) -> None:
    bodies = [NewBody(name=f"Virksomhed {nth} ApS", kind=BodyKind.COMPANY, source="test") for nth in range(count)]
    register_many(by=None, at=AT, bodies=bodies)


def expected() -> int:
    """How many bodies PostgreSQL believes in when it plans."""
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (FORMAT JSON) SELECT * FROM bodies_body")
        (plan,) = cursor.fetchone()
    found = plan if isinstance(plan, list) else json.loads(plan)
    return int(found[0]["Plan"]["Plan Rows"])


def counted(table: str) -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples::int, relpages FROM pg_class WHERE oid = %s::regclass", [table])
        return cursor.fetchone()


def test_a_dry_run_of_many_rows_does_not_make_the_real_one_slow(db):
    """The rows taken back fill pages in which PostgreSQL counts nobody; the real ones come to lie in such pages."""
    with transaction.atomic():
        registered(3_000)
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE bodies_body")  # what its own housekeeping does within a minute
    nobody, pages = counted("bodies_body")
    assert nobody < 50 and pages > 10  # the programme's own
    registered(3_000)
    assert 2_500 < expected() < 3_500


def test_a_few_rows_are_not_counted_anew(db):
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE bodies_body")
    before = counted("bodies_body")
    registered(99)
    assert counted("bodies_body") == before
    registered(400)  # the first 99 stand already
    assert counted("bodies_body")[0] >= 400
