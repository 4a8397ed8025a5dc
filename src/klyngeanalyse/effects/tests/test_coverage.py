"""95 % intervals hold the truth in 95 of 100 samples: each estimator, where there is an effect and where there is none.

A thousand samples of 95 % lie between 93.5 and 96.5 with a chance of 97 %; the seeds are fixed.
"""

import math

import numpy as np
import pyarrow as pa
import pytest

from klyngeanalyse.core.engines import DuckEngine
from klyngeanalyse.effects.aggregates import aggregate
from klyngeanalyse.effects.cells import moments, numbered
from klyngeanalyse.effects.design import Design
from klyngeanalyse.effects.grouptime import from_rows
from klyngeanalyse.effects.matched import matched
from klyngeanalyse.effects.pretrend import pretrend
from klyngeanalyse.effects.rows import Measured, Rows
from klyngeanalyse.effects.tests.data import PANEL
from klyngeanalyse.effects.twoway import two_way
from klyngeanalyse.effects.wild import wild

YEARS = np.arange(2010, 2015)


def sample(chance, effect, n=600, confounded=True, bodies=0, missing=0.0):
    """Participation and growth both depend on x (and on a code); the effect differs from company to company."""
    x = chance.normal(size=n)
    code = chance.integers(0, 3, n)
    lean = -0.4 + (0.6 * x + 0.3 * (code == 2) if confounded else 0.0)
    part = chance.random(n) < 1 / (1 + np.exp(-lean))
    cohort = np.where(part, chance.choice([2012, 2013], n), 0)
    time = np.arange(5)
    drift = 0.3 * x + 0.2 * (code == 2) if confounded else np.zeros(n)
    y = chance.normal(size=n)[:, None] + drift[:, None] * time + chance.normal(scale=0.5, size=(n, 5)).cumsum(axis=1)
    own = chance.normal(effect, 0.5, n)
    y += np.where((cohort[:, None] > 0) & (cohort[:, None] <= YEARS), own[:, None], 0.0)
    body = np.full(n, -1)
    if bodies:
        body = np.where(part, chance.integers(0, bodies, n), -1)
        y += np.where(part[:, None], chance.normal(scale=0.35, size=(bodies, 5)).cumsum(axis=1)[body], 0.0)
    y[chance.random(y.shape) < missing] = np.nan
    order = np.argsort(cohort, kind="stable")
    return cohort[order], x[order], code[order], y[order], body[order]


def rows(cohort, y, x, body, cells=False):
    """Rows as gathering makes them, without an engine."""
    present = ~np.isnan(y)
    kept = present.any(axis=1)
    cohort, y, x, body, present = cohort[kept], y[kept], x[kept], body[kept], present[kept]
    ref = y[np.arange(len(y)), present.argmax(axis=1)]
    values = np.nan_to_num(np.column_stack([y - ref[:, None], ref]))
    names = tuple(f"b{one}" for one in range(body.max() + 1))
    n, scatter, shape = np.ones(len(y)), None, x
    if cells:
        number, example = numbered(cohort, *x.T.astype(np.int64))
        n, values, scatter = moments(values, number, len(example))
        order = np.argsort(cohort[example], kind="stable")
        n, values, scatter = n[order], values[order], scatter[order]
        cohort, shape, present, body = (one[example][order] for one in (cohort, x, present, body))
    measured = Measured("y", values, scatter, present)
    return Rows(YEARS, cohort, n, shape, body, names, (measured,), ())


def ones(cohort, *columns):
    return np.column_stack([np.ones(len(cohort)), *columns])


def of(kind, chance, effect):
    """(estimate, low, high) of one sample by one estimator."""
    confounded = kind in ("or", "ipw", "dr", "dr cells", "not yet dr")
    bodies = {"organisation": 60, "wild": 10}.get(kind, 0)
    missing = 0.15 if kind == "unbalanced" else 0.0
    n = 1500 if kind in ("organisation", "wild") else 600
    cohort, x, code, y, body = sample(chance, effect, n=n, confounded=confounded, bodies=bodies, missing=missing)
    if kind == "dr cells":
        y = y - 0.3 * x[:, None] * np.arange(5)
        shape, cells = ones(cohort, code == 1, code == 2), True
    else:
        shape, cells = ones(cohort, *((x, code == 1, code == 2) if confounded else ())), False
    made = rows(cohort, y, shape, body, cells)
    if kind == "two-way":
        said = two_way(made, "y")
        return said.estimate, said.low, said.high
    design = Design(
        method=kind if kind in ("or", "ipw") else "dr",
        controls="not_yet" if kind.startswith("not yet") else "never",
        cluster="body" if bodies else None,
        draws=1000,
    )
    found = from_rows(made, design)["y"]
    drawn = aggregate(found, "group" if kind == "by cohort" else "calendar" if kind == "by year" else "dynamic")
    if kind == "wild":
        boot = wild(found, drawn, draws=999, seed=1)
        return boot.estimate, boot.low, boot.high
    return drawn.overall.estimate, drawn.overall.low, drawn.overall.high


KINDS = (
    "none",
    "or",
    "ipw",
    "dr",
    "dr cells",
    "not yet dr",
    "unbalanced",
    "by cohort",
    "by year",
    "organisation",
    "wild",
    "two-way",
)


def covered(kind, effect, draws, seed):
    chance = np.random.default_rng(seed)
    found = [of(kind, chance, effect) for _ in range(draws)]
    estimate = np.array([one[0] for one in found])
    inside = np.mean([low <= effect <= high for _, low, high in found])
    return float(inside), float(abs(estimate.mean() - effect) / (estimate.std() / math.sqrt(draws)))


@pytest.mark.parametrize("kind", KINDS)
def test_intervals_hold_the_truth_often_enough_quickly(kind):
    inside, away = covered(kind, 0.5, 40, seed=7)
    assert inside >= 0.85 and away < 4


@pytest.mark.slow
@pytest.mark.parametrize("effect", [0.5, 0.0])
@pytest.mark.parametrize("kind", KINDS)
def test_intervals_hold_the_truth_in_95_of_100(kind, effect):
    # two-way: the first thousand of this seed hold the truth 932 times, those of six other seeds 947 to 957 times; so four thousand
    inside, away = covered(kind, effect, 4000 if kind == "two-way" else 1000, seed=11)
    assert 0.935 <= inside <= 0.965, inside
    assert away < 4


@pytest.mark.slow
def test_simultaneous_bands_hold_all_years_at_once_and_the_pre_test_keeps_its_size():
    chance = np.random.default_rng(13)
    together, pointwise, refused = [], [], []
    for _ in range(1000):
        cohort, _, _, y, body = sample(chance, 0.5, confounded=False)
        found = from_rows(rows(cohort, y, ones(cohort), body), Design(draws=4000))["y"]
        drawn = aggregate(found, "dynamic")
        truth = [0.5 if one.key >= 0 else 0.0 for one in drawn.parts]
        together.append(all(one.band_low <= t <= one.band_high for one, t in zip(drawn.parts, truth, strict=True)))
        pointwise.append(all(one.low <= t <= one.high for one, t in zip(drawn.parts, truth, strict=True)))
        refused.append(pretrend(found).p < 0.05)
    assert 0.935 <= np.mean(together) <= 0.965 and np.mean(pointwise) < 0.91
    assert 0.035 <= np.mean(refused) <= 0.065


def matched_sample(chance, effect, engine, pairs=120):
    """Pairs alike in a common shock: the error by pair carries it, the error by company does not see that pairs are alike."""
    n = 2 * pairs
    first = np.where(np.arange(n) < pairs, 2012, 0)
    pair = np.concatenate([np.arange(pairs), np.arange(pairs)])
    shock = chance.normal(scale=0.6, size=(pairs, 5)).cumsum(axis=1)[pair]
    y = chance.normal(size=n)[:, None] + shock + chance.normal(scale=0.4, size=(n, 5))
    y += np.where((first[:, None] > 0) & (YEARS >= 2012), chance.normal(effect, 0.3, n)[:, None], 0.0)
    company, at = np.nonzero(np.ones(y.shape))
    engine.put(
        "p",
        pa.table(
            {"company": company, "year": YEARS[at], "first": first[company], "y": y[company, at], "body": pair[company]}
        ),
    )
    engine.put("w", pa.table({"company": np.arange(n), "weight": np.ones(n), "start": np.full(n, 2012), "cell": pair}))
    (said,) = matched(engine, "p", PANEL, "w", cluster="cell")
    return said.overall


@pytest.mark.slow
@pytest.mark.parametrize("effect", [0.5, 0.0])
def test_matched_pairs_hold_the_truth_in_95_of_100(effect):
    engine, chance = DuckEngine(), np.random.default_rng(17)
    found = [matched_sample(chance, effect, engine) for _ in range(1000)]
    engine.close()
    inside = np.mean([one.low <= effect <= one.high for one in found])
    assert 0.935 <= inside <= 0.965, inside


def test_matched_pairs_hold_the_truth_often_enough_quickly():
    engine, chance = DuckEngine(), np.random.default_rng(17)
    found = [matched_sample(chance, 0.5, engine) for _ in range(30)]
    engine.close()
    assert np.mean([one.low <= 0.5 <= one.high for one in found]) >= 0.8
