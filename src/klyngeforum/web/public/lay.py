"""Laying a page before a meeting: first exactly what will be fixed, then the meeting that it is laid before."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.steering.meetings import actions
from klyngeforum.steering.meetings.queries import Meeting, coming, laid_at
from klyngeforum.steering.meetings.rules import fingerprint as fingerprint_of
from klyngeforum.steering.meetings.rules import tables
from klyngeforum.steering.meetings.terms import Seen
from klyngeforum.web.acting import attempt
from klyngeforum.web.components.numbers import day as day_said
from klyngeforum.web.serving import me, serves

from .exhibits.offered import shown_at
from .exhibits.pictures import picture_shown
from .exhibits.shown import seen
from .meetings import tables_shown


class LayForm(forms.Form):
    meeting = forms.ChoiceField(label=_("Meeting"), error_messages={"invalid_choice": _("This meeting has been held, or is not called. Choose one that is coming.")})  # fmt: skip
    note = forms.CharField(label=_("What it is laid for"), max_length=300, required=False, help_text=_("Such as the item of the agenda. It stands above the exhibit."))  # fmt: skip
    fingerprint = forms.CharField(widget=forms.HiddenInput, max_length=16, required=False)

    def __init__(self, data: Any, known: list[Meeting], fingerprint: str) -> None:
        super().__init__(data, initial={"fingerprint": fingerprint})
        field = self.fields["meeting"]
        field.choices = field.widget.choices = [(str(one.pk), f"{one.title}, {day_said(one.held_on)}") for one in known]  # type: ignore[attr-defined]


def _laid(request: HttpRequest, form: LayForm, known: list[Meeting], page: Seen, fingerprint: str) -> HttpResponseBase | None:  # fmt: skip
    """The way to the exhibit; None where it was refused, or the numbers are no longer those that the reader saw."""
    if not form.is_valid():
        return None
    said = form.cleaned_data
    if said["fingerprint"] != fingerprint:
        form.add_error(None, gettext("The numbers have changed since you looked. Below stands what would be laid now."))
        return None
    meeting = next(one for one in known if str(one.pk) == said["meeting"])
    by, at = me(request), timezone.now()
    row = attempt(
        request, lambda: actions.lay_page(by=by, at=at, meeting=meeting, seen=page, note=said["note"]), form=form,
        done=gettext("The page is laid before the meeting as it is seen now."),
    )  # fmt: skip
    return redirect("exhibit", row.pk) if row else None


@serves("meetings.call")
def lay(request: HttpRequest, side: str) -> HttpResponseBase:
    """The page that the address names, as everybody may see it, and the coming meetings."""
    by, today = me(request), timezone.localdate()
    found = shown_at(f"/{side}/", request.GET.dict(), by=by, on=today)
    if found is None:
        raise Http404
    page, known = seen(found), list(coming(seen_by=by, on=today))
    fingerprint = fingerprint_of(page.cells, page.pictures)
    form = LayForm(request.POST if request.method == "POST" else None, known, fingerprint)
    if request.method == "POST" and (answer := _laid(request, form, known, page, fingerprint)):
        return answer
    if form.is_bound:
        form.data = {**request.POST.dict(), "fingerprint": fingerprint}
    language = get_language() or "da"
    context = {
        "page": page, "name": page.en if language.startswith("en") else page.da, "meetings": known, "form": form,
        "tables": tables_shown(tables(page.cells, language)), "pictures": [picture_shown(one, language) for one in page.pictures], "laid": laid_at(page.address, seen_by=by, on=today),
    }  # fmt: skip
    return render(request, "public/lay.html", context)
