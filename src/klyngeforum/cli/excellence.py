"""labels, leagues, rescore: who holds which label and plays in which league on a day, with what the rules say, and what another version would say."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from klyngeforum.quality.indicators.queries import crosswalks
from klyngeforum.quality.indicators.terms import Crosswalk, Explained
from klyngeforum.quality.labels.queries import best_of, held
from klyngeforum.quality.labels.telling import retold
from klyngeforum.registers.clusters.queries import clusters
from klyngeforum.steering.leagues.queries import proposals

from .printing import Row, show
from .stopping import Options, Stop


def _day(options: Options) -> date:
    return options["as_of"] if isinstance(options["as_of"], date) else timezone.localdate()


def labels(options: Options) -> int:
    """Every label that is valid on the day; "counts" is the highest of each organisation, as the targets count."""
    day = _day(options)
    best = best_of(on=day)
    rows: list[Row] = [
        {
            "organisation": one.cluster.name, "slug": one.cluster.slug, "label": one.label, "from": one.valid_from, "to": one.valid_to,
            "issuer": one.issuer, "certificate": one.certificate, "counts": best[one.cluster_id] == one.label,
        }
        for one in held(on=day).order_by("cluster__sorted_as", "label")
    ]  # fmt: skip
    show(rows, str(options["format"]))
    return 0


def leagues(options: Options) -> int:
    """Where every organisation plays on the day, and what the rules would have the forum decide."""
    rows: list[Row] = [
        {
            "organisation": one.name, "slug": one.slug, "league": one.current, "since": one.since, "rules_say": one.proposed,
            "move": one.direction.value, "cannot_be_told": one.judged.highest_open, "expired_label": one.expired_label,
            "placeholder": one.placeholder,
        }
        for one in proposals(on=_day(options))
    ]  # fmt: skip
    show(rows, str(options["format"]))
    return 0


def _walk(version: str) -> Crosswalk:
    found = [one for one in crosswalks() if one.to_version == version]
    if not found:
        known = ", ".join(sorted(one.to_version for one in crosswalks())) or "none"
        raise Stop(f"no crosswalk leads to a version called {version!r}; there are: {known}")
    return found[0]


def _said(one: Explained | None) -> str:
    return one.truth.value if one else "no such label"


def rescore(options: Options) -> int:
    """Every organisation's newest interview or agreed audit, judged by its own version and by the one named; nothing is written."""
    names = {one.pk: one for one in clusters()}
    rows: list[Row] = [
        {
            "organisation": names[pk].name, "slug": names[pk].slug, "label": side.label, "before": _said(side.old), "after": _said(side.new),
            "changed": side.changed, "placeholder": any(one.placeholder for one in (side.old, side.new) if one),
        }
        for pk, side in retold(_walk(str(options["version"])), on=_day(options))
    ]  # fmt: skip
    show([row for row in rows if row["changed"]] if options["changed"] else rows, str(options["format"]))
    return 0
