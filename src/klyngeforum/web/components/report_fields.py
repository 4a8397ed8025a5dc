"""A funder's report in words: its name, each field with its value as the reader's language writes it, and where it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import get_language, gettext

from klyngeforum.ground.programme.queries import measure, report_form
from klyngeforum.ground.programme.reporting import Comes, ReportField, ReportForm
from klyngeforum.results.reports.queries import Report, values_of
from klyngeforum.results.reports.rules import Filled, Tally
from klyngeforum.results.reports.terms import Origin

from .money import amount_said, figure
from .numbers import day

_MONEY = {"amount", "own_share", "received", "received_in_all", "rest", "cash", "worth", "cofinancing"}


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field on the page."""

    field: ReportField
    asks: str
    shown: str
    unit: str
    origin: Origin
    comes: str
    href: str = ""
    since: str = ""
    bound: str = ""


def form_name(form: ReportForm) -> str:
    return form.name.say(get_language() or "da")


def unit_of(field: ReportField) -> str:
    language = get_language() or "da"
    if field.comes is Comes.GRANT:
        return gettext("DKK") if field.meaning in _MONEY else ""
    found = measure(field.meaning) if field.comes is Comes.MEASURE else figure(field.meaning) if field.comes is Comes.ECONOMY else None  # fmt: skip
    return found.unit.say(language) if found else ""


def shown(field: ReportField, text: str) -> str:
    """The value as it was written down, said the reader's way: numbers grouped, days long, texts as they are."""
    if not text:
        return ""
    if field.comes is Comes.TYPED or field.meaning in ("number", "reference", "contact_phone", "name", "title", "purpose"):  # fmt: skip
        return text
    try:
        return day(date.fromisoformat(text)) if field.meaning.endswith("_on") else amount_said(Decimal(text), unit_of(field))  # fmt: skip
    except (ValueError, InvalidOperation):
        return text


def rows_of(filled: list[Filled], links: Mapping[tuple[Comes, str], str], since: Mapping[str, tuple[str, str]]) -> list[FieldRow]:  # fmt: skip
    """The fields as they are filled now; ``since``: as they were handed in, where that differs."""
    language = get_language() or "da"
    found = []
    for row in filled:
        one = row.field
        href = links.get((one.comes, one.meaning)) or links.get((one.comes, "")) or ""
        before = shown(one, since[one.code][0]) or gettext("empty") if one.code in since else ""
        found.append(FieldRow(one, one.asks.say(language), shown(one, row.text), unit_of(one), row.origin, gettext(one.comes.label), href, before, str(row.value or "")))  # fmt: skip
    return found


def handed_rows(report: Report) -> list[FieldRow]:
    """The fields as they were handed in."""
    form, language = report_form(report.form), get_language() or "da"
    fields = {one.code: one for one in form.fields} if form else {}
    return [
        FieldRow(fields[one.code], fields[one.code].asks.say(language), shown(fields[one.code], one.value), unit_of(fields[one.code]), Origin(one.origin), gettext(fields[one.code].comes.label))
        for one in values_of(report) if one.code in fields
    ]  # fmt: skip


def as_table(rows: list[FieldRow], texts: Mapping[str, str]) -> list[list[object]]:
    """For a file: field, question, value as a program reads it, unit, origin."""
    found: list[list[object]] = [[gettext("Field"), gettext("Question"), gettext("Value"), gettext("Unit"), gettext("Origin")]]  # fmt: skip
    for row in rows:
        found.append([row.field.code, row.asks, texts.get(row.field.code, ""), row.unit, gettext(row.origin.label)])
    return found


def tally_said(tally: Tally | None) -> str:
    """24 of 26 fields from the records (92 per cent), 2 typed."""
    if tally is None or tally.share is None:
        return "–"
    words = gettext("%(records)s of %(fields)s fields from the records (%(percent)s per cent), %(typed)s typed")
    said = words % {"records": tally.records, "fields": tally.fields, "percent": int(tally.share * 100), "typed": tally.typed}  # fmt: skip
    return said + (", " + gettext("%(n)s empty") % {"n": tally.empty} if tally.empty else "")
