"""Open data as files in five forms, and the dictionary that says what stands in them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext

from klyngeforum.ground.programme.queries import small_cells
from klyngeforum.ground.tables.actions import CONTENT_TYPES, export
from klyngeforum.ground.tables.columnar import CONTENT_TYPE, offered, parquet
from klyngeforum.ground.tables.terms import Format
from klyngeforum.results.accounts.queries import ordered_measures
from klyngeforum.web.components.open_tables import COLUMNS, open_table
from klyngeforum.web.serving import serves

ENDINGS = {"da.csv": Format.CSV_DA, "csv": Format.CSV, "json": Format.JSON, "xlsx": Format.XLSX}
PARQUET = "parquet"


@serves("results.see")
def open_file(request: HttpRequest, table: str, ending: str) -> HttpResponse:
    if ending not in (*ENDINGS, PARQUET):
        raise Http404
    if ending == PARQUET and not offered():
        words = gettext("Parquet is not installed on this server; the same rows are there as CSV.")
        return HttpResponse(words, status=501, content_type="text/plain; charset=utf-8")
    found = open_table(table)
    if found is None:
        raise Http404
    schema, rows = found
    header = [one.key for one in schema.columns]
    if ending == PARQUET:
        content, content_type = parquet(rows, schema), CONTENT_TYPE
    else:
        content, content_type = export([header, *rows], ENDINGS[ending]), CONTENT_TYPES[ENDINGS[ending]]
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{table}.{ending}"'}
    )


@serves("results.see")
def data_dictionary(request: HttpRequest) -> HttpResponse:
    language = get_language() or "da"
    english = language.startswith("en")
    columns = [(one.key, one.kind, one.en if english else one.da, one.hint_en if english else one.hint_da) for one in COLUMNS]  # fmt: skip
    figures = [
        (one, one.name.say(language), one.numerator.say(language), one.unit.say(language), one.sourced(language))
        for one in ordered_measures()
    ]
    rule = small_cells()
    context = {
        "columns": columns, "figures": figures, "rule": rule, "rule_source": rule.sourced(language), "endings": [*ENDINGS, *([PARQUET] if offered() else [])],
    }  # fmt: skip
    return render(request, "public/data_dictionary.html", context)
