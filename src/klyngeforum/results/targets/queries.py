"""Each target with its actual figure, its years, whether it is reached, and where it would stand if it goes on so.

Targets tell every reader the same: a figure that is held back from the public (a small number) is not told here either.
"""

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
from klyngeforum.results.accounts.telling import held_back

from .rules import Forecast, Proof, forecast, proof

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
    held_back: bool = False

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
    back = held_back(code, None)
    return {one: n for one, (_, n) in national_series(code).items() if one <= year and one not in back}


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
        counted = ":" not in target.measure and target.goal is not None  # from accounts
        back = counted and value is None and year in held_back(target.measure, None)
        found.append(TargetStanding(target, year, value, series, unfinished and counted, back))
    return found


def label_counts(*, on: date) -> list[tuple[Target, int]]:
    """Every target that counts a label, with its holders on the day: whoever holds a higher one counts there alone."""
    found = [(one, one.measure.rpartition(":")) for one in targets() if one.goal is not None]
    return [(one, len(holders(code, on=on))) for one, (kind, _, code) in found if kind == "label"]


@dataclass(frozen=True, slots=True)
class Outlook:
    """A target, the whole years that the forecast rests on, the years to come up to the target's (none where too few years are whole or
    its year has come), and how the method would have done on the years that are known."""

    standing: TargetStanding
    series: dict[int, int]
    ahead: list[Forecast]
    proof: Proof

    @property
    def forecast(self) -> Forecast | None:
        return self.ahead[-1] if self.ahead else None


def outlooks(year: int) -> list[Outlook]:
    """Every target with a number and where it would stand in its year, from whole years alone: a provisional figure foretells nothing."""
    return kept(("outlooks", year), lambda: [_outlook(one) for one in standings(year) if one.measured], of=_RESTS_ON)


def _complete(year: int) -> bool:
    stand = standing(year)
    return stand is not None and stand.complete


def _outlook(one: TargetStanding) -> Outlook:
    from_accounts = ":" not in one.target.measure
    whole = {year: value for year, value in one.series.items() if not from_accounts or _complete(year)}
    series = {year: float(value) for year, value in whole.items()}
    goal = None if one.target.goal is None else float(one.target.goal)
    years, tested = range(max(series, default=one.target.by) + 1, one.target.by + 1), proof(series)
    found = [forecast(series, year, goal=goal, widening=tested.widening) for year in years]
    return Outlook(one, whole, [at for at in found if at is not None], tested)
