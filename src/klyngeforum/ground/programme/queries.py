"""The programme's values, read once a process from the folder that the settings name."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings

from . import funding, marks, reporting, rules
from .funding import FundingScheme, MoneyFigure, Rate
from .marks import Mark
from .reporting import Comes, ReportForm
from .rules import ProgrammeError
from .surveyed import SurveyFigure, survey_figure
from .terms import Check, Entry, Institution, Measure, OpenRule, OwnFigure, Party, Ranked, Target

E = TypeVar("E", bound=Entry)
Entries = list[tuple[str, dict[str, Any]]]


@lru_cache(maxsize=256)
def _parsed(content: bytes) -> dict[str, Any]:
    return tomllib.loads(content.decode())


def read_toml(path: Path) -> dict[str, Any]:
    """What the file says now; the same content is parsed once, so nobody changes what is given."""
    try:
        return _parsed(path.read_bytes())
    except FileNotFoundError as error:
        raise ProgrammeError(
            f"{path}: the file is missing; restore it or point KLYNGEFORUM_PROGRAMME at a whole folder"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProgrammeError(f"{path}: not readable as TOML ({error}); mend the line named") from error


def raw_entries(folder: Path, name: str, table: str) -> Entries:
    """Every entry of one file with the words that an error names it by."""
    path = folder / f"{name}.toml"
    return [
        (f"{path.name}, {table} {number}", entry)
        for number, entry in enumerate(read_toml(path).get(table, []), start=1)
    ]


def raw_measures(folder: Path) -> Entries:
    return [(f"measures/{path.name}", read_toml(path)) for path in sorted((folder / "measures").glob("*.toml"))]


def _read(entries: Entries, make: Callable[[dict[str, Any], str], E], where: str) -> tuple[E, ...]:
    return rules.unique((make(raw, words) for words, raw in entries), lambda entry: entry.code, where)


@lru_cache(maxsize=8)
def parties_in(folder: Path) -> tuple[Party, ...]:
    return _read(raw_entries(folder, "parties", "party"), rules.party, "parties.toml")


@lru_cache(maxsize=8)
def targets_in(folder: Path) -> tuple[Target, ...]:
    return _read(raw_entries(folder, "targets", "target"), rules.target, "targets.toml")


@lru_cache(maxsize=32)
def ranked_in(folder: Path, name: str, table: str) -> tuple[Ranked, ...]:
    entries = _read(raw_entries(folder, name, table), rules.ranked, f"{name}.toml")
    return tuple(sorted(entries, key=lambda entry: entry.rank))


@lru_cache(maxsize=8)
def measures_in(folder: Path) -> tuple[Measure, ...]:
    order = {chapter: rank for rank, chapter in enumerate(rules.CHAPTERS)}
    found = _read(raw_measures(folder), rules.measure, "measures")
    rules.wholes(found)
    return tuple(sorted(found, key=lambda measure: (order[measure.chapter], measure.code)))


@lru_cache(maxsize=8)
def own_figures_in(folder: Path) -> tuple[OwnFigure, ...]:
    return _read(raw_entries(folder, "organisation_figures", "figure"), rules.own_figure, "organisation_figures.toml")


@lru_cache(maxsize=8)
def survey_figures_in(folder: Path) -> tuple[SurveyFigure, ...]:
    return _read(raw_entries(folder, "survey_figures", "figure"), survey_figure, "survey_figures.toml")


@lru_cache(maxsize=8)
def institutions_in(folder: Path) -> tuple[Institution, ...]:
    return _read(raw_entries(folder, "institutions", "institution"), rules.institution, "institutions.toml")


@lru_cache(maxsize=8)
def checks_in(folder: Path) -> tuple[Check, ...]:
    found = _read(raw_entries(folder, "checks", "check"), rules.check, "checks.toml")
    rules.known_measures(found, measures_in(folder))
    return found


@lru_cache(maxsize=8)
def funding_in(folder: Path) -> tuple[tuple[FundingScheme, ...], tuple[Rate, ...]]:
    schemes = _read(raw_entries(folder, "rates", "scheme"), funding.funding_scheme, "rates.toml")
    found = _read(raw_entries(folder, "rates", "rate"), funding.rate, "rates.toml")
    funding.one_at_a_time(found, schemes)
    return schemes, found


@lru_cache(maxsize=8)
def money_figures_in(folder: Path) -> tuple[MoneyFigure, ...]:
    return _read(raw_entries(folder, "economy", "figure"), funding.money_figure, "economy.toml")


def raw_reports(folder: Path) -> Entries:
    return [(f"reports/{path.name}", read_toml(path)) for path in sorted((folder / "reports").glob("*.toml"))]


@lru_cache(maxsize=8)
def reports_in(folder: Path) -> tuple[ReportForm, ...]:
    found = _read(raw_reports(folder), reporting.report_form, "reports")
    known = {Comes.MEASURE: {one.code for one in measures_in(folder)}, Comes.ECONOMY: {one.code for one in money_figures_in(folder)}}  # fmt: skip
    reporting.askable(found, known, {one.code for one in funding_in(folder)[0]})
    return found


@lru_cache(maxsize=8)
def open_rules_in(folder: Path) -> tuple[OpenRule, ...]:
    return _read(raw_entries(folder, "open_data", "rule"), rules.open_rule, "open_data.toml")


@lru_cache(maxsize=8)
def marks_in(folder: Path) -> tuple[Mark, ...]:
    return marks.one_a_day(marks.read_mark(raw, where) for where, raw in raw_entries(folder, "landscape", "mark"))


def mark_of(code: str, *, on: date) -> Mark:
    """A mark of the landscape as it holds on the day."""
    return marks.holding(marks_in(settings.PROGRAMME), code, on)


@lru_cache(maxsize=8)
def study_rules_in(folder: Path) -> tuple[OpenRule, ...]:
    return _read(raw_entries(folder, "studies", "rule"), rules.open_rule, "studies.toml")


def study_rule(code: str) -> OpenRule:
    """A limit of effect studies: fewest, preliminary, balance, pretrend."""
    found = next((one for one in study_rules_in(settings.PROGRAMME) if one.code == code), None)
    if found is None:
        raise ProgrammeError(f"studies.toml: the rule '{code}' is missing; write it with least = …")
    return found


@lru_cache(maxsize=8)
def strength_rules_in(folder: Path) -> tuple[OpenRule, ...]:
    return _read(raw_entries(folder, "strengths", "rule"), rules.open_rule, "strengths.toml")


def strength_rule(code: str) -> OpenRule:
    """A limit of strength positions: small_employment, small_workplaces, present, related_regions, emerging_rate, serving_companies."""
    found = next((one for one in strength_rules_in(settings.PROGRAMME) if one.code == code), None)
    if found is None:
        raise ProgrammeError(f"strengths.toml: the rule '{code}' is missing; write it with least = …")
    return found


def small_cells() -> OpenRule:
    """Which numbers open data holds back."""
    found = next((one for one in open_rules_in(settings.PROGRAMME) if one.code == "small_cells"), None)
    if found is None:
        raise ProgrammeError("open_data.toml: the rule 'small_cells' is missing; write it with least = …")
    return found


def parties(*, on: date) -> tuple[Party, ...]:
    return tuple(p for p in parties_in(settings.PROGRAMME) if p.since <= on and (p.until is None or on <= p.until))


def targets() -> tuple[Target, ...]:
    return targets_in(settings.PROGRAMME)


def leagues() -> tuple[Ranked, ...]:
    return ranked_in(settings.PROGRAMME, "leagues", "league")


def labels() -> tuple[Ranked, ...]:
    return ranked_in(settings.PROGRAMME, "labels", "label")


def principles() -> tuple[Ranked, ...]:
    return ranked_in(settings.PROGRAMME, "principles", "principle")


def themes() -> tuple[Ranked, ...]:
    return ranked_in(settings.PROGRAMME, "themes", "theme")


def institutions() -> tuple[Institution, ...]:
    return institutions_in(settings.PROGRAMME)


def checks() -> tuple[Check, ...]:
    return checks_in(settings.PROGRAMME)


def measures() -> tuple[Measure, ...]:
    return measures_in(settings.PROGRAMME)


def funding_schemes() -> tuple[FundingScheme, ...]:
    return funding_in(settings.PROGRAMME)[0]


def funding_scheme(code: str) -> FundingScheme | None:
    return next((one for one in funding_schemes() if one.code == code), None)


def rates() -> tuple[Rate, ...]:
    return funding_in(settings.PROGRAMME)[1]


def rate_of(scheme: str, *, on: date) -> Rate | None:
    """The scheme's rate on the day; none is set: None."""
    return next((one for one in rates() if one.scheme == scheme and one.holds(on)), None)


def money_figures() -> tuple[MoneyFigure, ...]:
    return money_figures_in(settings.PROGRAMME)


def report_forms() -> tuple[ReportForm, ...]:
    return reports_in(settings.PROGRAMME)


def report_form(code: str) -> ReportForm | None:
    return next((one for one in report_forms() if one.code == code), None)


def measure(code: str) -> Measure | None:
    return next((one for one in measures() if one.code == code), None)


def limit_of(code: str) -> Decimal:
    """The number that a measure's definition rests on."""
    found = measure(code)
    if found is None or not found.limit:
        raise ProgrammeError(f"measures/{code}.toml: 'limit' is missing; write limit = …")
    return found.limit


def versions_of(code: str) -> tuple[Measure, ...]:
    """Every definition of what the measure counts, the measure's own first."""
    found = measure(code)
    first = found.version_of or code if found else code
    return tuple(
        sorted((one for one in measures() if first in (one.code, one.version_of)), key=lambda one: one.code != first)
    )


def survey_figures() -> tuple[SurveyFigure, ...]:
    return survey_figures_in(settings.PROGRAMME)


def own_figures() -> tuple[OwnFigure, ...]:
    return own_figures_in(settings.PROGRAMME)


def table_of(folder: Path, name: str, required: tuple[str, ...]) -> list[dict[str, str]]:
    """Rows of a CSV file of the programme; a missing column is named."""
    path = folder / name
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            missing = [column for column in required if column not in (reader.fieldnames or ())]
            if missing:
                raise ProgrammeError(
                    f"{path}: the column '{missing[0]}' is missing; the header needs {', '.join(required)}"
                )
            return list(reader)
    except FileNotFoundError as error:
        raise ProgrammeError(
            f"{path}: the file is missing; restore it or point KLYNGEFORUM_PROGRAMME at a whole folder"
        ) from error
