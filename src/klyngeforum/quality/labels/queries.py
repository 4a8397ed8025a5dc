"""Who holds which label on a day."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from klyngeforum.ground.keeping import kept
from klyngeforum.ground.programme.queries import labels

from .models import LabelRecord


def held(*, on: date) -> QuerySet[LabelRecord]:
    """Labels that are valid on the day."""
    return LabelRecord.objects.select_related("cluster").filter(valid_from__lte=on, valid_to__gte=on)


def best_of(*, on: date) -> dict[int, str]:
    """Cluster id -> the highest label that it holds on the day."""
    rank = {label.code: label.rank for label in labels()}
    best: dict[int, str] = {}
    columns = ("cluster_id", "label", "valid_from", "valid_to")
    rows = kept("label records", lambda: list(LabelRecord.objects.values_list(*columns)), of=frozenset({"label"}))
    for cluster_id, code in ((row[0], row[1]) for row in rows if row[2] <= on <= row[3]):
        if cluster_id not in best or rank.get(code, 99) < rank.get(best[cluster_id], 99):
            best[cluster_id] = code
    return best


def holders(label: str, *, on: date) -> set[int]:
    """Organisations whose highest label it is: "further" Silver are those without Gold."""
    return {cluster_id for cluster_id, code in best_of(on=on).items() if code == label}


def of_cluster(cluster_id: int) -> QuerySet[LabelRecord]:
    return LabelRecord.objects.filter(cluster_id=cluster_id).order_by("-valid_from")
