"""The read-only API: what is public, as JSON with a description for programs."""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpRequest
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError

from klyngeforum.ground.programme.queries import measures as measures_of
from klyngeforum.registers.clusters.queries import cluster as cluster_of
from klyngeforum.results.accounts.nation import national
from klyngeforum.results.accounts.queries import published_years
from klyngeforum.web.public.overview import overview

api = NinjaAPI(
    title="Klyngeforum", version="1", description="Public figures and cluster organisations, read-only. All values carry their definition version.",
    docs_url=None, urls_namespace="api",
)  # fmt: skip
MOST = 500


class ClusterOut(Schema):
    slug: str
    name: str
    kind: str
    level: str
    place: str
    region: str
    themes: list[str]
    league: str
    label: str
    members: int


class ClusterPage(Schema):
    total: int
    offset: int
    clusters: list[ClusterOut]


class MeasureOut(Schema):
    code: str
    version: str
    chapter: str
    name_da: str
    name_en: str
    unit_da: str
    unit_en: str
    definition_da: str
    definition_en: str
    source: str
    provenance: str


class FigureOut(Schema):
    measure: str
    definition_version: str
    scope: str
    year: int
    value: Decimal | None
    unit: str
    participations: int | None
    distinct: int | None
    provisional: bool
    placeholder: bool
    accounts: int
    digest: str


@api.get("/clusters", response=ClusterPage)
def clusters(request: HttpRequest, offset: int = 0, limit: int = 100) -> dict[str, object]:
    """Cluster organisations by name, at most 500 at a time."""
    if offset < 0 or not 0 < limit <= MOST:
        raise HttpError(422, f"offset must not be negative and limit lie between 1 and {MOST}")
    rows = overview()
    shown = [
        {**{key: getattr(row, key) for key in ClusterOut.model_fields if key != "themes"}, "themes": list(row.themes)}
        for row in rows[offset : offset + limit]
    ]
    return {"total": len(rows), "offset": offset, "clusters": shown}


@api.get("/clusters/{slug}", response=ClusterOut)
def one_cluster(request: HttpRequest, slug: str) -> dict[str, object]:
    row = next((row for row in overview() if row.slug == slug), None)
    if row is None or cluster_of(slug) is None:
        raise HttpError(404, "no cluster organisation is called so")
    return {
        **{key: getattr(row, key) for key in ClusterOut.model_fields if key != "themes"},
        "themes": list(row.themes),
    }


@api.get("/measures", response=list[MeasureOut])
def measures(request: HttpRequest) -> list[dict[str, object]]:
    """Every measure with definition, version, source and provenance."""
    return [
        {
            "code": one.code, "version": one.version, "chapter": one.chapter, "name_da": one.name.da, "name_en": one.name.en,
            "unit_da": one.unit.da, "unit_en": one.unit.en, "definition_da": one.numerator.da, "definition_en": one.numerator.en,
            "source": one.source, "provenance": one.provenance.value,
        }
        for one in measures_of()
    ]  # fmt: skip


@api.get("/figures/{year}", response=list[FigureOut])
def figures(request: HttpRequest, year: int) -> list[dict[str, object]]:
    """The nation's figures of a year, counted over approved accounts."""
    if year not in published_years():
        raise HttpError(
            404, f"no account of {year} is approved; years: {', '.join(map(str, published_years())) or 'none'}"
        )
    return [
        {
            "measure": one.measure, "definition_version": one.version, "scope": one.scope.code, "year": one.year, "value": one.value,
            "unit": one.unit, "participations": one.participations, "distinct": one.distinct, "provisional": one.provisional,
            "placeholder": one.placeholder, "accounts": one.sources, "digest": one.digest,
        }
        for one in national(year)
    ]  # fmt: skip
