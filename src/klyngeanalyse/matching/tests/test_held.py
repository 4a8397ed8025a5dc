"""A Parquet file of plain numbers is coarsened in memory and says what DuckDB says of it, which is not even started."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from klyngeanalyse.core.engines import DuckEngine
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.matching import Design, Matching, held, match

PLAN: dict[str, Any] = {
    "outcomes": ("y", "jobs"),
    "exact": ("industry", "region"),
    "covariates": ("level", "growth", "age", "export"),
    "method": "coarsened",
    "bins": {"level": 4, "growth": (-0.1, 0.2), "age": 3},
}


def companies(n: int, seed: int, lacking: float = 0.0) -> pa.Table:
    """Kinds of every width, a negative industry, a region that is there far from the others; some covariates and outcomes lack."""
    chance = np.random.default_rng(seed)
    treated = chance.random(n) < 0.15
    treated[:2] = (True, False)
    industry = chance.integers(-3, 3, n).astype(np.int8)
    region = chance.choice([1081, 1085, 4_000_000_000], n)
    level = chance.normal(2, 1, n) + 0.3 * treated
    growth, age, export = chance.normal(0, 0.3, n), chance.integers(1, 40, n), chance.integers(0, 2, n)
    y = level + 0.5 * growth + 0.2 * treated + chance.normal(0, 1, n)

    def holes(values: np.ndarray, kind: pa.DataType) -> pa.Array:
        return pa.array(values, kind, mask=chance.random(n) < lacking)

    growth[chance.random(n) < lacking] = np.nan
    return pa.table(
        {
            "company": pa.array(chance.permutation(n) + 20_000, pa.uint16()),
            "treated": pa.array(treated.astype(np.uint8)),
            "industry": pa.array(industry),
            "region": pa.array(region, pa.uint32()),
            "level": holes(level, pa.float64()),
            "growth": pa.array(growth.astype(np.float32), pa.float32()),
            "age": holes(age, pa.int16()),
            "export": pa.array(export),
            "y": holes(1e6 + y, pa.float64()),
            "jobs": holes(chance.integers(0, 90, n), pa.int64()),
        }
    )


def both(path: Path, table: pa.Table, *, memory: str = "512MB", rows: int = 1 << 20, **said: Any) -> tuple[Any, Any]:
    """Of the file as it stands, and by a name that hides from DuckDB that it is one: the answers or the refusals."""
    pq.write_table(table, path, row_group_size=rows)
    found = []
    for hidden in (False, True):
        engine = DuckEngine(memory=memory)
        engine.open("f", path)
        if hidden:
            engine.run("create view c as select * from f")
        try:
            found.append(match(engine, "c" if hidden else "f", Design(**{**PLAN, **said})))
            assert ("connection" in vars(engine)) is hidden, "the file was not counted in memory"
        except Unfit as error:
            found.append(str(error).replace(" f.", " c.").replace("(f)", "(c)"))
        finally:
            engine.close()
    return found[0], found[1]


def same(one: Matching, other: Matching) -> None:
    assert one.weights.table.equals(other.weights.table)
    assert one.unmatched.table.equals(other.unmatched.table)
    for part in ("summary", "effects", "balance"):
        alike(getattr(one, part).rows(), getattr(other, part).rows())
    alike(
        [{"joint": one.balance.before, "later": one.balance.after}],
        [{"joint": other.balance.before, "later": other.balance.after}],
    )


def alike(rows: list[dict[str, Any]], others: list[dict[str, Any]]) -> None:
    """Numbers to nine places, all else equal."""
    assert [list(row) for row in rows] == [list(row) for row in others]
    for row, other in zip(rows, others, strict=True):
        for name, value in row.items():
            number = isinstance(value, float | tuple)
            assert value == (pytest.approx(other[name], rel=1e-9, abs=1e-9, nan_ok=True) if number else other[name]), (
                name
            )


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    n=st.integers(30, 400),
    seed=st.integers(0, 10_000),
    lacking=st.sampled_from([0.0, 0.05, 0.3]),
    rows=st.sampled_from([7, 1 << 20]),
    exact=st.sampled_from([(), ("industry",), ("industry", "region")]),
    covariates=st.sampled_from([(), ("age",), PLAN["covariates"]]),
    outcomes=st.sampled_from([(), ("y",), ("y", "jobs"), ("level",)]),
    own=st.booleans(),
    block=st.sampled_from([16, held.BLOCK]),
)
def test_memory_and_duckdb_say_the_same(
    tmp_path: Path,
    n: int,
    seed: int,
    lacking: float,
    rows: int,
    exact: Any,
    covariates: Any,
    outcomes: Any,
    own: bool,
    block: int,
) -> None:
    if not exact and not covariates:
        return
    said = {name: bins for name, bins in PLAN["bins"].items() if name in covariates} if own else {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(held, "BLOCK", block)
        one, other = both(
            tmp_path / "c.parquet",
            companies(n, seed, lacking),
            rows=rows,
            exact=exact,
            covariates=covariates,
            outcomes=outcomes,
            bins=said,
        )
    if isinstance(one, Matching) and isinstance(other, Matching):
        same(one, other)
    else:
        assert one == other  # refused in the same words


def test_a_panel_of_cells_by_year_and_marks_that_collide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A company in the cells of three years; with eight marks in place of a million most rows look as if a treated were near."""
    table = companies(300, 8)
    years = [table.append_column("year", pa.array(np.full(300, year), pa.int32())) for year in (2012, 2013, 2014)]
    monkeypatch.setattr(held, "SEEN", 8)
    one, other = both(tmp_path / "c.parquet", pa.concat_tables(years), exact=("year", "industry"))
    same(one, other)
    assert one.summary.n_cells == 18 and one.summary.n_matched % 3 == 0


@pytest.mark.parametrize("largest", [2**63 - 1, 2**63, 2**63 + 5])
def test_codes_at_the_edge_of_whole_numbers(tmp_path: Path, largest: int) -> None:
    table = companies(300, 8)
    codes = pa.array([largest - one % 3 for one in range(300)], pa.uint64())
    one, other = both(tmp_path / "c.parquet", changed(table, "region", codes))
    same(one, other)
    assert one.summary.n_cells == 18


def test_what_memory_cannot_hold_or_number_is_left_to_the_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pq.write_table(companies(300, 8), tmp_path / "c.parquet")
    for memory, cells, taken in (
        ("512MB", 2**22, True),
        ("47KB", 2**22, False),
        ("512MB", 17, False),
        ("512MB", 18, True),
    ):
        monkeypatch.setattr(held, "MOST_CELLS", cells)
        engine = DuckEngine(memory=memory)
        engine.open("c", tmp_path / "c.parquet")
        assert (held.read(engine, "c", Design(**PLAN)) is not None) is taken
        engine.close()


def changed(table: pa.Table, name: str, values: Any) -> pa.Table:
    return table.set_column(table.column_names.index(name), name, [values])


def first(table: pa.Table, name: str, value: Any) -> pa.Array:
    return pa.array([value, *table[name].to_pylist()[1:]], table.schema.field(name).type)


ODD = {
    "text": lambda t: changed(t, "industry", t["industry"].cast(pa.string()).combine_chunks()),
    "a text covariate": lambda t: changed(t, "export", t["export"].cast(pa.string()).combine_chunks()),
    "treated as true": lambda t: changed(t, "treated", pa.array([one == 1 for one in t["treated"].to_pylist()])),
    "an exact value lacks": lambda t: changed(t, "region", first(t, "region", None)),
    "an exact column of halves": lambda t: changed(t, "region", pa.array([one / 2 for one in t["region"].to_pylist()])),
    "treated lacks": lambda t: changed(t, "treated", first(t, "treated", None)),
    "treated is 2": lambda t: changed(t, "treated", first(t, "treated", 2)),
    "company lacks": lambda t: changed(t, "company", first(t, "company", None)),
    "company twice": lambda t: pa.concat_tables([t, t.slice(0, 1)]),
    "all treated": lambda t: changed(t, "treated", pa.array([1] * len(t))),
    "no treated": lambda t: changed(t, "treated", pa.array([0] * len(t))),
    "no treated complete": lambda t: changed(
        t, "level", pa.array([None if one else 1.5 for one in t["treated"].to_pylist()], pa.float64())
    ),
    "no row": lambda t: t.slice(0, 0),
    "no column": lambda t: t.drop_columns(["age"]),
    "infinite outcome": lambda t: changed(t, "y", first(t, "y", float("inf"))),
    "the same for everybody": lambda t: changed(t, "level", pa.array([2.0] * len(t))),
}


@pytest.mark.parametrize("odd", ODD)
def test_what_is_odd_is_answered_or_refused_as_by_the_engine(tmp_path: Path, odd: str) -> None:
    table = ODD[odd](companies(200, 3))
    found = []
    for hidden in (False, True):
        engine = DuckEngine()
        pq.write_table(table, tmp_path / "c.parquet")
        engine.open("c" if not hidden else "f", tmp_path / "c.parquet")
        if hidden:
            engine.run("create view c as select * from f")
        try:
            found.append(match(engine, "c", Design(**PLAN)))
        except Exception as error:  # whatever the engine says is what has to be said
            found.append((type(error), str(error)))
        finally:
            engine.close()
    if isinstance(found[0], Matching):
        same(*found)
    else:
        assert found[0] == found[1]


def test_nobody_matched_and_bins_that_are_none_are_refused_alike(tmp_path: Path) -> None:
    table = companies(60, 1)
    for said in ({"bins": {"level": 0}}, {"bins": {"level": 2**30, "growth": 2**30}}, {"bins": {"level": 2**25}}):
        one, other = both(tmp_path / "c.parquet", table, **said)
        assert isinstance(one, str) and one == other


def test_duckdb_is_not_started_for_a_file_of_numbers(tmp_path: Path) -> None:
    pq.write_table(companies(200, 3), tmp_path / "c.parquet")
    code = f"""
import sys
from klyngeanalyse.core.engines import DuckEngine
from klyngeanalyse.matching import Design, match
engine = DuckEngine()
engine.open("c", {str(tmp_path / "c.parquet")!r})
answer = match(engine, "c", Design(**{PLAN!r}))
engine.close()
print(answer.summary.n_matched > 0, [one for one in ("duckdb", "pyarrow.compute") if one in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[0] == "True []"
