"""What stands exactly on a threshold, and what is refused: critical mass, mergers, masks, dependence."""

import numpy as np
import pytest

from klyngeanalyse.core.engines import DuckEngine, as_arrow
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.geography.radius import Radii, radii
from klyngeanalyse.landscape import counting
from klyngeanalyse.landscape.counting import count_rows
from klyngeanalyse.landscape.dependence import dependence
from klyngeanalyse.landscape.masks import masks, moved, stored
from klyngeanalyse.landscape.mass import CriticalMass, critical_mass
from klyngeanalyse.landscape.merging import merge, renamed


def refused(said: str, work, *args, **more) -> None:
    with pytest.raises(Unfit) as error:
        work(*args, **more)
    assert str(error.value) == said


@pytest.fixture(scope="module")
def engine():
    one = DuckEngine(memory="1GB", threads=1)
    yield one
    one.close()


class TestMass:
    """The strategy's paper: 150 to 250 active companies, four fifths within 150 km, a secretariat of four."""

    def places(self, *members: int, far: int = 0) -> Radii:
        """Organisations of so many members, `far` in a hundred of whom live on the other side of the country."""
        named = [(f"o{nth}", n) for nth, count in enumerate(members) for n in range(count)]
        lon = [20.0 if who % 100 < far else 10.0 for _, who in named]
        return radii(
            {
                "organisation": [one for one, _ in named],
                "company": [who for _, who in named],
                "lon": lon,
                "lat": [56.0] * len(named),
            }
        )

    def test_the_band_of_members_holds_both_its_ends(self):
        one = critical_mass(self.places(149, 150, 250, 251))
        assert one.mass.tolist() == [0, 1, 1, 2]
        assert [row["enough_members"] for row in one.rows()] == [False, True, True, True]
        assert [row["critical_mass"] for row in one.rows()] == [False, True, True, True]

    def test_exactly_four_fifths_are_near_enough(self):
        found = {far: next(iter(critical_mass(self.places(200, far=far)).rows())) for far in (20, 21)}
        assert found[20]["share_within_reach"] == 0.8 and found[20]["critical_mass"]
        assert found[21]["share_within_reach"] == 0.79 and not found[21]["critical_mass"]

    def test_four_on_the_staff_are_enough_and_an_unknown_staff_stands_in_nobodys_way(self):
        rows = list(critical_mass(self.places(200, 200, 200), staff={"o0": 4, "o1": 3.9}).rows())
        assert [(row["staff"], row["enough_staff"], row["critical_mass"]) for row in rows] == [
            (4, True, True), (3.9, False, False), (None, None, True),
        ]  # fmt: skip

    def test_the_rule_and_the_measure_must_have_one_reach(self):
        refused(
            "shares within 150 km · the rule asks for 100 km · measure with the rule's reach",
            critical_mass, self.places(3), rule=CriticalMass(reach=100),
        )  # fmt: skip
        rule = CriticalMass(least_members=3, enough_members=3, share=1.0, least_staff=1)
        assert critical_mass(self.places(3, 4), rule=rule).mass.tolist() == [1, 2]


class TestMerging:
    ROWS = {"organisation": ["a", "a", "b", "b", "b", "c"], "company": [1, 2, 2, 3, 3, 4]}

    def test_two_into_one_on_paper(self):
        """a has 1 and 2, b has 2 and 3 (told twice): four memberships, three companies, one of them in both."""
        one = merge(self.ROWS, {"a": "new", "b": "new", "c": "other"})
        assert list(one.rows()) == [
            {"organisation": "new", "parts": 2, "memberships": 4, "members": 3, "twice": 1},
            {"organisation": "other", "parts": 1, "memberships": 1, "members": 1, "twice": 0},
        ]
        assert one.mass is None

    def test_what_stays_outside_keeps_its_name_and_the_first_row_stays(self):
        after = renamed({**self.ROWS, "note": list("uvwxyz")}, {"a": "new", "b": "new"})
        assert after.to_pydict() == {
            "organisation": ["new", "new", "new", "c"], "company": [1, 2, 3, 4], "note": ["u", "v", "x", "z"],
        }  # fmt: skip

    def test_the_merged_are_near_enough_as_the_rule_says(self):
        where = {**self.ROWS, "lon": [10.0, 10, 10, 10, 10, 30], "lat": [56.0] * 6}
        rule = CriticalMass(least_members=3, enough_members=3)
        (row,) = merge(where, {"a": "new", "b": "new"}, rule=rule).rows()
        assert (row["enough_members"], row["near_enough"], row["critical_mass"]) == (True, True, True)
        (row,) = merge(where, {"a": "new", "c": "new"}, rule=rule).rows()
        assert (row["members"], row["share_within_reach"]) == (3, pytest.approx(2 / 3)) and not row["critical_mass"]

    def test_what_cannot_be_merged_is_refused_with_a_way_out(self):
        refused(
            "no organisation y · the merger · the organisations are a, b, c, …", merge, self.ROWS, {"z": "n", "y": "n"}
        )
        refused(
            "b goes on living beside the merger · give the merged organisation another name, or take it in",
            merge, self.ROWS, {"a": "b"},
        )  # fmt: skip


class TestMasks:
    def rows(self, *years: int):
        return as_arrow({"company": [1] * len(years), "year": list(years), "region": ["n"] * len(years)})

    def kept(self, engine, *years: int, **more) -> list[int]:
        engine.put("asked", self.rows(*years))
        masks(engine, "asked", "kept", dimensions=("region",), **more)
        return engine.arrow("select mask from kept").column("mask").to_pylist()

    def test_a_bit_a_year_from_the_first(self, engine):
        assert self.kept(engine, 2005, 2006, 2008) == [0b1011]
        assert self.kept(engine, 2005, 2006, 2008, first=2004) == [0b10110]

    def test_sixty_two_years_fit_and_no_more(self, engine):
        assert self.kept(engine, 1950, 2011) == [2**61 + 1]
        why = "a mask holds 62 years from {} · count shorter periods or give the first year"
        for years, first, begins in (
            ((1950, 2012), None, 1950),
            ((2004, 2010), 2005, 2005),
            ((1999, 2000), 2001, 2001),
        ):
            engine.put("asked", self.rows(*years))
            refused(
                f"years {years[0]} to {years[1]} · {why.format(begins)}",
                masks, engine, "asked", "kept", first=first, dimensions=("region",),
            )  # fmt: skip

    def test_what_is_no_table_of_participations_is_refused_with_a_way_out(self, engine, tmp_path):
        engine.put("asked", as_arrow({"company": [1, None], "year": [2005, 2005], "region": ["n", "n"]}))
        refused(
            "1 rows without company · asked · fill it or drop the rows", masks, engine, "asked", dimensions=("region",)
        )
        engine.put("asked", self.rows(2005).slice(0, 0))
        refused("no rows · asked · give a table with at least one row", masks, engine, "asked", dimensions=("region",))
        refused(
            "a column called 'the region' · asked · name it with letters, digits and _",
            masks, engine, "asked", dimensions=("the region",),
        )  # fmt: skip
        refused(f"no file {tmp_path / 'x'} · store a mask table first", stored, engine, tmp_path / "x")
        engine.put("asked", self.rows(2005))
        engine.run(f"copy asked to '{tmp_path / 'plain.parquet'}'")
        refused(
            f"{tmp_path / 'plain.parquet'} is no mask table · it does not say its first year · give a file that was stored as one",
            stored, engine, tmp_path / "plain.parquet",
        )  # fmt: skip

    def test_who_is_in_two_places_has_moved(self, engine):
        engine.put(
            "asked",
            as_arrow({"company": [1, 1, 2, 2], "year": [2005, 2006, 2005, 2006], "region": ["n", "s", "n", "n"]}),
        )
        masks(engine, "asked", "kept", dimensions=("region",))
        found = engine.arrow(moved(engine, "kept")).sort_by("region").to_pydict()
        assert found == {"company": [1, 1], "region": ["n", "s"], "mask": [1, 2]}


def test_a_cube_with_too_many_cells_is_refused(engine, monkeypatch):
    """Two years, two regions, and a total of each: nine cells."""
    rows = {"company": [1, 2], "year": [2005, 2006], "region": ["n", "s"]}
    monkeypatch.setattr(counting, "MOST_CELLS", 9)
    assert count_rows(engine, rows, dimensions=("region",)).companies.size == 9
    monkeypatch.setattr(counting, "MOST_CELLS", 8)
    refused(
        "a cube of 3 x 3 cells · more than 8 · merge industries or regions",
        count_rows, engine, rows, dimensions=("region",),
    )  # fmt: skip


class TestDependence:
    def test_members_without_a_weight_hold_nothing(self):
        rows = {"organisation": ["a", "a", "a", "b"], "company": [1, 2, 3, 1], "n": [3, 1, 0, 0]}
        one = dependence(rows, "n", largest=1)
        assert one.members.tolist() == [2, 0] and one.total.tolist() == [4, 0]
        assert one.share[0] == 0.75 and one.herfindahl[0] == 10 / 16
        assert np.isnan(one.share[1]) and np.isnan(one.herfindahl[1])

    def test_five_are_the_largest_where_nothing_else_is_said(self):
        one = dependence({"organisation": ["a"] * 8, "company": list(range(8)), "n": [1] * 8}, "n")
        assert one.share.tolist() == [5 / 8] and one.herfindahl.tolist() == [1 / 8] and one.largest == 5

    def test_no_largest_member_is_no_question(self):
        refused("the 0 largest members · name a number from 1", dependence, {"organisation": ["a"], "company": [1], "n": [1]}, "n", largest=0)  # fmt: skip
