"""Excel out and in: the template, the year's rows, and the dry run before anything is written."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.ground.tables.queries import NotATable
from klyngeforum.ground.tables.terms import DryRun, Format, Problem
from klyngeforum.records.intake.actions import take_in_sheet
from klyngeforum.records.intake.queries import export, template
from klyngeforum.records.intake.schemas import SheetKind
from klyngeforum.results.accounts.queries import of_cluster
from klyngeforum.web.acting import attempt
from klyngeforum.web.components.downloads import file_response
from klyngeforum.web.serving import me, serves

from .desk import own_cluster

_MOST_SHOWN = 100


class UploadForm(forms.Form):
    kind = forms.ChoiceField(label=_("What the sheet holds"))
    file = forms.FileField(label=_("The filled sheet"), help_text=_("Excel or CSV, at most 25 MB and 200,000 rows"))
    dry_run = forms.BooleanField(label=_("Only show what would happen"), required=False, initial=True)

    def __init__(self, data: object = None, files: object = None) -> None:
        super().__init__(data, files)  # type: ignore[arg-type]
        self.fields["kind"].choices = [(one.value, gettext(one.label)) for one in SheetKind]  # type: ignore[attr-defined]


def said(problem: Problem) -> tuple[int, str, str, str, str]:
    """Row, column, value, why and mend in the reader's language."""
    why, mend = gettext(problem.why), gettext(problem.mend)
    values = problem.values
    return (
        problem.row,
        problem.column,
        problem.value,
        why % values if values else why,
        mend % values if values else mend,
    )


@serves("memberships.edit")
def sheets(request: HttpRequest) -> HttpResponseBase:
    cluster = own_cluster(request)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    run: DryRun | None = None
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            run = attempt(
                request,
                lambda: take_in_sheet(
                    by=me(request), at=timezone.now(), cluster=cluster, kind=SheetKind(values["kind"]), content=values["file"].read(),
                    file_name=values["file"].name, dry_run=values["dry_run"],
                ),
                form=form,
            )  # fmt: skip
        except NotATable as wrong:
            text = gettext(wrong.why) % wrong.values if wrong.values else gettext(wrong.why)
            form.add_error(
                "file", f"{text} {gettext(wrong.mend) % wrong.values if wrong.values else gettext(wrong.mend)}"
            )
    years = [account.year for account in of_cluster(cluster.pk)] or [timezone.localdate().year]
    context = {
        "cluster": cluster, "form": form, "run": run, "kinds": list(SheetKind), "years": years, "dry": form.is_bound and form.cleaned_data.get("dry_run"),
        "problems": [said(problem) for problem in run.problems[:_MOST_SHOWN]] if run else [],
        "notes": [said(problem) for problem in run.notes[:_MOST_SHOWN]] if run else [],
    }  # fmt: skip
    return render(request, "cluster_office/sheets.html", context)


@serves("memberships.edit")
def sheet_file(request: HttpRequest, kind: str, year: int = 0) -> HttpResponseBase:
    """The empty template, or the rows of a year in the same columns."""
    if kind not in SheetKind.values():
        raise Http404
    cluster, which, language = own_cluster(request), SheetKind(kind), get_language() or "da"
    content = export(which, cluster.pk, year, language=language) if year else template(which, language=language)
    return file_response(content, name=f"{cluster.slug}-{which}{f'-{year}' if year else ''}", fmt=Format.XLSX)
