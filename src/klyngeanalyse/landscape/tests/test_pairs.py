"""Every pair against plain arithmetic, whichever way the pairs are gone through."""

from collections import Counter
from itertools import combinations

import numpy as np
import pytest

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.landscape import overlap as overlap_module
from klyngeanalyse.landscape import sharing as sharing_module
from klyngeanalyse.landscape.overlap import Flags, overlaps, profiles

INDUSTRY = {"industry": "industry", "employment": "employment"}


def members(organisations, industries, each, seed):
    """Each organisation's members, every one a company of its own; employment from 0 to 40."""
    chance = np.random.default_rng(seed)
    organisation = np.repeat(np.arange(organisations), each)
    return {
        "organisation": organisation, "company": np.arange(len(organisation)), "industry": chance.integers(0, industries, len(organisation)),
        "employment": chance.integers(0, 41, len(organisation)).astype(float),
    }  # fmt: skip


def shares(table):
    found = np.zeros((table["organisation"].max() + 1, table["industry"].max() + 1))
    np.add.at(found, (table["organisation"], table["industry"]), table["employment"])
    total = found.sum(1, keepdims=True)
    return np.divide(found, total, out=np.zeros_like(found), where=total > 0)


@pytest.mark.parametrize(
    ("organisations", "industries", "each", "way"),
    [(300, 12, 30, "_differing"), (40, 3, 1, "_differing"), (150, 200, 3, "_summed")],
)
@pytest.mark.parametrize("beside", [7, 128])
def test_profiles_of_all_pairs(monkeypatch, organisations, industries, each, way, beside):
    monkeypatch.setattr(overlap_module, "BESIDE", beside)
    gone, work = [], getattr(overlap_module, way)
    monkeypatch.setattr(overlap_module, way, lambda profile: gone.append(way) or work(profile))
    table = members(organisations, industries, each, organisations)
    found, plain = overlaps(table, **INDUSTRY), shares(table)
    names, kinds, told = profiles(table)
    assert (
        gone == [way]
        and names.tolist() == list(range(organisations))
        and np.allclose(told, plain[:, kinds], atol=1e-14)
    )
    pairs = list(combinations(range(organisations), 2))
    assert list(zip(found.first.tolist(), found.second.tolist(), strict=True)) == pairs
    one, other = plain[[a for a, _ in pairs]], plain[[b for _, b in pairs]]
    common, either = np.minimum(one, other).sum(1), np.maximum(one, other).sum(1)
    assert np.allclose(found.profile_overlap, common, atol=1e-12)
    assert np.allclose(
        found.profile_jaccard, np.divide(common, either, out=np.zeros_like(common), where=either > 0), atol=1e-12
    )


@pytest.mark.parametrize("lump", [50, 2**24])
def test_pairs_are_listed_where_companies_are_in_few_organisations(monkeypatch, lump):
    chance, gone, listed = np.random.default_rng(9), [], sharing_module._listed
    monkeypatch.setattr(sharing_module, "LUMP", lump)
    monkeypatch.setattr(sharing_module, "_listed", lambda *given: gone.append(1) or listed(*given))
    linked = {(int(one), nth % 500) for nth, one in enumerate(chance.integers(0, 900, 1300))}
    table = {"organisation": [one for one, _ in sorted(linked)], "company": [who for _, who in sorted(linked)]}
    found, of = overlaps(table), {}
    for one, who in linked:
        of.setdefault(who, []).append(one)
    plain = Counter(pair for one in of.values() for pair in combinations(sorted(one), 2))
    names = found.organisations
    assert gone == [1] and len(plain) > 800
    assert {
        (int(names[a]), int(names[b])): int(n) for a, b, n in zip(found.first, found.second, found.shared, strict=True)
    } == plain


@pytest.mark.parametrize("near", [1, 3, 2**16])
def test_pairs_are_compared_some_at_a_time(monkeypatch, near):
    """Ten pairs of five organisations, in pieces of one, of three and all at once."""
    monkeypatch.setattr(overlap_module, "NEAR", near)
    table = {**members(5, 4, 6, 3), "company": np.random.default_rng(3).integers(0, 12, 30)}
    found, plain = overlaps(table), {}
    for one, who in zip(table["organisation"].tolist(), table["company"].tolist(), strict=True):
        plain.setdefault(one, set()).add(who)
    for a, b, overlap, jaccard in zip(found.first, found.second, found.overlap, found.jaccard, strict=True):
        both = plain[a] & plain[b]
        assert overlap == len(both) / min(len(plain[a]), len(plain[b])) and jaccard == len(both) / len(
            plain[a] | plain[b]
        )
    whole = overlaps(table, **INDUSTRY)
    assert (
        len(whole.first) == len(whole.profile_jaccard) == 10 and (whole.profile_jaccard <= whole.profile_overlap).all()
    )


# a's first company is told three times, at first as steel with 6 jobs; b has as many of each, c nobody employed
TOLD = {
    "body": ["b", "a", "a", "b", "a", "c", "a"],
    "who": [3, 1, 2, 4, 1, 5, 1],
    "trade": ["wool", "steel", "wool", "steel", "wool", "wool", "steel"],
    "jobs": [4.0, 6.0, 2.0, 4.0, 90.0, 0.0, 90.0],
}
NAMED = {"organisation": "body", "company": "who"}


def test_of_a_membership_told_twice_the_first_row_says_industry_and_jobs():
    """a: 6 of 8 in steel and 2 in wool, b: half and half; so 0.5 + 0.25 in common, 0.75 + 0.5 in all. c is alike to nobody."""
    one = overlaps(TOLD, **NAMED, industry="trade", employment="jobs")
    assert one.organisations.tolist() == ["a", "b", "c"] and one.members.tolist() == [2, 2, 1]
    assert one.profile_overlap == pytest.approx([0.75, 0, 0]) and one.profile_jaccard == pytest.approx(
        [0.75 / 1.25, 0, 0]
    )
    assert one.shared.tolist() == [0, 0, 0] and one.jaccard.tolist() == [0, 0, 0]
    names, trades, shares = profiles(TOLD, **NAMED, industry="trade", employment="jobs")
    assert (names.tolist(), trades.tolist()) == (["a", "b", "c"], ["steel", "wool"])
    assert shares == pytest.approx(np.array([[0.75, 0.25], [0.5, 0.5], [0, 0]]))


def test_what_is_read_is_what_was_named():
    data = {"organisation": ["a", "b", "b"], "company": [1, 1, 2], "industry": ["x", "x", "y"], "employment": [1, 1, 3]}
    names, kinds, shares = profiles(data)
    assert (names.tolist(), kinds.tolist(), shares.tolist()) == (["a", "b"], ["x", "y"], [[1, 0], [0.25, 0.75]])
    for left in data:
        rest = {key: values for key, values in data.items() if key != left}
        with pytest.raises(Unfit, match=f"no column {left}"):
            profiles(rest)
        with pytest.raises(Unfit, match=f"no column {left}"):
            overlaps(rest, **INDUSTRY)


def test_one_organisation_has_no_pair():
    one = overlaps(
        {"organisation": ["a", "a"], "company": [1, 2], "industry": ["x", "y"], "employment": [1, 3]}, **INDUSTRY
    )
    assert one.members.tolist() == [2] and list(one.rows()) == []
    assert [len(part) for part in (one.first, one.second, one.overlap, one.profile_overlap, one.profile_jaccard)] == [
        0
    ] * 5


def test_more_organisations_than_profiles_of_all_pairs_would_fit(monkeypatch):
    """The limit set to five here: five are compared, six are refused; without industries there is no limit."""
    monkeypatch.setattr(overlap_module, "DENSE", 5)
    assert len(overlaps(members(5, 3, 4, 1), **INDUSTRY).first) == 10
    with pytest.raises(Unfit) as error:
        overlaps(members(6, 3, 4, 1), **INDUSTRY)
    assert (
        str(error.value) == "profiles of all pairs of 6 organisations · more than 5 would not fit · count them in parts"
    )
    alone = overlaps(members(6, 3, 4, 1))
    assert alone.members.tolist() == [4] * 6 and alone.profile_overlap is alone.profile_jaccard is None
    for said in ({"industry": "industry"}, {"employment": "employment"}):
        with pytest.raises(Unfit) as error:
            overlaps(members(5, 3, 4, 1), **said)
        assert str(error.value) == "industry without employment, or the reverse · name both columns or neither"
    with pytest.raises(Unfit) as error:
        Flags(members=0)
    assert str(error.value) == "flags outside 0 to 1 · give shares between 0 and 1"


def test_a_pair_is_flagged_from_three_tenths_and_seven_tenths():
    """Ten members each: three or two shared; seven or six tenths of the jobs in one trade, where the other has all."""
    for shared, alike, flag in ((3, 7, "overlap"), (2, 7, "parallel"), (3, 6, ""), (2, 6, "")):
        data = {
            "organisation": ["a"] * 10 + ["b"] * 10,
            "company": [*range(10), *range(10 - shared, 20 - shared)],
            "industry": ["x"] * 10 + ["x"] * alike + ["y"] * (10 - alike),
            "employment": [1] * 20,
        }
        (row,) = overlaps(data, **INDUSTRY).rows()
        assert (row["shared"], row["flag"]) == (shared, flag) and row["profile_overlap"] == pytest.approx(alike / 10)
