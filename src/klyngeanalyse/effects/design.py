"""The choices behind an estimate, declared once: controls, base period, anticipation, covariates, clusters."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from klyngeanalyse.core.declared import declared
from klyngeanalyse.core.errors import Unfit

CHOICES = {
    "controls": ("never", "not_yet"),
    "base": ("varying", "universal"),
    "method": ("dr", "or", "ipw"),
}


@dataclasses.dataclass(frozen=True)
class Design:
    """How the effect is estimated.

    controls      'never': companies that never take part; 'not_yet': also those that take part later than the year compared
    base          'varying': before participation each year is compared with the year before it; 'universal': always with the
                  last year before participation
    anticipation  years before participation in which an effect may already show
    method        with covariates: 'dr' doubly robust, 'or' outcome regression, 'ipw' inverse probability weighting
    covariates    numeric columns that enter linearly, at the company's first observed value (or that of the year `at`)
    codes         columns of codes; each code but the first is a column of its own
    cluster       column the errors are clustered by beyond the company (organisation); companies without one stand alone
    trim          propensity scores of controls at or above this are left out (overlap); 1 leaves out none
    normalised    weights of the controls divided by their sum (Sant'Anna & Zhao); False: by the number of participants
    level         of the intervals; draws and seed: of the simulated critical value of the simultaneous bands
    """

    controls: str = "never"
    base: str = "varying"
    anticipation: int = 0
    method: str = "dr"
    covariates: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    cluster: str | None = None
    at: int | None = None
    trim: float = 1.0
    normalised: bool = True
    level: float = 0.95
    draws: int = 20_000
    seed: int = 1

    def __post_init__(self) -> None:
        for field, known in CHOICES.items():
            said = getattr(self, field)
            if said not in known:
                raise Unfit(f"{field} is {said!r}", where="design", mend=f"one of {', '.join(known)}")
        if self.anticipation < 0:
            raise Unfit(f"anticipation is {self.anticipation}", where="design", mend="give 0 or more years")
        if not 0 < self.level < 1:
            raise Unfit(f"level is {self.level}", where="design", mend="give a share between 0 and 1, such as 0.95")
        if not 0 < self.trim <= 1:
            raise Unfit(f"trim is {self.trim}", where="design", mend="give a share above 0 and at most 1")
        if self.draws < 1000:
            raise Unfit(f"draws is {self.draws}", where="design", mend="give at least 1000")

    @property
    def adjusted(self) -> bool:
        return bool(self.covariates or self.codes)

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Design:
        """From a protocol's `[design]` table; a field nobody knows is refused by name."""
        return declared(cls, said, "design", ("covariates", "codes"))
