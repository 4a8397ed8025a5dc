"""From assessment to assessment: the days that the scheme proposes, noted as label records and asked for as of a day."""

from __future__ import annotations

from datetime import date

import pytest

from klyngeforum.quality.labels.actions import note
from klyngeforum.quality.labels.choosing import proposed_period
from klyngeforum.quality.labels.queries import best_of, ended_by, valid_on
from tests import certified

pytestmark = pytest.mark.django_db
LABEL = "bronze"


def noted(stage, period):
    note(by=stage.people["office"], at=certified.AT, cluster=stage.clusters["vind"], label=LABEL, issuer="ESCA", valid_from=period.since, valid_to=period.until)  # fmt: skip


def test_bronze_of_october_2023_ends_in_october_2025_and_renewed_in_time_in_october_2028(stage):
    case, vind = certified.applied(stage), stage.clusters["vind"].pk
    case.label = LABEL
    first, _ = proposed_period(case, on=date(2023, 10, 31))
    assert (first.since, first.until) == (date(2023, 10, 31), date(2025, 10, 31))
    noted(stage, first)
    assert vind not in valid_on(date(2023, 10, 30)) and valid_on(date(2023, 10, 31))[vind] == {LABEL}
    assert valid_on(date(2025, 10, 31))[vind] == {LABEL}
    assert vind not in valid_on(date(2025, 11, 1)) and ended_by(date(2025, 11, 1))[vind] == {LABEL}

    again, _ = proposed_period(case, on=date(2025, 9, 1))
    assert (again.since, again.until) == (date(2025, 11, 1), date(2028, 10, 31))
    noted(stage, again)
    for day in (date(2025, 10, 31), date(2025, 11, 1), date(2028, 10, 31)):
        assert best_of(on=day)[vind] == LABEL
    assert vind not in best_of(on=date(2028, 11, 1))


def test_too_late_begins_anew(stage):
    case = certified.applied(stage)
    case.label = LABEL
    noted(stage, proposed_period(case, on=date(2023, 10, 31))[0])
    late, _ = proposed_period(case, on=date(2026, 11, 1))
    assert (late.since, late.until) == (date(2026, 11, 1), date(2028, 11, 30))


def test_a_label_that_the_scheme_does_not_have_has_no_days(stage):
    case = certified.applied(stage)
    case.label = "platin"
    assert proposed_period(case, on=date(2023, 10, 31)) is None
