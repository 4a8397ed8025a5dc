"""Stars by a versioned rule set, refused where there are too few regions for a percentile to mean anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.results import Chart, Row, Tabled, drawn
from klyngeanalyse.strengths.cells import Array, Cells
from klyngeanalyse.strengths.quotients import quotients
from klyngeanalyse.strengths.rulesets import BUILT_IN, Criterion, RuleSet


@dataclass(frozen=True)
class Stars(Tabled):
    """`count` marks a cell (regions x industries, 0 to the number of criteria); `met` one table of truth a criterion."""

    rules: RuleSet
    regions: Array
    industries: Array
    employment: Array
    metrics: Mapping[str, Array]
    met: Mapping[str, Array]
    count: Array

    def rows(self) -> Iterable[Row]:
        for nth, kth in zip(*(part.tolist() for part in np.nonzero(self.count)), strict=True):
            yield {
                "region": self.regions[nth].item(),
                "industry": self.industries[kth].item(),
                "employment": float(self.employment[nth, kth]),
                **{name: float(values[nth, kth]) for name, values in self.metrics.items() if name != "size"},
                **{f"by_{name}": bool(truth[nth, kth]) for name, truth in self.met.items()},
                f"{self.rules.mark}s": int(self.count[nth, kth]),
                "rules": f"{self.rules.name} {self.rules.version}",
            }

    def chart(self) -> Chart | None:
        field = f"{self.rules.mark}s"
        return {
            **drawn(self.rows(), "region", "industry", by=field),
            "mark": "rect",
            "encoding": {
                "x": {"field": "industry", "type": "nominal"},
                "y": {"field": "region", "type": "nominal"},
                "color": {"field": field, "type": "quantitative", "scale": {"domain": [0, len(self.met)]}},
            },
        }


def stars(cells: Cells, rules: RuleSet, *, metrics: Mapping[str, Cells] | None = None) -> Stars:
    """Marks of every cell. In the top `share` means: fewer than share x regions have a larger value (ties share their place).

    Every region of the table counts as a region of the scope, also one without employment in the industry, so the table must
    hold the whole universe. Cells under the floor get none. `metrics` gives further tables, such as productivity.
    Raises Unfit for fewer regions than `rules.least_regions`, for a metric that is not there, and for an empty region
    table. Source: reference 3.2; European Cluster Observatory.
    """
    _enough(len(cells.regions), rules)
    tables = _metrics(cells, metrics or {})
    missing = [one.metric for one in rules.criteria if one.metric not in tables]
    if missing:
        raise Unfit(
            f"no metric {', '.join(missing)}",
            where=f"rule set {rules.name} {rules.version}",
            mend="give its values by region and industry",
        )
    eligible = cells.values >= max(rules.floor, np.finfo(float).tiny)
    met = {one.metric: eligible & _meets(tables[one.metric], one) for one in rules.criteria}
    count = np.sum(list(met.values()), axis=0)
    used = {one.metric: tables[one.metric] for one in rules.criteria}
    return Stars(rules, cells.regions, cells.industries, cells.values, used, met, count)


def _enough(regions: int, rules: RuleSet) -> None:
    if regions >= rules.least_regions:
        return
    shares = [one.share for one in rules.criteria if one.share is not None]
    why = (
        f"the top {100 * min(shares):g} % of {regions} regions is {min(shares) * regions:.1f} regions"
        if shares
        else "thresholds set for the regions of Europe do not carry over to so few"
    )
    raise Unfit(
        f"{rules.mark}s over {regions} regions",
        where=f"rule set {rules.name} {rules.version} asks for at least {rules.least_regions}",
        why=why,
        mend="use European reference regions, or smaller parts with a rule set whose marks are not called stars",
    )


def _metrics(cells: Cells, given: Mapping[str, Cells]) -> dict[str, Array]:
    values = cells.values
    totals = values.sum(1, keepdims=True)
    known = {
        "size": values,
        "quotient": quotients(values),
        "focus": np.divide(values, totals, out=np.zeros_like(values), where=totals > 0),
    }
    for name, table in given.items():
        if name in BUILT_IN:
            raise Unfit(f"the metric {name} is given", why="it is counted from employment", mend="give it another name")
        if not (np.array_equal(table.regions, cells.regions) and np.array_equal(table.industries, cells.industries)):
            raise Unfit(f"the metric {name} names other regions or industries", mend="build it from the same rows")
        known[name] = table.values
    return known


def _meets(values: Array, one: Criterion) -> Array:
    clean = np.nan_to_num(values, nan=-np.inf)
    if one.threshold is not None:
        return np.asarray(clean >= one.threshold)
    flat = clean.reshape(-1, 1) if one.scope == "all" else clean
    ordered = np.sort(flat, axis=0)
    larger = np.empty(flat.shape, dtype=np.int64)
    for kth in range(flat.shape[1]):
        larger[:, kth] = flat.shape[0] - np.searchsorted(ordered[:, kth], flat[:, kth], side="right")
    # a hair over the product keeps 0.1 x 10 regions one region whatever the last bit says
    return np.asarray((larger < float(one.share or 0) * flat.shape[0] - 1e-9).reshape(values.shape))
