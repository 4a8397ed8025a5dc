"""The kernel's windows by hand, and its two ways of adding them up against a plain look at every pair."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klyngeanalyse.matching.kernel import epanechnikov
from klyngeanalyse.matching.tests.cases import pool

WAYS = [(10**9, 64), (0, 64), (0, 0)]  # every window looked at; those of few looked at; running sums alone


@pytest.fixture(params=WAYS, ids=["windows", "running, few looked at", "running"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("klyngeanalyse.matching.kernel.PAIRS", request.param[0])
    monkeypatch.setattr("klyngeanalyse.matching.kernel.FEW", request.param[1])


@pytest.mark.usefixtures("way")
def test_two_controls_by_hand() -> None:
    """At no distance and at half the bandwidth: 1 and 1 - 1/4, shared 4/7 and 3/7; 7 and 14 come to 10."""
    found = epanechnikov(pool([(1, 0.5, 1, 0.0)], [(1, 0.5, 2, 7.0), (1, 0.55, 3, 14.0), (1, 0.7, 4, 1e6)]), 0.1)
    assert found.y0 == pytest.approx(np.array([[10.0]]))
    assert found.k == pytest.approx([4 / 7, 3 / 7, 0]) and found.k2 == pytest.approx([16 / 49, 9 / 49, 0])
    assert found.matched.tolist() == [0] and found.used.tolist() == [2]


@pytest.mark.usefixtures("way")
def test_a_control_carries_what_it_is_to_each() -> None:
    """Treated at 0 and 1/4 of a control's bandwidth, the second with another control at its own place."""
    found = epanechnikov(pool([(1, 0.25, 1), (1, 0.5, 2)], [(1, 0.25, 3, 8.0), (1, 0.5, 4, 24.0)]), 0.5)
    # either sees the other's control at half the bandwidth: 4/7 of its own and 3/7 of that
    assert found.k == pytest.approx([1, 1]) and found.k2 == pytest.approx([25 / 49, 25 / 49])
    assert found.y0[:, 0] == pytest.approx([(4 * 8 + 3 * 24) / 7, (3 * 8 + 4 * 24) / 7])


@pytest.mark.usefixtures("way")
def test_nobody_is_reached_at_the_bandwidth_itself_nor_in_another_cell() -> None:
    treated = [(1, 0.5, 1), (1, 0.75, 2), (2, 0.5, 3)]
    control = [(1, 0.25, 4, 1.0), (1, 0.875, 5, 3.0), (3, 0.5, 6, 5.0), (2, 0.875, 7, 9.0)]
    found = epanechnikov(pool(treated, control), 0.25)
    assert found.matched.tolist() == [1] and found.used.tolist() == [1] and found.y0.tolist() == [[3.0]]
    assert found.k == pytest.approx([0, 1, 0, 0]) and found.k2 == pytest.approx([0, 1, 0, 0])


def crowd(
    seed: int, treated: int, control: int
) -> tuple[list[tuple[int, float, int]], list[tuple[int, float, int, float]]]:
    chance = np.random.default_rng(seed)
    ones = [(int(chance.integers(1, 4)), round(float(chance.random()), 3), nth) for nth in range(treated)]
    zeros = [
        (int(chance.integers(0, 4)), round(float(chance.random() ** 2), 3), 1000 + nth, float(chance.normal(50, 9)))
        for nth in range(control)
    ]
    return ones, zeros


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("bandwidth", [0.0045, 0.0605, 0.4005, 3.0005])  # nobody stands at an edge
def test_every_pair_looked_at(bandwidth: float) -> None:
    ones, zeros = crowd(7, 60, 900)
    here = pool(ones, zeros)
    found = epanechnikov(here, bandwidth)
    k, k2 = dict.fromkeys((row[2] for row in zeros), 0.0), dict.fromkeys((row[2] for row in zeros), 0.0)
    wanted: list[float] = []
    used = []
    for cell, score, _ in sorted(ones):
        weight = {row[2]: 1 - ((row[1] - score) / bandwidth) ** 2 for row in zeros if row[0] == cell}
        weight = {company: one for company, one in weight.items() if one > 1e-9}
        if not weight:
            continue
        total = sum(weight.values())
        used.append(len(weight))
        wanted.append(sum(weight[row[2]] * row[3] for row in zeros if row[2] in weight) / total)
        for company, one in weight.items():
            k[company] += one / total
            k2[company] += (one / total) ** 2
    company = here.control.company.to_pylist()
    assert len(found.matched) == len(wanted) and found.used.tolist() == used
    assert found.y0[:, 0] == pytest.approx(wanted, rel=1e-9)
    assert found.k == pytest.approx([k[one] for one in company], abs=1e-9)
    assert found.k2 == pytest.approx([k2[one] for one in company], abs=1e-9)


@given(seed=st.integers(0, 10_000), shift=st.floats(-5, 5), bandwidth=st.sampled_from([0.0135, 0.0605, 0.3005]))
def test_what_holds_of_any_kernel(seed: int, shift: float, bandwidth: float) -> None:
    """Shares add up to the matched treated; all scores moved alike change nothing; a wider bandwidth reaches no fewer."""
    ones, zeros = crowd(seed, 12, 60)
    found = epanechnikov(pool(ones, zeros), bandwidth)
    assert found.k.sum() == pytest.approx(len(found.matched)) and np.all(found.k2 <= np.square(found.k) + 1e-12)
    moved = epanechnikov(
        pool([(c, s + shift, n) for c, s, n in ones], [(c, s + shift, n, y) for c, s, n, y in zeros]), bandwidth
    )
    assert moved.matched.tolist() == found.matched.tolist()
    assert moved.y0 == pytest.approx(found.y0, rel=1e-6) and moved.k == pytest.approx(found.k, abs=1e-6)
    assert set(found.matched) <= set(epanechnikov(pool(ones, zeros), bandwidth * 1.5).matched)
    alike = epanechnikov(pool(ones, [(c, s, n, 4.0) for c, s, n, _ in zeros]), bandwidth)
    assert alike.y0[:, 0] == pytest.approx(np.full(len(alike.matched), 4.0))


def test_a_narrow_kernel_loses_no_digits_in_a_large_cell() -> None:
    """The fourth powers of five thousand bandwidths cost running sums over all of them at once the digits of the shares."""
    chance = np.random.default_rng(3)
    ones = [(1, float(score), nth) for nth, score in enumerate(chance.random(400))]
    zeros = [(1, float(score), 1000 + nth, 50.0) for nth, score in enumerate(chance.random(20_000))]
    found = epanechnikov(pool(ones, zeros), 0.0002)
    here = pool(ones, zeros)
    weight = np.maximum(1 - np.square((here.control.score[None] - here.treated.score[:, None]) / 0.0002), 0)
    share = weight / np.maximum(weight.sum(axis=1, keepdims=True), 1e-300)
    assert found.k == pytest.approx(share.sum(axis=0), abs=1e-9)
    assert found.k2 == pytest.approx(np.square(share).sum(axis=0), abs=1e-9)
