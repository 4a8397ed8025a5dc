"""How far an organisation is from a label and the cheapest path there, as plain data for programs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from klyngeforum.ground.access.queries import Actor
from klyngeforum.quality.assessments import distance as distances
from klyngeforum.quality.assessments import queries
from klyngeforum.quality.assessments.independent import found_by_others
from klyngeforum.quality.assessments.queries import Assessment
from klyngeforum.quality.assessments.terms import FINAL
from klyngeforum.quality.indicators.crosswalks import SideBySide, rescored
from klyngeforum.quality.indicators.path import Improvement, Path
from klyngeforum.quality.indicators.path import path as cheapest
from klyngeforum.quality.indicators.queries import version as version_named
from klyngeforum.quality.indicators.queries import versions
from klyngeforum.quality.indicators.rules import line
from klyngeforum.quality.indicators.terms import Crosswalk, Explained, Label, Situation
from klyngeforum.registers.clusters.queries import Cluster

from .queries import assessors_of, of_cluster, valid_on


def newest_scored(one: Cluster, *, seen_by: Actor, on: date) -> Assessment | None:
    """The organisation's newest final assessment under a scheme with labels, else the one being filled; None before the first."""
    scored = {version.scheme for version in versions() if version.labels}
    rows = queries.assessments(seen_by=seen_by, on=on).filter(cluster=one, as_of__lte=on, scheme__in=scored)
    return rows.filter(state__in=FINAL).first() or rows.first()


def _number(value: Decimal | None) -> float | int | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else round(float(value), 4)


def _node(one: Explained, language: str) -> dict[str, object]:
    return {
        "truth": one.truth.value, "what": line(one, language=language), "kind": one.kind.value, "key": one.key, "indicator": one.indicator,
        "placeholder": one.placeholder, "parts": [_node(part, language) for part in one.parts],
    }  # fmt: skip


def _improvement(one: Improvement) -> dict[str, object]:
    return {
        "indicator": one.indicator, "from": one.from_level, "to": one.to_level, "points": _number(one.points), "days": one.days,
        "evidence": list(one.evidence), "help": list(one.offers), "placeholders": list(one.placeholders),
    }  # fmt: skip


def _path(way: Path, language: str) -> dict[str, object]:
    return {
        "reachable": way.reachable, "days": way.days, "days_on_placeholders": way.days_on_placeholders, "points_after": _number(way.points_after),
        "improvements": [_improvement(one) for one in way.improvements], "waits": [line(one, language=language) for one in way.waits],
        "unsettled": list(way.unsettled),
    }  # fmt: skip


def told(
    one: Assessment, label: Label, *, seen_by: Actor, on: date, language: str
) -> tuple[distances.Distance, dict[str, object]]:
    """The answer, and the same as data: ``truth`` is yes, no or undetermined, ``placeholder`` whether anything in it rests on one; points are numbers."""
    version = queries.version_of(one)
    held = frozenset(row.label for row in of_cluster(one.cluster_id) if row.valid_from <= on <= row.valid_to)
    asked = distances.situation(one, seen_by=seen_by, on=on, labels=held, assessors=assessors_of(one))
    found = distances.distance(version, label, asked)
    return found, {
        "cluster": one.cluster.slug, "label": label.code, "scheme": version.scheme, "version": version.version, "checksum": version.checksum,
        "assessment": one.kind, "as_of": one.as_of.isoformat(), "state": one.state, "on": on.isoformat(), "truth": found.explained.truth.value,
        "placeholder": found.explained.placeholder, "points": _number(found.points.least), "most": _number(found.points.most),
        "maximum": _number(found.points.maximum), "share": _number(distances.certain_share(found.points)), "unknown": list(found.points.unknown),
        "explanation": _node(found.explained, language), "path": _path(cheapest(version, label, asked), language),
    }  # fmt: skip


def retold(walk: Crosswalk, *, on: date) -> Iterator[tuple[int, SideBySide]]:
    """Every organisation's newest answers found by others, judged by both versions of the crosswalk: (organisation, one label on both sides)."""
    old, new = (version_named(*ends) for ends in ((walk.from_scheme, walk.from_version), (walk.to_scheme, walk.to_version)))  # fmt: skip
    if old is None or new is None:
        return
    held = valid_on(on)
    for pk, found in found_by_others(walk.from_scheme, until=on).items():
        asked = Situation(on, found.answers, benchmarkings=found.benchmarkings, labels=held.get(pk, frozenset()))
        for side in rescored(asked, walk, old, new):
            yield pk, side
