"""The organisation's way to a label: apply, see how the case goes, read the report, plan and finish the steps."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.ground.access.queries import may
from klyngeforum.ground.period import date_of
from klyngeforum.ground.programme.queries import labels as known_labels
from klyngeforum.quality.assessments.queries import newest
from klyngeforum.quality.indicators.queries import awarding
from klyngeforum.quality.labels import certifying, following
from klyngeforum.quality.labels.queries import Case, case, cases, of_cluster, one_area, one_step
from klyngeforum.quality.labels.terms import MOVES, CaseState
from klyngeforum.web.acting import attempt
from klyngeforum.web.components.cases import area_rows, label_name, progress_of, report_response
from klyngeforum.web.papers.audit_report import open_to
from klyngeforum.web.public.overview import label_words
from klyngeforum.web.serving import me, serves

from .desk import own_cluster


class ApplyForm(forms.Form):
    label = forms.ChoiceField(label=_("Label"))
    reason = forms.CharField(label=_("Why the organisation is ready"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))  # fmt: skip
    money_asked = forms.DecimalField(
        label=_("Money asked for, DKK"), required=False, max_digits=12, decimal_places=2, localize=True,
        help_text=_("For the certification itself; the granting body decides on it apart from the label"),
    )  # fmt: skip

    def __init__(self, data: object = None, initial: object = None) -> None:
        super().__init__(data, initial=initial)  # type: ignore[arg-type]
        today, language = timezone.localdate(), get_language() or "da"
        found = [(one.code, one.name.say(language)) for one in known_labels() if awarding(one.code, on=today)]
        self.fields["label"].choices = found  # type: ignore[attr-defined]


class StepForm(forms.Form):
    area = forms.IntegerField(widget=forms.HiddenInput, localize=False)
    what = forms.CharField(label=_("What is to be done"), max_length=300)
    owner = forms.CharField(label=_("Who does it"), max_length=120)
    due_on = forms.DateField(label=_("By"), widget=forms.DateInput(attrs={"type": "date"}))


class BackForm(forms.Form):
    reason = forms.CharField(label=_("Why the application is withdrawn"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))  # fmt: skip


@serves("labels.follow_up")
def certifications(request: HttpRequest) -> HttpResponseBase:
    cluster, today, words = own_cluster(request), timezone.localdate(), label_words()
    rows = cases(seen_by=me(request), on=today).filter(cluster=cluster)
    context = {
        "cluster": cluster, "rows": [(one, label_name(one)) for one in rows], "progress": progress_of(cluster.pk, today), "today": today,
        "held": [(row, words.get(row.label, row.label), row.valid_to >= today) for row in of_cluster(cluster.pk)],
        "may_apply": bool(may(me(request), "labels.apply", cluster, on=today)),
    }  # fmt: skip
    return render(request, "cluster_office/certifications.html", context)


@serves("labels.apply")
def apply(request: HttpRequest) -> HttpResponseBase:
    cluster, now = own_cluster(request), timezone.now()
    form = ApplyForm(request.POST if request.method == "POST" else None, {"label": request.GET.get("maerke", "")})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        made = attempt(
            request, lambda: certifying.apply(by=me(request), at=now, cluster=cluster, **values), form=form,
            done=gettext("Applied. The secretariat takes it up; you can follow it here."),
        )  # fmt: skip
        if made:
            return redirect("certification", made.pk)
    schemes = {found[0].scheme for one in known_labels() if (found := awarding(one.code, on=date_of(now)))}
    rests = [
        row for scheme in sorted(schemes) if (row := newest([cluster.pk], scheme, until=date_of(now)).get(cluster.pk))
    ]
    return render(request, "cluster_office/apply.html", {"cluster": cluster, "form": form, "rests": rests})


def _own_case(request: HttpRequest, pk: int) -> Case:
    one = case(pk, seen_by=me(request), on=timezone.localdate())
    if one is None or one.cluster_id != own_cluster(request).pk:
        raise Http404
    return one


def _plan(request: HttpRequest, one: Case, form: StepForm) -> object:
    values, now = dict(form.cleaned_data), timezone.now()
    area = one_area(values.pop("area"), cluster_id=one.cluster_id)
    if area is None or area.case_id != one.pk:
        raise Http404
    return attempt(request, lambda: following.plan(by=me(request), at=now, area=area, **values), form=form, done=gettext("Planned."))  # fmt: skip


def _finish(request: HttpRequest, one: Case) -> object:
    wanted = request.POST.get("step", "")
    step = one_step(int(wanted), cluster_id=one.cluster_id) if wanted.isdecimal() and len(wanted) < 18 else None
    if step is None:
        raise Http404
    return attempt(request, lambda: following.finish(by=me(request), at=timezone.now(), step=step), done=gettext("Done. Well walked."))  # fmt: skip


@serves("labels.follow_up")
def certification(request: HttpRequest, pk: int) -> HttpResponseBase:
    one, today, act = _own_case(request, pk), timezone.localdate(), request.POST.get("act", "")
    step, back = (
        StepForm(request.POST if act == "plan" else None),
        BackForm(request.POST if act == "withdraw" else None),
    )
    if act == "plan" and step.is_valid() and _plan(request, one, step):
        return redirect("certification", pk)
    if act == "finish":
        _finish(request, one)
        return redirect("certification", pk)
    if act == "withdraw" and back.is_valid():
        reason = back.cleaned_data["reason"]
        if attempt(request, lambda: certifying.withdraw(by=me(request), at=timezone.now(), case=one, reason=reason), form=back, done=gettext("Withdrawn.")):  # fmt: skip
            return redirect("certification", pk)
    open_report = open_to(one, me(request))
    may_apply = bool(may(me(request), "labels.apply", one.cluster, on=today))
    context = {
        "one": one, "label": label_name(one), "areas": area_rows(one, today) if open_report else [], "report": open_report, "step": step, "back": back,
        "bound_area": request.POST.get("area", "") if act == "plan" else "", "may_withdraw": may_apply and "withdraw" in MOVES[CaseState(one.state)],
    }  # fmt: skip
    return render(request, "cluster_office/certification.html", context)


@serves("labels.follow_up")
def certification_report(request: HttpRequest, pk: int) -> HttpResponseBase:
    return report_response(request, _own_case(request, pk))
