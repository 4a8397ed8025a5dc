"""Meetings of the forum, and what was laid before each as it was then, also what was taken back."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.ground.access.queries import may
from klyngeforum.steering.meetings import actions
from klyngeforum.steering.meetings.queries import laid, meetings, tables_of
from klyngeforum.steering.meetings.rules import may_take_back
from klyngeforum.web.acting import attempt
from klyngeforum.web.components.choices import DayField
from klyngeforum.web.serving import me, serves


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


class TakeBackForm(forms.Form):
    because = forms.CharField(
        label=_("Why"), max_length=300, error_messages={"required": _("Say why the exhibit is taken back.")},
        help_text=_("It stands in the trail and on the exhibit, for everybody who opens it."),
    )  # fmt: skip
    sure = forms.BooleanField(label=_("I mean this exhibit of this meeting"), required=False)


@serves("meetings.see")
def exhibit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One scenario as it was laid: nothing here is counted again. The secretariat takes it back here, until the meeting has been held."""
    by, at = me(request), timezone.now()
    today = timezone.localdate(at)
    one = laid(pk, seen_by=by, on=today)
    if one is None:
        raise Http404
    form = TakeBackForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        why, sure = form.cleaned_data["because"], form.cleaned_data["sure"]
        if attempt(request, lambda: actions.take_back(by=by, at=at, exhibit=one, because=why, sure=sure) or True, form=form, done=gettext("The exhibit is taken back. This address still shows it.")):  # fmt: skip
            return redirect("exhibit", pk)
    ruled = may_take_back(held_on=one.meeting.held_on, today=today, taken_back=one.taken_back_at is not None)
    shown = [
        (gettext(table.part.label), table, [list(zip(table.headings, row, strict=True)) for row in table.rows])
        for table in tables_of(one, get_language() or "da")
    ]
    takes_back = bool(ruled) and bool(may(by, "meetings.call", on=today))
    return render(request, "public/exhibit.html", {"one": one, "tables": shown, "form": form if takes_back else None})
