"""What is looked at in an account: errors stop it, warnings want a comment, notes inform. The checks are the programme's data. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import log1p
from statistics import fmean, median

from klyngeforum.ground.programme.terms import Check
from klyngeforum.ground.words import Term, mark

from .rules import LineValues
from .terms import CountsAs


class Severity(Term):
    ERROR = "error", mark("Error")
    WARNING = "warning", mark("Warning")
    NOTE = "note", mark("Note")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: about which measure, in marked words, and how many lines or by how much."""

    check: str
    severity: Severity
    measure: str
    reason: str
    values: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Looked:
    """What the checks look at in one account: its lines' number, its figures, last year's, odd lines by kind, and what comparable
    organisations counted in the same year (measure -> one value each, the organisation's own not among them)."""

    lines: int
    values: Mapping[str, Decimal]
    last_year: Mapping[str, Decimal] = field(default_factory=dict)
    odd: Mapping[str, int] = field(default_factory=dict)
    peers: Mapping[str, Sequence[Decimal]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Background:
    """What registers say: which bodies ceased before and during the year, which look like another one here, which industries are public."""

    ceased_before: frozenset[int] = frozenset()
    ceased_during: frozenset[int] = frozenset()
    alike: frozenset[int] = frozenset()
    public_industries: frozenset[int] = frozenset()


def odd_lines(lines: Iterable[LineValues], known: Background) -> dict[str, int]:
    """Odd kind -> how many lines are so (``programme/checks.toml`` names the kinds)."""
    found = dict.fromkeys(ODD_WORDS, 0)
    for line in lines:
        found["unverified"] += line.counts_as == CountsAs.UNVERIFIED
        found["outcome_without_part"] += line.step > 0 and not line.participated
        found["ceased_before"] += line.body in known.ceased_before
        found["ceased_during"] += line.body in known.ceased_during
        found["public_as_company"] += line.counts_as == CountsAs.COMPANY and line.industry_id in known.public_industries
        found["alike"] += line.body in known.alike
    return found


ODD_WORDS = {
    "unverified": mark("Without a registration number, counted in no target: %(count)s. Find their CVR numbers."),
    "outcome_without_part": mark(
        "With an outcome, but without having taken part in anything in the year: %(count)s. Record what they took part in, or say why."
    ),
    "ceased_before": mark("Ceased before the year began: %(count)s. Check their numbers."),
    "ceased_during": mark("Ceased in the course of the year: %(count)s. They count in it, and not in the next."),
    "public_as_company": mark("In public administration by their industry, but counted as companies: %(count)s. Ask the secretariat to mend what they are."),
    "alike": mark("Look like somebody else on the list: %(count)s. Ask the secretariat whether they are the same."),
}  # fmt: skip


def _nothing(check: Check, looked: Looked) -> list[Finding]:
    why = mark("Nothing is recorded for the year. If nothing happened, say so of each section.")
    return [] if looked.lines else [Finding(check.code, Severity(check.severity), "", why)]


def _part(check: Check, looked: Looked) -> list[Finding]:
    whole, found = looked.values.get(check.whole, Decimal(0)), []
    for measure in check.measures:
        part = looked.values.get(measure, Decimal(0))
        if part > whole:
            why = mark("%(part)s of %(whole)s: a part cannot exceed the whole. Look at the records behind both.")
            found.append(Finding(check.code, Severity(check.severity), measure, why, {"part": part, "whole": whole}))
    return found


def _jump(check: Check, looked: Looked) -> list[Finding]:
    found = []
    for measure in check.measures:
        now, before = looked.values.get(measure, Decimal(0)), looked.last_year.get(measure)
        if before and before >= check.least and abs(now - before) / before > check.share:
            change = round((now - before) / before * 100)
            why = mark("%(now)s against %(before)s last year (%(change)s per cent). Say what explains it.")
            values = {"now": now, "before": before, "change": f"{change:+d}".replace("-", "−")}
            found.append(Finding(check.code, Severity(check.severity), measure, why, values))
    return found


def _lines(check: Check, looked: Looked) -> list[Finding]:
    count = looked.odd.get(check.odd, 0)
    measure = check.measures[0]
    return (
        [Finding(check.code, Severity(check.severity), measure, ODD_WORDS[check.odd], {"count": count})]
        if count
        else []
    )


def score(value: Decimal, peers: Sequence[Decimal]) -> float | None:
    """The modified z-score on logarithms: 0.6745 (x - median) / median absolute deviation; where half of the peers are equal, by the mean
    deviation instead (Iglewicz and Hoaglin 1993). None where all peers are equal: then nothing says what is far."""
    logs = [log1p(float(one)) for one in peers]
    middle = median(logs)
    away = log1p(float(value)) - middle
    spread = median(abs(one - middle) for one in logs) / 0.6745
    spread = spread or fmean(abs(one - middle) for one in logs) * 1.253314
    return away / spread if spread else None


def _outlier(check: Check, looked: Looked) -> list[Finding]:
    found = []
    for measure in check.measures:
        peers, value = looked.peers.get(measure, ()), looked.values.get(measure)
        if value is None or len(peers) < max(check.peers, 1):
            continue
        far = score(value, peers)
        if far is not None and abs(far) > check.score:
            why = mark(
                "%(value)s, where half of the %(peers)s comparable organisations have %(middle)s or more. Is it counted alike?"
            )
            values: dict[str, object] = {"value": value, "peers": len(peers), "middle": median(peers)}
            found.append(Finding(check.code, Severity(check.severity), measure, why, values))
    return found


KINDS: dict[str, Callable[[Check, Looked], list[Finding]]] = {
    "nothing": _nothing, "part": _part, "jump": _jump, "lines": _lines, "outlier": _outlier,
}  # fmt: skip


def findings(checks: Iterable[Check], looked: Looked) -> list[Finding]:
    """Every finding, errors first, otherwise in the order of the checks; an account without lines is only said to be empty."""
    found = [finding for check in checks for finding in KINDS[check.kind](check, looked)]
    if not looked.lines:
        found = [finding for finding in found if not finding.measure or finding.severity is Severity.WARNING]
    order = list(Severity)
    return sorted(found, key=lambda finding: order.index(finding.severity))


def needs_comment(found: Sequence[Finding]) -> bool:
    return any(finding.severity is Severity.WARNING for finding in found)


def stops(found: Sequence[Finding]) -> list[Finding]:
    """What must be mended before the account can be handed in."""
    return [finding for finding in found if finding.severity is Severity.ERROR]
