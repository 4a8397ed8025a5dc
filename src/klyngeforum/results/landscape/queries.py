"""Finding the right cluster organisation for a need in plain words, with the reasons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from klyngeforum.ground.industries.queries import Industry
from klyngeforum.registers.clusters.queries import Cluster, counted
from klyngeforum.registers.memberships.queries import sizes

from .models import FinderMark, FinderWord
from .rules import after, beginnings, closeness, kilometres, nearness, need_words, rarity
from .terms import WordSource

_LEAST_SHARE = 0.12
_NEAR_WEIGHT, _INDUSTRY_WEIGHT = 6.0, 5.0


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an organisation fits: the word asked for, the word it met, and where that stands (or nearness, or industry)."""

    kind: str  # word | near | industry
    asked: str = ""
    met: str = ""
    source: WordSource | None = None
    km: int = 0


@dataclass(slots=True)
class Found:
    """An organisation that fits, its score, its participants, and the reasons, strongest first."""

    cluster: Cluster
    score: float
    members: int
    reasons: list[Reason] = field(default_factory=list)


def _hits(asked: Iterable[str]) -> list[tuple[int, str, str, str, float]]:
    """(cluster, token, source, word, weight) of every indexed word that an asked word may meet."""
    condition = Q()
    for token in asked:
        condition |= Q(token__in=[token, *beginnings(token)])
        if len(token) >= 4:
            condition |= Q(token__gte=token, token__lt=after(token))
    return (
        list(FinderWord.objects.filter(condition).values_list("cluster_id", "token", "source", "word", "weight"))
        if condition
        else []
    )


def _scored(need: str, everyone: int) -> dict[int, list[tuple[float, Reason]]]:
    """Cluster -> for each word asked its best meeting, weighed by closeness, source and rarity."""
    asked = need_words(need)
    hits = _hits(asked)
    holders: dict[str, set[int]] = defaultdict(set)
    for cluster_id, token, *_ in hits:
        holders[token].add(cluster_id)
    best: dict[tuple[int, str], tuple[float, Reason]] = {}
    for cluster_id, token, source, word, weight in hits:
        for want, written in asked.items():
            near = closeness(want, token)
            score = near * weight * rarity(len(holders[token]), everyone)
            if near and score > best.get((cluster_id, want), (0.0, None))[0]:
                best[(cluster_id, want)] = (score, Reason("word", written, word, WordSource(source)))
    scored: dict[int, list[tuple[float, Reason]]] = defaultdict(list)
    for (cluster_id, _), entry in best.items():
        scored[cluster_id].append(entry)
    return scored


def _point(place: object) -> tuple[float, float] | None:
    longitude, latitude = getattr(place, "longitude", None), getattr(place, "latitude", None)
    return (longitude, latitude) if longitude is not None and latitude is not None else None


def indexed_upto() -> int:
    """The act of the trail up to which the finder knows; 0 before it was indexed."""
    return FinderMark.objects.filter(pk=1).values_list("upto", flat=True).first() or 0


def find_clusters(
    need: str, *, on: date, place: object = None, industry: Industry | None = None, limit: int = 20
) -> list[Found]:
    """Organisations that fit the need, best first; place and industry alone also find something."""
    rows = {one.pk: one for one in counted(on=on).prefetch_related("industries")}
    scored, members, here = _scored(need, len(rows)), sizes(on), _point(place)
    found = []
    for pk, one in rows.items():
        parts = list(scored.get(pk, []))
        if industry is not None and any(
            industry.code.startswith(own.code) or own.code.startswith(industry.code) for own in one.industries.all()
        ):
            parts.append((_INDUSTRY_WEIGHT, Reason("industry", met=str(industry))))
        there = _point(one.place)
        if here and there and (parts or not need.strip()):
            km = kilometres(here, there)
            parts.append((_NEAR_WEIGHT * nearness(km), Reason("near", km=round(km))))
        if any(reason.kind != "near" for _, reason in parts) or (parts and not need.strip() and industry is None):
            parts.sort(key=lambda part: -part[0])
            found.append(
                Found(one, sum(score for score, _ in parts), members.get(pk, 0), [reason for _, reason in parts])
            )
    found.sort(key=lambda one: (-one.score, one.cluster.sorted_as))
    floor = found[0].score * _LEAST_SHARE if found else 0
    return [one for one in found if one.score >= floor][:limit]
