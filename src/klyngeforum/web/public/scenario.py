"""A scenario that was kept: counted again on its day, renamed, withdrawn, or laid before a meeting of the forum."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.ground.access.queries import may
from klyngeforum.ground.programme.queries import small_cells
from klyngeforum.results.landscape import actions as landscape
from klyngeforum.results.landscape.mergers import Scenario, scenario
from klyngeforum.results.landscape.rules import may_amend
from klyngeforum.steering.meetings import actions as meetings
from klyngeforum.steering.meetings.queries import Meeting, coming, laid_with
from klyngeforum.web.acting import attempt
from klyngeforum.web.components.laying import in_words
from klyngeforum.web.components.numbers import day as day_said
from klyngeforum.web.serving import me, serves

from .merger import KeepForm, opened_for, result_of, way_to


class WithdrawForm(forms.Form):
    because = forms.CharField(label=_("Why it is withdrawn"), max_length=300)


class LayForm(forms.Form):
    meeting = forms.ChoiceField(label=_("Meeting"), error_messages={"invalid_choice": _("This meeting has been held, or is not called. Choose one that is coming.")})  # fmt: skip

    def __init__(self, data: Any, known: list[Meeting]) -> None:
        super().__init__(data)
        field = self.fields["meeting"]
        field.choices = field.widget.choices = [(str(one.pk), f"{one.title}, {day_said(one.held_on)}") for one in known]  # type: ignore[attr-defined]


class _Desk:
    """The forms of the page, and what each does when it is sent."""

    def __init__(self, request: HttpRequest, one: Scenario) -> None:
        today, what = timezone.localdate(), request.POST.get("act", "")
        self.request, self.one, self.what = request, one, what
        office, person = bool(may(me(request), "landscape.amend", on=today)), me(request)
        own = person is not None and one.kept_by_id == person.pk
        self.amends = bool(may_amend(own=own, office=office, withdrawn=one.withdrawn_at is not None))
        self.lays = one.withdrawn_at is None and bool(may(person, "meetings.call", on=today))
        self.meetings = list(coming(seen_by=person, on=today)) if self.lays else []
        sent: dict[str, Any] = {what: request.POST} if request.method == "POST" else {}
        self.rename = KeepForm(sent.get("rename"), initial={"name": one.name, "note": one.note})
        self.withdraw = WithdrawForm(sent.get("withdraw"))
        self.lay = LayForm(sent.get("lay"), self.meetings)

    def done(self) -> bool:
        act = {"rename": self._rename, "withdraw": self._withdraw, "lay": self._lay}.get(self.what)
        return act is not None and act()

    def _rename(self) -> bool:
        said, by, at = self.rename, me(self.request), timezone.now()
        return said.is_valid() and bool(attempt(
            self.request,
            lambda: landscape.rename_scenario(by=by, at=at, scenario=self.one, name=said.cleaned_data["name"], note=said.cleaned_data["note"]) or True,
            form=said, done=gettext("The scenario has its new name."),
        ))  # fmt: skip

    def _withdraw(self) -> bool:
        said, by, at = self.withdraw, me(self.request), timezone.now()
        return said.is_valid() and bool(attempt(
            self.request, lambda: landscape.withdraw_scenario(by=by, at=at, scenario=self.one, because=said.cleaned_data["because"]) or True,
            form=said, done=gettext("The scenario is withdrawn. This address still shows it."),
        ))  # fmt: skip

    def _lay(self) -> bool:
        if not self.lay.is_valid():
            return False
        one, by, at = self.one, me(self.request), timezone.now()
        chosen = [part.cluster for part in one.parts.all()]
        meeting = next(row for row in self.meetings if str(row.pk) == self.lay.cleaned_data["meeting"])
        cells = in_words(lambda: result_of(chosen, one.day, opened=False))
        return bool(attempt(
            self.request, lambda: meetings.lay(by=by, at=at, meeting=meeting, scenario=one, cells=cells), form=self.lay,
            done=gettext("The scenario is laid before the meeting as it is counted now."),
        ))  # fmt: skip


@serves("landscape.merge")
def kept_scenario(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A scenario as it was kept, counted from what the registers say of its day now."""
    today = timezone.localdate()
    one = scenario(pk, seen_by=me(request), on=today)
    if one is None:
        raise Http404
    desk = _Desk(request, one)
    if request.method == "POST" and desk.done():
        return redirect("scenario", pk)
    chosen = [part.cluster for part in one.parts.all()]
    result = result_of(chosen, one.day, opened=opened_for(request, chosen))
    after = result["merger"].after
    context = {
        "one": one, "day": one.day, "few": small_cells().least, "again": way_to([cluster.slug for cluster in chosen], one.day), "desk": desk,
        "laid": laid_with(pk, seen_by=me(request), on=today),
        "moved": (after.members, after.companies) != (one.participants, one.companies) and result["opened"], "enough": True, **result,
    }  # fmt: skip
    return render(request, "public/scenario.html", context)
