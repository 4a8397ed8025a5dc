"""The page of one cluster organisation: who it is for, whom to call, what it achieves, where it stands."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext

from klyngeforum.ground.access.queries import may
from klyngeforum.ground.keeping import reads_only
from klyngeforum.ground.programme.queries import measure, small_cells
from klyngeforum.quality.labels.queries import of_cluster
from klyngeforum.records.activities.queries import latest_of
from klyngeforum.registers.clusters.queries import Cluster, lineage, own
from klyngeforum.registers.clusters.queries import cluster as cluster_of
from klyngeforum.registers.memberships.queries import makeup
from klyngeforum.registers.memberships.rules import told_makeup
from klyngeforum.results.accounts.nation import Slice
from klyngeforum.results.accounts.own_sheet import own_told
from klyngeforum.results.accounts.queries import booked_version, own_years, series
from klyngeforum.results.accounts.surveyed import of_one
from klyngeforum.results.accounts.telling import back_of, own_organisations, sees_all
from klyngeforum.results.landscape.standing import day_shown, standing_of
from klyngeforum.steering.leagues.queries import history, resting
from klyngeforum.web.components.figures import FigureTile
from klyngeforum.web.components.landscape import InLandscape, in_landscape
from klyngeforum.web.components.numbers import grouped
from klyngeforum.web.components.surveyed import scope_said, survey_tiles
from klyngeforum.web.serving import me, serves

from .overview import label_words, league_words, theme_words

SHOWN = ("participating_companies", "starting_companies", "outcome_3", "knowledge_institutions")


def tiles(one: Cluster, *, all_told: bool) -> list[FigureTile]:
    """What the organisation has achieved by its newest approved account, with the years before as a trend; small numbers are not told to everybody."""
    language = get_language() or "da"
    booked = series(one.pk)
    found = []
    for code in SHOWN:
        years, entry = booked.get(code, {}), measure(code)
        if not years or entry is None:
            continue
        last, back = max(years), set() if all_told else back_of(code, one.pk, years)
        trend = tuple(float(years[year]) for year in sorted(years) if year not in back)
        href = f"{reverse('measure', args=[code, last])}?opdel={Slice.CLUSTER}"
        said, unit = entry.name.say(language), entry.unit.say(language)
        shown = gettext("not told") if last in back else grouped(years[last])
        found.append(
            FigureTile(
                said,
                shown,
                "" if last in back else unit,
                scope_said(one.name, last, booked_version(one.pk, code, last)),
                "",
                href,
                trend,
            )
        )
    return found


def landscape_day(one: Cluster, today: date) -> date:
    """The day on which the organisation is read: of one that has closed its last."""
    shown = day_shown(today)
    return min(shown, one.closed_on - timedelta(days=1)) if one.closed_on else shown


def _landscape(one: Cluster, today: date, *, all_told: bool) -> InLandscape:
    day = landscape_day(one, today)
    return in_landscape(standing_of(one.pk, day), day, all_told=all_told)


@serves("clusters.see")
def cluster(request: HttpRequest, slug: str) -> HttpResponse:
    one, today = cluster_of(slug), timezone.localdate()
    if one is None:
        raise Http404
    reads_only(own(one.pk))
    language = get_language() or "da"
    day = min(today, one.closed_on) if one.closed_on else today
    words, label_said = league_words(), label_words()
    placements = [(row, words.get(row.league, row.league)) for row in history(one.pk)]
    guessed = resting(on=today)
    labels = [
        (row, label_said.get(row.label, row.label), row.valid_from <= today <= row.valid_to)
        for row in of_cluster(one.pk)
        if row.valid_from <= today
    ]
    purpose = (one.purpose_en if language == "en" and one.purpose_en else one.purpose_da) or one.purpose_en
    years = own_years(one.pk)
    said = next((found for year in years if (found := of_one(one.pk, year))), [])
    all_told = sees_all(me(request), today) or one.pk in own_organisations(me(request), today)
    members_told = all_told or bool(may(me(request), "memberships.see", one, on=today))
    counts = makeup(one.pk, day)
    context = {
        "one": one, "said": survey_tiles(said, one.name, language), "purpose": purpose, "falls_back": language == "en" and not one.purpose_en and bool(one.purpose_da),
        "themes": [theme_words().get(theme.code, theme.name_da) for theme in one.themes.all()], "makeup": dict(counts) if members_told else told_makeup(counts, int(small_cells().least)),
        "placements": placements, "league": next(((row.league, said, row.pk in guessed) for row, said in placements if row.until is None), None),
        "labels": labels, "lineage": lineage(one.pk), "tiles": tiles(one, all_told=all_told), "recent": latest_of(one.pk, until=date.max)[:8],
        "staff": one.staff_years.all()[:1], "account_years": years, "own_year": years[0] if years else 0,
        "own": [(row, row.figure.name.say(language), row.figure.unit.say(language)) for row in (own_told(one.pk, years[0], seen_by=me(request), on=today) if years else [])],
        "landscape": _landscape(one, today, all_told=members_told),
    }  # fmt: skip
    return render(request, "public/cluster.html", context)
