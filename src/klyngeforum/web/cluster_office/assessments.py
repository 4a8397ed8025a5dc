"""The organisation's assessments: the list, beginning one, and one with its progress, facts and spreadsheet."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.ground.access.queries import may
from klyngeforum.ground.period import date_of
from klyngeforum.ground.tables.queries import NotATable
from klyngeforum.ground.tables.terms import DryRun, Format
from klyngeforum.quality.assessments import actions, backing, queries
from klyngeforum.quality.assessments.holding import FILLS, completes
from klyngeforum.quality.assessments.queries import Assessment, Line
from klyngeforum.quality.assessments.rules import may_move
from klyngeforum.quality.assessments.sheets import take_in_sheet, workbook
from klyngeforum.quality.assessments.terms import FINAL, AssessmentKind, AssessmentState
from klyngeforum.quality.indicators.queries import standing, versions
from klyngeforum.web.acting import attempt
from klyngeforum.web.components.begun import begun
from klyngeforum.web.components.downloads import file_response
from klyngeforum.web.components.uploads import said
from klyngeforum.web.serving import me, serves

from .desk import own_cluster


class BeginForm(forms.Form):
    scheme = forms.ChoiceField(label=_("Which indicators"))
    as_of = forms.DateField(label=_("How things stand on"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data: object = None) -> None:
        today, language = timezone.localdate(), get_language() or "da"
        super().__init__(data, initial={"as_of": today.isoformat()})  # type: ignore[arg-type]
        found = [one for code in dict.fromkeys(v.scheme for v in versions()) if (one := standing(code, on=today))]
        self.fields["scheme"].choices = [(one.scheme, one.name.say(language)) for one in found]  # type: ignore[attr-defined]


class ReopenForm(forms.Form):
    reason = forms.CharField(label=_("Why is it opened again?"), max_length=500)


class SheetForm(forms.Form):
    file = forms.FileField(label=_("The filled sheet"), help_text=_("The one that was taken out here, as Excel or CSV"))
    dry_run = forms.BooleanField(label=_("Only show what would happen"), required=False, initial=True)


def own_assessment(request: HttpRequest, pk: int) -> Assessment:
    """One of the organisation's own assessments, or any for who examines them all; no other exists here."""
    found, today = queries.assessment(pk, seen_by=me(request), on=timezone.localdate()), timezone.localdate()
    if found is None or not (examines(request) or may(me(request), "assessments.fill", found, on=today)):
        raise Http404
    return found


def examines(request: HttpRequest) -> bool:
    """Whether this is somebody who asks the organisations, not one of them: interviews and ex-ante checks are theirs to fill."""
    return bool(may(me(request), "assessments.examine", on=timezone.localdate()))


def may_fill(request: HttpRequest, one: Assessment) -> bool:
    """Whether this person can write in it just now."""
    act = FILLS[AssessmentKind(one.kind)]
    return one.state == AssessmentState.OPEN and bool(may(me(request), act, one, on=timezone.localdate()))


@serves("assessments.fill")
def assessments(request: HttpRequest) -> HttpResponseBase:
    cluster, now = own_cluster(request), timezone.now()
    form = BeginForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        made = attempt(
            request,
            lambda: actions.begin(by=me(request), at=now, cluster=cluster, kind=AssessmentKind.SELF, scheme=values["scheme"], as_of=values["as_of"]),
            form=form,
        )  # fmt: skip
        if made:
            messages.success(request, begun(made))
            return redirect("assessment", made.pk)
    rows = list(queries.assessments(seen_by=me(request), on=date_of(now)).filter(cluster=cluster))
    done = queries.progress(rows)
    context = {
        "cluster": cluster, "form": form, "rows": [(one, *done[one.pk]) for one in rows],
        "open": next((one for one in rows if one.kind == AssessmentKind.SELF and one.state == AssessmentState.OPEN), None),
        "named": cluster.pk in queries.consenting(at=now), "may_consent": bool(may(me(request), "assessments.consent", cluster, on=date_of(now))),
    }  # fmt: skip
    return render(request, "cluster_office/assessments.html", context)


@serves("assessments.consent")
def consent(request: HttpRequest) -> HttpResponseBase:
    if request.method == "POST":
        wish = request.POST.get("named") == "yes"
        attempt(request, lambda: backing.consent(by=me(request), at=timezone.now(), cluster=own_cluster(request), to_be_named=wish) or True, done=gettext("Noted."))  # fmt: skip
    return redirect("assessments")


def group_rows(one: Assessment, lines: list[Line]) -> list[dict[str, object]]:
    """Each group with how far it has come."""
    language = get_language() or "da"
    found = []
    for group in queries.version_of(one).groups:
        own = [line for line in lines if line.indicator.group == group.code]
        done = sum(line.done for line in own)
        found.append({
            "code": group.code, "name": group.name.say(language), "done": done, "asked": len(own), "left": len(own) - done,
            "href": reverse("assessment_group", args=[one.pk, group.code]),
        })  # fmt: skip
    return found


def _take_in(request: HttpRequest, one: Assessment, form: SheetForm) -> DryRun | None:
    values = form.cleaned_data
    try:
        return attempt(
            request,
            lambda: take_in_sheet(
                by=me(request), at=timezone.now(), assessment=one, content=values["file"].read(),
                file_name=values["file"].name, dry_run=values["dry_run"],
            ),
            form=form,
        )  # fmt: skip
    except NotATable as wrong:
        text, mend = gettext(wrong.why), gettext(wrong.mend)
        form.add_error("file", f"{text % wrong.values if wrong.values else text} {mend % wrong.values if wrong.values else mend}")  # fmt: skip
    return None


def _move(request: HttpRequest, one: Assessment, reopening: ReopenForm) -> object:
    """Complete or reopen; what was moved, or None with the reason shown."""
    act, now = request.POST.get("act"), timezone.now()
    if act == "complete":
        return attempt(request, lambda: actions.complete(by=me(request), at=now, assessment=one), done=gettext("Completed. See how far it is to the labels."))  # fmt: skip
    if act == "reopen" and reopening.is_valid():
        reason = reopening.cleaned_data["reason"]
        return attempt(request, lambda: actions.reopen(by=me(request), at=now, assessment=one, reason=reason), form=reopening, done=gettext("It is open again."))  # fmt: skip
    return None


@serves("assessments.see")
def assessment(request: HttpRequest, pk: int) -> HttpResponseBase:
    one = own_assessment(request, pk)
    act = request.POST.get("act")
    reopening = ReopenForm(request.POST if act == "reopen" else None)
    sheet = SheetForm(request.POST, request.FILES) if act == "sheet" else SheetForm()
    run = _take_in(request, one, sheet) if act == "sheet" and sheet.is_valid() else None
    if act in ("complete", "reopen") and _move(request, one, reopening):
        return redirect("distance") if act == "complete" and not examines(request) else redirect("assessment", pk)
    if run is not None and not run.problems and not sheet.cleaned_data["dry_run"]:
        one = own_assessment(request, pk)
    lines, version, today = queries.lines(one, seen_by=me(request)), queries.version_of(one), timezone.localdate()
    may_complete = bool(may(me(request), completes(one.kind), one, on=today))
    context = {
        "one": one, "examines": examines(request), "version": version.name.say(get_language() or "da"), "groups": group_rows(one, lines), "left": [line for line in lines if not line.done],
        "has_labels": bool(version.labels), "final": one.state in FINAL, "done": sum(line.done for line in lines), "asked": len(lines), "facts": queries.fact_lines(one), "fillable": may_fill(request, one),
        "may_complete": may_complete and bool(may_move(one.kind, one.state, "complete")),
        "may_reopen": may_complete and bool(may_move(one.kind, one.state, "reopen")),
        "reopening": reopening, "sheet": sheet, "run": run, "dry": act == "sheet" and sheet.is_bound and sheet.is_valid() and sheet.cleaned_data["dry_run"],
        "problems": [said(problem) for problem in run.problems[:100]] if run else [], "placeholders": any(one.placeholder("levels") for one in version.indicators),
    }  # fmt: skip
    return render(request, "cluster_office/assessment.html", context)


@serves("assessments.see")
def assessment_sheet(request: HttpRequest, pk: int) -> HttpResponseBase:
    one, language = own_assessment(request, pk), get_language() or "da"
    content = workbook(one, seen_by=me(request), language="en" if language.startswith("en") else "da")
    return file_response(content, name=f"{one.cluster.slug}-vurdering-{one.as_of}", fmt=Format.XLSX)
