"""What is matched on and how: the plan of a matching, checked before a row is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from klyngeanalyse.core.errors import Unfit

Method = Literal["nearest", "kernel", "coarsened", "balancing"]
Distance = Literal["propensity", "mahalanobis"]
Order = Literal["largest", "smallest", "company"]
Ties = Literal["first", "all"]
Support = Literal["treated", "both", "none"]

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
RESERVED = frozenset(
    "all and as asc between by case cast column create cross default delete desc distinct else end except exists false for "
    "from full group having in inner intersect into is join left like limit natural not null on or order outer right select "
    "set table then to true union unique update user using values when where window with".split()
)

TOLD = frozenset(("company", "reason", "cell", "score", "distance"))


@dataclass(frozen=True)
class Design:
    """A matching of treated companies with controls inside exact cells.

    Columns: `treated` (0/1), `company` (one row a company and cell), `outcomes` (numbers; may be none while the design is
    being chosen), `exact` (cells: industry group, size band, region, year), `covariates` (numbers, or text of at most 50
    values, which becomes one indicator a value but the first).

    method      nearest (neighbours on `distance`), kernel (Epanechnikov on the propensity), coarsened (exact matching on
                `bins` of the covariates), balancing (entropy balancing of the covariates' moments inside the cells)
    neighbours  controls a treated company; replacement: a control may serve many; ties: `first` takes the lowest company
                among equally near controls, `all` takes every one of them
    order       without replacement, who chooses first: the largest or smallest propensity, or the lowest company (always so
                on Mahalanobis distance); rounds: everybody's first choice comes before anybody's second
    caliper     furthest distance allowed (in propensity, or Mahalanobis units)
    limit       treated and controls with a propensity above it are left out (Crump et al. 2009); None: nobody
    support     leave out treated outside the controls' range of propensities (`both`: controls outside the treated's too)
    bandwidth   of the kernel, in propensity
    bins        of a coarsened covariate: a number of equal bins, or cut points; Sturges' number where nothing is said
    moments     that balancing makes equal: 1 means, 2 also squares of covariates that are not 0/1
    adjust      correct the nearest controls' outcomes by regression on the covariates (Abadie and Imbens 2011)
    variance_neighbours  same-arm neighbours for the conditional variance; 0 assumes it is the same for everybody
    """

    treated: str = "treated"
    company: str = "company"
    outcomes: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    covariates: tuple[str, ...] = ()
    method: Method = "nearest"
    distance: Distance = "propensity"
    neighbours: int = 3
    replacement: bool = True
    ties: Ties = "first"
    order: Order = "largest"
    caliper: float | None = None
    limit: float | None = 0.9
    support: Support = "treated"
    bandwidth: float = 0.06
    bins: Mapping[str, int | tuple[float, ...]] = field(default_factory=dict)
    moments: int = 1
    adjust: bool = False
    variance_neighbours: int = 2
    confidence: float = 0.95

    def __post_init__(self) -> None:
        self._check_names()
        self._check_choices()
        self._check_numbers()

    @property
    def scored(self) -> bool:
        """Whether a propensity is estimated."""
        return self.method == "kernel" or (self.method == "nearest" and self.distance == "propensity")

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.company, self.treated, *self.exact, *self.covariates, *self.outcomes)

    def _check_names(self) -> None:
        for name in self.columns:
            if not NAME.fullmatch(name) or name.lower() in RESERVED:
                raise Unfit(
                    f"{name!r} cannot be a column's name here",
                    why="it must be plain letters, digits and _ and no word of SQL, to mean the same on every engine",
                    mend="rename the column",
                )
        seen = [name.lower() for name in self.columns if name not in self.outcomes]
        for name in seen:
            if seen.count(name) > 1:
                raise Unfit(
                    f"column {name!r} has two parts to play",
                    mend="name it once among company, treated, exact, covariates",
                )
        for name in self.exact:
            if name.lower() in TOLD:
                raise Unfit(
                    f"an exact column named {name!r}",
                    why="the answer has a column of that name",
                    mend="rename the column",
                )
        if not self.covariates and not self.exact:
            raise Unfit("nothing to match on", mend="name exact columns, covariates or both")
        if not self.covariates and self.method != "coarsened":
            raise Unfit(
                "no covariates", mend="name covariates, or use method 'coarsened' to match on the exact cells alone"
            )
        for name in self.bins:
            if name not in self.covariates:
                raise Unfit(f"bins for {name!r}, which is no covariate", mend="name it among the covariates")

    def _check_choices(self) -> None:
        choices = {
            "method": ("nearest", "kernel", "coarsened", "balancing"),
            "distance": ("propensity", "mahalanobis"),
            "order": ("largest", "smallest", "company"),
            "ties": ("first", "all"),
            "support": ("treated", "both", "none"),
        }
        for name, known in choices.items():
            if getattr(self, name) not in known:
                raise Unfit(f"{name} {getattr(self, name)!r} is not known", mend=f"one of {', '.join(known)}")
        if self.ties == "all" and not self.replacement:
            raise Unfit("ties 'all' needs replacement", mend="use ties 'first', or allow replacement")

    def _check_numbers(self) -> None:
        rules = {
            "neighbours": (self.neighbours >= 1, "a whole number from 1"),
            "caliper": (self.caliper is None or self.caliper > 0, "above 0, or none"),
            "limit": (self.limit is None or 0 < self.limit <= 1, "a propensity above 0 up to 1, or none"),
            "bandwidth": (self.bandwidth > 0, "above 0"),
            "moments": (self.moments in (1, 2), "1 or 2"),
            "variance_neighbours": (self.variance_neighbours >= 0, "a whole number from 0"),
            "confidence": (0 < self.confidence < 1, "between 0 and 1"),
        }
        for name, (holds, rule) in rules.items():
            if not holds:
                raise Unfit(f"{name} is {getattr(self, name)}", mend=f"give {rule}")
