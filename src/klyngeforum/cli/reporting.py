"""reports: how far every funder's report of a year is filled from the records."""

from __future__ import annotations

from django.utils import timezone

from klyngeforum.results.reports.queries import Due, due_in, tally_now, years

from .printing import Row, show
from .stopping import Options, Stop


def _row(one: Due, language: str) -> Row:
    tally = one.tally or tally_now(one.cluster, one.form, one.year)
    return {
        "cluster": one.cluster.slug, "report": one.form.code, "name": one.form.name.say(language), "version": one.form.version, "year": one.year,
        "due_on": one.due_on, "state": one.state, "edition": one.handed_in.edition if one.handed_in else None, "fields": tally.fields,
        "from_records": tally.records, "typed": tally.typed, "empty": tally.empty, "share": round(tally.share, 3) if tally.share is not None else None,
    }  # fmt: skip


def reports(options: Options) -> int:
    """0 with a row for each report that somebody owes a funder for the year."""
    year = int(str(options["year"]))
    if year not in years():
        raise Stop(f"no round of {year} was opened")
    show([_row(one, str(options["language"])) for one in due_in(year, on=timezone.localdate())], str(options["format"]))
    return 0
