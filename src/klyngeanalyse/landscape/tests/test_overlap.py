"""Overlap, critical mass, coverage and mergers, against plain sets."""

import doctest
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.geography.radius import radii
from klyngeanalyse.landscape import overlap as overlap_module
from klyngeanalyse.landscape import sharing as sharing_module
from klyngeanalyse.landscape.coverage import coverage
from klyngeanalyse.landscape.mass import CriticalMass, Verdicts, critical_mass
from klyngeanalyse.landscape.merging import merge, renamed
from klyngeanalyse.landscape.overlap import Flags, overlaps
from klyngeanalyse.strengths.tests.shared import table

MEMBERS = st.lists(st.tuples(st.sampled_from("abcde"), st.integers(1, 12)), min_size=1, max_size=60)


def rows(members, **more):
    return {"organisation": [one for one, _ in members], "company": [who for _, who in members], **more}


def sets(members):
    found = {}
    for one, who in members:
        found.setdefault(one, set()).add(who)
    return found


def test_worked_example():
    done = doctest.testmod(overlap_module)
    assert done.attempted and not done.failed


class TestOverlaps:
    @given(MEMBERS)
    def test_members_by_plain_sets_and_inclusion_exclusion(self, members):
        one, plain = overlaps(rows(members)), sets(members)
        found = {(row["one"], row["other"]): row for row in one.rows()}
        names = sorted(plain)
        assert one.members.tolist() == [len(plain[name]) for name in names]
        for a, b in combinations(names, 2):
            both = len(plain[a] & plain[b])
            assert ((a, b) in found) == (both > 0)
            if both:
                row = found[a, b]
                assert row["shared"] == both == len(plain[a]) + len(plain[b]) - len(plain[a] | plain[b])
                assert row["overlap"] == both / min(len(plain[a]), len(plain[b]))
                assert row["jaccard"] == both / len(plain[a] | plain[b])

    @given(MEMBERS, st.randoms(use_true_random=False))
    def test_order_and_repetition_do_not_matter(self, members, chance):
        again = [*members, *members[:5]]
        chance.shuffle(again)
        one, two = overlaps(rows(members)), overlaps(rows(again))
        for name in ("members", "first", "second", "shared", "overlap"):
            assert np.array_equal(getattr(one, name), getattr(two, name))

    @given(MEMBERS)
    def test_profiles_by_plain_counting(self, members):
        kind, size = (lambda who: "xyz"[who % 3]), (lambda who: float(who % 5))
        data = rows(members, industry=[kind(who) for _, who in members], employment=[size(who) for _, who in members])
        one, plain = overlaps(data, industry="industry", employment="employment"), sets(members)
        names = sorted(plain)
        profiles = []
        for name in names:
            jobs = {k: sum(size(who) for who in plain[name] if kind(who) == k) for k in "xyz"}
            total = sum(jobs.values())
            profiles.append({k: v / total if total else 0.0 for k, v in jobs.items()})
        for nth, (a, b) in enumerate(combinations(range(len(names)), 2)):
            low = sum(min(profiles[a][k], profiles[b][k]) for k in "xyz")
            high = sum(max(profiles[a][k], profiles[b][k]) for k in "xyz")
            assert one.profile_overlap[nth] == pytest.approx(low, abs=1e-12)
            assert one.profile_jaccard[nth] == pytest.approx(low / high if high else 0.0, abs=1e-12)
            assert one.shared[nth] == len(plain[names[a]] & plain[names[b]])

    @given(st.integers(0, 2**32 - 1), st.floats(0.02, 0.9))
    def test_few_and_many_industries_are_compared_alike(self, seed, kept):
        draw = np.random.default_rng(seed)
        jobs = draw.random((7, 12)) * (draw.random((7, 12)) < kept)
        total = jobs.sum(1, keepdims=True)
        profile = np.divide(jobs, total, out=np.zeros_like(jobs), where=total > 0)
        one, other = overlap_module._summed(profile), overlap_module._differing(profile)
        assert np.allclose(one, other, atol=1e-12) and np.array_equal(one == 0, other == 0)

    def test_flags(self):
        data = {
            "organisation": ["a", "a", "b", "b", "c", "c", "d"],
            "company": [1, 2, 1, 2, 3, 4, 1],
            "industry": ["x", "x", "x", "x", "x", "x", "y"],
            "employment": [5, 5, 5, 5, 7, 7, 9],
        }
        one = overlaps(data, industry="industry", employment="employment", flags=Flags(0.5, 0.9))
        flags = {(row["one"], row["other"]): row["flag"] for row in one.rows()}
        assert flags == {
            ("a", "b"): "overlap",
            ("a", "c"): "parallel",
            ("b", "c"): "parallel",
            ("a", "d"): "",
            ("b", "d"): "",
        }
        assert overlaps(rows([("a", 1), ("b", 1)])).parallel.tolist() == [False]
        assert one.chart()["mark"] == "rect" and one.as_dict()["members"] == {"a": 2, "b": 2, "c": 2, "d": 1}

    @pytest.mark.parametrize("companies", [40, 60_000])
    def test_both_ways_of_counting_agree_with_sets(self, companies):
        chance = np.random.default_rng(companies)
        members = list(
            zip(chance.integers(0, 90, 4000).tolist(), chance.integers(0, companies, 4000).tolist(), strict=True)
        )
        one, plain = overlaps(rows(members)), sets(members)
        expected = {(a, b): len(plain[a] & plain[b]) for a, b in combinations(sorted(plain), 2) if plain[a] & plain[b]}
        places = one.organisations
        assert {
            (int(places[a]), int(places[b])): int(n) for a, b, n in zip(one.first, one.second, one.shared, strict=True)
        } == expected
        assert list(zip(one.first.tolist(), one.second.tolist(), strict=True)) == sorted(
            zip(one.first.tolist(), one.second.tolist(), strict=True)
        )

    def test_real_cluster_definitions_that_overlap(self):
        """Four development bodies cut the same industries into 33 clusters: every pair against plain sets."""
        data = table("us_cluster_definitions/other_local_cluster_definitions.csv")
        named = [
            f"{a} · {b}"
            for a, b in zip(data["Cluster_System"].to_pylist(), data["Cluster_Name"].to_pylist(), strict=True)
        ]
        members = list(zip(named, data["NAICS"].to_pylist(), strict=True))
        one, plain = overlaps(rows(members)), sets(members)
        assert len(one.organisations) == len(plain) == 33
        assert len(one.first) == sum(bool(plain[a] & plain[b]) for a, b in combinations(plain, 2)) > 50
        top = next(iter(one.rows()))
        assert top["overlap"] == max(
            len(plain[a] & plain[b]) / min(len(plain[a]), len(plain[b])) for a, b in combinations(plain, 2)
        )

    def test_refusals(self):
        with pytest.raises(Unfit, match="name both"):
            overlaps(rows([("a", 1)]), industry="industry")
        with pytest.raises(Unfit, match="no column company"):
            overlaps({"organisation": ["a"]})
        for one in ((0, 1), (1, 0), (1.1, 1), (1, 1.1)):
            with pytest.raises(Unfit, match="0 to 1"):
                Flags(*one)

    def test_a_flag_holds_from_its_threshold_on(self):
        data = rows([("a", 1), ("a", 2), ("b", 2), ("b", 3)], industry=["x"] * 4, employment=[1.0] * 4)
        for share, alike in ((0.5, True), (0.51, False)):
            one = overlaps(data, industry="industry", employment="employment", flags=Flags(share, 1))
            assert one.overlapping.tolist() == [alike] and one.parallel.tolist() == [not alike]


def plain_pairs(members):
    plain = sets(members)
    return [(a, b, len(plain[a] & plain[b])) for a, b in combinations(sorted(plain), 2) if plain[a] & plain[b]]


class TestSharing:
    @pytest.mark.parametrize("way", ["_listed", "_added"])
    @given(members=MEMBERS)
    def test_each_way_is_that_of_sets(self, way, members):
        once = sorted({("abcde".index(name), who - 1) for name, who in members})
        whose, who = np.array(once).T
        more = (5, 12) if way == "_added" else (5,)
        found = getattr(sharing_module, way)(whose, who, *more)
        assert list(zip(*(one.tolist() for one in found), strict=True)) == plain_pairs(once)

    def test_more_members_than_a_byte_holds(self):
        members = [(name, who) for name in range(3) for who in range(name, 700)]
        one = overlaps(rows(members))
        assert one.shared.tolist() == [699, 698, 698]

    def test_dense_memberships_over_several_blocks(self):
        chance = np.random.default_rng(9)
        members = list(zip(*(chance.integers(0, top, 60_000).tolist() for top in (1100, 900)), strict=True))
        one, plain = overlaps(rows(members)), sets(members)
        assert len(one.organisations) > 2 * sharing_module.WIDE
        found = list(zip(one.first.tolist(), one.second.tolist(), one.shared.tolist(), strict=True))
        assert found == plain_pairs(members)
        size = [len(plain[name]) for name in sorted(plain)]
        assert one.overlap.tolist() == [both / min(size[a], size[b]) for a, b, both in found]
        assert one.jaccard.tolist() == [both / (size[a] + size[b] - both) for a, b, both in found]

    def test_listing_in_lumps_joins_them(self, monkeypatch):
        monkeypatch.setattr(sharing_module, "LUMP", 50)
        chance = np.random.default_rng(2)
        once = sorted(set(zip(*(chance.integers(0, top, 900).tolist() for top in (30, 200)), strict=True)))
        found = sharing_module._listed(*np.array(once).T, 30)
        assert list(zip(*(one.tolist() for one in found), strict=True)) == plain_pairs(once)


def near(members, lon=10.0):
    return {**rows(members), "lon": [lon] * len(members), "lat": [56.0] * len(members)}


class TestMass:
    def test_each_part_of_the_rule(self):
        data = near([("big", n) for n in range(200)] + [("small", n) for n in range(20)])
        data["lon"] = [10.0] * 200 + [10.0] * 10 + [20.0] * 10
        one = critical_mass(radii(data), staff={"big": 5, "small": 1})
        found = {row["organisation"]: row for row in one.rows()}
        assert found["big"]["critical_mass"] and not found["small"]["critical_mass"]
        assert (
            not found["small"]["enough_members"]
            and not found["small"]["near_enough"]
            and not found["small"]["enough_staff"]
        )
        assert one.staff == (5, 1) and found["big"]["enough_staff"] is True and found["small"]["enough_staff"] is False
        assert found["small"]["share_within_reach"] == 0.5 and one.mass.tolist() == [1, 0]
        assert next(iter(critical_mass(radii(data)).rows()))["enough_staff"] is None
        assert one.chart()["mark"] == "point"
        with pytest.raises(Unfit) as error:
            critical_mass(radii(data), rule=CriticalMass(reach=100))
        assert str(error.value) == "shares within 150 km · the rule asks for 100 km · measure with the rule's reach"

    def test_the_band_of_the_paper_is_150_to_250_and_holds_both_ends(self):
        members = np.array([149, 150, 250, 251])
        one = Verdicts(np.array([*"abcd"]), members, np.ones(4), (None,) * 4, CriticalMass())
        assert one.mass.tolist() == [0, 1, 1, 2]


class TestMerging:
    @given(MEMBERS)
    def test_members_are_counted_once(self, members):
        plain = sets(members)
        names = sorted(plain)[:3]
        one = merge(rows(members), dict.fromkeys(names, "new"))
        together = [plain[name] for name in names]
        assert one.members.tolist() == [len(set().union(*together))]
        assert one.memberships.tolist() == [sum(map(len, together))]
        assert one.twice.tolist() == [sum(sum(who in part for part in together) > 1 for who in set().union(*together))]
        after = sets(
            list(
                zip(
                    *(
                        renamed(rows(members), dict.fromkeys(names, "new"))[key].to_pylist()
                        for key in ("organisation", "company")
                    ),
                    strict=True,
                )
            )
        )
        assert after == {**{name: plain[name] for name in plain if name not in names}, "new": set().union(*together)}

    def test_a_merger_can_reach_critical_mass(self):
        data = near([("a", n) for n in range(100)] + [("b", n) for n in range(80, 180)] + [("c", 1)])
        row = next(iter(merge(data, {"a": "ab", "b": "ab"}).rows()))
        assert row["members"] == 180 and row["twice"] == 20 and row["parts"] == 2 and row["critical_mass"] is True

    def test_refusals(self):
        with pytest.raises(Unfit, match="no organisation z"):
            merge(rows([("a", 1)]), {"z": "new"})
        with pytest.raises(Unfit, match="b goes on living"):
            merge(rows([("a", 1), ("b", 2)]), {"a": "b"})
        assert merge(rows([("a", 1), ("b", 1)]), {"a": "b", "b": "b"}).members.tolist() == [1]


UNIVERSE = {
    "company": [1, 2, 3, 4, 5],
    "region": ["n", "n", "n", "s", "s"],
    "industry": ["x", "x", "y", "x", "y"],
    "employment": [10, 30, 5, 8, 2],
}


class TestCoverage:
    def test_shares_and_gaps(self):
        one = coverage(UNIVERSE, rows([("a", 1), ("b", 1), ("a", 3)]), {"region": ["n", "s"], "industry": ["x", "x"]})
        found = {(row["region"], row["industry"]): row for row in one.rows()}
        assert found["n", "x"]["share_of_companies"] == 0.5 and found["n", "x"]["share_of_employment"] == 0.25
        assert found["n", "x"]["organisations"] == 2 and found["n", "y"]["organisations"] == 1
        assert {key for key, row in found.items() if row["gap"]} == {("s", "x")}
        assert one.member_companies.sum() == 2 and one.employment.sum() == 55 and one.chart()["mark"] == "rect"

    @given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 5)), min_size=1, max_size=20))
    def test_by_plain_counting(self, members):
        one = coverage(UNIVERSE, rows(members), {"region": [], "industry": []})
        for r, region in enumerate("ns"):
            for i, industry in enumerate("xy"):
                there = [
                    who
                    for nth, who in enumerate(UNIVERSE["company"])
                    if (UNIVERSE["region"][nth], UNIVERSE["industry"][nth]) == (region, industry)
                ]
                assert one.member_companies[r, i] == len({who for _, who in members if who in there})
                assert one.organisations[r, i] == len({name for name, who in members if who in there})
        assert not one.gaps.any()

    def test_refusals(self):
        with pytest.raises(Unfit, match="1 members who are not"):
            coverage(UNIVERSE, rows([("a", 9)]), {"region": [], "industry": []})
        with pytest.raises(Unfit, match="company 1 is there twice"):
            coverage(
                {key: values + values[:1] for key, values in UNIVERSE.items()},
                rows([("a", 1)]),
                {"region": [], "industry": []},
            )
        with pytest.raises(Unfit, match="strong region q"):
            coverage(UNIVERSE, rows([("a", 1)]), {"region": ["q"], "industry": ["x"]})
