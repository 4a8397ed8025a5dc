"""Lists as files: the same rows as on the screen, safe to open in a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils.encoding import force_str
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from klyngeforum.ground.tables.actions import CONTENT_TYPES, export
from klyngeforum.ground.tables.terms import Format

FORMATS = {
    Format.XLSX: _("Excel"),
    Format.CSV_DA: _("CSV (Danish)"),
    Format.CSV: _("CSV (machine)"),
    Format.JSON: "JSON",
}
_ENDINGS = {Format.XLSX: "xlsx", Format.CSV_DA: "csv", Format.CSV: "csv", Format.JSON: "json"}


def file_response(content: bytes, *, name: str, fmt: Format) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.{_ENDINGS[fmt]}"'}
    return HttpResponse(content, content_type=CONTENT_TYPES[fmt], headers=headers)


def _plain(value: object) -> object:
    return force_str(value) if isinstance(value, Promise) else value


def download(rows: Iterable[Sequence[object]], *, name: str, fmt: str) -> HttpResponse:
    plain = ([_plain(value) for value in row] for row in rows)
    return file_response(export(plain, Format(fmt)), name=name, fmt=Format(fmt))
