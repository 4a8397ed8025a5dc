"""Numbers that others have printed; sources in tests/reference/matching/README.md."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as csv
import pytest

from klyngeanalyse.core.engines import DuckEngine
from klyngeanalyse.matching import Design, Matching, match

HOME = Path(__file__).resolve().parents[4]
DATA = Path(os.environ.get("KLYNGEFORUM_SHARED_DATA", HOME.parent / "shared" / "data")) / "causal_panels"
PRINTED = HOME / "tests" / "reference" / "matching"


def read(name: str) -> pa.Table:
    if not (DATA / name).exists():
        pytest.skip(f"{name} is not at hand: set KLYNGEFORUM_SHARED_DATA")
    return csv.read_csv(DATA / name)


@pytest.fixture
def engine() -> Iterator[DuckEngine]:
    one = DuckEngine(threads=2)
    yield one
    one.close()


@pytest.fixture
def lalonde(engine: DuckEngine) -> DuckEngine:
    engine.put("raw", read("matchit_lalonde.csv.gz"))
    engine.keep(
        "lalonde",
        "select *, row_number() over () as company, case when race = 'black' then 1 else 0 end as black from raw",
    )
    return engine


@pytest.fixture
def experiment(engine: DuckEngine) -> DuckEngine:
    engine.put("raw", read("lalonde_nsw_dw.csv.gz"))
    engine.keep(
        "nsw",
        "select *, row_number() over () as company, cast(treat as int) as t, 1 - cast(treat as int) as u, 1 as everybody from raw",
    )
    return engine


def agrees(answer: Matching, file: str) -> None:
    printed = {row["covariate"]: row for row in csv.read_csv(PRINTED / file).to_pylist()}
    told = {row["covariate"]: row for row in answer.balance.rows()}
    assert set(told) == set(printed)
    for name, row in printed.items():
        for field, value in row.items():
            if field != "covariate" and value is not None:
                assert told[name][field] == pytest.approx(value, abs=0.000051), f"{name} {field}"
            elif field.startswith("ratio"):
                assert told[name][field] is None


def test_matchit_nearest(lalonde: DuckEngine) -> None:
    design = Design(
        treated="treat",
        outcomes=("re78",),
        covariates=("age", "educ", "race", "married", "nodegree", "re74", "re75"),
        neighbours=1,
        replacement=False,
        limit=None,
        support="none",
    )
    answer = match(lalonde, "lalonde", design)
    agrees(answer, "matchit_nearest.csv")
    assert (answer.summary.n_matched, answer.summary.n_controls_used) == (185, 185)


def test_matchit_coarsened(lalonde: DuckEngine) -> None:
    design = Design(
        treated="treat",
        outcomes=("re78",),
        exact=("black", "married"),
        covariates=("age", "educ"),
        method="coarsened",
        bins={"educ": 5},
    )
    answer = match(lalonde, "lalonde", design)
    agrees(answer, "matchit_cem.csv")
    assert (answer.summary.n_matched, answer.summary.n_controls_used) == (149, 244)
    assert answer.summary.effective_controls == pytest.approx(52.84, abs=0.0051)
    assert answer.summary.reasons == {"no_control_in_stratum": 36}


def test_the_experiment(experiment: DuckEngine) -> None:
    """One stratum for everybody: the difference in means, whose variance is then Neyman's."""
    effect = match(
        experiment, "nsw", Design(treated="t", outcomes=("re78",), exact=("everybody",), method="coarsened")
    ).effects.effects[0]
    assert effect.estimate == pytest.approx(1794.34, abs=0.0051)
    sides = experiment.arrow("select t, count(*) as n, var_samp(re78) as v from nsw group by t").to_pylist()
    assert effect.stderr_sample == pytest.approx(np.sqrt(sum(row["v"] / row["n"] for row in sides)), rel=1e-9)


@pytest.mark.parametrize(
    ("treated", "others", "difference", "error"),
    [
        ("lalonde_nsw", "lalonde_nsw", 886, 472),  # LaLonde 1986, the experiment
        ("lalonde_nsw_dw", "lalonde_nsw_dw", 1794, 633),  # Dehejia and Wahba 1999, the experiment
        ("lalonde_nsw_dw", "lalonde_psid_controls", -15205, None),  # the same, PSID-1 instead of its controls
        ("lalonde_nsw_dw", "lalonde_cps_controls", -8498, 712),  # the same, CPS-1
    ],
)
def test_differences_in_earnings_as_quoted(
    engine: DuckEngine, treated: str, others: str, difference: int, error: int | None
) -> None:
    """What an experiment found, and how far wrong the register's companions of the same participants are without matching.

    Figures as they are commonly quoted from the two articles, which were not at hand.
    """
    engine.put("taught", read(f"{treated}.csv.gz"))
    engine.put("others", read(f"{others}.csv.gz"))
    engine.keep(
        "joined",
        "select row_number() over () as company, * from (select 1 as t, re78, 1 as everybody from taught where treat = 1 "
        "union all select 0 as t, re78, 1 as everybody from others where treat = 0) as q",
    )
    (effect,) = match(
        engine, "joined", Design(treated="t", outcomes=("re78",), exact=("everybody",), method="coarsened")
    ).effects.effects
    assert round(effect.estimate) == difference
    if error:  # printed is that of a regression: one variance for both arms
        sides = engine.arrow("select count(*) as n, var_samp(re78) as v from joined group by t").to_pylist()
        pooled = sum((one["n"] - 1) * one["v"] for one in sides) / (sum(one["n"] for one in sides) - 2)
        assert round(np.sqrt(pooled * sum(1 / one["n"] for one in sides))) == error


def test_abadie_imbens_in_stata(experiment: DuckEngine) -> None:
    """The effect on all is that on the treated and that on the controls (the arms exchanged), by their shares."""

    def arm(treated: str) -> Matching:
        said: dict[str, Any] = {"distance": "mahalanobis", "ties": "all", "neighbours": 1, "variance_neighbours": 0}
        return match(experiment, "nsw", Design(treated=treated, outcomes=("re78",), covariates=("age",), **said))

    one, other = arm("t"), arm("u")
    effect = (185 * one.effects.effects[0].estimate - 260 * other.effects.effects[0].estimate) / 445
    assert effect == pytest.approx(1785.191, rel=1e-6)
    earned = {row["company"]: row["re78"] for row in experiment.arrow("select company, re78 from nsw").to_pylist()}
    carried = {
        row["company"]: row["weight"] for part in (one, other) for row in part.weights.rows() if not row["treated"]
    }
    squares = 0.0
    for part, sign in ((one, 1), (other, -1)):
        assert part.pairs is not None
        for row in part.pairs.rows():
            squares += row["weight"] * (sign * (earned[row["company"]] - earned[row["control"]]) - effect) ** 2
    variance = squares / (2 * 445) * sum((1 + carried.get(company, 0)) ** 2 for company in earned) / 445**2
    assert np.sqrt(variance) == pytest.approx(686.7167, rel=1e-6)
