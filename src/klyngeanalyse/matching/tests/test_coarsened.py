"""Coarsened exact matching worked by hand: where bins end, what their number is, and the effect's two errors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from klyngeanalyse.core.engines import DuckEngine
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.matching import Design, match
from klyngeanalyse.matching.coarsened import sturges
from klyngeanalyse.matching.tests.cases import COVARIATES, candidates, left, study


def small(y: list[float] | None = None, size: list[float] | None = None) -> pa.Table:
    """Of under 10 jobs two treated and three controls, of 10 and more one of each; a lone treated in an industry of its own."""
    return pa.table(
        {
            "company": list(range(1, 9)),
            "treated": [1, 1, 0, 0, 0, 1, 0, 1],
            "industry": ["A"] * 7 + ["B"],
            "size": size or [2.0, 9.9, 3, 4, 5, 10.0, 40, 4],
            "y": y or [5.0, 7, 4, 6, 5, 10, 7, 99],
        }
    )


def strata(table: pa.Table, **said: Any) -> dict[int, float]:
    """Weights by company."""
    answer = study(table, **{"covariates": ("size",), "method": "coarsened", **said})
    return {row["company"]: row["weight"] for row in answer.weights.rows()}


@pytest.mark.parametrize("centre", [0.0, 1e7])
def test_two_strata_by_hand(centre: float) -> None:
    """(5 + 7 - 2 · 5) + (10 - 7) over 3 treated is 5/3. Around their control's mean and 5/3 the treated lie -5/3, 1/3, 4/3. The three controls
    vary by 1, which the lone one takes as well; the two treated vary by 2, and so does the third."""
    table = small([value + centre for value in (5.0, 7, 4, 6, 5, 10, 7, 99)])
    one = study(table, covariates=("size",), method="coarsened", bins={"size": (10.0,)}).effects.effects[0]
    near = 1e-9 if not centre else 1e-7
    assert one.estimate == pytest.approx(5 / 3, rel=near)
    assert one.stderr == pytest.approx(np.sqrt((25 / 9 + 1 / 9 + 16 / 9 + (4 - 2) / 3 * 1 + 0) / 9), rel=near)
    assert one.stderr_sample == pytest.approx(np.sqrt((2 * 2 + 1 * 2 + 4 / 3 * 1 + 1 / 1 * 1) / 9), rel=near)
    assert (one.mean_treated, one.mean_comparison) == pytest.approx((centre + 22 / 3, centre + 17 / 3))
    assert (one.n_treated, one.n_controls) == (3, 4)
    assert one.relative == pytest.approx((5 / 3) / (centre + 17 / 3), rel=near)
    half = study(table, covariates=("size",), method="coarsened", bins={"size": (10.0,)}, confidence=0.5).effects
    assert half.effects[0].interval == pytest.approx(
        (5 / 3 - 0.67449 * one.stderr, 5 / 3 + 0.67449 * one.stderr), abs=1e-4
    )


def test_where_nothing_can_vary_only_the_differences_say_the_error() -> None:
    """One treated and one control in either stratum: gaps 1 and 3 around 2."""
    table = pa.table(
        {
            "company": [1, 2, 3, 4],
            "treated": [1, 0, 1, 0],
            "industry": ["A"] * 4,
            "size": [1, 1, 2, 2],
            "y": [5, 4, 9, 6],
        }
    )
    one = study(table, covariates=("size",), method="coarsened", bins={"size": 2}).effects.effects[0]
    assert (one.estimate, one.stderr, one.stderr_sample) == pytest.approx((2, np.sqrt(2) / 2, 0))


def test_a_control_stands_for_the_treated_of_its_stratum() -> None:
    assert strata(small(), bins={"size": (10.0,)}) == pytest.approx(
        {1: 1, 2: 1, 3: 2 / 3, 4: 2 / 3, 5: 2 / 3, 6: 1, 7: 1}
    )


def test_a_value_at_a_cut_belongs_above_it() -> None:
    """10 is no longer below 10; with cuts at 9.9 and 10 one treated is left alone between them. The order of cuts is none."""
    assert set(strata(small(), bins={"size": (10.0001,)})) == {1, 2, 3, 4, 5, 6}  # now 40 is alone
    assert set(strata(small(), bins={"size": (9.9, 10.0)})) == {1, 3, 4, 5, 6, 7}
    assert strata(small(), bins={"size": (10.0, 9.9)}) == strata(small(), bins={"size": (9.9, 10.0)})


def test_equal_bins_from_the_least_to_the_largest() -> None:
    """0 to 8 in four bins: [0, 2), [2, 4), [4, 6) and [6, 8], the largest in the last."""
    size = [0.0, 2.0, 1.9, 3.9, 8.0, 6.0, 4.0, 4.0]
    assert strata(small(size=size), bins={"size": 4}) == pytest.approx({1: 1, 2: 1, 3: 1, 4: 1, 6: 1, 5: 1})
    assert set(strata(small(size=size), bins={"size": 1})) == {1, 2, 3, 4, 5, 6, 7}


@pytest.mark.parametrize(("n", "bins"), [(1, 1), (2, 2), (3, 3), (4, 3), (64, 7), (65, 8), (614, 11), (1024, 11)])
def test_sturges_number(n: int, bins: int) -> None:
    assert sturges(n) == bins


def test_where_no_number_is_said_it_is_sturges() -> None:
    """Of 64 candidates seven bins: six or eight are others."""
    table = candidates(64, 5, cells=1)
    said = {"exact": (), "covariates": ("level", "growth")}
    usual = strata(table, **said)
    seven, six, eight = (strata(table, bins={"level": n, "growth": n}, **said) for n in (7, 6, 8))
    assert usual == seven and usual != six and usual != eight
    assert strata(table, bins={"level": 7}, **said) == seven and strata(table, bins={"level": 6}, **said) != seven


def test_a_text_is_in_a_stratum_of_its_own() -> None:
    table = candidates(200, 6)
    apart = strata(table, exact=(), covariates=("industry", "export"))
    assert apart == pytest.approx(strata(table, exact=("industry", "export"), covariates=()))
    together = strata(table, exact=(), covariates=("industry", "export"), bins={"industry": 1})
    assert together == pytest.approx(strata(table, exact=("export",), covariates=()))


def test_so_many_bins_that_they_cannot_be_numbered() -> None:
    """A million million are counted, and one combination more is refused."""
    table, most = candidates(60, 2), 2**20
    said = {
        "covariates": ("level", "growth"),
        "bins": {"level": most, "growth": most},
        "exact": (),
        "method": "coarsened",
    }
    with pytest.raises(Unfit) as error:
        study(table, **said)
    assert str(error.value).startswith("nobody can be matched")  # each is alone in a bin
    with pytest.raises(Unfit) as error:
        study(table, **{**said, "bins": {"level": most, "growth": most + 1}})
    assert str(error.value).startswith("too many bins") and error.value.where == "1e+12 combinations"
    assert error.value.mend == "give fewer bins or covariates"
    with pytest.raises(Unfit, match="0 bins for 'level' · give a whole number from 1, or cut points"):
        study(table, **{**said, "bins": {"level": 0}})


def test_without_an_outcome_the_weights_are_the_same() -> None:
    table = candidates(200, 4)
    said = {"covariates": COVARIATES, "bins": dict.fromkeys(COVARIATES, 3)}
    assert strata(table, outcomes=(), **said) == strata(table, outcomes=("y",), **said)
    answer = study(table, method="coarsened", outcomes=(), **said)
    assert not answer.effects.effects and answer.balance.names == COVARIATES


def test_why_somebody_is_left_out() -> None:
    rows = study(small(), covariates=("size",), method="coarsened", bins={"size": (9.9, 10.0)}).unmatched.rows()
    assert [(row["company"], row["reason"], row["industry"]) for row in rows] == [
        (8, "no_control_in_cell", "B"),
        (2, "no_control_in_stratum", "A"),
    ]
    assert [(row["score"], row["distance"]) for row in rows] == [(None, None)] * 2


def test_nothing_of_it_is_left_in_the_engine() -> None:
    engine = DuckEngine()
    engine.put("c", small())
    for bins in ({"size": (10.0,)}, {"size": 0}):
        try:
            match(engine, "c", Design(exact=("industry",), covariates=("size",), method="coarsened", bins=bins))
        except Unfit:
            assert bins == {"size": 0}
        assert left(engine) == {"c"}
    engine.close()


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    seed=st.integers(0, 10_000),
    bins=st.integers(1, 6),
    factor=st.sampled_from([0.5, 2.0, 1024.0]),
    shift=st.integers(-64, 64),
)
def test_units_do_not_move_a_bin_and_coarser_bins_match_no_fewer(
    seed: int, bins: int, factor: float, shift: int
) -> None:
    """Whole ages in other units, exact in binary; and twice as wide bins are made of pairs of bins."""
    table = candidates(120, seed)
    moved = table.set_column(5, "age", pa.array(table["age"].to_numpy() * factor + shift))
    said = {"covariates": ("age", "export"), "exact": ()}
    fine = strata(table, bins={"age": 2 * bins, "export": 2}, **said)
    assert fine == strata(moved, bins={"age": 2 * bins, "export": 2}, **said)
    treated = {row["company"] for row in table.to_pylist() if row["treated"]}
    coarse = strata(table, bins={"age": bins, "export": 2}, **said)
    assert set(fine) & treated <= set(coarse) & treated
