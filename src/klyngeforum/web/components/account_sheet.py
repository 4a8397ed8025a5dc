"""An account as both desks see it: rows in chapters, findings in words, messages, editions."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language, gettext

from klyngeforum.ground.programme.queries import measures
from klyngeforum.results.accounts.queries import Account, editions, messages, sheet

_ORDER = ("effort", "result", "resource")


def shown(account: Account) -> dict[str, Any]:
    """Context of the component ``account_sheet.html``."""
    language, one = get_language() or "da", sheet(account)
    entries = {measure.code: measure for measure in measures()}
    rows = sorted(
        ((entries[row.measure], entries[row.measure].name.say(language), entries[row.measure].unit.say(language), row) for row in one.rows if row.measure in entries),
        key=lambda entry: _ORDER.index(entry[0].chapter),
    )  # fmt: skip
    findings = [
        (
            finding.severity.value,
            gettext(finding.reason) % finding.values if finding.values else gettext(finding.reason),
        )
        for finding in one.findings
    ]
    words = [
        (message, entries[message.measure].name.say(language) if message.measure in entries else "")
        for message in messages(account)
    ]
    return {
        "account": account, "sheet": one, "rows": rows, "findings": findings, "account_messages": words,
        "editions": list(editions(account)), "warnings": any(kind == "warning" for kind, _ in findings),
    }  # fmt: skip
