"""labels, leagues: who holds which label and plays in which league on a day, with what the rules say."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from klyngeforum.quality.labels.queries import best_of, held
from klyngeforum.steering.leagues.queries import proposals

from .printing import Row, show
from .stopping import Options


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
