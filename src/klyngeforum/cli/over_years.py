"""series: one measure over the years, as published or beside what is known now."""

from __future__ import annotations

from django.utils.translation import override

from klyngeforum.ground.programme.queries import measure, measures
from klyngeforum.registers.clusters.queries import cluster
from klyngeforum.results.accounts.rules import COUNTINGS
from klyngeforum.results.accounts.series import Reading, series_of
from klyngeforum.web.public.series import series_rows

from .printing import Row, show
from .stopping import Options, Stop


def series(options: Options) -> int:
    """0 with a row for each year that has an approved account; 1 when there is none."""
    code, slug = str(options["measure"]), options["cluster"]
    if measure(code) is None or code not in COUNTINGS:
        raise Stop(f"no measure is called {code!r}; there are: {', '.join(one.code for one in measures())}")
    one = cluster(str(slug)) if slug else None
    if slug and one is None:
        raise Stop(f"there is no cluster organisation {slug!r}; klyngeforum find NAME shows what it is called")
    reading = Reading.OWN if options["own"] else Reading.LINE
    found = series_of(code, one.pk if one else None, reading=reading, known=options["reading"] == "known")
    language = str(options["language"])
    with override(language):
        header, *lines = series_rows(found, code, one.slug if one else "DK", language)
    rows: list[Row] = [dict(zip(map(str, header), line, strict=True)) for line in lines]
    show(rows, str(options["format"]))
    return 0 if rows else 1
