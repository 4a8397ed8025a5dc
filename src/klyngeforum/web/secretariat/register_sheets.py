"""The register by Excel: templates, what stands, and taking a filled sheet in."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.ground.tables.terms import Format
from klyngeforum.records.intake.register_schemas import RegisterKind
from klyngeforum.records.intake.registering import register_sheet, take_in_register
from klyngeforum.web.components.downloads import file_response
from klyngeforum.web.components.uploads import SheetField, taken
from klyngeforum.web.serving import me, serves


class RegisterSheetForm(forms.Form):
    kind = forms.ChoiceField(label=_("What the sheet holds"))
    file = SheetField(label=_("The filled sheet"), help_text=_("Excel or CSV, at most 25 MB and 200,000 rows"))
    dry_run = forms.BooleanField(label=_("Only show what would happen"), required=False, initial=True)

    def __init__(self, data: object = None, files: object = None) -> None:
        super().__init__(data, files)  # type: ignore[arg-type]
        self.fields["kind"].choices = [(one.value, gettext(one.label)) for one in RegisterKind]  # type: ignore[attr-defined]


@serves("clusters.register")
def register_sheets(request: HttpRequest) -> HttpResponseBase:
    form = RegisterSheetForm(request.POST, request.FILES) if request.method == "POST" else RegisterSheetForm()
    context = taken(
        request, form,
        lambda values: take_in_register(
            by=me(request), at=timezone.now(), kind=RegisterKind(values["kind"]), content=values["file"].read(),
            file_name=values["file"].name, dry_run=values["dry_run"],
        ),
    )  # fmt: skip
    return render(request, "secretariat/register_sheets.html", {**context, "kinds": list(RegisterKind)})


@serves("clusters.register")
def register_file(request: HttpRequest, kind: str, filled: str) -> HttpResponseBase:
    if kind not in RegisterKind.values() or filled not in ("skabelon", "alle"):
        raise Http404
    content = register_sheet(RegisterKind(kind), language=get_language() or "da", filled=filled == "alle")
    return file_response(content, name=f"klyngeregister-{kind}-{filled}", fmt=Format.XLSX)
