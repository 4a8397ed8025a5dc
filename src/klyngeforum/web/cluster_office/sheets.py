"""Excel out and in: the template, the year's rows, and the dry run before anything is written."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.ground.tables.terms import Format
from klyngeforum.records.intake.actions import take_in_sheet
from klyngeforum.records.intake.queries import export, template
from klyngeforum.records.intake.schemas import SheetKind
from klyngeforum.results.accounts.queries import of_cluster
from klyngeforum.web.components.downloads import file_response
from klyngeforum.web.components.uploads import SheetField, taken
from klyngeforum.web.serving import me, serves

from .desk import own_cluster


class UploadForm(forms.Form):
    kind = forms.ChoiceField(label=_("What the sheet holds"))
    file = SheetField(label=_("The filled sheet"), help_text=_("Excel or CSV, at most 25 MB and 200,000 rows"))
    dry_run = forms.BooleanField(label=_("Only show what would happen"), required=False, initial=True)

    def __init__(self, data: object = None, files: object = None) -> None:
        super().__init__(data, files)  # type: ignore[arg-type]
        self.fields["kind"].choices = [(one.value, gettext(one.label)) for one in SheetKind]  # type: ignore[attr-defined]


@serves("memberships.edit")
def sheets(request: HttpRequest) -> HttpResponseBase:
    cluster = own_cluster(request)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    came = taken(
        request, form,
        lambda values: take_in_sheet(
            by=me(request), at=timezone.now(), cluster=cluster, kind=SheetKind(values["kind"]), content=values["file"].read(),
            file_name=values["file"].name, dry_run=values["dry_run"],
        ),
    )  # fmt: skip
    years = [account.year for account in of_cluster(cluster.pk)] or [timezone.localdate().year]
    return render(
        request, "cluster_office/sheets.html", {**came, "cluster": cluster, "kinds": list(SheetKind), "years": years}
    )


@serves("memberships.edit")
def sheet_file(request: HttpRequest, kind: str, year: int = 0) -> HttpResponseBase:
    """The empty template, or the rows of a year in the same columns."""
    if kind not in SheetKind.values():
        raise Http404
    cluster, which, language = own_cluster(request), SheetKind(kind), get_language() or "da"
    content = export(which, cluster.pk, year, language=language) if year else template(which, language=language)
    return file_response(content, name=f"{cluster.slug}-{which}{f'-{year}' if year else ''}", fmt=Format.XLSX)
