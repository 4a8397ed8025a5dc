"""One case: take it up, ask assessors with their ties in view, begin the audit, record what the approving group decided."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.ground.trail.queries import of
from klyngeforum.quality.assessments.queries import chairs
from klyngeforum.quality.assessments.terms import EXPERTS, Seat
from klyngeforum.quality.labels import certifying
from klyngeforum.quality.labels.choosing import Candidate, candidates, proposed_period
from klyngeforum.quality.labels.queries import Case, case, declarations
from klyngeforum.quality.labels.reading import certification
from klyngeforum.quality.labels.terms import MOVES, CaseState
from klyngeforum.web.acting import attempt
from klyngeforum.web.components.cases import area_rows, label_name, report_response
from klyngeforum.web.papers.audit_report import open_to
from klyngeforum.web.serving import me, serves

_DATE = {"type": "date"}


class AskForm(forms.Form):
    expert = forms.ChoiceField(label=_("Assessor"))
    seat = forms.ChoiceField(label=_("Seat"))
    foreign = forms.BooleanField(label=_("Comes from abroad"), required=False)

    def __init__(self, found: list[Candidate], free: list[Seat], data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        people = [(str(one.person.pk), one.person.name) for one in found if one.free]
        self.fields["expert"].choices = people  # type: ignore[attr-defined]
        self.fields["seat"].choices = [(seat.value, gettext(seat.label)) for seat in free]  # type: ignore[attr-defined]


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("Why the application is withdrawn"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))  # fmt: skip


class AwardForm(forms.Form):
    issuer = forms.CharField(label=_("Issued by"), max_length=80)
    certificate = forms.CharField(label=_("Certificate"), max_length=80, required=False)
    valid_from = forms.DateField(label=_("Valid from"), widget=forms.DateInput(attrs=_DATE))
    valid_to = forms.DateField(label=_("Valid to"), widget=forms.DateInput(attrs=_DATE), help_text=_("Proposed by the scheme's rules; write the days that were decided"))  # fmt: skip
    decision = forms.CharField(label=_("The approving group's decision"), max_length=200, help_text=_("Meeting and item"))  # fmt: skip


class DeclineForm(forms.Form):
    decision = forms.CharField(label=_("The approving group's decision, and why"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))  # fmt: skip


def _forms(request: HttpRequest, one: Case, found: list[Candidate]) -> dict[str, forms.Form]:
    today, act = timezone.localdate(), request.POST.get("act", "")
    data = {name: request.POST if act == name else None for name in ("ask", "withdraw", "award", "decline")}
    taken = {row.seat for row in declarations(one.pk) if row.independent is not False}
    period = proposed_period(one, on=today) if one.state == CaseState.REPORTED else None
    days = {"valid_from": period[0].since.isoformat(), "valid_to": period[0].until.isoformat() if period[0].until else ""} if period else {}  # fmt: skip
    return {
        "ask": AskForm(found, [seat for seat in EXPERTS if seat.value not in taken], data["ask"]),
        "withdraw": WithdrawForm(data["withdraw"]), "award": AwardForm(data["award"], initial=days), "decline": DeclineForm(data["decline"]),
    }  # fmt: skip


def _ask(request: HttpRequest, one: Case, found: list[Candidate], form: forms.Form) -> object:
    values = form.cleaned_data
    expert = next(person.person for person in found if str(person.person.pk) == values["expert"])
    return certifying.ask(by=me(request), at=timezone.now(), case=one, expert=expert, seat=Seat(values["seat"]), foreign=values["foreign"])  # fmt: skip


def _deed(request: HttpRequest, one: Case, act: str, found: list[Candidate], form: forms.Form | None) -> tuple[Callable[[], object], str] | None:  # fmt: skip
    """What the button does, and what is said when it is done."""
    by, at, values = me(request), timezone.now(), form.cleaned_data if form else {}
    known: dict[str, tuple[Callable[[], object], str]] = {
        "admit": (lambda: certifying.admit(by=by, at=at, case=one), gettext("Taken up. Ask two assessors.")),
        "begin_audit": (lambda: certifying.begin_audit(by=by, at=at, case=one), gettext("The audit has begun; each expert scores alone.")),
        "withdraw": (lambda: certifying.withdraw(by=by, at=at, case=one, **values), gettext("The application is withdrawn.")),
        "award": (lambda: certifying.award(by=by, at=at, case=one, **values), gettext("The label is recorded with its days.")),
        "decline": (lambda: certifying.decline(by=by, at=at, case=one, **values), gettext("Recorded: the label was not awarded.")),
    }  # fmt: skip
    if act == "ask" and form is not None:
        return lambda: _ask(request, one, found, form), gettext("Asked. The case stands on the assessor's desk.")
    return known.get(act)


@serves("labels.handle")
def case_screen(request: HttpRequest, pk: int) -> HttpResponseBase:
    today = timezone.localdate()
    one = case(pk, seen_by=me(request), on=today)
    if one is None:
        raise Http404
    found = candidates(one, on=today) if one.state == CaseState.ASSIGNING else []
    bound, act = _forms(request, one, found), request.POST.get("act", "")
    form = bound.get(act)
    if request.method == "POST" and (form is None or form.is_valid()):
        deed = _deed(request, one, act, found, form)
        if deed is None:
            raise Http404
        if attempt(request, deed[0], form=form, done=deed[1]) or form is None:
            return redirect("case", pk)
    period = proposed_period(one, on=today)
    context = {
        "one": one, "label": label_name(one), "may": MOVES[CaseState(one.state)], "forms": bound, "candidates": found, "declarations": declarations(pk),
        "chairs": chairs(one.audit) if one.audit else [], "areas": area_rows(one, today), "report": open_to(one, me(request)), "acts": of("case", pk),
        "period_placeholder": bool(period and period[1]), "years": certification().independence_years,
    }  # fmt: skip
    return render(request, "secretariat/case.html", context)


@serves("labels.handle")
def case_report(request: HttpRequest, pk: int) -> HttpResponseBase:
    one = case(pk, seen_by=me(request), on=timezone.localdate())
    if one is None:
        raise Http404
    return report_response(request, one)
