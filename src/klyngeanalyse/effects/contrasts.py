"""Which cohort is compared in which years with which companies: the pairs (g, t) of Callaway and Sant'Anna (2021)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from klyngeanalyse.effects.design import Design
from klyngeanalyse.effects.rows import Measured, Rows, Truths


@dataclass(frozen=True)
class Contrast:
    """Cohort g in year t against its base year; `at` and `base` are their places among the years."""

    cohort: int
    year: int
    base_year: int
    at: int
    base: int

    @property
    def event(self) -> int:
        return self.year - self.cohort


def contrasts(years: list[int], cohorts: list[int], design: Design) -> list[Contrast]:
    """All pairs (g, t) with a base year, the base being the nearest observed year (as R's did does where years are missing).

    >>> [(c.year, c.base_year) for c in contrasts([2003, 2004, 2005, 2006], [2005], Design())]
    [(2004, 2003), (2005, 2004), (2006, 2004)]
    >>> [(c.year, c.base_year) for c in contrasts([2003, 2004, 2005], [2005], Design(base="universal"))]
    [(2003, 2004), (2005, 2004)]
    """
    found = []
    for cohort in cohorts:
        for at, year in enumerate(years):
            short = design.base == "varying" and year < cohort
            before = [nth for nth, one in enumerate(years) if one < (year if short else cohort - design.anticipation)]
            if before and before[-1] != at:
                found.append(Contrast(cohort, year, years[before[-1]], at, before[-1]))
    return found


@dataclass(frozen=True)
class Family:
    """Contrasts of one cohort that share their participants and controls (positions of rows), and so their weights."""

    contrasts: tuple[int, ...]
    treated: slice | np.ndarray
    control: slice | np.ndarray


def families(rows: Rows, outcome: Measured, wanted: list[Contrast], design: Design) -> Iterator[Family]:
    """Contrasts grouped by the rows they use; one without participants or without controls is left out."""
    complete = bool(outcome.present.all())
    groups: dict[tuple[int, int | None, bytes], list[int]] = {}
    for nth, one in enumerate(wanted):
        until = max(one.year, one.base_year) + design.anticipation if design.controls == "not_yet" else None
        seen = b"" if complete else _seen(outcome, one).tobytes()
        groups.setdefault((one.cohort, until, seen), []).append(nth)
    for (cohort, until, _), members in groups.items():
        control = rows.cohort == 0
        if until is not None:
            control = control | ((rows.cohort > until) & (rows.cohort != cohort))
        treated = rows.cohort == cohort
        if not complete:
            seen_by = _seen(outcome, wanted[members[0]])
            treated, control = treated & seen_by, control & seen_by
        if treated.any() and control.any():
            yield Family(tuple(members), _places(treated), _places(control))


def _seen(outcome: Measured, contrast: Contrast) -> Truths:
    both: Truths = outcome.present[:, contrast.at] & outcome.present[:, contrast.base]
    return both


def _places(mask: Truths) -> slice | np.ndarray:
    """Positions of the true ones; a slice where they stand together, so that taking them copies nothing."""
    found = np.flatnonzero(mask)
    if found[-1] - found[0] + 1 == len(found):
        return slice(int(found[0]), int(found[-1]) + 1)
    return found
