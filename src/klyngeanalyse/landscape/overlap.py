"""Who overlaps with whom: shared members and alike industries of every pair of organisations (overlap, parallelle strukturer)."""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.frames import as_arrow
from klyngeanalyse.core.results import Chart, Result, Row, drawn_pairs, plain
from klyngeanalyse.landscape.sharing import sharing
from klyngeanalyse.strengths.cells import Array, codes, need, numbers

DENSE = 6_000  # organisations up to which all pairs fit in a plain table of counts
NEAR = 2**16  # pairs compared at a time, so that their numbers stay near the processor
BESIDE = 128  # organisations compared with all others at a time
THIN = 0.1  # share of an organisation's industries under which only these are gone through
ROUNDING = 1e-12  # profiles with nothing in common have exactly nothing


@dataclass(frozen=True)
class Flags:
    """From which shares a pair is called overlapping (members and industries alike) or parallel (industries alike, members not)."""

    members: float = 0.3
    industries: float = 0.7

    def __post_init__(self) -> None:
        if not (0 < self.members <= 1 and 0 < self.industries <= 1):
            raise Unfit("flags outside 0 to 1", mend="give shares between 0 and 1")


@dataclass(frozen=True)
class Overlaps(Result):
    """One value a pair (`first` < `second` are places among `organisations`): shared members, |A and B| / min(|A|, |B|), Jaccard; where
    industries were given the same two of the employment profiles, and the flags. Without industries only pairs that
    share a member are listed."""

    organisations: Array
    members: Array
    first: Array
    second: Array
    shared: Array
    overlap: Array
    jaccard: Array
    profile_overlap: Array | None
    profile_jaccard: Array | None
    flags: Flags

    @property
    def overlapping(self) -> Array:
        """Pairs alike in members, and in industries where these are known."""
        alike = self.overlap >= self.flags.members
        return (
            alike
            if self.profile_overlap is None
            else np.asarray(alike & (self.profile_overlap >= self.flags.industries))
        )

    @property
    def parallel(self) -> Array:
        """Pairs alike in industries but not in members; none where industries are not known."""
        if self.profile_overlap is None:
            return np.zeros(len(self.first), dtype=bool)
        return np.asarray((self.profile_overlap >= self.flags.industries) & (self.overlap < self.flags.members))

    def rows(self) -> Iterable[Row]:
        """Pairs that share a member or are flagged, most alike first."""
        overlapping, parallel = self.overlapping, self.parallel
        listed = np.flatnonzero((self.shared > 0) | parallel)
        order = listed[np.lexsort((self.second[listed], self.first[listed], -self.overlap[listed]))]
        held = {
            "shared": self.shared, "overlap": self.overlap, "jaccard": self.jaccard,
            "profile_overlap": self.profile_overlap, "profile_jaccard": self.profile_jaccard,
        }  # fmt: skip
        told = {name: values for name, values in held.items() if values is not None}
        for start in range(0, len(order), NEAR):
            at = order[start : start + NEAR]
            flag = np.where(overlapping[at], "overlap", np.where(parallel[at], "parallel", ""))
            names = [self.organisations[one[at]] for one in (self.first, self.second)]
            columns = (*names, *(values[at] for values in told.values()), flag)
            for row in zip(*(one.tolist() for one in columns), strict=True):
                yield dict(zip(("one", "other", *told, "flag"), row, strict=True))

    def as_dict(self) -> dict[str, Any]:
        sizes = dict(zip(map(str, self.organisations.tolist()), self.members.tolist(), strict=True))
        return {"members": sizes, "pairs": plain(list(self.rows()))}

    def chart(self) -> Chart | None:
        x, y = {"field": "one", "type": "nominal"}, {"field": "other", "type": "nominal"}
        colour = {"field": "overlap", "type": "quantitative", "scale": {"domain": [0, 1]}}
        return {
            **drawn_pairs(islice(self.rows(), 2_000), "one", "other"),
            "mark": "rect",
            "encoding": {"x": x, "y": y, "color": colour},
        }


def overlaps(
    memberships: Any,
    *,
    organisation: str = "organisation",
    company: str = "company",
    industry: str | None = None,
    employment: str | None = None,
    flags: Flags | None = None,
) -> Overlaps:
    """Every pair from one row a membership; a repeated membership counts once (of its industry and employment, the first row).

    A profile p is an organisation's employment by industry, summing to 1. Then |A and B| / min is sum_i min(p_Ai, p_Bi) and
    Jaccard is sum min / sum max. Organisations whose members have no employment have an empty profile, alike to nobody.

    >>> one = overlaps({"organisation": ["a", "a", "b", "b", "b"], "company": [1, 2, 2, 3, 4]})
    >>> one.shared.tolist(), one.overlap.tolist(), one.jaccard.tolist()
    ([1], [0.5], [0.25])
    """
    if (industry is None) != (employment is None):
        raise Unfit("industry without employment, or the reverse", mend="name both columns or neither")
    table = need(
        as_arrow(memberships), [organisation, company, *([industry, employment] if industry and employment else [])]
    )
    names, whose = codes(table, organisation)
    known, who = codes(table, company)
    linked = whose * len(known) + who
    in_order = bool((linked[1:] > linked[:-1]).all())
    whose_once, who_once = (whose, who) if in_order else _ordered(linked, len(known))
    members = np.bincount(whose_once, minlength=len(names))
    first, second, shared = sharing(whose_once, who_once)
    if industry is None or employment is None:
        return _answer(names, members, first, second, shared, None, flags)
    if len(names) > DENSE:
        raise Unfit(
            f"profiles of all pairs of {len(names)} organisations",
            why=f"more than {DENSE} would not fit",
            mend="count them in parts",
        )
    every = np.zeros((len(names), len(names)), dtype=shared.dtype)
    every[first, second] = shared
    first, second = np.triu_indices(len(names), 1)
    profile = _profiles(table, whose, slice(None) if in_order else _first_rows(linked), industry, employment)
    return _answer(names, members, first, second, every[first, second], profile, flags)


def profiles(
    memberships: Any,
    *,
    organisation: str = "organisation",
    company: str = "company",
    industry: str = "industry",
    employment: str = "employment",
) -> tuple[Array, Array, Array]:
    """(organisations, industries, shares): the employment profiles that `overlaps` compares, organisations x industries."""
    table = need(as_arrow(memberships), [organisation, company, industry, employment])
    names, whose = codes(table, organisation)
    known, who = codes(table, company)
    once = _first_rows(whose * len(known) + who)
    return names, codes(table, industry)[0], _profiles(table, whose, once, industry, employment)


def _ordered(linked: Array, count: int) -> tuple[Array, Array]:
    """(organisation, company) of each membership once, in order."""
    ordered = np.sort(linked)
    whose, who = np.divmod(ordered[np.append(True, ordered[1:] != ordered[:-1])], count)
    return whose, who


def _first_rows(linked: Array) -> Array:
    """Places of the first row of each membership."""
    return np.asarray(np.unique(linked, return_index=True)[1])


def _profiles(table: pa.Table, whose: Array, once: Array | slice, industry: str, employment: str) -> Array:
    """Organisations x industries, shares of employment."""
    kinds, kind = codes(table, industry)
    size = numbers(table, employment)
    count = int(whose.max()) + 1
    flat = np.bincount(whose[once] * len(kinds) + kind[once], size[once], count * len(kinds)).reshape(count, len(kinds))
    total = flat.sum(1, keepdims=True)
    return np.asarray(np.divide(flat, total, out=np.zeros_like(flat), where=total > 0))


def _answer(
    names: Array, members: Array, first: Array, second: Array, shared: Array, profile: Array | None, flags: Flags | None
) -> Overlaps:
    overlap, jaccard = np.empty(len(shared)), np.empty(len(shared))
    common = None if profile is None else _common(profile)
    weight = None if profile is None else profile.sum(1)
    ratio = None if profile is None else np.zeros(len(shared))
    for begin in range(0, len(shared), NEAR):
        some = slice(begin, begin + NEAR)
        low, high, both = first[some], second[some], shared[some]
        one, other = members[low], members[high]
        np.divide(both, np.minimum(one, other), out=overlap[some])
        np.divide(both, one + other - both, out=jaccard[some])
        if common is not None and weight is not None and ratio is not None:
            all_of = weight[low] + weight[high] - common[some]
            np.divide(common[some], all_of, out=ratio[some], where=all_of > 0)
    return Overlaps(names, members, first, second, shared, overlap, jaccard, common, ratio, flags or Flags())


def _common(profile: Array) -> Array:
    """sum_i min(p_Ai, p_Bi) of all pairs in the order of triu_indices."""
    if len(profile) < 2:
        return np.zeros(0)
    return _summed(profile) if np.count_nonzero(profile) < THIN * profile.size else _differing(profile)


def _summed(profile: Array) -> Array:
    """Organisation by organisation, over its own industries only: quick where each has few of them."""
    count, end = len(profile), 0
    common = np.zeros(count * (count - 1) // 2)
    of_industry, less = np.ascontiguousarray(profile.T), np.empty(count)
    for nth, own in enumerate(profile[:-1], 1):
        begin, end = end, end + count - nth
        row = common[begin:end]
        for kind in np.flatnonzero(own).tolist():
            row += np.minimum(of_industry[kind, nth:], own[kind], out=less[nth:])
    return common


def _differing(profile: Array) -> Array:
    """Half of what the two hold less what they differ by: quick where everybody is in many industries."""
    far = import_module("scipy.spatial.distance")  # a third of a second to load, and needed with industries only
    count, held = len(profile), profile.sum(1)
    common = np.empty(count * (count - 1) // 2)

    def fill(begin: int) -> None:
        """The rows of a block beside everybody from its first on; SciPy lets go of the interpreter meanwhile."""
        differ = far.cdist(profile[begin : begin + BESIDE], profile[begin:], "cityblock")
        for nth in range(begin, min(begin + BESIDE, count)):
            at = nth * (2 * count - nth - 1) // 2
            common[at : at + count - nth - 1] = (
                held[nth] + held[nth + 1 :] - differ[nth - begin, nth - begin + 1 :]
            ) / 2

    with ThreadPoolExecutor(os.cpu_count()) as hands:
        list(hands.map(fill, range(0, count, BESIDE)))
    common[common < ROUNDING] = 0.0
    return common
