"""Labels hold from a day to a day; an organisation counts under its highest."""

from __future__ import annotations

from datetime import date

import pytest

from klyngeforum.ground.verdict import Refused
from klyngeforum.quality.labels import actions
from klyngeforum.quality.labels.queries import best_of, holders
from tests.cast import AT

pytestmark = pytest.mark.django_db


def note(stage, cluster, label, since, until, by="office"):
    actions.note(
        by=stage.people[by],
        at=AT,
        cluster=stage.clusters[cluster],
        label=label,
        issuer="ESCA",
        valid_from=since,
        valid_to=until,
    )


def test_gold_is_not_counted_again_as_silver(stage):
    note(stage, "vind", "silver", date(2012, 1, 1), date(2013, 12, 31))
    note(stage, "vind", "gold", date(2012, 6, 1), date(2014, 5, 31))
    note(stage, "mad", "silver", date(2012, 1, 1), date(2013, 12, 31))
    vind, mad = stage.clusters["vind"].pk, stage.clusters["mad"].pk
    assert holders("silver", on=date(2012, 5, 31)) == {vind, mad}
    assert holders("gold", on=date(2012, 6, 1)) == {vind} and holders("silver", on=date(2012, 6, 1)) == {mad}
    assert best_of(on=date(2014, 1, 1)) == {vind: "gold"} and best_of(on=date(2015, 1, 1)) == {}


def test_unknown_labels_and_turned_dates_are_refused(stage):
    with pytest.raises(Refused, match="platinum"):
        note(stage, "vind", "platinum", date(2012, 1, 1), date(2013, 1, 1))
    with pytest.raises(Refused):
        note(stage, "vind", "gold", date(2013, 1, 1), date(2012, 1, 1))
    with pytest.raises(Refused):
        note(stage, "vind", "gold", date(2012, 1, 1), date(2013, 1, 1), by="vind")


def test_a_label_is_noted_from_a_day_once(stage):
    note(stage, "vind", "gold", date(2012, 1, 1), date(2013, 1, 1))
    with pytest.raises(Refused, match="from that day already"):
        note(stage, "vind", "gold", date(2012, 1, 1), date(2014, 1, 1))
