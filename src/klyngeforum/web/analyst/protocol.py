"""Writing a study's protocol, by answering questions or as text; while it is a draft nothing can be counted."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.registers.clusters.queries import clusters
from klyngeforum.results.effects import actions
from klyngeforum.results.effects.queries import Study, columns_of, extracts, study
from klyngeforum.results.effects.terms import StudyState
from klyngeforum.results.effects.writing import answers_of, text_of
from klyngeforum.web.acting import attempt
from klyngeforum.web.serving import me, serves

from .protocol_form import Questions, fits

EXAMPLE = Path(__file__).with_name("example.toml")
_AS_TEXT = "tekst"


class ProtocolForm(forms.Form):
    text = forms.CharField(
        label=_("The protocol (TOML)"), max_length=40_000, widget=forms.Textarea(attrs={"rows": 28, "spellcheck": "false", "class": "code"})
    )  # fmt: skip


def _kept(request: HttpRequest, one: Study | None, form: forms.Form, text: str) -> HttpResponseBase | None:
    """On to the study that was written; None where it was refused."""
    made = attempt(
        request, lambda: actions.write(by=me(request), at=timezone.now(), text=text, study=one), form=form,
        done=gettext("The protocol is written. Nothing is counted before it is frozen."),
    )  # fmt: skip
    return redirect("study_work", made.code) if made else None


def _as_text(request: HttpRequest, one: Study | None) -> HttpResponseBase:
    known = one.protocol if one else EXAMPLE.read_text(encoding="utf-8")
    form = ProtocolForm(request.POST if request.method == "POST" else None, initial={"text": known})
    if request.method == "POST" and form.is_valid() and (done := _kept(request, one, form, form.cleaned_data["text"])):
        return done
    asked = fits(answers_of(known)) if one else True
    context = {"form": form, "study": one, "extracts": [(row, columns_of(row)) for row in extracts()], "asked": asked}
    return render(request, "analyst/protocol.html", context)


def _by_questions(request: HttpRequest, one: Study | None) -> HttpResponseBase:
    held = list(extracts())
    form = Questions(request.POST if request.method == "POST" else None, held, answers_of(one.protocol) if one else None)  # fmt: skip
    if request.method == "POST" and form.is_valid() and (done := _kept(request, one, form, text_of(form.answers))):
        return done
    context: Mapping[str, Any] = {
        "form": form, "sections": list(form.sections()), "study": one, "extracts": [(row, columns_of(row)) for row in held],
        "organisations": sorted(clusters().values_list("name", flat=True), key=str.casefold),
    }  # fmt: skip
    return render(request, "analyst/protocol_questions.html", context)


def _written(request: HttpRequest, one: Study | None) -> HttpResponseBase:
    """By questions, unless text is asked for or sent, or the draft says more than the questions can."""
    text = request.GET.get("som") == _AS_TEXT or "text" in request.POST
    if text or (one is not None and not fits(answers_of(one.protocol))):
        return _as_text(request, one)
    return _by_questions(request, one)


@serves("effects.write")
def new_study(request: HttpRequest) -> HttpResponseBase:
    return _written(request, None)


@serves("effects.write")
def study_protocol(request: HttpRequest, code: str) -> HttpResponseBase:
    one = study(code, seen_by=me(request), on=timezone.localdate())
    if one is None or one.state != StudyState.DRAFT:
        raise Http404
    return _written(request, one)
