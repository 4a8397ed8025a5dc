"""The effect by groups: a panel worked by hand, the gate, and nothing left over that can be subtracted."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klyngeanalyse.core.engines import DuckEngine, as_arrow
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.effects.bands import normal
from klyngeanalyse.effects.design import Design
from klyngeanalyse.effects.gathering import gather
from klyngeanalyse.effects.groups import FEW, UNFIT, by_group
from klyngeanalyse.effects.grouptime import group_time
from klyngeanalyse.effects.tests.data import PANEL

DESIGN = Design(cluster="region")
POINTS = {"y": "percentage_points"}
# region -> (changes of those who began in 2011, changes of those who never did)
BY_HAND = {"north": ((2.5, 3.5), (0.5, 1.5)), "south": ((0.5, 1.5), (0.5, 1.5))}


def panel(regions):
    """Two years; everybody begins at 10."""
    rows = []
    for region, arms in regions.items():
        for first, changes in zip((2011, 0), arms, strict=True):
            for change in changes:
                rows += [(len(rows), 2010, first, region, 10.0), (len(rows), 2011, first, region, 10.0 + change)]
    names = ("company", "year", "first", "region", "y")
    table = {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}
    table["company"] = [one - one % 2 for one in table["company"]]
    return table


def found(regions, *, within=True, fewest=2, least=2, design=DESIGN):
    engine = DuckEngine()
    try:
        engine.put("p", as_arrow(panel(regions)))
        rows = gather(engine, "p", PANEL, design)
        (one,) = by_group(rows, design, forms=POINTS, within=within, fewest=fewest, least=least)
        return one
    finally:
        engine.close()


def test_two_regions_by_hand():
    """north: 3 - 1 = 2, south: 1 - 1 = 0; each error sqrt(0.5/4 + 0.5/4) = 0.5. Between them: the squares from the mean are 2 (in points
    20,000), so tau^2 = 2 - 0.25 = 1.75, the weight 1.75/2 = 0.875, and the shrunk ones are 1 + 0.875 and 1 - 0.875."""
    one = found(BY_HAND)
    north, south = one.groups
    assert (north.group, south.group, north.n_treated, south.n_treated) == ("north", "south", 2, 2)
    assert (north.estimate, south.estimate) == pytest.approx((2.0, 0.0))
    assert (north.high - north.estimate) / normal(0.95) == pytest.approx(0.5)
    assert (north.relative, north.relative_low) == pytest.approx((200.0, 200 - 100 * 0.5 * normal(0.95)))
    assert (one.mean, one.spread) == pytest.approx((100.0, 100 * math.sqrt(1.75)), rel=1e-6)
    assert (north.weight, north.shrunk, south.shrunk) == pytest.approx((0.875, 187.5, 12.5), rel=1e-6)
    assert north.p_holm == pytest.approx(2 * north.p) and south.p_holm == pytest.approx(1.0)
    assert one.untold == () and one.unnamed == 0


def test_without_a_place_of_their_own_everybody_who_never_took_part_is_the_comparison():
    regions = {**BY_HAND, "west": ((4.0, 5.0), (7.0, 9.0))}
    own = {one.group: one.estimate for one in found(regions).groups}
    common = {one.group: one.estimate for one in found(regions, within=False).groups}
    assert own["west"] == pytest.approx(4.5 - 8.0)
    assert common["west"] == pytest.approx(4.5 - (0.5 + 1.5 + 0.5 + 1.5 + 7.0 + 9.0) / 6)


def test_too_few_are_told_nothing_of_and_who_is_alone_is_said():
    regions = {**BY_HAND, "small": ((1.0,), (2.0, 3.0)), "alone": ((1.0, 2.0, 4.0), ()), "some": ((1.0, 2.0), (2.0, 3.0))}  # fmt: skip
    one = found(regions, fewest=3, least=2)
    assert one.groups == () and one.unnamed == 1
    assert dict(one.untold) == {"north": FEW, "south": FEW, "some": FEW, "alone": UNFIT}


def test_what_is_left_over_is_no_small_number():
    many = {name: (tuple(np.linspace(0, 1, n)), (0.1, 0.2, 0.4)) for name, n in (("a", 12), ("b", 9), ("c", 3))}
    assert [one.group for one in found(many, fewest=8, least=3).groups] and {one.group for one in found(many, fewest=8, least=3).groups} == {"a", "b"}  # fmt: skip
    held = found(many, fewest=8, least=5)
    assert [one.group for one in held.groups] == ["a"], "three that nobody names could be subtracted out"
    assert dict(held.untold) == {"b": FEW} and held.unnamed == 1


@settings(deadline=None, max_examples=25)
@given(sizes=st.lists(st.integers(1, 9), min_size=1, max_size=6), fewest=st.integers(1, 9), least=st.integers(1, 5))
def test_nothing_of_too_few_is_told_and_what_is_left_over_is_nobody_or_enough(sizes, fewest, least):
    chance = np.random.default_rng(1)
    regions = {f"r{nth}": (tuple(chance.normal(size=n)), tuple(chance.normal(size=4))) for nth, n in enumerate(sizes)}
    one = found(regions, fewest=fewest, least=least)
    left = sum(sizes) - sum(group.n_treated for group in one.groups)
    assert all(group.n_treated >= max(fewest, least) for group in one.groups)
    assert left == 0 or left >= least or not one.groups
    size = {f"r{nth}": n for nth, n in enumerate(sizes)}
    assert all(size[name] >= least for name, _ in one.untold)
    assert len(one.groups) + len(one.untold) + one.unnamed == len(sizes)


def test_one_group_of_everybody_is_the_whole_and_is_not_shrunk():
    regions = {"all": BY_HAND["north"]}
    engine = DuckEngine()
    engine.put("p", as_arrow(panel(regions)))
    whole = group_time(engine, "p", PANEL, Design())["y"]
    engine.close()
    (one,) = found(regions).groups
    assert one.estimate == pytest.approx(whole.cells[0].estimate) and one.shrunk == pytest.approx(one.relative)


def test_a_column_must_be_named_and_hold_no_companies():
    with pytest.raises(Unfit, match="no groups"):
        found(BY_HAND, design=Design())
    with pytest.raises(Unfit, match="groups"):
        found({f"r{nth}": ((1.0,), (1.0,)) for nth in range(501)})
