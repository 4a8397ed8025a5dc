"""One case at the assessor's desk: declare, then what is to be scored, then the report."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.quality.assessments import auditing, queries
from klyngeforum.quality.assessments.terms import Seat
from klyngeforum.quality.labels import certifying
from klyngeforum.quality.labels.assigned import Assigned
from klyngeforum.quality.labels.queries import areas, conflicts, of_cluster
from klyngeforum.quality.labels.reading import certification
from klyngeforum.quality.labels.terms import Task
from klyngeforum.web.acting import attempt
from klyngeforum.web.components.cases import label_name, report_response
from klyngeforum.web.public.overview import label_words
from klyngeforum.web.serving import me, serves

from .desk import my_case

_INDEPENDENT = (("yes", _("I am independent of the organisation")), ("no", _("I am not independent; give the seat to somebody else")))  # fmt: skip


class DeclareForm(forms.Form):
    independent = forms.ChoiceField(label=_("Your declaration"), choices=_INDEPENDENT)
    text = forms.CharField(
        label=_("What it rests on"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Posts, employers, advice and family: write it also when there is none"),
    )  # fmt: skip


def _groups(found: Assigned, request: HttpRequest) -> list[dict[str, object]]:
    """Each group with how far this expert has come with their own scores."""
    audit, language = found.case.audit, get_language() or "da"
    seat = queries.seat_of(audit, me(request)) if audit else None
    if audit is None or seat is None:
        return []
    given = queries.given(audit, seat=seat, seen_by=me(request))
    rows = []
    for group in queries.version_of(audit).groups:
        own = [one.code for one in queries.version_of(audit).of_group(group.code)]
        done = sum(code in given and given[code].answered_on is not None for code in own)
        href = reverse("score_group", args=[found.case.pk, group.code])
        rows.append(
            {"code": group.code, "name": group.name.say(language), "done": done, "asked": len(own), "href": href}
        )
    return rows


def _declare(request: HttpRequest, found: Assigned, form: DeclareForm) -> HttpResponseBase | None:
    values, now = form.cleaned_data, timezone.now()
    said = values["independent"] == "yes"
    row = attempt(
        request, lambda: certifying.declare(by=me(request), at=now, case=found.case, is_independent=said, text=values["text"]),
        form=form, done=gettext("Declared. The secretariat begins the audit when both have.") if said else gettext("Noted. You see nothing more of the case."),
    )  # fmt: skip
    return redirect("auditor_case", found.case.pk) if row and said else redirect("auditor") if row else None


def _last_time(found: Assigned) -> list[tuple[str, object]]:
    """What was assessed before: the audit's predecessor and what the application rests on."""
    before = found.case.audit.previous if found.case.audit else None
    rows = [one for one in (before, found.case.own) if one is not None]
    return [(gettext(one.get_kind_display()), one) for one in dict.fromkeys(rows)]


def _act(request: HttpRequest, found: Assigned, act: str) -> object:
    person, now, audit = me(request), timezone.now(), found.case.audit
    if act == "hand_in" and audit:
        return attempt(request, lambda: auditing.hand_in(by=person, at=now, assessment=audit), done=gettext("Handed in. The joint round begins when both are in."))  # fmt: skip
    if act == "report":
        return attempt(request, lambda: certifying.report(by=person, at=now, case=found.case), done=gettext("The report is in. Thank you."))  # fmt: skip
    return None


@serves("assessments.score")
def auditor_case(request: HttpRequest, pk: int) -> HttpResponseBase:
    found, today = my_case(request, pk), timezone.localdate()
    act = request.POST.get("act", "")
    form = DeclareForm(request.POST if act == "declare" else None)
    if act == "declare" and form.is_valid() and (answer := _declare(request, found, form)):
        return answer
    if act in ("hand_in", "report"):
        _act(request, found, act)
        return redirect("auditor_case", pk)
    one, declared = found.case, found.declaration.independent is True
    other = queries.chairs(one.audit).exclude(person=me(request)).first() if one.audit else None
    context = {
        "found": found, "one": one, "label": label_name(one), "form": form, "task": found.task, "declared": declared, "tasks": Task,
        "conflicts": conflicts(me(request), one.cluster, on=today) if found.declaration.independent is None else [],
        "groups": _groups(found, request) if declared else [], "last": _last_time(found) if declared else [], "seat": Seat(found.declaration.seat).label,
        "held": [(row, label_words().get(row.label, row.label)) for row in of_cluster(one.cluster_id) if row.valid_to >= today],
        "areas": areas(pk) if declared else [], "needed": certification().areas, "years": certification().independence_years,
        "years_placeholder": certification().placeholder("independence"), "other": other,
    }  # fmt: skip
    return render(request, "auditor/case.html", context)


@serves("assessments.score")
def auditor_report(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = my_case(request, pk)
    if found.declaration.independent is not True:
        raise Http404
    return report_response(request, found.case)
