"""Economy at a glance: months secured, income by source, grants and how far they are used, hours that wait for evidence; and each figure opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext

from klyngeforum.ground.programme.queries import funding_scheme, money_figures
from klyngeforum.records.economy import queries
from klyngeforum.records.economy.queries import Grant, Used
from klyngeforum.records.economy.rules import payer_of
from klyngeforum.records.economy.terms import Standing
from klyngeforum.registers.clusters.queries import Cluster
from klyngeforum.web.components.figures import Bullet, FigureTile
from klyngeforum.web.components.money import amount_said, figure, funder_words, scheme_words
from klyngeforum.web.components.numbers import day, grouped, kroner
from klyngeforum.web.serving import me, serves

from .desk import own_cluster

_LEAD = ("income_total", "private_share", "cofinancing", "hours_waiting")
_PAYER = {"income_private": "private", "income_public": "public", "income_region": "region", "income_eu": "eu"}
_MOST_ROWS = 500


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A grant on the page: what it gave so far, and the co-financing against what is demanded."""

    grant: Grant
    scheme: str
    funder: str
    used: Used
    running: bool

    @property
    def received(self) -> Bullet:
        return Bullet(gettext("Received"), self.used.received, self.grant.amount, "", "")

    @property
    def cofinanced(self) -> Bullet | None:
        if not self.grant.own_share:
            return None
        return Bullet(gettext("Co-financing"), self.used.cofinancing, self.grant.own_share, "", "")


def grant_rows(rows: list[Grant], on: date) -> list[GrantRow]:
    used, schemes, funders = queries.used(rows), scheme_words(), funder_words()
    return [
        GrantRow(one, schemes.get(one.scheme, one.scheme), funders.get(one.scheme, ""), used[one.pk], one.closed_on is None and one.starts_on <= on <= one.ends_on)
        for one in rows
    ]  # fmt: skip


def year_of(request: HttpRequest, cluster: Cluster) -> tuple[int, list[int]]:
    """The year asked for, among those that hold anything; else the newest."""
    years = queries.years_of(cluster.pk)
    wanted = request.GET.get("aar", "")
    newest = years[0] if years else timezone.localdate().year
    return (int(wanted) if wanted in map(str, years) else newest), years


def _tiles(cluster: Cluster, year: int) -> list[FigureTile]:
    language, values = get_language() or "da", queries.figures_of(cluster.pk, year)
    found = []
    for one in money_figures():
        if one.code in _LEAD:
            shown, href = amount_said(values[one.code], one.unit.da), reverse("money_figure", args=[one.code, year])
            found.append(FigureTile(one.name.say(language), shown, one.unit.say(language), f"{cluster.name}, {year}", "", href))  # fmt: skip
    return found


@serves("economy.edit")
def economy(request: HttpRequest) -> HttpResponse:
    cluster, today = own_cluster(request), timezone.localdate()
    year, years = year_of(request, cluster)
    sources = queries.by_source(cluster.pk, year)
    last = date(year, 12, 31)
    on = min(today, last)
    months = queries.secured(cluster.pk, on=on)
    context = {
        "cluster": cluster, "year": year, "years": years, "tiles": _tiles(cluster, year), "sources": sources,
        "cash": sum(row.cash for row in sources), "hours": sum(row.hours for row in sources), "budget": sum(row.budget for row in sources),
        "total": sum(row.total for row in sources), "months": months, "on": on,
        "grants": grant_rows(list(queries.grants(seen_by=me(request), on=today).filter(cluster=cluster)), on),
        "waiting": list(queries.waiting_parts(cluster.pk, year)[:5]), "overproved": list(queries.overproved_parts(cluster.pk, year)), "waiting_count": queries.waiting_parts(cluster.pk, year).count(),
    }  # fmt: skip
    return render(request, "cluster_office/economy.html", context)


Behind = tuple[str, str, str, str, str]  # what, detail, day, amount, where it opens


def _income_behind(request: HttpRequest, cluster: Cluster, code: str, year: int) -> list[Behind]:
    rows = queries.incomes(seen_by=me(request), on=timezone.localdate()).filter(cluster=cluster, year=year, standing=Standing.RECEIVED)  # fmt: skip
    if code in _PAYER:
        rows = rows.filter(payer=_PAYER[code])
    found = []
    for row in rows[:_MOST_ROWS]:
        scheme = funding_scheme(row.grant.scheme) if row.grant else None
        if code in ("cofinancing", "cofinancing_cash") and (scheme is None or scheme.pays == row.payer):
            continue
        what = row.note or (row.grant.title if row.grant else gettext("Income"))
        found.append((what, gettext(row.get_payer_display()), day(row.on) if row.on else str(row.year), kroner(row.amount), reverse("income", args=[row.pk])))  # fmt: skip
    return found


def _hours_behind(request: HttpRequest, cluster: Cluster, code: str, year: int) -> list[Behind]:
    rows = queries.hour_entries(seen_by=me(request), on=timezone.localdate()).filter(cluster=cluster, since__year=year)
    if code in ("cofinancing", "cofinancing_hours"):
        rows = queries.hours_that_are(rows, "claimed")
    else:
        rows = rows.filter(evidence="") if code == "hours_waiting" else rows.exclude(evidence="")
    money = code.startswith("cofinancing")
    found = []
    for row in rows[:_MOST_ROWS]:
        grant, worth = row.claimed_by, row.worth  # type: ignore[attr-defined]
        detail, amount = grant or gettext(payer_of(row.body.kind).label), kroner(worth if money else row.hours)
        found.append((row.body.name, detail, day(row.since), amount, reverse("hours_entry", args=[row.pk])))
    if code == "hours_waiting":
        for part in queries.waiting_parts(cluster.pk, year)[:_MOST_ROWS]:
            found.append((part.body.name, part.activity.title, day(part.activity.starts_on), kroner(part.left), reverse("activity", args=[part.activity_id])))  # type: ignore[attr-defined]  # fmt: skip
    return found


@serves("economy.edit")
def money_figure(request: HttpRequest, code: str, year: int) -> HttpResponse:
    cluster, one = own_cluster(request), figure(code)
    if one is None or not 2000 <= year <= 2100:
        raise Http404
    language = get_language() or "da"
    rows: list[Behind] = []
    if code.startswith(("income", "private", "cofinancing")) and code != "cofinancing_hours":
        rows += _income_behind(request, cluster, code, year)
    if code.startswith("hours") or code in ("cofinancing", "cofinancing_hours"):
        rows += _hours_behind(request, cluster, code, year)
    value: Decimal | None = queries.figures_of(cluster.pk, year)[code]
    context = {
        "cluster": cluster, "year": year, "one": one, "name": one.name.say(language), "unit": one.unit.say(language), "counted": one.counted.say(language),
        "source": one.sourced(language), "shown": amount_said(value, one.unit.da), "rows": rows, "most": grouped(_MOST_ROWS) if len(rows) >= _MOST_ROWS else "",
    }  # fmt: skip
    return render(request, "cluster_office/money_figure.html", context)
