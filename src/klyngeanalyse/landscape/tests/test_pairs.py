"""Every pair against plain arithmetic, whichever way the pairs are gone through."""

from collections import Counter
from itertools import combinations

import numpy as np
import pytest

from klyngeanalyse.landscape import overlap as overlap_module
from klyngeanalyse.landscape import sharing as sharing_module
from klyngeanalyse.landscape.overlap import overlaps, profiles

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
