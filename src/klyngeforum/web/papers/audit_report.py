"""The report of an audit on paper: agreed scores, what the label asks for, comparison, improvement areas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext, override

from klyngeforum.ground.access.queries import Actor
from klyngeforum.quality.assessments import queries
from klyngeforum.quality.assessments.distance import Distance, certain_share, distance, situation
from klyngeforum.quality.assessments.queries import Assessment
from klyngeforum.quality.assessments.terms import AssessmentState, Given, Seat
from klyngeforum.quality.indicators.terms import Indicator, Label, Version
from klyngeforum.quality.labels.queries import Case, areas, assessors_of, of_cluster
from klyngeforum.quality.labels.terms import CaseState
from klyngeforum.web.components.numbers import day, grouped, share
from klyngeforum.web.components.standing import Node, tree

from .setting import pdf

_IN = (CaseState.REPORTED, CaseState.AWARDED, CaseState.DECLINED)
Levels = Mapping[str, Given]


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything that the report is set from, read once."""

    case: Case
    audit: Assessment
    version: Version
    label: Label
    language: str
    agreed: Levels
    own: Levels
    before: Assessment | None
    earlier: Levels
    found: Distance
    made: date


def open_to(case: Case, seen_by: Actor) -> bool:
    """The organisation and the secretariat once the report is in; the experts themselves as soon as they have agreed."""
    if case.audit is None or case.audit.state != AssessmentState.AGREED:
        return False
    return case.state in _IN or seen_by is None or queries.seat_of(case.audit, seen_by) is not None


def _read(case: Case, audit: Assessment, seen_by: Actor, language: str, at: datetime) -> Sources | None:
    version = queries.version_of(audit)
    label = version.label(case.label)
    if label is None:
        return None
    before = queries.last_audit(case.cluster_id, audit.scheme, before=audit) or case.own.previous
    seat = Seat.AGREED if before is not None and before.state == AssessmentState.AGREED else Seat.OWN
    held = frozenset(row.label for row in of_cluster(case.cluster_id) if row.valid_from <= audit.as_of <= row.valid_to)
    asked = situation(audit, seen_by=seen_by, on=audit.as_of, labels=held, assessors=assessors_of(audit))
    return Sources(
        case, audit, version, label, language, queries.given(audit, seat=Seat.AGREED, seen_by=seen_by), queries.given(case.own, seen_by=None),
        before, queries.given(before, seat=seat, seen_by=None) if before else {}, distance(version, label, asked), localdate(at),
    )  # fmt: skip


def _level(what: Indicator, given: Given | None) -> str:
    if given is None or given.answered_on is None:
        return "–"
    return f"{given.level} / {what.top}" if given.level is not None else gettext(given.state.label)


def _minimum(what: Indicator) -> str:
    if not what.minimum.known:
        return "?"
    return "–" if what.minimum.level is None else str(what.minimum.level)


def _groups(read: Sources) -> list[dict[str, object]]:
    """Each group: its points, and each indicator with the agreed level, the self-evaluation and last time."""
    rows: list[dict[str, object]] = []
    for group, points in read.found.groups:
        part = certain_share(points)
        rows.append({
            "title": f"{group.code} {group.name.say(read.language)}",
            "points": gettext("%(points)s of %(maximum)s points (%(share)s)") % {"points": grouped(points.least), "maximum": grouped(points.maximum), "share": share(part or 0)},
            "rows": [
                [f"{what.code} {what.name.say(read.language)}", _level(what, read.agreed.get(what.code)), _minimum(what), _level(what, read.own.get(what.code)), _level(what, read.earlier.get(what.code))]
                for what in read.version.of_group(group.code)
            ],
            "why": [[f"{what.code} {what.name.say(read.language)}", read.agreed[what.code].justification] for what in read.version.of_group(group.code) if what.code in read.agreed and read.agreed[what.code].justification],
        })  # fmt: skip
    return rows


def _lines(node: Node, depth: int = 0) -> Iterator[dict[str, object]]:
    yield {
        "depth": depth,
        "sign": node.truth,
        "truth": node.truth_said,
        "words": node.words,
        "placeholder": node.placeholder,
    }
    for part in node.parts:
        yield from _lines(part, depth + 1)


def _areas(read: Sources) -> list[dict[str, str]]:
    found = []
    for area in areas(read.case.pk):
        what = read.version.indicator(area.indicator)
        name = f"{area.indicator} {what.name.say(read.language)}" if what else area.indicator
        found.append({"title": name, "finding": area.finding, "recommendation": area.recommendation})
    return found


def _facts(read: Sources) -> list[list[str]]:
    experts = ", ".join(chair.person.name for chair in queries.chairs(read.audit))  # type: ignore[attr-defined]
    part = certain_share(read.found.points)
    points = gettext("%(points)s of %(maximum)s points (%(share)s)") % {
        "points": grouped(read.found.points.least), "maximum": grouped(read.found.points.maximum), "share": share(part or 0),
    }  # fmt: skip
    return [
        [gettext("Cluster organisation"), read.case.cluster.name], [gettext("Label applied for"), read.label.name.say(read.language)],
        [gettext("Scheme"), read.version.name.say(read.language)], [gettext("As of"), day(read.audit.as_of)], [gettext("Experts"), experts],
        [gettext("Points agreed"), points], [gettext("What the label's rules say"), gettext(read.found.explained.truth.label)],
        [gettext("State of the case"), gettext(CaseState(read.case.state).label)],
    ]  # fmt: skip


def _content(read: Sources) -> dict[str, object]:
    before = f"{gettext(read.before.get_kind_display())} {day(read.before.as_of)}" if read.before else ""
    rests = read.found.explained.placeholder or any(what.placeholder("levels") for what in read.version.indicators)
    return {
        "language": read.language, "title": gettext("Audit report: %(name)s") % {"name": read.case.cluster.name},
        "made": gettext("Drawn up on %(made)s") % {"made": day(read.made)}, "page": gettext("page"), "facts": _facts(read),
        "placeholder": gettext("Level texts, points and minimum values of this scheme are placeholders until the official ones are taken in. Everything here rests on them and says so.") if rests else "",
        "placeholder_word": gettext("placeholder"), "preview": "" if read.case.state in _IN else gettext("Draft: the report has not been handed in."),
        "words": {
            "facts": gettext("The audit"), "areas": gettext("Improvement areas"), "finding": gettext("What was found"), "recommendation": gettext("What is recommended"),
            "rules": gettext("What the label asks for"), "scores": gettext("The agreed scores"), "why": gettext("Why"), "no_areas": gettext("No improvement area is written."),
            "compared": gettext("Compared with the organisation's self-evaluation of %(day)s.") % {"day": day(read.case.own.as_of)} + (" " + gettext("Last time: %(what)s.") % {"what": before} if before else ""),
        },
        "columns": [gettext("Indicator"), gettext("Agreed score"), gettext("Minimum"), gettext("Self-evaluation"), gettext("Last time")],
        "areas": _areas(read), "rules": list(_lines(tree(read.found.explained, read.language))), "groups": _groups(read),
    }  # fmt: skip


def audit_report(case: Case, *, seen_by: Actor, language: str, at: datetime) -> bytes | None:
    """The paper as PDF/UA-1; None while the reader may not see the agreed scores. That the reader may see the case is asked before."""
    if not open_to(case, seen_by) or case.audit is None:
        return None
    with override(language):
        read = _read(case, case.audit, seen_by, language, at)
        return pdf("audit_report.typ", _content(read)) if read else None
