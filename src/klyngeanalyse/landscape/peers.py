"""An organisation among its peers: percentile and quartiles, of those who agreed, and only where they are enough (benchmark)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.results import Result, Row, Tabled
from klyngeanalyse.landscape.suppression import protect
from klyngeanalyse.strengths.cells import Array


@dataclass(frozen=True)
class Standing(Result):
    """One organisation in one group. `percentile` is the share of its peers below it, ties half, 0 to 100; `quartiles` are of all who
    agreed in the group, itself among them. Both are None when `why` is not empty: `no consent`, `few peers`, `subtractable`."""

    organisation: str
    group: str
    value: float
    peers: int | None
    percentile: float | None
    quartiles: tuple[float, float, float] | None
    why: str

    def rows(self) -> Iterable[Row]:
        low, middle, high = self.quartiles or (None, None, None)
        yield {
            "organisation": self.organisation,
            "group": self.group,
            "value": self.value,
            "peers": self.peers,
            "percentile": self.percentile,
            "lower_quartile": low,
            "median": middle,
            "upper_quartile": high,
            "why": self.why,
        }


@dataclass(frozen=True)
class Benchmark(Tabled):
    """All standings: each organisation in its group, and in `all`."""

    standings: tuple[Standing, ...]
    least: int

    def rows(self) -> Iterable[Row]:
        for one in self.standings:
            yield from one.rows()

    def of(self, organisation: str) -> tuple[Standing, ...]:
        """What one organisation may see."""
        return tuple(one for one in self.standings if one.organisation == organisation)


def percentile(value: float, others: Array) -> float:
    """100 x (share below + half the share equal).

    >>> percentile(2.0, np.array([1.0, 2.0, 3.0, 4.0]))
    37.5
    """
    return float(100 * ((others < value).mean() + (others == value).mean() / 2))


def benchmark(
    values: Mapping[str, float], consent: Mapping[str, bool], groups: Mapping[str, str], *, least: int = 5
) -> Benchmark:
    """Standings of every organisation in `values` by its `groups` (a league, a region) and in `all`.

    Only organisations that agreed are compared, and only they see a comparison. A group is shown from `least` + 1 who agreed
    (each then has `least` peers) and unless what is shown of the other groups and of all together would tell of a group
    that is too small by subtraction: then the smallest shown group is withheld too. Never shown are sums, means, least and
    largest values. Raises Unfit for a value that is no number, an organisation without a group or an answer on consent.
    """
    for one, value in values.items():
        if not np.isfinite(value):
            raise Unfit(f"{value} of {one}", mend="leave organisations without a value out")
        if one not in groups or one not in consent:
            raise Unfit(
                f"{one} has no {'group' if one not in groups else 'answer on consent'}",
                mend="say it for every organisation",
            )
    if not values:
        raise Unfit("no organisations", mend="give at least one value")
    names = np.array(sorted({groups[one] for one in values}))
    if "all" in names:
        raise Unfit(
            "a group called all", why="that is the name of the comparison with everybody", mend="call it something else"
        )
    agreed = [one for one in values if consent[one]]
    counts = np.array([sum(groups[one] == name for one in agreed) for name in names.tolist()])
    kept = protect(counts, max(least + 1, 2), dimensions=("group",), labels=(names,))
    hidden = dict(zip([*names.tolist(), "all"], kept.hidden.tolist(), strict=True))
    size = dict(zip([*names.tolist(), "all"], [*counts.tolist(), int(counts.sum())], strict=True))
    members = {group: np.array([values[one] for one in agreed if group in (groups[one], "all")]) for group in hidden}
    standings = []
    for one in sorted(values):
        for group in (groups[one], "all"):
            why = (
                "no consent"
                if not consent[one]
                else "few peers"
                if size[group] <= least
                else "subtractable"
                if hidden[group]
                else ""
            )
            standings.append(_standing(one, group, values[one], members[group], why))
    return Benchmark(tuple(standings), least)


def _standing(one: str, group: str, value: float, agreed: Array, why: str) -> Standing:
    if why:
        return Standing(one, group, value, None, None, None, why)
    own = int(np.flatnonzero(agreed == value)[0])
    others = np.delete(agreed, own)
    low, middle, high = (float(part) for part in np.quantile(agreed, [0.25, 0.5, 0.75]))
    return Standing(one, group, value, len(others), percentile(value, others), (low, middle, high), "")
