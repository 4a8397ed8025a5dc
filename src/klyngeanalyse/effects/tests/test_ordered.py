"""The panel read once, in order of companies, says what the reading in passes says; what is out of order is read in passes."""

import numpy as np
import pyarrow as pa
import pytest

from klyngeanalyse.core.engines import DuckEngine, as_arrow
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.effects import ordered
from klyngeanalyse.effects.asking import Asking
from klyngeanalyse.effects.cells import against_first, remaining, remaining_straight
from klyngeanalyse.effects.design import Design
from klyngeanalyse.effects.gathering import gather
from klyngeanalyse.effects.ordered import in_order
from klyngeanalyse.effects.streaming import streamed
from klyngeanalyse.effects.tests.data import PANEL, staggered
from klyngeanalyse.panel.schema import PanelSchema


@pytest.fixture
def engine():
    engine = DuckEngine()
    yield engine
    engine.close()


def asking(engine, table, design=None, schema=PANEL):
    engine.put("p", as_arrow(table))
    return Asking(engine, "p", schema, design or Design())


def same(one, other):
    assert one.years.tolist() == other.years.tolist() and one.cohort.tolist() == other.cohort.tolist()
    assert (one.terms, one.n_dropped, one.clusters) == (other.terms, other.n_dropped, other.clusters)
    assert np.array_equal(one.x, other.x) and np.array_equal(one.n, other.n)
    for a, b in zip(one.outcomes, other.outcomes, strict=True):
        assert np.array_equal(a.present, b.present)
        assert np.allclose(a.mean, b.mean, atol=1e-13) and np.allclose(a.scatter, b.scatter, rtol=1e-12, atol=1e-11)


@pytest.mark.parametrize("batch", [1, 7, 60, 61, 1_000_000])
@pytest.mark.parametrize("missing", [0.0, 0.12])
@pytest.mark.parametrize(
    "design", [Design(), Design(codes=("size",), anticipation=1), Design(codes=("size",), at=2012)]
)
def test_any_size_of_batch_and_any_gaps_give_the_rows_of_the_reading_in_passes(
    engine, monkeypatch, batch, missing, design
):
    monkeypatch.setattr(ordered, "BATCH", batch)
    table = staggered(90, seed=21, missing=missing)
    table["w"] = np.where(np.asarray(table["company"]) % 9 == 0, np.nan, np.asarray(table["y"]) ** 2)
    table["first"] = np.where(np.asarray(table["first"]) == 2014, 2011, table["first"])
    schema = PanelSchema(outcomes=("y", "w"), first_participation="first")
    asked = asking(engine, table, design, schema)
    found = in_order(engine, asked)
    if missing and design.at:  # companies without the year `at` need the closer look
        assert found is None
        return
    same(found, streamed(engine, asked))
    assert (found.n_dropped > 0) == bool(design.anticipation)


def test_each_code_is_taken_from_the_first_year_or_the_year_said(engine):
    table = staggered(60, seed=22)
    table["size"] = np.where(np.asarray(table["year"]) == 2012, 7, table["size"])
    same(in_order(engine, asking(engine, table, Design(codes=("size",)))), streamed(engine, asking(engine, table, Design(codes=("size",)))))  # fmt: skip
    said = in_order(engine, asking(engine, table, Design(codes=("size",), at=2012)))
    assert said.x.shape[1] == 1


def _moved(table, order):
    return {name: pa.array(values).take(pa.array(order)) for name, values in table.items()}


@pytest.mark.parametrize("kind", ["shuffled", "two swapped", "years turned", "company again"])
def test_rows_out_of_order_are_noticed_and_read_in_passes(engine, monkeypatch, kind):
    monkeypatch.setattr(ordered, "BATCH", 50)
    table = staggered(80, seed=23)
    n = len(table["year"])
    order = np.arange(n)
    if kind == "shuffled":
        order = np.random.default_rng(1).permutation(n)
    elif kind == "two swapped":
        order[[6, 12]] = order[[12, 6]]
    elif kind == "years turned":
        order[-6:] = order[-6:][::-1]
    else:
        order = np.concatenate([order[3:], order[:3]])
    engine.put("p", as_arrow(table))
    whole = gather(engine, "p", PANEL, Design())
    asked = asking(engine, _moved(table, order))
    assert in_order(engine, asked) is None
    same(gather(engine, "p", PANEL, Design()), whole)


@pytest.mark.parametrize("batch", [5, 1_000])
def test_what_is_wrong_is_said_as_before(engine, monkeypatch, batch):
    monkeypatch.setattr(ordered, "BATCH", batch)
    table = staggered(40, seed=24)
    year, company = np.asarray(table["year"]), np.asarray(table["company"])
    twice = {**table, "year": np.where((company == 3) & (year == 2011), 2010, year)}
    shifting = {
        **table,
        "first": np.where((company == 5) & (year == 2013), 2012, np.where(company == 5, 0, table["first"])),
    }
    half = {**table, "first": np.where(company == 5, 2012.5, np.asarray(table["first"], dtype=float))}
    endless = {**table, "y": np.where((company == 7) & (year == 2012), np.inf, table["y"])}
    empty = {**table, "company": pa.array([None if one == 2 else int(one) for one in company])}
    for wrong, word in (
        (twice, "twice"),
        (shifting, "varies"),
        (half, "varies"),
        (endless, "infinite"),
        (empty, "empty"),
    ):
        engine.put("p", as_arrow(wrong))
        with pytest.raises(Unfit, match=word):
            gather(engine, "p", PANEL, Design())


@pytest.mark.parametrize("missing", [0.0, 0.1])
@pytest.mark.parametrize("outcome", ["y", "w"])
def test_infinity_is_told_of_the_outcome_that_has_it(engine, missing, outcome):
    table = staggered(40, seed=24, missing=missing)
    table["w"] = np.asarray(table["y"]) + 1
    table[outcome] = np.where(np.arange(len(table["year"])) == 30, np.inf, table[outcome])
    asked = asking(engine, table, schema=PanelSchema(outcomes=("y", "w"), first_participation="first"))
    with pytest.raises(Unfit, match=f"infinite values.*column {outcome}"):
        in_order(engine, asked)


@pytest.mark.parametrize("missing", [0.0, 0.1])
def test_a_first_participation_that_is_empty_is_never(engine, missing):
    table = staggered(60, seed=28, missing=missing)
    whole = in_order(engine, asking(engine, table))
    never = {**table, "first": pa.array([int(one) or None for one in table["first"]])}
    found = in_order(engine, asking(engine, never))
    assert found is not None and found.n_dropped == 0 and (found.cohort == 0).any()
    same(found, whole)


@pytest.mark.parametrize("design", [Design(covariates=("x",)), Design(cluster="body")])
def test_what_needs_more_than_counts_is_read_in_passes(engine, design):
    assert in_order(engine, asking(engine, staggered(40, seed=29), design)) is None


def test_rows_are_asked_for_as_they_stand(monkeypatch):
    class Careless(DuckEngine):
        """Hands rows over as they stand only to who asks for it."""

        def batches(self, sql, rows=65_536, *, in_order=False):
            pieces = list(super().batches(sql, rows, in_order=True))
            yield from pieces if in_order else reversed(pieces)

    monkeypatch.setattr(ordered, "BATCH", 50)
    engine = Careless()
    asked = asking(engine, staggered(400, seed=30))
    found = in_order(engine, asked)
    assert found is not None and found.total == 400
    engine.close()


def test_a_company_that_stands_twice_with_all_its_years_is_said_and_not_read_as_two(engine):
    table = staggered(40, seed=24)
    rows = np.arange(len(table["year"]))
    again = np.concatenate([rows[: 4 * 6], rows[3 * 6 :]])  # the fourth company once more, in order of years
    asked = asking(engine, _moved(table, again))
    assert in_order(engine, asked) is None
    with pytest.raises(Unfit, match=r"twice in a year.*first 3/2010"):
        gather(engine, "p", PANEL, Design())


def test_a_year_that_bears_a_lower_companys_number_is_that_companys(engine):
    table = staggered(40, seed=24)
    table["company"] = 2 * np.asarray(table["company"])
    last = (table["company"] == 20) & (np.asarray(table["year"]) == 2015)
    table["company"] = np.where(last, 17, table["company"])
    sorted_by = np.lexsort((np.asarray(table["year"]), table["company"]))
    whole = in_order(engine, asking(engine, _moved(table, sorted_by)))
    assert whole is not None and whole.total == 41
    assert in_order(engine, asking(engine, table)) is None
    same(gather(engine, "p", PANEL, Design()), whole)


@pytest.mark.parametrize(
    ("column", "kind"), [("first", pa.decimal128(8, 2)), ("company", pa.string()), ("year", pa.float64())]
)
def test_columns_of_other_kinds_are_read_in_passes(engine, column, kind):
    table = staggered(60, seed=27)
    whole = in_order(engine, asking(engine, table))
    asked = asking(engine, {**table, column: pa.array(table[column]).cast(pa.float64() if column == "first" else kind).cast(kind)})  # fmt: skip
    assert in_order(engine, asked) is None
    same(gather(engine, "p", PANEL, Design()), whole)


def test_a_year_nobody_has_is_no_year(engine):
    table = staggered(50, seed=25)
    table["year"] = np.where(np.asarray(table["year"]) >= 2013, np.asarray(table["year"]) + 1, table["year"])
    asked = asking(engine, table)
    assert in_order(engine, asked) is None
    assert gather(engine, "p", PANEL, Design()).years.tolist() == [2010, 2011, 2012, 2014, 2015, 2016]


@pytest.mark.parametrize("share", [0.0, 0.02, 0.4, 0.9])
@pytest.mark.parametrize("flat", [False, True])
def test_rows_by_what_the_others_leave_are_what_they_say_themselves(monkeypatch, share, flat):
    monkeypatch.setattr("klyngeanalyse.effects.cells.SLICE", 64)
    chance = np.random.default_rng(3)
    other = chance.random(500) < share
    other[100:200] |= share > 0  # a slice of others alone
    values = chance.normal(size=(500, 3)) * [1, 100, 1e-3] + [0, 1e5, 3]
    if flat:
        values[~other, 2] = 0.1
    n, mean, scatter = remaining(values, np.flatnonzero(other))
    rows = values[~other]
    around = rows - rows.mean(axis=0)
    assert n == len(rows) and np.allclose(mean, rows.mean(axis=0), rtol=1e-13)
    assert np.allclose(scatter, around.T @ around, rtol=1e-9, atol=1e-9)
    if flat:
        assert scatter[2, 2] < 1e-25


@pytest.mark.parametrize("level", [0.0, 15.0, 1e5, 1e12])
@pytest.mark.parametrize("still", [False, True])
def test_moments_turned_are_those_of_the_table_that_was_not_made(level, still):
    chance = np.random.default_rng(5)
    y = level * (1 + chance.random((400, 1))) + chance.normal(size=(400, 5)).cumsum(axis=1)
    if still:
        y[:, 3] = y[:, 0]  # a year in which nothing moves
    others = np.flatnonzero(chance.random(400) < 0.1)
    n, mean, scatter = remaining_straight(y, others)
    n_table, mean_table, scatter_table = remaining(against_first(y), others)
    spread = np.sqrt(np.diag(scatter_table))
    assert n == n_table == 400 - len(others)
    assert np.allclose(mean, mean_table, rtol=1e-12, atol=1e-12 * max(1.0, level))
    assert (np.abs(scatter - scatter_table) <= 1e-11 * np.outer(spread, spread) + 1e-300).all()


@pytest.mark.parametrize("waiting", [1, 40, 1_000])
def test_how_long_rows_wait_changes_nothing(engine, monkeypatch, waiting):
    asked = asking(engine, staggered(150, seed=26, missing=0.05), Design(codes=("size",)))
    whole = in_order(engine, asked)
    monkeypatch.setattr("klyngeanalyse.effects.blocks.WAITING", waiting)
    monkeypatch.setattr(ordered, "BATCH", 70)
    same(in_order(engine, asked), whole)
