"""distance: how far an organisation is from a label, and the cheapest path there, at a terminal."""

from __future__ import annotations

import json
from datetime import date

from django.utils import timezone

from klyngeforum.quality.assessments import queries
from klyngeforum.quality.assessments.queries import Assessment
from klyngeforum.quality.indicators.rules import line
from klyngeforum.quality.indicators.terms import Explained
from klyngeforum.quality.labels.telling import newest_scored, told
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
    found = newest_scored(one, seen_by=None, on=on)
    if found is None:
        raise Stop(f"{one.name} has no assessment yet; the cluster office begins one under Quality")
    return found


def distance(options: Options) -> int:
    """0 when the label is met, 1 when it is not or that is undetermined."""
    on = options["on"] if isinstance(options["on"], date) else timezone.localdate()
    language = str(options["language"])
    organisation = _cluster(str(options["cluster"]))
    one = _assessment(organisation, on)
    label = queries.version_of(one).label(str(options["label"]))
    if label is None:
        version = queries.version_of(one)
        known = ", ".join(known.code for known in version.labels)
        raise Stop(
            f"version {version.version} of {version.scheme} has no label {options['label']!r}; there are: {known}"
        )
    found, whole = told(one, label, seen_by=None, on=on, language=language)
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
