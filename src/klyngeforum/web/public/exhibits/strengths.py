"""A region's strengths before a meeting: what it is strong in, who serves it, what is near, and what its strategy puts first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext

from klyngeforum.ground.access.queries import Actor
from klyngeforum.results.strengths.positions import grouping_of
from klyngeforum.steering.meetings.terms import Kind, Part
from klyngeforum.web.components.laying import Rows
from klyngeforum.web.components.numbers import day as day_said
from klyngeforum.web.components.numbers import grouped, share
from klyngeforum.web.components.strategies import StrategySaid
from klyngeforum.web.components.strengths import region_names, signed, table_asked
from klyngeforum.web.public.region_strengths import FieldRow, Page, page_of
from klyngeforum.web.public.strengths import View, table_name

from .shown import Asked, Shown, Tables, rests, sentences, with_head

_MARKS = ("strong_quotient", "strong_companies")


def view_told(asked: Asked) -> View | None:
    """The table and grouping that the address names, for the reader who sees no small numbers."""
    table = table_asked(asked.get("tabel", ""))
    return None if table is None else View(table, grouping_of(table, asked.get("inddeling", "")), see_small=False)


def table_said(view: View, more: Sequence[tuple[str, str]] = ()) -> Rows:
    """Which file it is counted from, and by which grouping."""
    table = view.table
    made_up = f" ({gettext('Made up')})" if table.made_up else ""
    taken = gettext("table %(n)s, taken in %(day)s") % {"n": table.number, "day": day_said(table.taken_at)}
    grouping = f"{view.definition.code} {view.definition.version}" if view.definition else table.classification
    return rests([
        (gettext("Employment"), f"{table_name(table)}, {table.last_year}{made_up}; {table.source}; {taken}"),
        (gettext("Fingerprint"), table.checksum[:16]), (gettext("Grouping"), grouping), *more,
    ], _MARKS, date(table.last_year, 12, 31))  # fmt: skip


def shown(keys: Mapping[str, str], asked: Asked, _by: Actor, _on: date) -> Shown | None:
    view, region = view_told(asked), keys["region"]
    page = page_of(view, region) if view else None
    if view is None or page is None:
        return None
    return Shown(
        Kind.STRENGTHS, reverse("region_strengths", args=[region]) + view.query, page.day,
        lambda: gettext("Strengths of %(region)s") % {"region": region_names(view.table).get(region, region)},
        lambda: _tables(view, Page(view, region)),
    )  # fmt: skip


def _tables(view: View, page: Page) -> Tables:
    rows = [page.row(one) for one in page.standing.fields if one.strong]
    head = [gettext("Field"), gettext("Location quotient"), gettext("Employees"), gettext("Workplaces"), gettext("Change"), gettext("The region's own"), gettext("Organisations that serve it")]  # fmt: skip
    openings = (
        [row.name, share(row.one.density), grouped(row.one.quotient, 1), _names([one.cluster.name for one in row.organisations])]
        for row in page.openings()
    )  # fmt: skip
    return {
        Part.SAID: sentences(*_said(page, rows)),
        Part.STRENGTHS: with_head(head, (_strength(page, row) for row in rows)),
        Part.OPENINGS: with_head([gettext("Industry"), gettext("Nearness"), gettext("Location quotient"), gettext("Organisations that serve it")], openings),
        Part.PRIORITIES: _priorities(page),
        Part.RESTS: table_said(view, strategy_rests(page.strategy())),
    }  # fmt: skip


def _names(names: list[str]) -> str:
    return ", ".join(names)


def _strength(page: Page, row: FieldRow) -> list[str]:
    served = [f"{one.cluster.name} ({one.companies})" for one in row.organisations]
    more = gettext("and %(n)s more") % {"n": grouped(row.more)} if row.more else ""
    nobody = gettext("No organisation") if page.served is not None and not served else ""
    return [
        row.name, row.said, _round(row.one.employment), _round(row.one.workplaces), row.change, row.own,
        " ".join(part for part in (_names(served), more, nobody) if part),
    ]  # fmt: skip


def _round(value: float | None) -> str:
    return grouped(None if value is None else round(value))


def _said(page: Page, rows: list[FieldRow]) -> list[str]:
    one = page.standing
    alone = [row.name for row in rows if not row.organisations]
    if not rows:
        return [gettext("By the marks, the region has no strength in this table.")]
    first = rows[0]
    strongest = gettext("%(field)s: %(quotient)s times the share in the whole table.") % {"field": first.name, "quotient": first.said}  # fmt: skip
    every = gettext("%(n)s strengths; %(jobs)s employees in %(year)s.") % {"n": grouped(len(rows)), "jobs": _round(one.employment), "year": one.year}  # fmt: skip
    change = gettext("Change since %(year)s: %(change)s.") % {"year": one.first, "change": signed(one.growth.change)} if one.growth else ""  # fmt: skip
    without = gettext("Without an organisation: %(names)s.") % {"names": _names(alone)} if page.served is not None and alone else ""  # fmt: skip
    held = gettext("Small numbers, and those that would give them away, are held back, whoever reads the exhibit.")
    return [strongest, every, change, without, held]


def _priorities(page: Page) -> Rows:
    found = page.strategy()
    if found is None:
        return []
    head = [gettext("Priority"), gettext("Fields"), gettext("What is counted beside it"), gettext("Evidence")]
    listed = [
        [row.name, row.fields, ": ".join(part for part in (row.support, row.supported_by) if part), "; ".join(row.evidence)]
        for row in found.rows
    ]  # fmt: skip
    none = [[gettext("Strengths without a priority"), ", ".join(found.missing), "", ""]] if found.missing else []
    return with_head(head, [*listed, *none])


def strategy_rests(found: StrategySaid | None) -> list[tuple[str, str]]:
    """Which strategy it was, and where it is from."""
    if found is None:
        return []
    name = f"{found.name} {found.version}"
    placeholder = gettext("Placeholder")
    return [(found.region_name, f"{name}{f' ({placeholder})' if found.placeholder else ''}; {found.source}")]
