"""Distinct counts of every cell of the cube, from rows and from a stored mask table, against plain sets; on both engines."""

from collections import Counter
from itertools import product

import numpy as np
import pyarrow.parquet as parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klyngeanalyse.core.engines import DuckEngine, as_arrow
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.landscape import counting
from klyngeanalyse.landscape.counting import count, count_masks, count_rows
from klyngeanalyse.landscape.masks import masks, refreshed, store, stored

NAMES = ("company", "year", "region", "size", "industry")
ROW = st.tuples(
    st.integers(1, 8), st.integers(2005, 2009), st.sampled_from("ns"), st.integers(1, 3), st.sampled_from("xyz")
)
ROWS = st.lists(ROW, min_size=1, max_size=60)


def columns(rows):
    return {name: [row[nth] for row in rows] for nth, name in enumerate(NAMES)}


def plain(rows):
    """Every cell of the cube by sets of companies."""
    cells = {}
    for company, *where in rows:
        for mask in product((True, False), repeat=4):
            key = tuple(one if kept else None for one, kept in zip(where, mask, strict=True))
            cells.setdefault(key, set()).add(company)
    return {key: len(found) for key, found in cells.items()}


def as_cells(counts):
    return {tuple(row[name] for name in NAMES[1:]): row["companies"] for row in counts.rows()}


@pytest.fixture(scope="module")
def engine():
    one = DuckEngine(memory="1GB", threads=1)
    yield one
    one.close()


@settings(max_examples=15, deadline=None)
@given(ROWS)
def test_every_cell_and_total_by_sets(engine, rows):
    assert as_cells(count_rows(engine, columns(rows))) == plain(rows)


@settings(max_examples=5, deadline=None)
@given(ROWS, ROWS)
def test_a_refreshed_mask_table_counts_like_all_rows(engine, old, new):
    engine.put("old", as_arrow(columns(old)))
    engine.put("new", as_arrow(columns(new)))
    first = masks(engine, "old", "old_masks", first=2000)
    assert first == 2000 == masks(engine, "new", "new_masks", first=2000)
    refreshed(engine, "old_masks", "new_masks", "all_masks")
    assert as_cells(count_masks(engine, "all_masks", first)) == plain(old + new)


def many(seed=4, size=4000):
    chance = np.random.default_rng(seed)
    return {
        "company": chance.integers(0, 700, size),
        "year": chance.integers(2003, 2012, size),
        "region": np.array(["DK01", "DK02", "DK03"])[chance.integers(0, 3, size)],
        "size": chance.integers(0, 4, size),
        "industry": chance.integers(10, 30, size),
    }


def test_totals_are_not_sums_but_lie_between(engine):
    one = count_rows(engine, many())
    inner = one.companies[:-1, :-1, :-1, :-1]
    assert one.of() == 700 or one.of() == len(np.unique(many()["company"]))
    assert inner.max() <= one.of() < inner.sum()
    for axis in range(4):
        rest = np.moveaxis(one.companies, axis, -1)
        assert (rest[..., -1] <= rest[..., :-1].sum(-1)).all() and (rest[..., -1] >= rest[..., :-1].max(-1)).all()
    data = many()
    assert one.of(year=2005, region="DK02") == len(
        set(data["company"][(data["year"] == 2005) & (data["region"] == "DK02")].tolist())
    )
    with pytest.raises(KeyError):
        one.of(year=1999)
    with pytest.raises(KeyError):
        one.of(county=1)
    assert one.chart()["mark"] == "bar" and one.as_dict()["dimensions"] == list(NAMES[1:])


def test_a_stored_mask_table(engine, tmp_path):
    engine.put("rows_of_it", as_arrow(many()))
    store(engine, "kept", tmp_path / "masks.parquet", masks(engine, "rows_of_it", "kept"))
    written = parquet.read_table(tmp_path / "masks.parquet")
    places = Counter(written["company"].to_pylist())
    assert written["moved"].to_pylist() == [places[who] > 1 for who in written["company"].to_pylist()]
    fresh = DuckEngine()
    first = stored(fresh, tmp_path / "masks.parquet")
    assert first == 2003
    assert np.array_equal(count_masks(fresh, "masks", first).companies, count_rows(engine, many()).companies)
    engine.put("more_of_it", as_arrow(many(seed=5)))
    masks(engine, "more_of_it", "more", first=first)
    engine.open("earlier", tmp_path / "masks.parquet")
    refreshed(engine, "earlier", "more", "both_of_it")
    both = {key: np.concatenate([many()[key], many(seed=5)[key]]) for key in NAMES}
    again = count_masks(engine, "both_of_it", first)
    assert np.array_equal(again.companies, count_rows(engine, both).companies)
    fresh.close()
    with pytest.raises(Unfit, match="no file"):
        stored(engine, tmp_path / "none.parquet")


def test_counting_leaves_nothing_behind_even_where_it_is_refused(monkeypatch):
    own = DuckEngine(threads=1)
    count_rows(own, many(size=200))
    monkeypatch.setattr(counting, "MOST_CELLS", 2 * 4 * 2)
    rows = {"company": [1, 1, 2], "year": [2010, 2010, 2010], "league": [*"abc"], "region": [*"nnn"]}
    assert count_rows(own, rows, dimensions=("league", "region")).of() == 2
    with pytest.raises(Unfit) as error:
        count_rows(own, {**rows, "year": [2010, 2011, 2010]}, dimensions=("league", "region"))
    assert str(error.value) == "a cube of 3 x 4 x 2 cells · more than 16 · merge industries or regions"
    assert own.arrow("select table_name from information_schema.tables").to_pylist() == []
    own.close()


def test_other_dimensions(engine):
    rows = {"company": [1, 1, 2], "year": [2010, 2011, 2011], "league": ["a", "b", "b"]}
    one = count_rows(engine, rows, dimensions=("league",))
    assert one.companies.tolist() == [[1, 0, 1], [0, 2, 2], [1, 2, 2]]


def test_both_engines_count_alike(both):
    def work(engine):
        engine.put("rows_of_it", as_arrow(many(size=1500)))
        return {"companies": count(engine, "rows_of_it", dimensions=("region", "size")).companies}

    assert both(work)["companies"].any()


def test_refusals(engine):
    good = columns([(1, 2005, "n", 1, "x")])
    two = columns([(1, 2005, "n", 1, "x")] * 2)
    for rows, dimensions, line in (
        (
            {**two, "industry": ["x", None]},
            NAMES[2:],
            "1 rows without industry · participations · fill it or drop the rows",
        ),
        (as_arrow(good).slice(0, 0), NAMES[2:], "no rows · participations · give a table with at least one row"),
        (
            {**good, "the size": [1]},
            ("region", "the size"),
            "a column called 'the size' · participations · name it with letters, digits and _",
        ),
    ):
        with pytest.raises(Unfit) as error:
            count_rows(engine, rows, dimensions=dimensions)
        assert str(error.value) == line
    with pytest.raises(Unfit, match="a mask holds 62 years"):
        count_rows(engine, columns([(1, 1900, "n", 1, "x"), (1, 2005, "n", 1, "x")]))


def test_a_file_that_is_no_mask_table_is_refused(engine, tmp_path):
    absent, other = tmp_path / "none.parquet", tmp_path / "other.parquet"
    parquet.write_table(as_arrow({"company": [1]}), other)
    for path, line in (
        (absent, f"no file {absent} · store a mask table first"),
        (other, f"{other} is no mask table · it does not say its first year · give a file that was stored as one"),
    ):
        with pytest.raises(Unfit) as error:
            stored(engine, path)
        assert str(error.value) == line


@pytest.mark.parametrize(("last", "fits"), [(2061, True), (2062, False)])
def test_a_mask_holds_62_years(engine, last, fits):
    """The highest bit of all is left to the sign."""
    engine.put("long", as_arrow(columns([(1, 2000, "n", 1, "x"), (2, last, "n", 1, "x")])))
    if fits:
        one = count_masks(engine, "long_masks", masks(engine, "long", "long_masks"))
        assert one.labels[0].tolist() == [2000, last] and one.of(year=last) == 1 and one.of() == 2
    else:
        with pytest.raises(Unfit) as error:
            masks(engine, "long", "long_masks")
        assert str(error.value) == (
            "years 2000 to 2062 · a mask holds 62 years from 2000 · count shorter periods or give the first year"
        )
