"""What a merger of organisations would be: members counted once, and whether it is large and near enough (fusion)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.frames import as_arrow
from klyngeanalyse.core.results import Row, Tabled
from klyngeanalyse.geography.distance import Array
from klyngeanalyse.geography.radius import radii
from klyngeanalyse.landscape.mass import CriticalMass, Verdicts, critical_mass
from klyngeanalyse.strengths.cells import codes, need


@dataclass(frozen=True)
class Mergers(Tabled):
    """One value a merged organisation: `memberships` is the sum over its parts, `members` the companies counted once, `twice` how many
    were in more than one part; `mass` its critical mass, None where no places are known."""

    names: Array
    parts: Array
    memberships: Array
    members: Array
    twice: Array
    mass: Verdicts | None

    def rows(self) -> Iterable[Row]:
        verdicts = {} if self.mass is None else {row["organisation"]: row for row in self.mass.rows()}
        for nth, name in enumerate(self.names.tolist()):
            counted = {key: int(getattr(self, key)[nth]) for key in ("parts", "memberships", "members", "twice")}
            yield {
                "organisation": name,
                **counted,
                **{k: v for k, v in verdicts.get(name, {}).items() if k not in ("organisation", "members")},
            }


def renamed(
    memberships: Any, into: Mapping[str, str], *, organisation: str = "organisation", company: str = "company"
) -> pa.Table:
    """The memberships after the merger: parts carry the new name, a company of several parts is left once (its first row).

    Raises Unfit for a part that is not there and for a new name that is an organisation outside the merger.
    """
    table = need(as_arrow(memberships), [organisation, company])
    names, whose = codes(table, organisation)
    texts = [str(one) for one in names.tolist()]
    missing = sorted(set(into) - set(texts))
    if missing:
        raise Unfit(
            f"no organisation {missing[0]}", where="the merger", mend=f"the organisations are {', '.join(texts[:5])}, …"
        )
    taken = sorted((set(into.values()) & set(texts)) - set(into))
    if taken:
        raise Unfit(
            f"{taken[0]} goes on living beside the merger",
            mend="give the merged organisation another name, or take it in",
        )
    new = np.array([into.get(one, one) for one in texts])
    merged, place = np.unique(new, return_inverse=True)
    _, who = codes(table, company)
    first = np.unique(place[whose] * (int(who.max()) + 1) + who, return_index=True)[1]
    kept = table.take(pa.array(np.sort(first)))
    column = pa.array(merged[place[whose[np.sort(first)]]])
    return kept.set_column(kept.column_names.index(organisation), organisation, column)


def merge(
    memberships: Any,
    into: Mapping[str, str],
    *,
    organisation: str = "organisation",
    company: str = "company",
    rule: CriticalMass | None = None,
) -> Mergers:
    """The merged organisations of `into` (part -> new name); their core and radius where the memberships have lon and lat."""
    table = as_arrow(memberships)
    after = renamed(table, into, organisation=organisation, company=company)
    targets = np.array(sorted(set(into.values())))
    parts = np.array([sum(name == one for name in into.values()) for one in targets.tolist()])
    before = (
        need(table, [organisation, company])
        .select([organisation, company])
        .group_by([organisation, company])
        .aggregate([])
    )
    names = np.array([into.get(str(one), "") for one in before.column(organisation).to_pylist()])
    _, who = codes(before, company)
    sums, members, twice = (np.zeros(len(targets), dtype=np.int64) for _ in range(3))
    for nth, one in enumerate(targets.tolist()):
        times = np.bincount(who[names == one])
        sums[nth], members[nth], twice[nth] = times.sum(), (times > 0).sum(), (times > 1).sum()
    mass = None
    if {"lon", "lat"} <= set(table.column_names):
        mine = after.filter(pa.array(np.isin(np.array(after.column(organisation).to_pylist()), targets)))
        mass = critical_mass(radii(mine, organisation=organisation, company=company), rule=rule)
    return Mergers(targets, parts, sums, members, twice, mass)
