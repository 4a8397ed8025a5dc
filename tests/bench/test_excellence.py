"""Excellence at Europe's size: 3,000 organisations judged anew under a new version, and the path while a slider moves."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import date
from random import Random

import pytest
from django.db import connection

from klyngeforum.quality.assessments.independent import found_by_others
from klyngeforum.quality.indicators import queries
from klyngeforum.quality.indicators.crosswalks import SideBySide, rescored
from klyngeforum.quality.indicators.path import improved, path
from klyngeforum.quality.indicators.rules import evaluate
from klyngeforum.quality.indicators.terms import Area, Assessor, Situation
from klyngeforum.quality.labels.queries import valid_on
from tests.bench.load import Spread, get, server, signed_in

from .assessed import DAY, ORGANISATIONS, answers_of, laid, renewed
from .report import write

pytestmark = pytest.mark.slow
GOAL_S, SLIDER_MS, TURNS = 10, 100, 100


def within(found: float, goal: float) -> str:
    return "reached" if found < goal else f"**not reached: {found / goal:.1f}x the goal**"


def _organisation(chance: Random, version) -> Situation:
    """Some answers are missing; some have been benchmarked and improved."""
    codes = [one.code for one in version.indicators]
    areas = tuple(Area(code, chance.random() < 0.5) for code in chance.sample(codes, 3))
    days = (date(2011, 5, 1), date(2013, 2, 1))[: chance.randint(0, 2)]
    answers = answers_of(chance, version.indicators)
    return Situation(DAY, answers, benchmarkings=days, areas=areas, assessors=(Assessor(True), Assessor(True)))


def moved(found: list[tuple[SideBySide, ...]]) -> int:
    return sum(side.changed for sides in found for side in sides)


def test_three_thousand_organisations_under_a_new_version():
    old = queries.version("ecei", "2013")
    new, walk = renewed(old)
    chance = Random(1)
    country = [_organisation(chance, old) for _ in range(ORGANISATIONS)]

    began = time.process_time()
    found = [rescored(one, walk, old, new) for one in country]
    took = time.process_time() - began
    gold = old.labels[0]
    slider = timed("slider", lambda nth: evaluate(old, gold, improved(country[nth], {"2.1": 5})))
    paths = timed("path", lambda nth: path(old, gold, country[nth]))
    write("excellence", [
        f"{ORGANISATIONS} organisations, {len(old.indicators)} indicators and {len(old.labels)} labels each, judged by the old version and, carried over, by a new one "
        f"({moved(found)} verdicts moved): {took:.1f} s of one processor (goal {GOAL_S} s): {within(took, GOAL_S)}.",
        "",
        f"What-if of one organisation: median {slider.median:.1f} ms, p95 {slider.p95:.1f} ms; its cheapest path to the highest label: median {paths.median:.1f} ms, "
        f"p95 {paths.p95:.1f} ms (goal {SLIDER_MS} ms): {within(paths.p95, SLIDER_MS)}.",
    ])  # fmt: skip
    assert moved(found)


def timed(name: str, once: Callable[[int], object]) -> Spread:
    """So many turns one after the other, each on the clock."""
    times = []
    for nth in range(TURNS):
        began = time.perf_counter()
        once(nth)
        times.append((time.perf_counter() - began) * 1000)
    return Spread(name, tuple(times))


@pytest.mark.django_db
def test_three_thousand_assessments_in_the_database():
    """Read and judged as the leagues' proposals read them: the newest assessment by others, benchmarkings, labels held."""
    old = queries.version("ecei", "2013")
    new, walk = renewed(old)
    answers = laid(old, Random(1))

    began = time.perf_counter()
    held = valid_on(DAY)
    country = [
        Situation(DAY, one.answers, benchmarkings=one.benchmarkings, labels=held.get(pk, frozenset()))
        for pk, one in found_by_others(old.scheme, until=DAY).items()
    ]
    read = time.perf_counter() - began
    found = [rescored(one, walk, old, new) for one in country]
    took = time.perf_counter() - began
    assert len(country) == ORGANISATIONS and moved(found)
    write(f"excellence-{connection.vendor}", [
        f"{ORGANISATIONS} assessments with {answers} answers read from {connection.display_name} and judged by both versions ({moved(found)} verdicts moved): "
        f"{took:.1f} s on the clock, {read:.1f} s of them reading (goal {GOAL_S} s): {within(took, GOAL_S)}.",
    ])  # fmt: skip


def test_the_slider_of_a_cluster_manager(denmark):
    """The answer of the server to each move: other levels every time, so nothing was kept."""
    database, folder = denmark
    with server(database, folder) as port:
        cookie = signed_in(port, "klyngeleder")
        _, page, _ = get(port, WAY, cookie)
        sliders = re.findall(rb'name="(n-[\d.]+)"', page)
        assert len(sliders) > 25, page[:2000]

        def move(nth: int) -> None:
            query = "&".join(f"{one.decode()}={(nth + place) % 5}" for place, one in enumerate(sliders))
            status, answer, _ = get(port, f"{WAY}?{query}&n={nth}", cookie, HX_Target="result")
            assert status == 200 and b"<html" not in answer, answer[:500]

        for nth in range(4):
            move(TURNS + nth)  # both workers have read the scheme
        found = timed("slider", move)
    write("slider", [
        f"The slider at Denmark's size, {len(sliders)} levels moved at once, {TURNS} moves by one reader: median {found.median:.0f} ms, p95 {found.p95:.0f} ms (goal {SLIDER_MS} ms): {within(found.p95, SLIDER_MS)}."
    ])  # fmt: skip


WAY = "/klyngekontor/vurderinger/vejen/"
