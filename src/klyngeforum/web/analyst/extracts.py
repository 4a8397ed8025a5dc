"""Extracts of the company register: which there are, and taking another in, looked at first. Nothing of one company is ever shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.ground.programme.queries import small_cells
from klyngeforum.ground.verdict import Refused
from klyngeforum.results.effects.arriving import Looked, known, looked_at, number
from klyngeforum.results.effects.columns import few
from klyngeforum.results.effects.queries import Extract, path_of
from klyngeforum.results.effects.queries import extracts as all_extracts
from klyngeforum.results.effects.terms import ColumnSeen, Holds, Seen
from klyngeforum.web.acting import attempt
from klyngeforum.web.arriving import Arrived, stopped
from klyngeforum.web.components.numbers import grouped
from klyngeforum.web.serving import me, serves
from klyngeforum.web.templatetags.words import said, spoken


class ExtractForm(forms.Form):
    source = forms.CharField(label=_("Where it is from"), max_length=300, help_text=_("The office, the table and the day, such as “Statistics office, FIRM, 12 March 2026”."))  # fmt: skip
    file = forms.FileField(label=_("File"), help_text=_("CSV, plain or packed (.gz), or Parquet, at most 2 GB. One row for each company and year, with the columns company and year. A large file takes some minutes."))  # fmt: skip
    dry_run = forms.BooleanField(label=_("Only look at it"), required=False, initial=True)


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """A column in words."""

    name: str
    holds: str
    filled: str
    empty: str
    between: str
    remarks: list[str]


@dataclass(frozen=True, slots=True)
class ExtractRow:
    """An extract in the list, with whether its file is here."""

    one: Extract
    companies: str
    here: bool


def _count(n: int) -> str:
    """A number of rows or companies; of a few only that they are few."""
    told = few(n, int(small_cells().least))
    return told if isinstance(told, str) else grouped(told)


def _number(value: float) -> str:
    if value == int(value):
        return grouped(int(value))
    places = next((places for places in range(1, 7) if round(value, places) == value), 6)
    return grouped(value, places)


def extract_rows() -> list[ExtractRow]:
    return [ExtractRow(one, _count(one.companies), path_of(one).is_file()) for one in all_extracts()]


def _row(one: ColumnSeen, seen: Seen) -> ColumnRow:
    holds, between = gettext(one.holds.label), ""
    if one.name == "year":
        holds, between = gettext("Years"), f"{seen.first_year}–{seen.last_year}"
    elif one.name == "company":
        holds = gettext("Companies' numbers")
    elif one.low is not None and one.high is not None and one.holds in (Holds.WHOLE, Holds.NUMBER):
        between = gettext("%(low)s to %(high)s") % {"low": _number(one.low), "high": _number(one.high)}
    return ColumnRow(one.name, holds, _count(one.filled), _count(one.empty), between, [said(remark) for remark in one.remarks])  # fmt: skip


def _told(looked: Looked, number_: int | None, new: bool) -> dict[str, Any]:
    seen = looked.seen
    return {
        "seen": seen, "rows": _count(seen.rows), "companies": _count(seen.companies), "columns": [_row(one, seen) for one in seen.columns],
        "remarks": [said(one) for one in seen.remarks], "problems": [said(one) for one in seen.problems], "number": number_, "new": new,
    }  # fmt: skip


def _taken(request: HttpRequest, form: ExtractForm, sent: Arrived) -> dict[str, Any] | None:
    """Look, and number it where that is asked: only this is a transaction, for looking can take minutes."""
    values, by, at = form.cleaned_data, me(request), timezone.now()
    try:
        with looked_at(by=by, at=at, path=sent.path, source=values["source"]) as looked:
            before = known(looked.seen)
            if values["dry_run"] or looked.seen.problems:
                return _told(looked, before, new=False)
            row = attempt(request, lambda: number(by=by, at=at, looked=looked, source=values["source"]), form=form)
            return _told(looked, row.number, new=before is None) if row else None
    except Refused as refused:
        return {"problems": [spoken(verdict) for verdict in refused.verdicts]}


@serves("effects.write")
def extracts(request: HttpRequest) -> HttpResponseBase:
    form = ExtractForm(request.POST, request.FILES) if request.method == "POST" else ExtractForm()
    why = stopped(request)
    told: dict[str, Any] | None = None
    if why is not None:
        form.errors.pop("file", None)  # that it is missing is not what is wrong
        told = {"problems": [gettext(why.label)]}
    elif form.is_bound and form.is_valid():
        told = _taken(request, form, form.cleaned_data["file"])
    context = {"form": form, "told": told, "extracts": extract_rows()}
    return render(request, "analyst/extracts.html", context)
