"""Beginnings that are put back as they were told: what comes after them gets numbers of its own."""

from __future__ import annotations

import pytest
from django.db import connection

from klyngeforum.records.activities.models import Activity
from tests.told import told

pytestmark = pytest.mark.django_db


def _begun(stage):
    for nth in range(9):
        stage.activity("vind", f"v{nth}")
    return stage


@pytest.mark.parametrize("nth", range(2))
def test_what_comes_after_a_beginning_has_numbers_of_its_own(stage, nth):
    """Also where a whole database was poured back meanwhile, which sets PostgreSQL's next numbers to what it poured."""
    begun = told(_begun, stage)
    begun.activity("vind", "more")
    assert Activity.objects.count() == 10
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), 1)", [Activity._meta.db_table])
