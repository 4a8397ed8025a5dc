"""Every list of the house: filter, sort, page, and export of exactly what is seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet
from django_tables2 import RequestConfig, Table

from .cells import lines_of
from .downloads import FORMATS, download
from .rowfilter import RowFilter

PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class Empty:
    """What an empty list teaches: the next step, with a way to take it."""

    title: str | Promise = _("Nothing here yet")
    text: str | Promise = _("When something is recorded, it shows here.")
    href: str = ""
    action: str | Promise = ""


NOTHING_FITS = Empty(_("Nothing fits the filter"), _("Clear a choice or use fewer words."))


def narrowed(request: HttpRequest, filters: FilterSet | RowFilter) -> bool:
    """Whether any filter holds a value."""
    return any(request.GET.get(name) for name in filters.form.fields)


def show_list(
    request: HttpRequest,
    *,
    template: str,
    rows: QuerySet[Any] | Sequence[Any],
    table_class: type[Table],
    filter_class: type[FilterSet] | None = None,
    row_filter: RowFilter | None = None,
    empty: Empty | None = None,
    name: str,
    context: Mapping[str, Any] | None = None,
    table_options: Mapping[str, Any] | None = None,
    count: int | None = None,
) -> HttpResponseBase:
    """Render the list, or hand it out as a file when ``?hent=`` asks for one (all pages, same filter, same order).

    ``count`` is how many rows there are, where that is known without counting them.
    """
    filters = row_filter or (filter_class(request.GET, queryset=rows, request=request) if filter_class else None)
    is_narrowed = filters is not None and narrowed(request, filters)
    table = table_class(filters.qs if filters is not None else rows, **(table_options or {}))
    wanted = request.GET.get("hent", "")
    if wanted in FORMATS:
        RequestConfig(request, paginate=False).configure(table)
        return download(table.as_values(exclude_columns=("act",)), name=name, fmt=wanted)
    pages = Paginator if count is None or is_narrowed else type("Counted", (Paginator,), {"count": count})
    RequestConfig(request, paginate={"per_page": PER_PAGE, "paginator_class": pages}).configure(table)
    shown = {
        "table": table,
        "lines": lines_of(table),
        "filter": filters,
        "is_narrowed": is_narrowed,
        "empty": NOTHING_FITS if is_narrowed else (empty or Empty()),
        "exports": [(fmt, words) for fmt, words in FORMATS.items()],
    }
    return render(request, template, {**(context or {}), **shown})
