"""Effect studies of the made-up country: the register is made so that employment truly grows with participation and exports truly do not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from math import log
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq

from klyngeforum.ground.access.queries import Actor
from klyngeforum.ground.places.terms import AreaKind
from klyngeforum.records.activities.queries import first_years
from klyngeforum.results.effects import actions, outside
from klyngeforum.results.effects.terms import Judgement

from .plan import Company, Country
from .regional import within

TRUE_EFFECT = 0.06  # of the logarithm of full-time equivalents, from the first year of participation on
BEFORE = 3  # years of the register before the country's first year
_BANDS = ((10, "0-9"), (50, "10-49"), (250, "50-249"))
_FOLDER = Path(__file__).parent / "studies_of"
Say = Callable[[str], None]


def _band(employees: int) -> str:
    return next((words for least, words in _BANDS if employees < least), "250+")


def _years_of(
    company: Company, region: str, first: int | None, years: range, chance: Random
) -> list[tuple[object, ...]]:
    """One company's rows: (company, year, employment, fte, exports, industry, size, region)."""
    level, drift, sold = log(company.employees + 1) + chance.gauss(0, 0.2), 0.0, chance.gauss(6, 1.2)
    last = company.ceased_on.year - 1 if company.ceased_on else years[-1]
    rows: list[tuple[object, ...]] = []
    for nth, year in enumerate(years):
        drift += chance.gauss(0, 0.05)
        effect = TRUE_EFFECT if first is not None and year >= first else 0.0
        employment = level + 0.01 * nth + drift + effect
        exports = sold + 0.02 * nth + chance.gauss(0, 0.15)
        if year <= last:
            rows.append((int(company.number), year, employment, 2.718281828**employment, exports, company.division, _band(company.employees), region))  # fmt: skip
    return rows


def register(
    country: Country, began: Mapping[str, tuple[int, str]], region_of: Mapping[str, str], *, seed: int
) -> pa.Table:
    """The made-up company register as a panel in order of companies and years."""
    years, chance = range(country.size.first_year - BEFORE, country.size.last_year + 1), Random(seed + 7)
    rows: list[tuple[object, ...]] = []
    for company in sorted(country.companies, key=lambda one: int(one.number)):
        rows += _years_of(
            company, region_of.get(company.municipality, ""), began.get(company.number, (None, ""))[0], years, chance
        )
    names = ("company", "year", "employment", "fte", "exports", "industry", "size_band", "region")
    return pa.table({name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)})


def conduct(country: Country, people: Mapping[str, Actor], *, seed: int, say: Say) -> None:
    """An extract, two published studies (one effect, one null), one frozen, one sent to where the register is, and one draft."""
    say("effect studies")
    analyst, reviewer = people["analytiker"], people["sekretariat2"]
    at = datetime(country.size.last_year + 1, 8, 1, 9, tzinfo=UTC)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "register.parquet"
        pq.write_table(register(country, first_years(), within(AreaKind.REGION, at)[0], seed=seed), path)
        actions.take_in_extract(by=analyst, at=at, path=path, source="Opdigtet virksomhedsregister (demo)")
    for name in ("employment", "exports"):
        one = actions.write(by=analyst, at=at, text=(_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
        one = actions.freeze(by=analyst, at=at, study=one)
        actions.run(by=analyst, at=at, study=one)
        actions.review(
            by=reviewer, at=at, study=one, verdict=Judgement.SOUND,
            text="Protokollen blev fulgt; kontrolvirksomhederne ligner deltagerne før deltagelsen. (demo)",
        )  # fmt: skip
        actions.publish(by=analyst, at=at, study=one)
    one = actions.write(by=analyst, at=at, text=(_FOLDER / "dedicated.toml").read_text(encoding="utf-8"))
    actions.freeze(by=analyst, at=at, study=one)
    one = actions.write(by=analyst, at=at, text=(_FOLDER / "wages.toml").read_text(encoding="utf-8"))
    outside.bundle(by=analyst, at=at, study=actions.freeze(by=analyst, at=at, study=one))
    actions.write(by=analyst, at=at, text=(_FOLDER / "draft.toml").read_text(encoding="utf-8"))
