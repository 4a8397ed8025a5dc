"""The finder: a need in plain words, a place, an industry; ranked organisations with the reason for each."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from klyngeforum.ground.industries.queries import by_code, industries
from klyngeforum.ground.places.queries import areas, named
from klyngeforum.ground.places.terms import AreaKind
from klyngeforum.registers.clusters.queries import Cluster
from klyngeforum.results.landscape.queries import Found, find_clusters
from klyngeforum.web.serving import serves

from .overview import ClusterRow, overview

EXAMPLES = ("vindmøller offshore", "digital sundhed", "bæredygtig emballage", "robotter i produktionen")
_SYSTEM, _DIVISIONS = "DB07", 2


@dataclass(frozen=True, slots=True)
class Hit:
    """One organisation of the answer: what fits, how strongly against the best, and who to call."""

    row: ClusterRow
    cluster: Cluster
    found: Found
    strength: int


def hits_for(need: str, place: str, industry: str) -> tuple[list[Hit], bool]:
    """The ranked answer, and whether the place was understood."""
    today = timezone.localdate()
    area = named(place, on=today) if place else None
    trade = by_code(_SYSTEM, industry) if industry else None
    rows = {row.pk: row for row in overview(today)}
    found = find_clusters(need, on=today, place=area, industry=trade)
    best = found[0].score if found else 1
    hits = [
        Hit(rows[one.cluster.pk], one.cluster, one, max(5, round(one.score / best * 100)))
        for one in found
        if one.cluster.pk in rows
    ]
    return hits, bool(area) or not place


@serves("landscape.see")
def find(request: HttpRequest) -> HttpResponseBase:
    need, place = request.GET.get("behov", "").strip()[:300], request.GET.get("sted", "").strip()[:80]
    industry = request.GET.get("branche", "").strip()[:6]
    asked = bool(need or place or industry)
    hits, understood = hits_for(need, place, industry) if asked else ([], True)
    context = {
        "need": need, "place": place, "industry": industry, "asked": asked, "hits": hits, "understood": understood,
        "examples": EXAMPLES, "municipalities": areas(AreaKind.MUNICIPALITY, on=timezone.localdate()),
        "industries": industries(_SYSTEM, _DIVISIONS),
    }  # fmt: skip
    return render(request, "public/find.html", context)
