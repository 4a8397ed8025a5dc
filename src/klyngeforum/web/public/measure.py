"""Behind one national figure: definition, years, slices, organisations, and for those with the right the bodies themselves."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext

from klyngeforum.ground.access.queries import Person, may
from klyngeforum.ground.figure import Figure
from klyngeforum.ground.programme.queries import measure as measure_of
from klyngeforum.ground.programme.queries import small_cells, targets
from klyngeforum.results.accounts.nation import Slice, rests_on_placeholders
from klyngeforum.results.accounts.queries import published_years, unfinished_years
from klyngeforum.results.accounts.rules import COUNTINGS
from klyngeforum.results.accounts.telling import told_nation, told_series
from klyngeforum.web.components.columns import columns_of
from klyngeforum.web.components.downloads import FORMATS, download
from klyngeforum.web.components.numbers import share
from klyngeforum.web.components.slices import slice_rows
from klyngeforum.web.serving import me, serves


def _series(code: str, person: Person, today: date) -> dict[int, int]:
    if COUNTINGS[code].sums:
        return {}
    return {year: distinct for year, (_, distinct) in told_series(code, seen_by=person, on=today).items()}


def _goal(code: str) -> Decimal | None:
    return next((target.goal for target in targets() if target.measure == code and target.goal), None)


@serves("results.see")
def measure(request: HttpRequest, code: str, year: int) -> HttpResponse:
    language, person, today = get_language() or "da", me(request), timezone.localdate()
    found = measure_of(code)
    if found is None or code not in COUNTINGS or year not in published_years():
        raise Http404
    by = Slice(request.GET["opdel"]) if request.GET.get("opdel") in Slice.values() else Slice.REGION
    nation = told_nation(year, seen_by=person, on=today)
    figure: Figure = next(one for one in nation if one.measure == code)
    split = slice_rows(year, code, by, language, seen_by=person, on=today) if not COUNTINGS[code].sums else []
    rows = [(*row, None if row[2] is None or row[3] is None else row[2] - row[3]) for row in split]
    wanted = request.GET.get("hent", "")
    if wanted in FORMATS:
        header = (gettext(by.label), gettext("Participations"), gettext("Counted once"), gettext("More than once"))
        return download(
            [header, *((name, n, d, more) for name, _, n, d, more in rows)], name=f"{code}-{year}-{by}", fmt=wanted
        )
    series = _series(code, person, today)
    whole = next((one for one in nation if one.measure == found.denominator), None)
    context = {
        "whole": measure_of(found.denominator).name.say(language) if whole else "",  # type: ignore[union-attr]
        "part": share(figure.value / whole.value) if whole and whole.value and figure.value is not None else "",
        "measure": found, "name": found.name.say(language), "unit": found.unit.say(language),
        "definition": found.numerator.say(language), "source": found.sourced(language), "figure": figure, "year": year, "years": published_years(),
        "by": by, "slices": list(Slice), "rows": rows, "least": small_cells().least, "waits": rests_on_placeholders(year, by), "not_told": any(row[3] is None for row in rows), "exports": list(FORMATS.items()), "series": sorted(series.items()),
        "chart": columns_of(series, label=found.name.say(language), chosen=year, goal=_goal(code), unfinished=unfinished_years()) if series else None,
        "may_open": may(person, "figures.open_records", on=today),
    }  # fmt: skip
    return render(request, "public/measure.html", context)
