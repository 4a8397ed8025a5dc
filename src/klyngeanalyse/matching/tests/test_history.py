"""Candidates out of a panel: the years that are looked at, who may be a control, on both engines."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from klyngeanalyse.core.engines import DuckEngine, Engine
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.matching import Design, History, candidates, match

PLAN = History(levels=("turnover",), keep=("industry",), outcomes=("turnover",))


def panel() -> pa.Table:
    """Company 1 enters in 2004, 2 in 2006, 3 and 4 never; 4 is not there in 2001; 5 entered before the panel could tell."""
    first = {1: 2004, 2: 2006, 3: None, 4: None, 5: 2001}
    rows = [
        {
            "company": c,
            "year": y,
            "first_year": first[c],
            "industry": f"C{c % 2}",
            "turnover": 100.0 * c + 10 * (y - 2000),
        }
        for c in first
        for y in range(2000, 2008)
        if (c, y) != (4, 2001)
    ]
    return pa.Table.from_pylist(rows)


def made(engine: Engine, plan: History) -> pa.Table:
    engine.put("panel", panel())
    candidates(engine, "panel", "told", plan)
    return engine.arrow("select * from told order by entry, company")


def test_by_hand(both) -> None:
    rows = both(lambda engine: made(engine, PLAN)).to_pylist()
    # 2 has not entered by 2005, so it is a control of 2004; 1 has, so it is none of 2006
    assert [(row["entry"], row["company"], row["treated"]) for row in rows] == [
        (2004, 1, 1), (2004, 2, 0), (2004, 3, 0), (2004, 4, 0),
        (2006, 2, 1), (2006, 3, 0), (2006, 4, 0),
    ]  # fmt: skip
    one = rows[0]
    assert one["log_turnover"] == pytest.approx(math.log(130))
    assert one["growth_turnover"] == pytest.approx(math.log(130) - math.log(110))
    assert one["change_turnover"] == pytest.approx(20.0)
    assert rows[3]["growth_turnover"] is None  # 4 was not there in 2001


def test_never_takers_alone() -> None:
    engine = DuckEngine()
    rows = made(engine, History(levels=("turnover",), never=True)).to_pylist()
    assert {(row["entry"], row["company"]) for row in rows if not row["treated"]} == {
        (2004, 3),
        (2004, 4),
        (2006, 3),
        (2006, 4),
    }
    engine.close()


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        ({"lag": 5, "span": 3}, "no year of entry"),
        ({"lag": 9, "span": 3}, "an entry needs 12 before it and"),
        ({"lag": 0}, "lag is 0"),
        ({"first": "a b"}, "cannot be a column"),
    ],
)
def test_refused(plan: dict[str, Any], words: str) -> None:
    engine = DuckEngine()
    with pytest.raises(Unfit, match=words):
        made(engine, History(levels=("turnover",), **plan))
    engine.close()


def test_a_level_of_nothing_has_no_logarithm(both) -> None:
    def work(engine: Engine) -> pa.Table:
        table = panel()
        engine.put(
            "panel", table.set_column(4, "turnover", pa.array(np.where(table["company"].to_numpy() == 3, 0.0, 5.0)))
        )
        candidates(engine, "panel", "told", PLAN)
        return engine.arrow("select company, log_turnover, change_turnover from told")

    rows = both(work).to_pylist()
    assert all((row["log_turnover"] is None) == (row["company"] == 3) for row in rows)


def test_matched_from_the_panel() -> None:
    chance = np.random.default_rng(3)
    rows = []
    for company in range(400):
        first = int(chance.integers(2004, 2007)) if company % 5 == 0 else None
        level = chance.lognormal(3, 1)
        for year in range(2000, 2009):
            level *= math.exp(chance.normal(0.02, 0.1))
            rows.append(
                {
                    "company": company,
                    "year": year,
                    "first_year": first,
                    "region": company % 3,
                    "turnover": level,
                    "jobs": level / 2 + (first is not None and year >= first),
                }
            )
    engine = DuckEngine()
    engine.put("panel", pa.Table.from_pylist(rows))
    candidates(engine, "panel", "told", History(levels=("turnover",), keep=("region",), outcomes=("jobs",)))
    plan = Design(outcomes=("change_jobs",), exact=("region", "entry"), covariates=("log_turnover", "growth_turnover"))
    answer = match(engine, "told", plan)
    assert answer.summary.n_treated == 80
    assert answer.pairs and answer.pairs.table.num_rows > 200
    engine.close()


def test_who_never_takes_part_may_have_no_number_for_a_year(both, tmp_path) -> None:
    """As R and Polars write it; a whole year and a year with decimals are the same, in a table and in a file."""
    never = pa.array([float("nan") if one is None else one for one in panel()["first_year"].to_pylist()])
    table = panel().set_column(2, "first_year", never)
    pq.write_table(table, tmp_path / "panel.parquet")

    def work(engine: Engine, plan: History) -> list[tuple[int, int, int]]:
        found = []
        for filed in (True, False):
            if filed:
                engine.open("panel", tmp_path / "panel.parquet")
            else:
                engine.put("panel", table)
            candidates(engine, "panel", "told", plan)
            rows = engine.arrow("select * from told order by entry, company").to_pylist()
            found.append([(int(row["entry"]), row["company"], row["treated"]) for row in rows])
        assert found[0] == found[1]
        return found[0]

    for plan in (PLAN, replace(PLAN, never=True)):
        plain = [(row["entry"], row["company"], row["treated"]) for row in made(DuckEngine(), plan).to_pylist()]
        assert both(lambda engine, plan=plan: work(engine, plan)) == plain
    nobody = table.set_column(2, "first_year", pa.array([float("nan")] * len(table)))
    engine = DuckEngine()
    engine.put("panel", nobody)
    with pytest.raises(Unfit, match="nobody takes part"):
        candidates(engine, "panel", "told", PLAN)
