"""distance: how far an organisation is from a label, and the cheapest path there, at a terminal."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

from django.utils import timezone

from klyngeforum.quality.assessments import distance as distances
from klyngeforum.quality.assessments import queries
from klyngeforum.quality.assessments.queries import Assessment
from klyngeforum.quality.assessments.terms import FINAL
from klyngeforum.quality.indicators.path import Improvement, Path
from klyngeforum.quality.indicators.path import path as cheapest
from klyngeforum.quality.indicators.queries import versions
from klyngeforum.quality.indicators.rules import line
from klyngeforum.quality.indicators.terms import Explained
from klyngeforum.quality.labels.queries import assessors_of
from klyngeforum.quality.labels.queries import of_cluster as labels_of
from klyngeforum.registers.clusters.queries import Cluster, cluster, clusters

from .printing import Row, show
from .stopping import Options, Stop


def _cluster(text: str) -> Cluster:
    """By its address, or by its name or a part of it that only one has."""
    found = cluster(text)
    if found is not None:
        return found
    fitting = list(clusters().filter(name__icontains=text)[:6])
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        raise Stop(f"no cluster organisation is called {text!r}; klyngeforum find {text!r} looks further")
    raise Stop(f"{text!r} fits several: {', '.join(one.slug for one in fitting)}; name one of them")


def _assessment(one: Cluster, on: date) -> Assessment:
    scored = {version.scheme for version in versions() if version.labels}
    rows = queries.assessments(seen_by=None, on=on).filter(cluster=one, as_of__lte=on, scheme__in=scored)
    found = rows.filter(state__in=FINAL).first() or rows.first()
    if found is None:
        raise Stop(f"{one.name} has no assessment yet; the cluster office begins one under Quality")
    return found


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


def distance(options: Options) -> int:
    """0 when the label is met, 1 when it is not or that is undetermined."""
    on = options["on"] if isinstance(options["on"], date) else timezone.localdate()
    language = str(options["language"])
    organisation = _cluster(str(options["cluster"]))
    one = _assessment(organisation, on)
    version = queries.version_of(one)
    label = version.label(str(options["label"]))
    if label is None:
        known = ", ".join(known.code for known in version.labels)
        raise Stop(
            f"version {version.version} of {version.scheme} has no label {options['label']!r}; there are: {known}"
        )
    held = frozenset(row.label for row in labels_of(organisation.pk) if row.valid_from <= on <= row.valid_to)
    asked = distances.situation(one, seen_by=None, on=on, labels=held, assessors=assessors_of(one))
    found = distances.distance(version, label, asked)
    whole = {
        "cluster": organisation.slug, "label": label.code, "scheme": version.scheme, "version": version.version, "checksum": version.checksum,
        "assessment": one.kind, "as_of": one.as_of.isoformat(), "state": one.state, "on": on.isoformat(), "truth": found.explained.truth.value,
        "placeholder": found.explained.placeholder, "points": _number(found.points.least), "most": _number(found.points.most),
        "maximum": _number(found.points.maximum), "share": _number(distances.certain_share(found.points)), "unknown": list(found.points.unknown),
        "explanation": _node(found.explained, language), "path": _path(cheapest(version, label, asked), language),
    }  # fmt: skip
    if options["format"] == "json":
        print(json.dumps(whole, ensure_ascii=False, indent=1))
    else:
        show(_rows(found.explained, language), "table")
    return 0 if found.explained.truth.value == "yes" else 1


def _rows(one: Explained, language: str, depth: int = 0) -> list[Row]:
    """The tree as indented lines."""
    here: Row = {
        "truth": one.truth.value,
        "what": "  " * depth + line(one, language=language),
        "placeholder": one.placeholder,
    }
    return [here, *(row for part in one.parts for row in _rows(part, language, depth + 1))]
