"""Meetings of the forum, and what was laid before each as it was then, also what was taken back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.ground.access.queries import may
from klyngeforum.steering.meetings import actions
from klyngeforum.steering.meetings.queries import Laid, laid, meetings, pictures_of, tables_of
from klyngeforum.steering.meetings.rules import may_take_back
from klyngeforum.steering.meetings.terms import FORM, Kind, Table
from klyngeforum.web.acting import attempt
from klyngeforum.web.components.choices import DayField
from klyngeforum.web.components.downloads import FORMATS, download
from klyngeforum.web.components.laying import number_columns
from klyngeforum.web.serving import me, serves

from .exhibits.pictures import picture_shown, rows_of


class CallForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=120)
    held_on = DayField(label=_("Held on"))


@serves("meetings.see")
def meeting_list(request: HttpRequest) -> HttpResponseBase:
    """Every meeting with its exhibits; the secretariat calls the next one here."""
    by, at = me(request), timezone.now()
    calls = bool(may(by, "meetings.call", on=timezone.localdate(at)))
    form = CallForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        if attempt(request, lambda: actions.call(by=by, at=at, held_on=said["held_on"], title=said["title"]), form=form, done=gettext("The meeting is called.")):  # fmt: skip
            return redirect("meetings")
    today = timezone.localdate(at)
    context = {"form": form, "calls": calls, "meetings": meetings(seen_by=by, on=today), "today": today}
    return render(request, "public/meetings.html", context)


@dataclass(frozen=True, slots=True)
class TableShown:
    """A table as the page sets it: numbers stand to the right."""

    part: str
    name: str
    heads: list[tuple[str, bool]]
    rows: list[list[tuple[str, str, bool]]]


def tables_shown(found: Iterable[Table]) -> list[TableShown]:
    """The tables of an exhibit, each column with whether it holds numbers."""
    shown = []
    for table in found:
        numbers = number_columns(table)
        rows = [list(zip(table.headings, row, numbers, strict=True)) for row in table.rows]
        shown.append(
            TableShown(table.part, gettext(table.part.label), list(zip(table.headings, numbers, strict=True)), rows)
        )
    return shown


_DRAWN = (Kind.OVERLAP, Kind.STUDY)


def _rows(one: Laid, found: list[Table], language: str) -> list[tuple[object, ...]]:
    """What was laid, as a file: every cell with its table, row and heading, then every number of what was drawn."""
    listed: list[tuple[object, ...]] = [
        ("meeting", "held_on", "exhibit", "name", "as_of", "fingerprint", "table", "row", "column", "said")
    ]
    about = (one.meeting.title, one.meeting.held_on, one.position, one.name, one.as_of, one.digest)
    listed += [
        (*about, gettext(table.part.label), nth, heading, words)
        for table in found for nth, row in enumerate(table.rows, 1) for heading, words in zip(table.headings, row, strict=True)
    ]  # fmt: skip
    for picture in pictures_of(one):
        drawn = (*about, picture.label[1 if language.startswith("en") else 0])
        for at in rows_of(picture, language):
            said = ((at.other or gettext("Estimate"), at.said), (gettext("Interval"), at.reach), (gettext("Read as"), at.sign))  # fmt: skip
            listed += [(*drawn, at.name, column, words) for column, words in said if words]
    return listed


class TakeBackForm(forms.Form):
    because = forms.CharField(
        label=_("Why"), max_length=300, error_messages={"required": _("Say why the exhibit is taken back.")},
        help_text=_("It stands in the trail and on the exhibit, for everybody who opens it."),
    )  # fmt: skip
    sure = forms.BooleanField(label=_("I mean this exhibit of this meeting"), required=False)


@serves("meetings.see")
def exhibit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What was laid, as it was then: nothing here is counted again. The secretariat takes it back here, until the meeting has been held."""
    by, at = me(request), timezone.now()
    today = timezone.localdate(at)
    one = laid(pk, seen_by=by, on=today)
    if one is None:
        raise Http404
    language = get_language() or "da"
    found = tables_of(one, language)
    if request.GET.get("hent", "") in FORMATS:
        return download(_rows(one, found, language), name=f"bilag-{one.pk}", fmt=request.GET["hent"])
    form = TakeBackForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        why, sure = form.cleaned_data["because"], form.cleaned_data["sure"]
        if attempt(request, lambda: actions.take_back(by=by, at=at, exhibit=one, because=why, sure=sure) or True, form=form, done=gettext("The exhibit is taken back. This address still shows it.")):  # fmt: skip
            return redirect("exhibit", pk)
    ruled = may_take_back(held_on=one.meeting.held_on, today=today, taken_back=one.taken_back_at is not None)
    takes_back = bool(ruled) and bool(may(by, "meetings.call", on=today))
    context = {
        "one": one, "tables": tables_shown(found), "pictures": [picture_shown(at, language) for at in pictures_of(one)], "without_pictures": one.form < FORM and one.kind in _DRAWN, "form": form if takes_back else None, "exports": list(FORMATS.items()), "kind": gettext(Kind(one.kind).label),
        "name": one.name_en if language.startswith("en") and one.name_en else one.name,
    }  # fmt: skip
    return render(request, "public/exhibit.html", context)
