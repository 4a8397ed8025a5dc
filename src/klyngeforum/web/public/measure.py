"""Behind one national figure: definition, years, slices, organisations, and for those with the right the bodies themselves."""

from __future__ import annotations

from decimal import Decimal

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext

from klyngeforum.ground.access.queries import may
from klyngeforum.ground.figure import Figure
from klyngeforum.ground.programme.queries import measure as measure_of
from klyngeforum.ground.programme.queries import targets
from klyngeforum.results.accounts.nation import Slice, national, national_series
from klyngeforum.results.accounts.queries import published_years, unfinished_years
from klyngeforum.results.accounts.rules import COUNTINGS
from klyngeforum.web.components.columns import columns_of
from klyngeforum.web.components.downloads import FORMATS, download
from klyngeforum.web.components.slices import slice_rows
from klyngeforum.web.serving import me, serves


def _series(code: str) -> dict[int, int]:
    return {year: distinct for year, (_, distinct) in national_series(code).items()} if not COUNTINGS[code].sums else {}


def _goal(code: str) -> Decimal | None:
    return next((target.goal for target in targets() if target.measure == code and target.goal), None)


@serves("results.see")
def measure(request: HttpRequest, code: str, year: int) -> HttpResponse:
    language = get_language() or "da"
    found = measure_of(code)
    if found is None or code not in COUNTINGS or year not in published_years():
        raise Http404
    by = Slice(request.GET["opdel"]) if request.GET.get("opdel") in Slice.values() else Slice.REGION
    figure: Figure = next(one for one in national(year) if one.measure == code)
    rows = slice_rows(year, code, by, language) if not COUNTINGS[code].sums else []
    wanted = request.GET.get("hent", "")
    if wanted in FORMATS:
        header = (gettext(by.label), gettext("Participations"), gettext("Counted once"))
        return download([header, *((name, n, d) for name, _, n, d in rows)], name=f"{code}-{year}-{by}", fmt=wanted)
    series = _series(code)
    context = {
        "measure": found, "name": found.name.say(language), "unit": found.unit.say(language),
        "definition": found.numerator.say(language), "figure": figure, "year": year, "years": published_years(),
        "by": by, "slices": list(Slice), "rows": rows, "exports": list(FORMATS.items()), "series": sorted(series.items()),
        "chart": columns_of(series, label=found.name.say(language), chosen=year, goal=_goal(code), unfinished=unfinished_years()) if series else None,
        "may_open": may(me(request), "figures.open_records", on=timezone.localdate()),
    }  # fmt: skip
    return render(request, "public/measure.html", context)
