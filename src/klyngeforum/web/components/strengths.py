"""Strength positions as screens, files and the terminal say them: names, quotients drawn in their row, refusals in whole sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import log2

from django.utils.translation import get_language, gettext

from klyngeforum.ground.industries.queries import titles_by_code
from klyngeforum.ground.places.queries import by_code, names_of
from klyngeforum.results.strengths.definitions import Definition, StarRule, star_rules
from klyngeforum.results.strengths.queries import RegionalTable, names_in, tables
from klyngeforum.results.strengths.serving import kind_of
from klyngeforum.results.strengths.terms import FieldStanding, NameKind, StarsSaid

from .numbers import grouped, share

LOWEST, HIGHEST = -2.0, 3.0  # the drawing reaches from a quarter to eight times the nation's share
WIDTH, EDGE = 200.0, 6.0
_MOST_MARKS = 12


def _language() -> str:
    return get_language() or "da"


def table_asked(number: str) -> RegionalTable | None:
    """The table of that number; otherwise the newest of the country's own regions, else the newest."""
    every = list(tables())
    if number.isascii() and number.isdigit():
        found = next((one for one in every if one.number == int(number[:9])), None)
        if found is not None:
            return found
    own = [one for one in every if one.country == "DK"]
    return min(own or every, key=lambda one: (-one.last_year, one.regions, -one.number), default=None)


def region_names(table: RegionalTable) -> dict[str, str]:
    """Code -> name of every region of the table, in the reader's language where the house knows the area."""
    found = {code: name or code for code, name in names_in(table.pk, NameKind.REGION).items()}
    kind = kind_of(table)
    if kind is not None:
        ids = {pk: code for code, pk in by_code(kind).items() if code in found}
        found |= {ids[pk]: name for pk, name in names_of(ids, _language()).items()}
    return found


def industry_names(table: RegionalTable) -> dict[str, str]:
    """Code -> "28 Machinery" of every industry of the table."""
    known = titles_by_code(table.classification, _language())
    own = names_in(table.pk, NameKind.INDUSTRY)
    return {code: f"{code} {known.get(code) or name}".strip() for code, name in own.items()}


def field_names(table: RegionalTable, definition: Definition | None) -> dict[str, str]:
    """Names of the fields of a grouping, with the industries' own beside them."""
    found = industry_names(table)
    if definition is not None:
        found |= {one.code: one.name.say(_language()) for one in definition.categories}
    return found


def quotient_said(one: FieldStanding) -> str:
    """2,4 (1,9–3,0)."""
    if one.quotient is None:
        return gettext("too few") if one.small else gettext("held back") if one.held else "–"
    middle = grouped(one.quotient, 1)
    return middle if one.low is None or one.high is None else f"{middle} ({grouped(one.low, 1)}–{grouped(one.high, 1)})"


def signed(value: float | None) -> str:
    """+1.234, −56."""
    if value is None:
        return "–"
    whole = round(value)
    return f"{'+' if whole > 0 else '−' if whole < 0 else ''}{grouped(abs(whole))}"


def _x(value: float) -> float:
    at = log2(value) if value > 0 else LOWEST
    inside = min(max(at, LOWEST), HIGHEST)
    return round(EDGE + (inside - LOWEST) / (HIGHEST - LOWEST) * (WIDTH - 2 * EDGE), 1)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A quotient in its row: from where to where the interval reaches, where it stands, where the nation's share lies."""

    low: float
    middle: float
    high: float
    nation: float


def drawn(one: FieldStanding) -> Drawn | None:
    if one.quotient is None:
        return None
    return Drawn(_x(one.low or one.quotient), _x(one.quotient), _x(one.high or one.quotient), _x(1.0))


def refusal_said(rule: StarRule, said: StarsSaid, regions: int) -> str:
    """Why a rule set gives no marks here; nothing where it gives them."""
    if said.refused == "metric":
        return gettext("No stars: the rule set asks for %(metric)s, which the table does not hold.") % {
            "metric": gettext("productivity") if said.metric == "productivity" else said.metric
        }
    if said.refused != "regions":
        return ""
    values = {"n": grouped(regions), "least": grouped(rule.least_regions)}
    shares = [one.share for one in rule.criteria if one.share is not None]
    what = gettext("No stars over %(n)s regions: the rule set asks for at least %(least)s.") if rule.mark == "star" else gettext("No marks over %(n)s regions: the rule set asks for at least %(least)s.")  # fmt: skip
    if shares:
        part = grouped(min(shares) * regions, 1)
        why = gettext("The top %(share)s of %(n)s regions is %(part)s region.") % {**values, "share": share(min(shares)), "part": part}  # fmt: skip
    else:
        why = gettext("Thresholds set for the regions of Europe do not carry over to so few.")
    return f"{what % values} {why}"


@dataclass(frozen=True, slots=True)
class RuleSaid:
    """A version of the star method: its name, and its marks by field or why it refuses."""

    name: str
    version: str
    source: str
    provenance: str
    placeholder: bool
    refused: str
    stars: bool
    marks: list[tuple[str, int]]

    @property
    def first(self) -> list[tuple[str, int]]:
        """The most marked; a table of a thousand industries marks hundreds."""
        return self.marks[:_MOST_MARKS]

    @property
    def more(self) -> int:
        return max(len(self.marks) - _MOST_MARKS, 0)


def rules_said(stars: tuple[StarsSaid, ...], names: Mapping[str, str], regions: int) -> list[RuleSaid]:
    by_code_ = {one.rule: one for one in stars}
    found = []
    for rule in star_rules():
        said = by_code_[rule.code]
        marks = sorted(((names.get(code, code), n) for code, n in said.marks.items()), key=lambda one: (-one[1], one[0]))  # fmt: skip
        found.append(
            RuleSaid(
                rule.name.say(_language()), rule.version, rule.sourced(_language()), gettext(rule.provenance.label), rule.placeholder,
                refusal_said(rule, said, regions), rule.mark == "star", marks,
            )
        )  # fmt: skip
    return found


def day_of(table: RegionalTable) -> date:
    """The day by whose marks and register a table is read: the last of its newest year."""
    return date(table.last_year, 12, 31)
