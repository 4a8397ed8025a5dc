"""Candidates from a panel: for every year in which companies first took part, those who did and those who could have."""

from __future__ import annotations

from dataclasses import dataclass

from klyngeanalyse.core.engines import Engine, columns
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.matching.design import NAME, RESERVED


@dataclass(frozen=True)
class History:
    """What is looked back on. Columns of the panel (one row a company and year): `company`, `year`, `first` (the year of first
    participation, null for never), `levels` (positive numbers, taken as logarithms), `keep` (taken as they are: industry group,
    size band, region, age, export), `outcomes` (differences are taken).

    For a year of entry g: covariates are of the year g - lag, growth is the logarithm's change from g - lag - span to g - lag,
    an outcome's change is from g - lag to g + horizon. Controls had not taken part by g + horizon (with `never` they never do).
    """

    company: str = "company"
    year: str = "year"
    first: str = "first_year"
    levels: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    lag: int = 1
    span: int = 2
    horizon: int = 1
    never: bool = False

    def __post_init__(self) -> None:
        for name in (self.company, self.year, self.first, *self.levels, *self.keep, *self.outcomes):
            if not NAME.fullmatch(name) or name.lower() in RESERVED:
                raise Unfit(
                    f"{name!r} cannot be a column's name here", mend="rename the column to letters, digits and _"
                )
        for field, least in (("lag", 1), ("span", 1), ("horizon", 0)):
            if getattr(self, field) < least:
                raise Unfit(f"{field} is {getattr(self, field)}", mend=f"give a whole number from {least}")


def candidates(engine: Engine, panel: str, name: str, history: History) -> None:
    """Makes the view `name` of the engine for `match`: company, treated, entry (the year, an exact column), the kept columns,
    `log_X` and `growth_X` of each level, `change_Y` of each outcome.

    A company may be a control of several entries. A company that lacks one of the years has a null there, which `match`
    reports as missing; where a level is not positive there is no logarithm, so a null too.

    Raises `Unfit` where nobody takes part, or no year of entry has the years around it.
    """
    h = history
    known = columns(
        engine,
        f"select min({h.year}) as low, max({h.year}) as high, count(case when not {_never(h.first)} then 1 end) as n from {panel}",
    )
    if not known["n"][0]:
        raise Unfit("nobody takes part", where=f"{panel}.{h.first}", mend="give the year of first participation")
    low, high = int(known["low"][0]) + h.lag + h.span, int(known["high"][0]) - h.horizon
    entries = f"select distinct {h.first} as entry from {panel} where {h.first} between {low} and {high}"
    if engine.arrow(entries).num_rows == 0:
        raise Unfit(
            "no year of entry has the years around it",
            where=f"{panel}.{h.first}",
            why=f"entries must lie in {low}–{high}"
            if low <= high
            else _too_short(h, int(known["high"][0]) - int(known["low"][0]) + 1),
            mend="take a smaller lag, span or horizon",
        )
    engine.run(f"create or replace temp view {name} as {_sql(h, panel, entries)}")


def _never(first: str) -> str:
    """True of who never takes part: no year, be it null or no number (as a column of decimals may hold it)."""
    return f"({first} is null or isnan(cast({first} as double)))"


def _too_short(history: History, years: int) -> str:
    before, after = history.lag + history.span, history.horizon
    return f"the panel has {years} years, and an entry needs {before} before it and {after} after it"


def _logarithm(alias: str, level: str) -> str:
    return f"ln(case when {alias}.{level} > 0 then cast({alias}.{level} as double) end)"


def _sql(h: History, panel: str, entries: str) -> str:
    told = [f"p.{one}" for one in h.keep]
    for level in h.levels:
        told.append(f"{_logarithm('p', level)} as log_{level}")
        told.append(f"{_logarithm('p', level)} - {_logarithm('b', level)} as growth_{level}")
    told += [f"cast(a.{one} as double) - cast(p.{one} as double) as change_{one}" for one in h.outcomes]
    later = "" if h.never else f" or p.{h.first} > e.entry + {h.horizon}"
    joined = " ".join(
        f"left join {panel} as {alias} on {alias}.{h.company} = p.{h.company} and {alias}.{h.year} = e.entry {shift}"
        for alias, shift, wanted in (("b", f"- {h.lag + h.span}", h.levels), ("a", f"+ {h.horizon}", h.outcomes))
        if wanted
    )
    return (
        f"select p.{h.company} as company, e.entry as entry, case when p.{h.first} = e.entry then 1 else 0 end as treated"
        f"{''.join(', ' + one for one in told)} from {panel} as p join ({entries}) as e on p.{h.year} = e.entry - {h.lag} {joined} "
        f"where {_never(f'p.{h.first}')} or p.{h.first} = e.entry{later}"
    )
