"""Each target with its actual figure, its years and whether it is reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from klyngeforum.ground.keeping import kept
from klyngeforum.ground.programme.queries import targets
from klyngeforum.ground.programme.terms import Target
from klyngeforum.quality.labels.queries import holders
from klyngeforum.results.accounts.nation import national_series
from klyngeforum.results.accounts.queries import standing

_FIRST_YEAR = 2008
_RESTS_ON = frozenset({"account", "round", "label", "cluster", "body", "programme"})


@dataclass(frozen=True, slots=True)
class TargetStanding:
    """A target and how it stands: value of the year (None where nothing measures it yet) and the series behind it."""

    target: Target
    year: int
    value: Decimal | None
    series: dict[int, int]
    provisional: bool

    @property
    def reached(self) -> bool:
        return self.value is not None and self.target.goal is not None and self.value >= self.target.goal

    @property
    def measured(self) -> bool:
        return self.target.goal is not None


def _series(target: Target, year: int) -> dict[int, int]:
    kind, _, code = target.measure.rpartition(":")
    if kind == "label":
        years = range(_FIRST_YEAR, year + 1)
        return {one: len(holders(code, on=date(one, 12, 31))) for one in years}
    if kind or target.goal is None:
        return {}
    return {one: distinct for one, (_, distinct) in national_series(code).items() if one <= year}


def standings(year: int) -> list[TargetStanding]:
    """Every target as it stands at the end of the year; labels are counted from their records, the rest from approved accounts."""
    return kept(("targets", year), lambda: _standings(year), of=_RESTS_ON)


def _standings(year: int) -> list[TargetStanding]:
    round_ = standing(year)
    unfinished = round_ is None or not round_.complete
    found = []
    for target in targets():
        series = _series(target, year)
        value = Decimal(series[year]) if year in series else None
        from_accounts = ":" not in target.measure
        found.append(
            TargetStanding(target, year, value, series, unfinished and from_accounts and target.goal is not None)
        )
    return found


def label_counts(*, on: date) -> list[tuple[Target, int]]:
    """Every target that counts a label, with its holders on the day: whoever holds a higher one counts there alone."""
    found = [(one, one.measure.rpartition(":")) for one in targets() if one.goal is not None]
    return [(one, len(holders(code, on=on))) for one, (kind, _, code) in found if kind == "label"]
