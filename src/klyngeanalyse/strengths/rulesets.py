"""Star rule sets, versioned: which metric, percentile over which scope or which threshold, and the floor under it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from klyngeanalyse.core.errors import Unfit

Scope = Literal["industry", "all"]
BUILT_IN = ("size", "quotient", "focus")


@dataclass(frozen=True)
class Criterion:
    """One star: `metric` among the top `share` of the regions in `scope`, or at least `threshold`; exactly one of the two.

    Metrics known without being given: size (E_rc), quotient (LQ), focus (E_rc / E_r). Scope: `industry` compares the regions
    within one industry, `all` compares all cells.
    """

    metric: str
    share: float | None = None
    scope: Scope = "industry"
    threshold: float | None = None

    def __post_init__(self) -> None:
        if (self.share is None) == (self.threshold is None):
            raise Unfit(
                f"the criterion on {self.metric}",
                why="needs a share or a threshold, and not both",
                mend="give one of them",
            )
        if self.share is not None and not 0 < self.share < 1:
            raise Unfit(
                f"a share of {self.share}", where=f"the criterion on {self.metric}", mend="give a share between 0 and 1"
            )
        if self.scope not in ("industry", "all"):
            raise Unfit(f"the scope {self.scope}", where=f"the criterion on {self.metric}", mend="say industry or all")


@dataclass(frozen=True)
class RuleSet:
    """A dated set of criteria. `floor` is the least employment of a cell that may be marked at all; `least_regions` the fewest
    regions over which a percentile of this set means anything; `mark` what the marks may be called."""

    name: str
    version: str
    source: str
    criteria: tuple[Criterion, ...]
    floor: float
    least_regions: int
    mark: str = "star"


OBSERVATORY_2006 = RuleSet(
    "observatory-percentile", "2006", "European Cluster Observatory, page 49: top 10 % by size and focus, quotient of 2",
    (Criterion("size", share=0.10), Criterion("quotient", threshold=2.0), Criterion("focus", share=0.10)), 1000.0, 60,
)  # fmt: skip
OBSERVATORY_2007 = RuleSet(
    "observatory-threshold", "2007", "European Cluster Observatory, later thresholds: 10,000 jobs, quotient 2, 7 % of employment",
    (Criterion("size", threshold=10_000.0), Criterion("quotient", threshold=2.0), Criterion("focus", threshold=0.07)), 1000.0, 60,
)  # fmt: skip
PANORAMA_2020 = RuleSet(
    "panorama", "2020", "EOCIC European Panorama: top 20 % by size, specialisation and productivity",
    (Criterion("size", share=0.20), Criterion("quotient", share=0.20), Criterion("productivity", share=0.20)), 1000.0, 60,
)  # fmt: skip
NATIONAL_MARKS = RuleSet(
    "national-marks", "1", "Our own rule for a country's parts: top fifth of at least ten; not comparable with European stars",
    (Criterion("size", share=0.20), Criterion("quotient", threshold=1.5), Criterion("focus", share=0.20)), 100.0, 10, "mark",
)  # fmt: skip
RULE_SETS = {
    f"{one.name}-{one.version}": one for one in (OBSERVATORY_2006, OBSERVATORY_2007, PANORAMA_2020, NATIONAL_MARKS)
}


def rule_set(said: Mapping[str, Any]) -> RuleSet:
    """A rule set written down as data (one TOML table): name, version, source, floor, least_regions, mark, criteria."""
    known = {"name", "version", "source", "floor", "least_regions", "mark", "criteria"}
    strange, missing = set(said) - known, known - {"mark"} - set(said)
    if strange or missing:
        raise Unfit(
            "a rule set that cannot be read",
            why="; ".join(
                [*(f"unknown: {one}" for one in sorted(strange)), *(f"missing: {one}" for one in sorted(missing))]
            ),
            mend=f"write {', '.join(sorted(known))}",
        )
    try:
        criteria = tuple(Criterion(**one) for one in said["criteria"])
    except TypeError as error:
        raise Unfit(
            "a criterion that cannot be read", why=str(error), mend="write metric with share and scope, or threshold"
        ) from error
    if not criteria:
        raise Unfit("a rule set without criteria", mend="write at least one")
    return RuleSet(
        str(said["name"]), str(said["version"]), str(said["source"]), criteria,
        float(said["floor"]), int(said["least_regions"]), str(said.get("mark", "star")),
    )  # fmt: skip
