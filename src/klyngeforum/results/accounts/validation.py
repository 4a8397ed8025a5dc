"""What is checked before an account is handed in: errors stop it, warnings want a comment, notes inform. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from klyngeforum.ground.words import Term, mark

from .rules import LineValues, counted
from .terms import CountsAs

JUMP = Decimal("0.30")
_JUMPING = ("participating_companies", "starting_companies", "outcome_3", "dedicated_companies")
_SMALL = 10


class Severity(Term):
    ERROR = "error", mark("Error")
    WARNING = "warning", mark("Warning")
    NOTE = "note", mark("Note")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: about which measure, in marked words, and how many lines or by how much."""

    severity: Severity
    measure: str
    reason: str
    values: dict[str, object] = field(default_factory=dict)


def _nothing(lines: Sequence[LineValues]) -> list[Finding]:
    if lines:
        return []
    return [
        Finding(
            Severity.WARNING, "", mark("Nothing is recorded for the year. If nothing happened, say so in the comment.")
        )
    ]


def _unverified(lines: Sequence[LineValues]) -> list[Finding]:
    count = sum(line.counts_as == CountsAs.UNVERIFIED for line in lines)
    why = mark("%(count)s participants have no registration number and count in no target. Find their CVR numbers.")
    return [Finding(Severity.NOTE, "unverified_bodies", why, {"count": count})] if count else []


def _outcome_without_part(lines: Sequence[LineValues]) -> list[Finding]:
    count = sum(line.step > 0 and not line.participated for line in lines)
    why = mark(
        "%(count)s companies have an outcome but took part in nothing in the year. Record what they took part in, or say why."
    )
    return [Finding(Severity.WARNING, "outcome_1", why, {"count": count})] if count else []


def _ceased(lines: Sequence[LineValues], ceased: frozenset[int]) -> list[Finding]:
    count = sum(line.body in ceased for line in lines)
    why = mark("%(count)s participants had ceased before the year began. Check their numbers.")
    return [Finding(Severity.WARNING, "participating_companies", why, {"count": count})] if count else []


def _jumps(lines: Sequence[LineValues], last_year: dict[str, Decimal]) -> list[Finding]:
    findings = []
    for measure in _JUMPING:
        now, before = counted(lines, measure).distinct, last_year.get(measure)
        if before and before >= _SMALL and abs(now - before) / before > JUMP:
            change = round((now - before) / before * 100)
            why = mark(
                "%(now)s against %(before)s last year (%(change)s per cent). Say in the comment what explains it."
            )
            values = {"now": now, "before": before, "change": f"{change:+d}"}
            findings.append(Finding(Severity.WARNING, measure, why, values))
    return findings


def findings(
    lines: Sequence[LineValues], *, last_year: dict[str, Decimal], ceased: frozenset[int] = frozenset()
) -> list[Finding]:
    """Every finding, errors first."""
    found = [
        *_nothing(lines),
        *_jumps(lines, last_year),
        *_outcome_without_part(lines),
        *_ceased(lines, ceased),
        *_unverified(lines),
    ]
    order = list(Severity)
    return sorted(found, key=lambda finding: order.index(finding.severity))


def needs_comment(found: Sequence[Finding]) -> bool:
    return any(finding.severity is Severity.WARNING for finding in found)
