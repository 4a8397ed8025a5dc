"""All pairs of a continent's organisations side by side, as the page of overlap counts them anew after an act."""

from __future__ import annotations

import os
import time
from statistics import median

import numpy as np
import pytest

from klyngeforum.results.landscape.gathering import Bodies, Links
from klyngeforum.results.landscape.pairing import between_of, flags_on
from tests.cast import AT

from .report import write

pytestmark = pytest.mark.slow
ORGANISATIONS, COMPANIES, MEMBERSHIPS, RUNS, GOAL = 3000, 1_000_000, 1_000_000, 5, 2.0


def continent() -> tuple[Bodies, Links]:
    """Organisations of 40 fields; each takes most of its companies from the industries of its own field."""
    draw = np.random.default_rng(1)
    industry = draw.integers(1, 600, COMPANIES)
    bodies = Bodies(
        np.arange(1, COMPANIES + 1), np.ones(COMPANIES, np.int64), draw.integers(0, 2, COMPANIES), draw.integers(0, 2, COMPANIES),
        draw.integers(0, 300, COMPANIES), draw.integers(1, 2000, COMPANIES), industry,
    )  # fmt: skip
    clusters = draw.integers(1, ORGANISATIONS + 1, MEMBERSHIPS)
    order = np.argsort(industry, kind="stable")
    first = (clusters % 40) * (COMPANIES // 40)
    near = order[first + draw.integers(0, COMPANIES // 40, MEMBERSHIPS)]
    who = np.where(draw.random(MEMBERSHIPS) < 0.8, near, draw.integers(0, COMPANIES, MEMBERSHIPS))
    pairs = np.unique(np.column_stack([clusters, who]), axis=0)
    return bodies, Links(pairs[:, 0], pairs[:, 1], np.ones(len(pairs), np.int64))


def test_all_pairs_of_a_continent():
    bodies, members = continent()
    assert bodies.company.all()
    taken = []
    for _ in range(RUNS):
        began = time.perf_counter()
        found = between_of(bodies, members, flags=flags_on(AT.date()), least=5)
        taken.append(time.perf_counter() - began)
    assert found.every == ORGANISATIONS * (ORGANISATIONS - 1) // 2
    middle = median(taken)
    said = "reached" if max(taken) < GOAL else f"**not reached: {max(taken) / GOAL:.1f}x the goal**"
    write("landscape", [
        f"All {found.every:,} pairs of {ORGANISATIONS:,} organisations with {len(members):,} memberships of {COMPANIES:,} companies: shared companies, "
        f"shared industries, flags, the list and the matrix: median {middle:.2f} s, slowest of {RUNS} {max(taken):.2f} s "
        f"(goal {GOAL:.0f} s; load of the machine {os.getloadavg()[0]:.0f} on {os.cpu_count()} cores): {said}.",
    ])  # fmt: skip
