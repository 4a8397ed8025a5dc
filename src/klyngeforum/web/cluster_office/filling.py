"""Filling one group of an assessment: autosave part by part, evidence beside the question, who is here too."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.ground.verdict import Refused
from klyngeforum.quality.assessments import actions, backing, queries
from klyngeforum.quality.assessments.backing import NewEvidence
from klyngeforum.quality.assessments.queries import Assessment
from klyngeforum.quality.assessments.terms import Part
from klyngeforum.quality.indicators.terms import Version
from klyngeforum.web.acting import attempt
from klyngeforum.web.components.answers import AnswerRow, Desk, answer_rows
from klyngeforum.web.components.documents import document_response
from klyngeforum.web.serving import me, serves
from klyngeforum.web.templatetags.words import said

from .assessments import examines, group_rows, may_fill, own_assessment


class EvidenceForm(forms.Form):
    title = forms.CharField(label=_("What it is"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind of evidence"), required=False)
    dated = forms.DateField(label=_("Dated"), widget=forms.DateInput(attrs={"type": "date"}))
    link = forms.URLField(label=_("Link"), required=False, max_length=500, assume_scheme="https")
    file = forms.FileField(label=_("Or a file"), required=False, help_text=_("PDF, Word, Excel, OpenDocument, CSV, PNG or JPEG, at most 10 MB"))  # fmt: skip

    def __init__(self, version: Version, code: str, data: object = None, files: object = None) -> None:
        super().__init__(data, files, auto_id=f"id_{code.replace('.', '-')}_%s")  # type: ignore[arg-type]
        language, what = get_language() or "da", version.indicator(code)
        fitting = [one for one in version.evidence if what and one.code in what.evidence]
        rest = [one for one in version.evidence if one not in fitting]
        self.fields["kind"].choices = [(one.code, one.name.say(language)) for one in (*fitting, *rest)]  # type: ignore[attr-defined]


def _desk(request: HttpRequest, one: Assessment) -> Desk:
    return Desk(one.pk, measured="examined_value") if examines(request) else Desk(one.pk)


def _rows(request: HttpRequest, one: Assessment, group: str = "", code: str = "") -> list[AnswerRow]:
    lines = queries.lines(one, seen_by=me(request))
    wanted = [line for line in lines if line.indicator.code == code or line.indicator.group == group]
    return answer_rows(one, wanted, queries.version_of(one), get_language() or "da", _desk(request, one))


@serves("assessments.see")
def assessment_group(request: HttpRequest, pk: int, group: str) -> HttpResponseBase:
    one = own_assessment(request, pk)
    version, fillable = queries.version_of(one), may_fill(request, one)
    lines = queries.lines(one, seen_by=me(request))
    groups = group_rows(one, lines)
    here = next((nth for nth, row in enumerate(groups) if row["code"] == group), None)
    if here is None:
        raise Http404
    shown = [line for line in lines if line.indicator.group == group]
    context = {
        "one": one, "group": groups[here], "groups": groups, "next": groups[here + 1] if here + 1 < len(groups) else None,
        "rows": answer_rows(one, shown, version, get_language() or "da", _desk(request, one)), "fillable": fillable, "examines": examines(request),
        "placeholders": any(line.indicator.placeholder("levels") for line in shown),
    }  # fmt: skip
    return render(request, "cluster_office/assessment_group.html", context)


def _back(one: Assessment, code: str) -> str:
    what = queries.version_of(one).indicator(code)
    if what is None:
        raise Http404
    return f"{reverse('assessment_group', args=[one.pk, what.group])}#i-{code.replace('.', '-')}"


@serves("assessments.see")
def answer(request: HttpRequest, pk: int, code: str) -> HttpResponseBase:
    """Save one part; htmx gets the saved mark and the state of the row, a plain form goes back to the page."""
    one = own_assessment(request, pk)
    part, turn = request.POST.get("part", ""), request.POST.get("turn", "0")
    if request.method != "POST" or part not in Part.values() or not turn.isdecimal():
        raise Http404
    value, refused, now = request.POST.get("value", ""), "", timezone.now()
    try:
        actions.answer(
            by=me(request), at=now, assessment=one, indicator=code, part=Part(part), value=value, turn=int(turn)
        )
    except Refused as refusal:
        refused = " ".join(said(verdict) for verdict in refusal.verdicts)
    if not request.headers.get("HX-Request"):
        if refused:
            return render(request, "cluster_office/answer_refused.html", {"one": one, "refused": refused, "value": value, "part": part, "back": _back(one, code)})  # fmt: skip
        return redirect(_back(one, code))
    row = _rows(request, one, code=code)[0]
    done = [line.done for line in queries.lines(one, seen_by=me(request)) if line.indicator.group == row.group]
    context = {"row": row, "part": row.parts[part], "refused": refused, "at": timezone.localtime(now), "done": sum(done), "asked": len(done)}  # fmt: skip
    return render(request, "cluster_office/answer_saved.html", context)


@serves("assessments.see")
def here(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Say that this person is here, and who else is."""
    one, now = own_assessment(request, pk), timezone.now()
    if request.method != "POST":
        raise Http404
    actions.look_at(by=me(request), at=now, assessment=one, group=request.POST.get("group", ""))
    names = {group.code: group.name.say(get_language() or "da") for group in queries.version_of(one).groups}
    others = [(name, names.get(group, "")) for name, group in queries.present(one, but=me(request), at=now)]
    return render(request, "cluster_office/here.html", {"others": others})


@serves("assessments.see")
def fact(request: HttpRequest, pk: int) -> HttpResponseBase:
    one = own_assessment(request, pk)
    turn = request.POST.get("turn", "")
    if request.method != "POST" or not turn.isdecimal():
        raise Http404
    values = {key: request.POST.get(key, "") for key in ("fact", "value", "because")}
    attempt(request, lambda: backing.state(by=me(request), at=timezone.now(), assessment=one, turn=int(turn), **values), done=gettext("Saved."))  # fmt: skip
    return redirect(f"{reverse('assessment', args=[pk])}#facts")


@serves("assessments.see")
def lay_evidence(request: HttpRequest, pk: int, code: str) -> HttpResponseBase:
    """Lay evidence beside an answer; what is wrong is said with everything typed still there."""
    one = own_assessment(request, pk)
    version, back = queries.version_of(one), _back(one, code)
    form = EvidenceForm(version, code, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        file = values["file"]
        new = NewEvidence(
            code, values["title"], values["dated"], values["kind"], values["link"],
            (file.name, file.content_type or "", file.read()) if file else None,
        )  # fmt: skip
        if attempt(request, lambda: backing.attach(by=me(request), at=timezone.now(), assessment=one, new=new), form=form, done=gettext("The evidence lies beside the answer.")):  # fmt: skip
            return redirect(back)
    what = version.indicator(code)
    name = what.name.say(get_language() or "da") if what else ""
    return render(
        request,
        "cluster_office/lay_evidence.html",
        {"one": one, "form": form, "code": code, "name": name, "back": back},
    )


@serves("assessments.see")
def evidence(request: HttpRequest, pk: int, evidence_pk: int) -> HttpResponseBase:
    """Open the file, or take the evidence off."""
    one = own_assessment(request, pk)
    found = queries.one_evidence(evidence_pk, one)
    if found is None:
        raise Http404
    if request.method == "POST":
        attempt(request, lambda: backing.detach(by=me(request), at=timezone.now(), evidence=found) or True, done=gettext("Taken off; the trail keeps it."))  # fmt: skip
        return redirect(_back(one, found.indicator))
    file = queries.document(evidence_pk, one)
    if file is None:
        raise Http404
    return document_response(found, file)
