"""The report's improvement areas: what was found, and what is recommended."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.quality.assessments import queries
from klyngeforum.quality.assessments.queries import Assessment
from klyngeforum.quality.assessments.terms import AssessmentState, Seat
from klyngeforum.quality.indicators.terms import Version
from klyngeforum.quality.labels import certifying
from klyngeforum.quality.labels.queries import areas as areas_of
from klyngeforum.quality.labels.reading import certification
from klyngeforum.quality.labels.terms import CaseState
from klyngeforum.web.acting import attempt
from klyngeforum.web.components.answers import level_shown
from klyngeforum.web.serving import me, serves

from .desk import my_audit


class AreaForm(forms.Form):
    indicator = forms.ChoiceField(label=_("Indicator"))
    finding = forms.CharField(label=_("What was found"), max_length=4000, widget=forms.Textarea)
    recommendation = forms.CharField(label=_("What is recommended"), max_length=4000, widget=forms.Textarea)

    def __init__(self, version: Version, language: str, data: object = None, initial: object = None) -> None:
        super().__init__(data, initial=initial)  # type: ignore[arg-type]
        self.fields["indicator"].choices = [(one.code, f"{one.code} {one.name.say(language)}") for one in version.indicators]  # type: ignore[attr-defined]  # fmt: skip


def weakest(one: Assessment, request: HttpRequest, language: str) -> list[tuple[str, str, str]]:
    """The indicators that lie lowest against their own top, as (code, name, level): where to look for areas."""
    given = queries.given(one, seat=Seat.AGREED, seen_by=me(request))
    scored = [(given[what.code].level or 0, what) for what in queries.version_of(one).indicators if what.code in given and given[what.code].level is not None]  # fmt: skip
    lowest = sorted(scored, key=lambda pair: pair[0] / (pair[1].top or 1))[:6]
    return [(what.code, what.name.say(language), level_shown(what, level, given[what.code].state, language)) for level, what in lowest]  # fmt: skip


@serves("assessments.score")
def areas(request: HttpRequest, pk: int) -> HttpResponseBase:
    found, one, _seat = my_audit(request, pk)
    if one.state not in (AssessmentState.JOINT, AssessmentState.AGREED):
        raise Http404
    language, version, now = get_language() or "da", queries.version_of(one), timezone.now()
    act, rows = request.POST.get("act", ""), list(areas_of(pk))
    wanted = request.GET.get("indikator", "")
    chosen = next((row for row in rows if row.indicator == wanted), None)
    initial = {"indicator": chosen.indicator, "finding": chosen.finding, "recommendation": chosen.recommendation} if chosen else {"indicator": wanted}  # fmt: skip
    form = AreaForm(version, language, request.POST if act == "write" else None, initial)
    if act == "write" and form.is_valid():
        values = form.cleaned_data
        if attempt(request, lambda: certifying.find_area(by=me(request), at=now, case=found.case, **values), form=form, done=gettext("Written.")):  # fmt: skip
            return redirect("areas", pk)
    if act == "drop":
        attempt(request, lambda: certifying.drop_area(by=me(request), at=now, case=found.case, indicator=request.POST.get("indicator", "")), done=gettext("Taken out."))  # fmt: skip
        return redirect("areas", pk)
    names = {what.code: what.name.say(language) for what in version.indicators}
    context = {
        "case": found.case, "one": one, "form": form, "rows": [(row, names.get(row.indicator, "")) for row in rows], "needed": certification().areas,
        "placeholder": certification().placeholder("areas"), "weakest": weakest(one, request, language), "writable": found.case.state == CaseState.AUDITING,
        "agreed": one.state == AssessmentState.AGREED,
    }  # fmt: skip
    return render(request, "auditor/areas.html", context)
