"""Series: where they break by hand, both readings of an organisation, and what was published beside what is known now."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klyngeforum.records.activities import actions as activities
from klyngeforum.records.activities.queries import participations_of
from klyngeforum.registers.clusters import actions as clusters
from klyngeforum.registers.clusters.actions import NewCluster
from klyngeforum.registers.clusters.terms import ClusterKind, Level, LineageKind
from klyngeforum.results.accounts.breaking import Basis, BreakKind, breaks, comparable
from klyngeforum.results.accounts.series import Reading, series_of
from tests.cast import AT, YEAR
from tests.told import told

COMPANIES = "participating_companies"


def basis(year: int, scope=(1, 2), versions=("2012.1",), approved=2, owed=2, lineages=0) -> Basis:
    return Basis(year, frozenset(scope), tuple(versions), approved, owed, lineages)


def kinds(*years: Basis, edges=()) -> dict[int, list[BreakKind]]:
    return {year: [one.kind for one in found] for year, found in breaks(years, edges).items()}


def test_years_that_rest_on_the_same_have_no_break():
    found = breaks([basis(2011), basis(2012)])
    assert found == {2011: [], 2012: []} and comparable(found, 2012)


def test_another_version_breaks_where_it_begins():
    assert kinds(basis(2011), basis(2012, versions=("2014.1",))) == {2011: [], 2012: [BreakKind.VERSION]}


def test_a_year_that_did_not_count_it_is_no_other_version():
    assert kinds(basis(2011, versions=(), scope=(), approved=0, owed=0), basis(2012)) == {2011: [], 2012: [BreakKind.SCOPE]}  # fmt: skip


def test_other_organisations_break_it_even_when_they_are_as_many():
    (one,) = breaks([basis(2011), basis(2012, scope=(2, 3))])[2012]
    assert one.kind is BreakKind.SCOPE and one.values == {"joined": 1, "left": 1}


def test_what_is_not_whole_is_said_of_the_year_itself():
    found = kinds(basis(2012, scope=(1,), approved=2, owed=3, lineages=1))
    assert found == {2012: [BreakKind.LINEAGE, BreakKind.PARTLY, BreakKind.UNFINISHED]}


def test_the_edges_of_another_definition_are_marked_where_the_series_has_the_year():
    edges = [("knowledge_institutions_with_foreign", 2011, 2012), ("elsewhere", 1999, 0)]
    assert kinds(basis(2011), basis(2012), edges=edges) == {2011: [BreakKind.BEGINS], 2012: [BreakKind.ENDS]}


@given(st.lists(st.tuples(st.sets(st.integers(1, 4)), st.sampled_from(["a", "b"])), min_size=1, max_size=6))
def test_the_order_in_which_years_are_given_does_not_matter(parts):
    years = [basis(2000 + nth, scope, (version,), len(scope), len(scope)) for nth, (scope, version) in enumerate(parts)]
    assert breaks(years) == breaks(years[::-1])


@pytest.fixture
def two_years(stage):
    return told(_two_years, stage)


def _two_years(stage):
    """Vind counts a and b in both years, Mad counts a and d; what is in both counts once in the nation."""
    for year in (YEAR - 1, YEAR):
        stage.part(stage.activity("vind", f"v{year}", day=date(year, 5, 5)), "a", "b", "uni")
        stage.part(stage.activity("mad", f"m{year}", day=date(year, 5, 5)), "a", "d")
        stage.open(year)
        stage.approved("vind", year=year)
        stage.approved("mad", year=year)
    return stage


def test_the_nation_counts_each_body_once_and_says_who_is_counted(two_years):
    first, last = series_of(COMPANIES)
    assert (first.year, last.year) == (YEAR - 1, YEAR)
    assert (last.value, last.participations) == (3, 4)
    assert (last.organisations, last.approved, last.owed, last.versions) == (2, 2, 2, ("2012.1",))
    assert last.breaks == [] and last.known is None and last.difference is None


def test_sums_are_summed(two_years):
    assert [one.value for one in series_of("hours")] == [Decimal(20), Decimal(20)]


def test_two_definitions_are_counted_side_by_side(two_years):
    here, other = (series_of(code)[-1].value for code in ("knowledge_institutions", "knowledge_institutions_with_foreign"))  # fmt: skip
    assert here == other == 1


def test_what_is_known_now_stands_beside_what_was_published_with_whom_it_concerns(two_years):
    gone = participations_of(two_years.clusters["mad"].pk).get(body_id=two_years.bodies["d"], activity__reference=f"m{YEAR}")  # fmt: skip
    activities.withdraw(by=two_years.people["mad"], at=AT, participation=gone)
    first, last = series_of(COMPANIES, known=True)
    assert (first.value, first.known, first.moved) == (3, 3, [])
    assert (last.value, last.known, last.difference) == (3, 2, -1)
    (moved,) = last.moved
    assert (moved.cluster, moved.booked, moved.now) == (two_years.clusters["mad"].pk, 2, 1)


def test_an_organisation_reads_as_it_was_or_with_its_predecessors(two_years):
    new = clusters.register(
        by=None, at=AT, new=NewCluster(two_years.bodies["c"], "Den Nye", ClusterKind.CLUSTER, Level.NATIONAL, founded_on=date(2013, 1, 1)),
    )  # fmt: skip
    both = [two_years.clusters["vind"], two_years.clusters["mad"]]
    clusters.succeed(by=None, at=AT, predecessors=both, successor=new, kind=LineageKind.MERGER, on=date(2013, 1, 1))
    assert series_of(COMPANIES, new.pk, reading=Reading.OWN) == []
    whole = series_of(COMPANIES, new.pk, reading=Reading.LINE)
    assert [(one.year, one.value, one.participations) for one in whole] == [(YEAR - 1, 3, 4), (YEAR, 3, 4)]
    own = series_of(COMPANIES, both[0].pk, reading=Reading.OWN)
    assert [(one.value, one.organisations) for one in own] == [(2, 1), (2, 1)]


def test_a_year_that_is_not_whole_says_so(stage):
    stage.part(stage.activity("vind", "v1"), "a")
    stage.open()
    stage.approved("vind")
    (only,) = series_of(COMPANIES)
    assert [one.kind for one in only.breaks] == [BreakKind.UNFINISHED] and (only.approved, only.owed) == (1, 2)
