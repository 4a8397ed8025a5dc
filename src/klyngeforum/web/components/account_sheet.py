"""An account as both desks see it: rows in chapters, findings in words, messages, editions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext

from klyngeforum.ground.access.queries import Person, may
from klyngeforum.ground.programme.queries import measures
from klyngeforum.ground.programme.terms import Measure, OwnFigure
from klyngeforum.results.accounts.own_sheet import own_rows
from klyngeforum.results.accounts.queries import Account, editions, latest, messages
from klyngeforum.results.accounts.sheets import sheet
from klyngeforum.results.accounts.terms import About
from klyngeforum.results.accounts.validation import Finding, Severity
from klyngeforum.results.accounts.working import remarks, submissions, warning_key
from klyngeforum.web.components.numbers import grouped
from klyngeforum.web.components.typed import asked_about, typed

_ORDER = ("resource", "effort", "result")


def _unit(measure: Measure | OwnFigure, language: str) -> str:
    """The unit, where the name of the figure does not say it already."""
    name, unit = measure.name.say(language), measure.unit.say(language)
    return "" if unit.casefold() in name.casefold() else unit


def _said(value: object) -> str:
    return grouped(value) if isinstance(value, (int, Decimal)) else str(value)


def finding_said(finding: Finding) -> str:
    """What the check found, in the reader's words and numbers."""
    words = gettext(finding.reason)
    return words % {key: _said(value) for key, value in finding.values.items()} if finding.values else words


def way_back(person: Person, account: Account, *, on: date) -> str:
    """The page of the account at the reader's own desk, from which a figure, a company or a difference was opened; "" for who has none."""
    if may(person, "accounts.approve", account, on=on):
        return reverse("review", args=[account.pk])
    newest = latest(account.cluster_id, account.year)
    if newest == account and may(person, "accounts.prepare", account, on=on):
        return reverse("own_account", args=[account.year])
    return ""


def shown(account: Account) -> dict[str, Any]:
    """Context of the component ``account_sheet.html``."""
    language, one = get_language() or "da", sheet(account)
    entries = {measure.code: measure for measure in measures()}
    rows = sorted(
        ((entries[row.measure], entries[row.measure].name.say(language), _unit(entries[row.measure], language), row) for row in one.rows if row.measure in entries),
        key=lambda entry: _ORDER.index(entry[0].chapter),
    )  # fmt: skip
    said = remarks(account)
    findings = [
        (
            finding.severity.value,
            entries[finding.measure].name.say(language) if finding.measure in entries else "",
            finding_said(finding),
            typed(said, About.WARNING, warning_key(finding)) if finding.severity is Severity.WARNING else None,
        )
        for finding in one.findings
    ]  # fmt: skip
    words = [(message, asked_about(message.measure, message.section)) for message in messages(account)]
    return {
        "account": account, "sheet": one, "rows": rows, "own": [(row, row.figure.name.say(language), _unit(row.figure, language)) for row in own_rows(account)], "findings": findings, "account_messages": words,
        "editions": list(editions(account)), "submissions": submissions(account), "warnings": any(kind == "warning" for kind, *_ in findings),
    }  # fmt: skip
