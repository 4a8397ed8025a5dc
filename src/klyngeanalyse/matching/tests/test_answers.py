"""Reasons, refusals, and what the results show of themselves."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.results import plain
from klyngeanalyse.matching import Design
from klyngeanalyse.matching.effect import footing
from klyngeanalyse.matching.tests.cases import COVARIATES, candidates, study


def small(**changed: list[Any]) -> pa.Table:
    """Eight companies in two industries, x the only covariate: not enough to tell the arms apart."""
    columns: dict[str, list[Any]] = {
        "company": [1, 2, 3, 4, 5, 6, 7, 8],
        "treated": [1, 0, 0, 1, 0, 1, 0, 1],
        "industry": ["A", "A", "A", "A", "A", "B", "C", "A"],
        "x": [1.2, 1.1, 3.0, 5.0, 2.0, 2.5, 4.0, None],
        "y": [2.0, 1.0, 1.0, 4.0, 1.5, 2.0, 2.0, 1.0],
    }
    return pa.table({**columns, **changed})


def reasons(table: pa.Table, **said: Any) -> dict[int, str]:
    plan = {"covariates": ("x",), "neighbours": 1, "limit": None, "support": "none", **said}
    return {row["company"]: row["reason"] for row in study(table, **plan).unmatched.rows()}


def test_every_reason() -> None:
    assert reasons(small()) == {8: "missing_value", 6: "no_control_in_cell"}
    assert reasons(small(), support="treated")[4] == "outside_support"
    assert reasons(small(), distance="mahalanobis", caliper=0.5) == {
        8: "missing_value",
        6: "no_control_in_cell",
        4: "outside_caliper",
    }
    assert reasons(small(), limit=0.5)[4] == "score_above_limit"
    assert reasons(small(), method="kernel", bandwidth=0.02)[4] == "outside_bandwidth"
    assert reasons(small(), method="coarsened", bins={"x": (4.0,)})[4] == "no_control_in_stratum"
    crowd = small(treated=[1, 0, 1, 1, 1, 1, 0, 1])
    used_up = reasons(crowd, distance="mahalanobis", replacement=False)
    assert used_up == {
        8: "missing_value",
        6: "no_control_in_cell",
        3: "controls_used_up",
        4: "controls_used_up",
        5: "controls_used_up",
    }


def test_the_unmatched_tell_their_cell_and_how_far_the_nearest_was() -> None:
    rows = {
        row["company"]: row
        for row in study(small(), covariates=("x",), distance="mahalanobis", caliper=0.5).unmatched.rows()
    }
    assert rows[6]["industry"] == "B" and rows[6]["distance"] is None
    assert rows[4]["industry"] == "A" and rows[4]["distance"] > 0.5
    assert rows[8]["industry"] is None and rows[8]["cell"] is None


def test_missing_controls_are_counted() -> None:
    answer = study(
        small(x=[1.0, None, 3.0, 5.0, 2.0, 2.5, float("nan"), 1.5]), covariates=("x",), distance="mahalanobis"
    )
    assert answer.summary.missing_controls == 2
    assert answer.summary.n_controls == 2


REFUSED: list[tuple[dict[str, Any], pa.Table, str]] = [
    ({"covariates": ("nothing",)}, small(), "no column 'nothing'"),
    ({"covariates": ("x",)}, small(treated=[0] * 8), "no treated company"),
    ({"covariates": ("x",)}, small(treated=[1] * 8), "no control company"),
    ({"covariates": ("x",)}, small(treated=[1, 0, 2, 1, 0, 1, 0, 1]), "holds 2.0"),
    ({"covariates": ("x",)}, small(treated=[1, 0, None, 1, 0, 1, 0, 1]), "holds None"),
    ({"covariates": ("x",)}, small(company=[1, 2, 2, 4, 5, 6, 7, 8]), "stands twice in a cell"),
    ({"covariates": ("x",)}, small(company=[1, 2, None, 4, 5, 6, 7, 8]), "have no company"),
    ({"covariates": ("x",)}, small(x=[3.0] * 8), "the same for everybody"),
    ({"covariates": ("x",)}, small(x=[None] * 8), "wholly empty"),
    ({"covariates": ("x",)}, small(x=pa.array([None] * 8, pa.float64())), "no treated row is complete"),
    ({"covariates": ("x",), "outcomes": ("industry",), "exact": ()}, small(), "outcome 'industry' is no number"),
    ({"covariates": ("x",)}, small(x=[1.0, 0.1, 0.2, 5.0, 0.3, 2.5, 0.4, None]), "told apart completely"),
    ({"covariates": ("x", "again")}, small(again=[2.4, 2.2, 6.0, 10.0, 4.0, 5.0, 8.0, 1.0]), "determine one another"),
    (
        {"covariates": ("x", "again"), "distance": "mahalanobis"},
        small(again=[2.4, 2.2, 6.0, 10.0, 4.0, 5.0, 8.0, 1.0]),
        "determine one another",
    ),
    ({"covariates": ("x",), "exact": ("company_",)}, small(company_=list("abcdefgh")), "nobody can be matched"),
    (
        {"covariates": ("x",), "exact": ("company_",), "distance": "mahalanobis"},
        small(company_=list("abcdefgh")),
        "nobody can be matched",
    ),
    (
        {"covariates": ("x",), "method": "balancing", "exact": ("company_",)},
        small(company_=list("abcdefgh")),
        "no cell holds both",
    ),
    (
        {"covariates": ("x",), "method": "balancing"},
        small(x=[9.0, 1.1, 3.0, 8.0, 2.0, 2.5, 4.0, None]),
        "no weights of the controls balance",
    ),
    ({"covariates": ("x",), "method": "coarsened", "bins": {"x": 0}}, small(), "0 bins"),
]


@pytest.mark.parametrize(("said", "table", "words"), REFUSED, ids=[words for _, _, words in REFUSED])
def test_what_is_refused(said: dict[str, Any], table: pa.Table, words: str) -> None:
    with pytest.raises(Unfit, match=words) as error:
        study(table, **said)
    assert error.value.mend or error.value.why
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"covariates": ("a b",)}, "cannot be a column's name"),
        ({"covariates": ("order",)}, "cannot be a column's name"),
        ({"covariates": ("x",), "exact": ("x",)}, "two parts to play"),
        ({}, "nothing to match on"),
        ({"exact": ("industry",)}, "no covariates"),
        ({"covariates": ("x",), "bins": {"z": 3}}, "no covariate"),
        ({"covariates": ("x",), "exact": ("cell",)}, "an exact column named 'cell'"),
        ({"covariates": ("x",), "method": "magic"}, "method 'magic' is not known"),
        ({"covariates": ("x",), "ties": "all", "replacement": False}, "needs replacement"),
        ({"covariates": ("x",), "neighbours": 0}, "neighbours is 0"),
        ({"covariates": ("x",), "caliper": -1.0}, "caliper is -1"),
        ({"covariates": ("x",), "limit": 1.5}, "limit is 1.5"),
        ({"covariates": ("x",), "bandwidth": 0.0}, "bandwidth is 0"),
        ({"covariates": ("x",), "moments": 3}, "moments is 3"),
        ({"covariates": ("x",), "variance_neighbours": -1}, "variance_neighbours is -1"),
        ({"covariates": ("x",), "confidence": 1.0}, "confidence is 1"),
    ],
)
def test_designs_that_are_refused(said: dict[str, Any], words: str) -> None:
    with pytest.raises(Unfit, match=words):
        Design(**said)


def test_results_show_themselves() -> None:
    answer = study(candidates(150, 3), outcomes=("y", "jobs"))
    parts = answer.results()
    assert set(parts) == {"summary", "effects", "balance", "unmatched", "weights", "pairs", "propensity"}
    for name, part in parts.items():
        assert list(part.rows()) or name == "unmatched"
        json.dumps(plain(part.as_dict()), allow_nan=False)
        assert str(part)
    love = answer.balance.chart()
    values = love["data"]["values"]
    assert {row["when"] for row in values} == {"before", "after"} and len(values) == 2 * len(COVARIATES)
    assert all(row["difference"] >= 0 for row in values)
    effects = answer.effects.chart()
    assert effects and [row["outcome"] for row in effects["data"]["values"]] == ["y", "jobs"]
    assert "effects" not in study(candidates(150, 3), outcomes=()).results()


def test_names_of_the_table_do_not_meet_names_of_the_method() -> None:
    table = candidates(150, 3)
    odd = table.rename_columns(["y1", "n_control", "x1", "k1", "z1", "s1", "w", "q0_0", "e"])
    said = {
        "company": "y1",
        "treated": "n_control",
        "exact": ("x1",),
        "covariates": ("k1", "z1", "s1", "w"),
        "outcomes": ("q0_0",),
    }
    for plan in ({}, {"distance": "mahalanobis"}, {"method": "coarsened"}, {"method": "balancing"}):
        one, other = study(odd, **said, **plan), study(table, **plan)
        assert one.effects.effects[0].estimate == pytest.approx(other.effects.effects[0].estimate, rel=1e-9)
        assert one.weights.table.num_rows == other.weights.table.num_rows


def test_how_much_may_be_said() -> None:
    assert [footing(n) for n in (99, 100, 299, 300)] == ["none", "provisional", "provisional", "full"]


def test_text_covariates_become_indicators() -> None:
    table = candidates(200, 6)
    answer = study(table, exact=(), covariates=("level", "industry"))
    assert answer.propensity and answer.propensity.names == (
        "intercept",
        "level",
        "industry=C1",
        "industry=C2",
        "industry=C3",
    )
    numbered = table
    for one in ("C1", "C2", "C3"):
        numbered = numbered.append_column(one, pa.array([int(value == one) for value in table["industry"].to_pylist()]))
    again = study(numbered, exact=(), covariates=("level", "C1", "C2", "C3"))
    assert again.pairs and answer.pairs and again.pairs.rows() == answer.pairs.rows()


def test_coded_covariates_are_counted_in_groups_with_the_same_answer() -> None:
    table = candidates(300, 7, coarse=True)
    coded = table.set_column(3, "level", table["level"].cast(pa.int64())).drop_columns(["growth"])
    floating = coded.set_column(coded.column_names.index("age"), "age", coded["age"].cast(pa.float64()))
    one, other = (study(some, covariates=("level", "age", "export")) for some in (coded, floating))
    assert one.propensity and other.propensity
    assert one.propensity.coefficients == pytest.approx(other.propensity.coefficients, rel=1e-9)
    assert one.pairs and other.pairs and one.pairs.rows() == other.pairs.rows()


def test_bias_adjustment_removes_a_straight_bias() -> None:
    """With an outcome that is a straight line in the covariates, the adjusted effect is exact whatever the distance."""
    table = candidates(200, 11)
    y = 3 * table["level"].to_numpy() - table["growth"].to_numpy() + 0.5 * table["treated"].to_numpy()
    table = table.set_column(7, "y", pa.array(y))
    raw, adjusted = (study(table, adjust=adjust, neighbours=4).effects.effects[0].estimate for adjust in (False, True))
    assert adjusted == pytest.approx(0.5, abs=1e-9)
    assert abs(raw - 0.5) > 0.01


def test_verdicts_follow_the_house_rule() -> None:
    balance = study(candidates(400, 15)).balance
    shifted = replace(balance, difference=tuple(0.3 for _ in balance.names))
    assert set(shifted.verdicts) == {"stop"}
    assert np.all(np.abs(balance.difference) < np.abs(balance.difference_before).max())
