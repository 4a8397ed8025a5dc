"""One organisation's published account as a paper for everybody: what its web edition tells, and nothing that is held back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from django.utils.timezone import localdate
from django.utils.translation import gettext, override

from klyngeforum.ground.programme.queries import measures
from klyngeforum.ground.programme.terms import Measure
from klyngeforum.results.accounts.own_sheet import OwnRow
from klyngeforum.results.accounts.queries import Account
from klyngeforum.results.accounts.surveyed import Surveyed
from klyngeforum.web.components.editions import edition_said
from klyngeforum.web.components.numbers import day, grouped, share

from .rows import by_year, not_told, said_rows, told
from .setting import pdf


class Told(Protocol):
    """A figure as the web edition shows it."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def value(self) -> Decimal | None: ...
    @property
    def before(self) -> Decimal | None: ...
    @property
    def held_back(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Edition:
    """What the web edition tells: figures in their order, the years of the lead figures by code, own figures, and what the companies say."""

    name: str
    account: Account
    figures: Sequence[Told]
    years: Mapping[str, Mapping[int, Decimal]]
    own: Sequence[OwnRow]
    said: Sequence[Surveyed]


def _change(one: Told) -> str:
    return "–" if not one.before or one.value is None else share((one.value - one.before) / one.before)


def _figure(one: Told, known: Mapping[str, Measure]) -> list[str]:
    value = told(None if one.held_back else one.value)
    mark = gettext("placeholder") if one.code in known and known[one.code].placeholder else ""
    return [one.name, value, grouped(one.before), _change(one), one.unit, mark]


def _own(one: OwnRow, language: str) -> list[str]:
    value = gettext("not stated") if one.value is None else grouped(one.value)
    name, unit = one.figure.name.say(language), one.figure.unit.say(language)
    return [name, gettext("not told") if one.held_back else value, unit, gettext("placeholder") if one.figure.placeholder else ""]  # fmt: skip


def content(one: Edition, language: str) -> dict[str, object]:
    """The words and numbers of the paper, in the reader's language."""
    account, known = one.account, {entry.code: entry for entry in measures()}
    lead = [row for row in one.figures if row.code in one.years and row.value is not None]
    approved = gettext("Approved on %(day)s. Outcomes in companies are as stated by the cluster organisation.")
    return {
        "language": language, "page": gettext("page"), "provisional": "", "checks": [], "comment": "",
        "title": gettext("Performance account of %(name)s, %(edition)s") % {"name": one.name, "edition": edition_said(account.year, account.edition)},
        "signed": [approved % {"day": day(localdate(account.approved_at))}] if account.approved_at else [],
        "lead": [[grouped(row.value), row.name] for row in lead],
        "words": {
            "figures": gettext("The figures"), "own": gettext("What the organisation did"), "series": gettext("Year by year"),
            "said": gettext("According to the companies"), "how": gettext("How the figures are counted"),
            "note": not_told(),
        },
        "columns": {
            "figures": [gettext("Figure"), str(account.year), str(account.year - 1), gettext("Change"), gettext("Unit"), gettext("Remark")],
            "own": [gettext("Figure"), str(account.year), gettext("Unit"), gettext("Remark")],
            "said": [gettext("Figure"), gettext("Value"), gettext("Unit"), gettext("Response rate"), gettext("Remark")],
            "definitions": [gettext("Figure"), gettext("Code and version"), gettext("What is counted"), gettext("Source")],
        },
        "figures": [_figure(row, known) for row in one.figures], "own": [_own(row, language) for row in one.own],
        "said": said_rows(one.said, language),
        "series": [
            by_year(row.name, {year: int(value) for year, value in one.years[row.code].items()}, chosen=account.year, language=language) for row in lead
        ],
        "definitions": [
            [row.name, f"{row.code} {known[row.code].version}", known[row.code].numerator.say(language), known[row.code].sourced(language)]
            for row in one.figures if row.code in known
        ],
        "digest": gettext("Fingerprint of the figures: %(digest)s") % {"digest": account.digest},
    }  # fmt: skip


def public_account(one: Edition, language: str) -> bytes:
    """PDF/UA-1."""
    with override(language):
        return pdf("public_account.typ", content(one, language))
