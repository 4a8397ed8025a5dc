"""The finder: a need in plain words, a place, an industry; ranked organisations with the reason for each."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from klyngeforum.ground.bodies.queries import Body, by_number, one_body
from klyngeforum.ground.bodies.terms import Scheme
from klyngeforum.ground.industries.queries import by_code, industries
from klyngeforum.ground.places.queries import areas, named
from klyngeforum.ground.places.terms import AreaKind
from klyngeforum.registers.clusters.queries import Cluster
from klyngeforum.results.landscape.queries import Found, find_clusters
from klyngeforum.web.components.places import place_said
from klyngeforum.web.serving import serves

from .overview import ClusterRow, overview

EXAMPLES = (_("offshore wind turbines"), _("digital health"), _("sustainable packaging"), _("robots in production"))
_SYSTEM, _LEVEL, _DIVISIONS = "DB07", 2, 2


@dataclass(frozen=True, slots=True)
class Hit:
    """One organisation of the answer: what fits, how strongly against the best, and who to call."""

    row: ClusterRow
    cluster: Cluster
    found: Found
    strength: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for; a company known by its number fills in what was left empty."""

    need: str
    place: str
    industry: str
    number: str
    company: Body | None

    @property
    def anything(self) -> bool:
        return bool(self.need or self.place or self.industry or self.company)


def asked_of(request: HttpRequest) -> Asked:
    need, place = request.GET.get("behov", "").strip()[:300], request.GET.get("sted", "").strip()[:80]
    industry, number = request.GET.get("branche", "").strip()[:6], request.GET.get("cvr", "").strip()[:20]
    company = by_number(Scheme.CVR, number) if number else None
    if company is not None:
        known = one_body(company.pk) or company
        place = place or place_said(known.place)
        industry = industry or (known.industry.code[:_DIVISIONS] if known.industry else "")
    return Asked(need, place, industry, number, company)


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
    asked = asked_of(request)
    hits, understood = hits_for(asked.need, asked.place, asked.industry) if asked.anything else ([], True)
    context = {
        "need": asked.need, "place": asked.place, "industry": asked.industry, "number": asked.number, "company": asked.company,
        "asked": asked.anything, "hits": hits, "understood": understood,
        "examples": EXAMPLES, "municipalities": areas(AreaKind.MUNICIPALITY, on=timezone.localdate()),
        "industries": industries(_SYSTEM, _LEVEL),
    }  # fmt: skip
    return render(request, "public/find.html", context)
