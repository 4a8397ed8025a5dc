"""Excel out and in: the template, the year's rows, and the dry run before anything is written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.ground.tables.terms import DryRun, Format, Schema
from klyngeforum.records.intake.actions import take_in_book, take_in_sheet
from klyngeforum.records.intake.queries import export, export_book, template, templates_of_all
from klyngeforum.records.intake.schemas import SCHEMAS, SheetKind
from klyngeforum.registers.clusters.queries import Cluster
from klyngeforum.results.accounts.queries import of_cluster
from klyngeforum.web.components.downloads import file_response
from klyngeforum.web.components.uploads import SheetField, marked, part_rows, taken
from klyngeforum.web.serving import me, serves

from .desk import own_cluster

WHOLE = "alt"


class UploadForm(forms.Form):
    kind = forms.ChoiceField(label=_("What the sheet holds"))
    file = SheetField(label=_("The filled sheet"), help_text=_("Excel, LibreOffice or CSV, at most 25 MB and 200,000 rows"))  # fmt: skip
    dry_run = forms.BooleanField(label=_("Only show what would happen"), required=False, initial=True)

    def __init__(self, data: object = None, files: object = None) -> None:
        super().__init__(data, files)  # type: ignore[arg-type]
        whole = (WHOLE, gettext("A workbook with all of them"))
        self.fields["kind"].choices = [whole, *((one.value, gettext(one.label)) for one in SheetKind)]  # type: ignore[attr-defined]


@dataclass(slots=True)
class _Upload:
    """A file on its way in; its bytes are kept for the one request, so that it can be given back with its errors."""

    request: HttpRequest
    cluster: Cluster
    content: bytes = b""
    name: str = ""
    kind: str = WHOLE

    def __call__(self, values: dict[str, Any]) -> DryRun:
        self.content, self.name, self.kind = values["file"].read(), values["file"].name, values["kind"]
        by, at, dry = me(self.request), timezone.now(), values["dry_run"] or self.wants_it_back
        if self.kind == WHOLE:
            return take_in_book(
                by=by, at=at, cluster=self.cluster, content=self.content, file_name=self.name, dry_run=dry
            )
        return take_in_sheet(
            by=by, at=at, cluster=self.cluster, kind=SheetKind(self.kind), content=self.content, file_name=self.name, dry_run=dry
        )  # fmt: skip

    @property
    def wants_it_back(self) -> bool:
        return self.request.POST.get("act") == "mark"

    @property
    def schemas(self) -> list[Schema]:
        return [SCHEMAS[kind] for kind in SheetKind if self.kind in (WHOLE, kind)]


@serves("memberships.edit")
def sheets(request: HttpRequest) -> HttpResponseBase:
    cluster = own_cluster(request)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    upload = _Upload(request, cluster)
    came = taken(request, form, upload)
    run: DryRun | None = came["run"]
    if run is not None and run.problems and upload.wants_it_back:
        return marked(upload.content, run, upload.schemas, f"{PurePath(upload.name).stem[:60] or 'ark'}-fejl")
    if run is not None and upload.wants_it_back:
        came["dry"] = True  # nothing is wrong, so there is nothing to give back; what would happen is shown
    names = {one.value: gettext(one.label) for one in SheetKind}
    years = [account.year for account in of_cluster(cluster.pk)] or [timezone.localdate().year]
    context = {**came, "cluster": cluster, "kinds": list(SheetKind), "years": years, "parts": part_rows(run, names) if run else []}  # fmt: skip
    return render(request, "cluster_office/sheets.html", context)


@serves("memberships.edit")
def sheet_file(request: HttpRequest, kind: str, year: int = 0) -> HttpResponseBase:
    """The empty template, or the rows of a year in the same columns; of one table or of all."""
    cluster, language = own_cluster(request), get_language() or "da"
    if kind not in (*SheetKind.values(), WHOLE):
        raise Http404
    if kind == WHOLE:
        content = export_book(cluster.pk, year, language=language) if year else templates_of_all(language=language)
    else:
        which = SheetKind(kind)
        content = export(which, cluster.pk, year, language=language) if year else template(which, language=language)
    return file_response(content, name=f"{cluster.slug}-{kind}{f'-{year}' if year else ''}", fmt=Format.XLSX)
