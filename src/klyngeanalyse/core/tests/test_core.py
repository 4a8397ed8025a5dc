"""Errors say how to mend them, results show themselves, the engine answers."""

from dataclasses import dataclass

import numpy as np
import pytest

from klyngeanalyse.core.engines import DuckEngine, as_arrow, columns
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.results import Result, shown


@dataclass(frozen=True)
class One(Result):
    estimate: float
    stderr: np.ndarray


def test_a_result_is_plain_and_prints_itself():
    one = One(np.float64(0.25), np.array([1.0, np.nan]))
    assert one.as_dict() == {"estimate": 0.25, "stderr": [1.0, None]}
    assert "0.2500" in str(one)
    assert shown([{"a": n} for n in range(30)]).endswith("… 10 more")


def test_an_error_says_what_where_why_and_how_to_mend():
    error = Unfit("no year", where="column aar, rows 3 and 9", why="empty", mend="fill it or drop the rows")
    assert str(error) == "no year · column aar, rows 3 and 9 · empty · fill it or drop the rows"


def test_the_engine_holds_tables_and_answers(tmp_path):
    engine = DuckEngine()
    engine.put("t", as_arrow({"x": [1, 2, 3]}))
    assert columns(engine, "select sum(x) as s from t")["s"].tolist() == [6]
    with pytest.raises(Unfit, match="no file"):
        engine.open("p", tmp_path / "none.parquet")
    engine.close()
