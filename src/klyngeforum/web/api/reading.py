"""The API: what is public, as JSON with a description for programs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.http import HttpRequest
from django.utils import timezone
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError

from klyngeforum.ground.programme.queries import measures as measures_of
from klyngeforum.ground.programme.queries import own_figures
from klyngeforum.ground.programme.queries import survey_figures as survey_figures_of
from klyngeforum.registers.clusters.queries import Cluster, names, register_rows
from klyngeforum.registers.clusters.queries import cluster as cluster_of
from klyngeforum.registers.clusters.terms import COUNTED_KINDS
from klyngeforum.results.accounts.nation import Slice, rests_on_placeholders
from klyngeforum.results.accounts.opening import open_nation, open_organisations
from klyngeforum.results.accounts.queries import published_years
from klyngeforum.results.accounts.rules import COUNTINGS
from klyngeforum.results.accounts.telling import told_nation
from klyngeforum.web.components.slices import slice_rows
from klyngeforum.web.public.overview import overview
from klyngeforum.web.serving import me

from .excellence import own, public
from .records import router
from .writing import router as writing

api = NinjaAPI(
    title="Klyngeforum", version="1", description="Public figures and cluster organisations; records are read and sent with a person's key. All values carry their definition version.",
    docs_url=None, urls_namespace="api",
)  # fmt: skip
api.add_router("", public)
api.add_router("/records", router)
api.add_router("/records", own)
api.add_router("/records", writing)
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


class StaffOut(Schema):
    year: int
    full_time: Decimal


class SeatOut(Schema):
    person_name: str
    body: str
    chair: bool
    since: date
    until: date | None


class GroupOut(Schema):
    name: str
    since: date
    until: date | None


class LineageOut(Schema):
    predecessor: str
    successor: str
    kind: str
    on: date


class RegisteredOut(Schema):
    """Everything that the register says of one organisation."""

    slug: str
    name: str
    number: str
    kind: str
    level: str
    counts: bool
    place: str
    host: str
    founded_on: date | None
    closed_on: date | None
    purpose_da: str
    purpose_en: str
    website: str
    themes: list[str]
    industries: list[str]
    staff_years: list[StaffOut]
    board: list[SeatOut]
    interest_groups: list[GroupOut]
    lineage: list[LineageOut]


class RegisterPage(Schema):
    total: int
    offset: int
    clusters: list[RegisteredOut]


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
    denominator: str
    direction: str
    reviewer: str
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
    overlap: int | None
    provisional: bool
    placeholder: bool
    held_back: bool
    accounts: int
    digest: str


class SliceOut(Schema):
    measure: str
    by: str
    name: str
    year: int
    participations: int | None
    distinct: int | None
    overlap: int | None
    held_back: bool
    placeholder: bool


class SurveyFigureOut(Schema):
    """What the companies say: ``value`` is weighted to all companies; no number is told without its response rate."""

    measure: str
    definition_version: str
    scope: str
    year: int
    value: Decimal | None
    unweighted: Decimal | None
    unit: str
    companies: int | None
    answered: int | None
    response_rate: Decimal | None
    placeholder: bool
    held_back: bool


@api.get("/clusters", response=ClusterPage)
def clusters(request: HttpRequest, offset: int = 0, limit: int = 100) -> dict[str, object]:
    """Cluster organisations by name, at most 500 at a time."""
    _window(offset, limit)
    rows = overview()
    shown = [
        {**{key: getattr(row, key) for key in ClusterOut.model_fields if key != "themes"}, "themes": list(row.themes)}
        for row in rows[offset : offset + limit]
    ]
    return {"total": len(rows), "offset": offset, "clusters": shown}


def _registered(one: Cluster) -> dict[str, object]:
    links = [*one.predecessors.all(), *one.successors.all()]
    return {
        **{key: getattr(one, key) for key in ("slug", "name", "kind", "level", "founded_on", "closed_on", "purpose_da", "purpose_en", "website")},
        "number": "" if one.body.protected else one.body.number, "counts": one.kind in COUNTED_KINDS, "place": one.place.name_da if one.place else "",
        "host": one.host.name if one.host else "", "themes": [theme.code for theme in one.themes.all()],
        "industries": [f"{row.version} {row.code}" for row in one.industries.all()],
        "staff_years": [{"year": row.year, "full_time": row.full_time} for row in one.staff_years.all()],
        "board": [
            {"person_name": row.person_name, "body": row.body.name if row.body else "", "chair": row.chair, "since": row.since, "until": row.until}
            for row in one.board.all()
        ],
        "interest_groups": [{"name": row.name, "since": row.since, "until": row.until} for row in one.interest_groups.all()],
        "lineage": [{"predecessor": row.predecessor.slug, "successor": row.successor.slug, "kind": row.kind, "on": row.on} for row in links],
    }  # fmt: skip


def _window(offset: int, limit: int) -> None:
    if not 0 <= offset <= 2**31 or not 0 < limit <= MOST:
        raise HttpError(422, f"offset must not be negative and limit lie between 1 and {MOST}")


@api.get("/register", response=RegisterPage)
def register(request: HttpRequest, offset: int = 0, limit: int = 100) -> dict[str, object]:
    """The whole register, closed organisations, platforms and SPIR centres included (``counts`` tells them apart)."""
    _window(offset, limit)
    rows = register_rows()
    return {"total": rows.count(), "offset": offset, "clusters": [_registered(one) for one in rows[offset : offset + limit]]}  # fmt: skip


@api.get("/clusters/{slug}/register", response=RegisteredOut)
def registered(request: HttpRequest, slug: str) -> dict[str, object]:
    """Staff years, board, interest groups, days and lineage of one organisation."""
    one = register_rows().filter(slug=slug).first()
    if one is None:
        raise HttpError(404, "no cluster organisation is called so")
    return _registered(one)


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
            "denominator": one.denominator, "direction": one.direction, "reviewer": one.reviewer,
            "source": one.source, "provenance": one.provenance.value,
        }
        for one in measures_of()
    ]  # fmt: skip


def _published(year: int) -> None:
    if year not in published_years():
        raise HttpError(
            404, f"no account of {year} is approved; years: {', '.join(map(str, published_years())) or 'none'}"
        )


@api.get("/figures/{year}/{measure}", response=list[SliceOut])
def slices(request: HttpRequest, year: int, measure: str, by: str = "region", language: str = "da") -> list[dict[str, object]]:  # fmt: skip
    """One figure split by region or degree of urbanisation as of the year, size, industry, kind of organisation or cluster; small numbers are held back as in open data."""
    _published(year)
    if measure not in COUNTINGS or COUNTINGS[measure].sums or by not in Slice.values():
        raise HttpError(404, f"there is no such figure or split; splits: {', '.join(Slice.values())}")
    waits = rests_on_placeholders(year, Slice(by))
    rows = slice_rows(year, measure, Slice(by), language, seen_by=me(request), on=timezone.localdate())
    return [
        {
            "measure": measure, "by": by, "name": name, "year": year, "participations": n, "distinct": distinct,
            "overlap": None if n is None or distinct is None else n - distinct, "held_back": distinct is None,
            "placeholder": waits,
        }
        for name, _, n, distinct in rows
    ]  # fmt: skip


@api.get("/figures/{year}", response=list[FigureOut])
def figures(request: HttpRequest, year: int) -> list[dict[str, object]]:
    """The nation's figures of a year, counted over approved accounts; small numbers are held back as in open data."""
    _published(year)
    return [
        {
            "measure": one.measure, "definition_version": one.version, "scope": one.scope.code, "year": one.year, "value": one.value,
            "unit": one.unit, "participations": one.participations, "distinct": one.distinct, "overlap": one.overlap, "provisional": one.provisional,
            "placeholder": one.placeholder, "held_back": one.held_back, "accounts": one.sources, "digest": one.digest,
        }
        for one in told_nation(year, seen_by=me(request), on=timezone.localdate())
    ]  # fmt: skip


class EffortOut(Schema):
    """What the organisations did and had: the country, then each organisation; ``value`` is empty where nothing was stated or it is held back."""

    figure: str
    definition_version: str
    scope: str
    year: int
    value: Decimal | None
    unit: str
    organisations_counted: int
    accounts_approved: int
    provisional: bool
    held_back: bool


@api.get("/efforts/{year}", response=list[EffortOut])
def efforts(request: HttpRequest, year: int) -> list[dict[str, object]]:
    """Activities by kind, international activities, groups, staff, regions and units of knowledge institutions, as accounts hold them."""
    _published(year)
    units = {one.code: one.unit.da for one in own_figures()}
    rows = [one for one in (*open_nation(), *open_organisations()) if one.year == year and one.measure in units]
    slugs = names(one.cluster for one in rows if one.cluster)
    return [
        {
            "figure": one.measure, "definition_version": one.version, "scope": slugs[one.cluster][0] if one.cluster else "DK", "year": year,
            "value": one.value, "unit": units[one.measure], "organisations_counted": one.counted, "accounts_approved": one.approved,
            "provisional": one.provisional, "held_back": one.held_back,
        }
        for one in rows
    ]  # fmt: skip


@api.get("/survey-figures/{year}", response=list[SurveyFigureOut])
def survey_figures(request: HttpRequest, year: int) -> list[dict[str, object]]:
    """Figures of the year that rest on the published survey among the companies: the country, then each organisation."""
    _published(year)
    keys = (
        "measure",
        "year",
        "value",
        "unweighted",
        "companies",
        "answered",
        "response_rate",
        "placeholder",
        "held_back",
    )
    units = {one.code: one.unit.da for one in survey_figures_of()}
    rows = [one for one in (*open_nation(), *open_organisations()) if one.year == year and one.measure in units]
    slugs = names(one.cluster for one in rows if one.cluster)
    return [
        {
            **{key: getattr(one, key) for key in keys}, "definition_version": one.version, "unit": units[one.measure],
            "scope": slugs[one.cluster][0] if one.cluster else "DK",
        }
        for one in rows
    ]  # fmt: skip
