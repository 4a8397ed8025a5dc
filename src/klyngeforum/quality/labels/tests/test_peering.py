"""The table of European peers: whole or not at all, again the same; and where one of ours stands in it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from klyngeforum.ground.trail.queries import length
from klyngeforum.ground.verdict import Refused
from klyngeforum.quality.labels.peering import in_europe, peers, take_in_peers
from tests.cast import AT

pytestmark = pytest.mark.django_db
HEAD = "country,name,comparative_portfolio,bronze_valid_until,share\n"
TABLE = (
    HEAD
    + "DK,Vindklyngen,Energy,2014-06-30,\n"
    + "".join(
        f"{country},Klynge {n},Energy,{2012 + n}-01-01,{60 + 5 * n}\n"
        for n, country in enumerate(("NO", "NO", "DE", "SE", "FR"))
    )
)
ON = date(2013, 6, 1)
REAL = (
    Path(__file__).resolve().parents[5] / ".." / "shared" / "data" / "cluster_organisations" / "esca_bronze_sample.csv"
)


def take(text: str, dry_run: bool = False):
    return take_in_peers(by=None, at=AT, content=text.encode(), dry_run=dry_run)


def test_taken_in_again_nothing_changes_and_what_differs_does():
    assert (take(TABLE, dry_run=True).new, peers().count()) == (6, 0)
    assert (take(TABLE).new, peers().count()) == (6, 6)
    before = length()
    assert (take(TABLE).unchanged, length()) == (6, before)
    moved = take(TABLE.replace("NO,Klynge 0,Energy,2012-01-01,60", "NO,Klynge 0,Energy,2016-01-01,60"))
    assert (moved.changed, moved.unchanged, length()) == (1, 5, before + 1)


@pytest.mark.parametrize("line", ["Danmark,Klynge 9,Energy,2014-01-01,50", "DK,,Energy,2014-01-01,50", "DK,Klynge 9,Energy,2014-13-01,50", "DK,Klynge 9,Energy,2014-01-01,140"])  # fmt: skip
def test_with_one_wrong_cell_nothing_is_written_and_the_cell_is_named(line):
    run = take(TABLE + line + "\n")
    assert (
        [one.row for one in run.problems] == [8]
        and run.problems[0].why
        and run.problems[0].mend
        and not peers().exists()
    )


def test_where_one_of_ours_stands():
    assert in_europe(["Vindklyngen"], Decimal("0.72"), on=ON) is None
    take(TABLE)
    found = in_europe(["Vindklyngen"], Decimal("0.72"), on=ON)
    assert (found.listed, found.valid, found.own.valid_until) == (6, 4, date(2014, 6, 30))
    assert found.countries == [("NO", 2, 0), ("DE", 1, 1), ("DK", 1, 1), ("FR", 1, 1), ("SE", 1, 1)]
    assert (found.below, found.scored) == (3, 5) and found.quartiles == (
        Decimal("0.65"),
        Decimal("0.70"),
        Decimal("0.75"),
    )
    assert in_europe(["Madklyngen"], None, on=ON).own is None and in_europe(["Madklyngen"], None, on=ON).below is None


def test_fewer_than_five_scores_show_no_position():
    take(HEAD + "NO,A,,2014-01-01,60\nNO,B,,2014-01-01,70\nNO,C,,2014-01-01,80\nNO,D,,2014-01-01,90\n")
    found = in_europe([], Decimal("0.75"), on=ON)
    assert (found.scored, found.below, found.quartiles) == (4, None, None)


def test_only_who_records_labels_takes_it_in(stage):
    with pytest.raises(Refused):
        take_in_peers(by=stage.people["vind"], at=AT, content=TABLE.encode(), dry_run=False)
    assert take_in_peers(by=stage.people["office"], at=AT, content=TABLE.encode(), dry_run=False).new == 6


@pytest.mark.skipif(not REAL.exists(), reason=f"no shared data at {REAL}")
def test_the_real_list_of_bronze_benchmarked_clusters_comes_in():
    run = take_in_peers(by=None, at=AT, content=REAL.read_bytes(), dry_run=False)
    assert run.problems == [] and run.new == 74
    alu = in_europe(["AluCluster"], None, on=date(2013, 1, 1))
    assert alu.own.valid_until == date(2013, 2, 2) and alu.listed == 74 and alu.scored == 0
