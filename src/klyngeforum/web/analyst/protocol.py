"""Writing a study's protocol; while it is a draft nothing can be counted."""

from __future__ import annotations

from pathlib import Path

from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.results.effects import actions
from klyngeforum.results.effects.queries import Study, columns_of, extracts, study
from klyngeforum.results.effects.terms import StudyState
from klyngeforum.web.acting import attempt
from klyngeforum.web.serving import me, serves

EXAMPLE = Path(__file__).with_name("example.toml")


class ProtocolForm(forms.Form):
    text = forms.CharField(
        label=_("The protocol (TOML)"), max_length=40_000, widget=forms.Textarea(attrs={"rows": 28, "spellcheck": "false", "class": "code"})
    )  # fmt: skip


def _written(request: HttpRequest, one: Study | None) -> HttpResponseBase:
    known = one.protocol if one else EXAMPLE.read_text(encoding="utf-8")
    form = ProtocolForm(request.POST if request.method == "POST" else None, initial={"text": known})
    if request.method == "POST" and form.is_valid():
        now, text = timezone.now(), form.cleaned_data["text"]
        made = attempt(
            request,
            lambda: actions.write(by=me(request), at=now, text=text, study=one),
            form=form,
            done=gettext("The protocol is written. Nothing is counted before it is frozen."),
        )
        if made:
            return redirect("study_work", made.code)
    known_columns = [(row, columns_of(row)) for row in extracts()]
    return render(request, "analyst/protocol.html", {"form": form, "study": one, "extracts": known_columns})


@serves("effects.write")
def new_study(request: HttpRequest) -> HttpResponseBase:
    return _written(request, None)


@serves("effects.write")
def study_protocol(request: HttpRequest, code: str) -> HttpResponseBase:
    one = study(code, seen_by=me(request), on=timezone.localdate())
    if one is None or one.state != StudyState.DRAFT:
        raise Http404
    return _written(request, one)
