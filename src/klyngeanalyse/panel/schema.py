"""Which column is which: the names every method reads a company panel by."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from klyngeanalyse.core.declared import declared
from klyngeanalyse.core.errors import Unfit


@dataclasses.dataclass(frozen=True)
class PanelSchema:
    """The columns of a panel with one row for each company and year.

    company, year            who and when (year is a whole number)
    outcomes                 what is measured each year (turnover, full-time equivalents, …)
    first_participation      first year the company took part; the same in all its rows, null for those who never did
    industry, industry_version   code as text (leading zeros kept) and the version it is written in (DB07, DB25)
    region, size             region code and size band
    kind, organisation       kind of participation and the cluster organisation the company came in by
    signed                   outcomes that may be negative (a profit, an export surplus, a logarithm)
    averaged                 outcomes that are rates: merged companies take the mean, all others the sum

    A field that is None is a column the panel does not have.

    >>> PanelSchema(outcomes=("fte",), region="nuts3").columns()
    {'company': 'company', 'year': 'year', 'fte': 'fte', 'region': 'nuts3'}
    """

    company: str = "company"
    year: str = "year"
    outcomes: tuple[str, ...] = ()
    first_participation: str | None = None
    industry: str | None = None
    industry_version: str | None = None
    region: str | None = None
    size: str | None = None
    kind: str | None = None
    organisation: str | None = None
    signed: tuple[str, ...] = ()
    averaged: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for field in ("signed", "averaged"):
            strangers = sorted(set(getattr(self, field)) - set(self.outcomes))
            if strangers:
                raise Unfit(
                    f"{field} names {', '.join(strangers)}",
                    where="panel schema",
                    why="not among the outcomes",
                    mend=f"name only outcomes: {', '.join(self.outcomes) or 'none declared'}",
                )
        names = list(self.columns().values())
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise Unfit(
                f"column {', '.join(twice)} is named twice", where="panel schema", mend="give each field its own column"
            )

    def columns(self) -> dict[str, str]:
        """Field -> column name, for the columns the panel is said to have; an outcome stands under its own name."""
        fields = {
            name: getattr(self, name)
            for name in ("company", "year", "first_participation", *DESCRIBING)
            if getattr(self, name) is not None
        }
        head = {name: fields.pop(name) for name in ("company", "year")}
        return {**head, **{one: one for one in self.outcomes}, **fields}

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> PanelSchema:
        """From a protocol's `[panel]` table; a field nobody knows is refused by name."""
        return declared(cls, said, "panel", ("outcomes", "signed", "averaged"))


DESCRIBING = ("industry", "industry_version", "region", "size", "kind", "organisation")
