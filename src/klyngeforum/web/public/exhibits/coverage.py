"""Coverage before a meeting: the strong fields that nobody covers or of which too little can be told, and how many take part region by region."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from klyngeforum.ground.access.queries import Actor
from klyngeforum.results.landscape.covered import coverage
from klyngeforum.results.landscape.standing import day_shown
from klyngeforum.steering.meetings.terms import Kind, Part
from klyngeforum.web.components.laying import Rows
from klyngeforum.web.components.numbers import day as day_said
from klyngeforum.web.components.numbers import grouped, share
from klyngeforum.web.public.coverage import MARKS, FieldRow, Fields, fields_on
from klyngeforum.web.public.strengths import table_name

from .shown import Asked, Shown, Tables, day_in, rests, sentences, with_head

_MOST = 100  # of a list that somebody reads in a meeting; the rest is counted


def shown(_keys: Mapping[str, str], asked: Asked, _by: Actor, on: date) -> Shown | None:
    day = day_in(asked, day_shown(on))
    return Shown(
        Kind.COVERAGE, f"{reverse('coverage')}?{urlencode({'dag': day.isoformat()})}", day,
        lambda: gettext("Coverage on %(day)s") % {"day": day_said(day)}, lambda: _tables(fields_on(day, coverage(day), opened=False, see_small=False)),
    )  # fmt: skip


def _part(row: FieldRow) -> str:
    return gettext("not told") if row.share is None else share(row.share)


def _listed(row: FieldRow) -> list[str]:
    read_by = gettext("Employment") if row.employed else gettext("Companies")
    companies = gettext("few") if row.companies is None else grouped(row.companies)
    return [
        f"{row.region}: {row.industry}", row.said, read_by, grouped(row.quotient, 1), companies, _part(row),
        "–" if row.employment is None else grouped(round(row.employment)),
    ]  # fmt: skip


def _tables(found: Fields) -> Tables:
    values = {
        "day": day_said(found.day), "gaps": grouped(found.gaps), "strong": grouped(found.strong), "least": share(found.least),
    }  # fmt: skip
    lead = gettext("On %(day)s, %(gaps)s of %(strong)s strong fields are not covered: less than %(least)s of their companies take part in any organisation.") % values  # fmt: skip
    listed = [row for row in found.rows if row.unmet]
    more = len(listed) - _MOST
    beyond = gettext("The table holds the first %(n)s; %(more)s more stood on the page.") % {"n": grouped(_MOST), "more": grouped(more)} if more > 0 else ""  # fmt: skip
    few = gettext("Numbers of a few, and others from which they could be worked out, are not told, whoever reads the exhibit.")  # fmt: skip
    head = [gettext("Field"), gettext("Read as"), gettext("Read by"), gettext("Location quotient"), gettext("Companies in the register"), gettext("Share that takes part"), gettext("Employees")]  # fmt: skip
    return {
        Part.SAID: sentences(lead, _whole(found.whole), beyond, few),
        Part.UNCOVERED: with_head(head, map(_listed, listed[:_MOST])),
        Part.REGIONS: _regions(found),
        Part.RESTS: rests(_rests(found), MARKS, found.day),
    }


def _whole(row: FieldRow) -> str:
    if row.reached is None or row.share is None or row.companies is None:
        return ""
    values = {"n": grouped(row.reached), "all": grouped(row.companies), "part": share(row.share)}
    return gettext("Of the %(all)s companies in the register with a known place and industry, %(n)s take part (%(part)s).") % values  # fmt: skip


def _regions(found: Fields) -> Rows:
    head = [gettext("Region"), gettext("Companies in the register"), gettext("Of these, participants"), gettext("Share that takes part")]  # fmt: skip
    named = [(row.region, row) for row in found.regions]
    rows = [*named, (gettext("The whole country"), found.whole)] if named else []
    return with_head(head, ([name, grouped(row.companies), grouped(row.reached), _part(row)] for name, row in rows))


def _rests(found: Fields) -> list[tuple[str, str]]:
    register = gettext("The register of this house, counted as of %(day)s") % {"day": day_said(found.day)}
    if found.table is None:
        return [(gettext("Companies"), register)]
    table = found.table.table
    made_up = f" ({gettext('Made up')})" if table.made_up else ""
    said = f"{table_name(table)}, {found.table.year}{made_up}; {table.source}; {table.checksum[:12]}"
    return [(gettext("Companies"), register), (gettext("Employment"), said)]
