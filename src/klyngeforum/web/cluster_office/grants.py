"""One grant: what it is, how far it is used, its budget, the hours claimed under it; recorded, put right, closed."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import sanitize_separators
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.ground.programme.queries import rate_of
from klyngeforum.records.economy import actions, claiming, queries
from klyngeforum.records.economy.actions import NewGrant
from klyngeforum.records.economy.queries import Grant
from klyngeforum.web.acting import attempt
from klyngeforum.web.components.choices import DayField, posted_number, whole_number
from klyngeforum.web.components.money import scheme_words, worked
from klyngeforum.web.components.numbers import kroner
from klyngeforum.web.serving import me, serves

from .desk import own_cluster
from .economy import grant_rows

_MOST = 200  # hours offered for a claim on one page


class GrantForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=200)
    reference = forms.CharField(label=_("The funder's reference"), max_length=60)
    scheme = forms.ChoiceField(label=_("Funding scheme"))
    starts_on = DayField(label=_("From"))
    ends_on = DayField(label=_("To"))
    amount = forms.DecimalField(label=_("Granted, DKK"), max_digits=14, decimal_places=2, localize=True)
    own_share = forms.DecimalField(label=_("Co-financing demanded, DKK"), max_digits=14, decimal_places=2, localize=True, initial=0, help_text=_("In cash and hours together."))  # fmt: skip
    note = forms.CharField(label=_("Note"), max_length=500, required=False)

    def __init__(self, data: Any, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["scheme"].choices = list(scheme_words().items())  # type: ignore[attr-defined]

    def new(self) -> NewGrant:
        return NewGrant(**self.cleaned_data)


class ClaimForm(forms.Form):
    since = DayField(label=_("From"))
    until = DayField(label=_("To"))
    entries = forms.MultipleChoiceField(required=False)

    def __init__(self, data: Any, initial: dict[str, date] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["entries"].choices = [(one, one) for one in data.getlist("entries")] if data else []  # type: ignore[attr-defined]

    def ids(self) -> list[int]:
        return [whole_number(one) for one in self.cleaned_data["entries"]]


class CloseForm(forms.Form):
    on = DayField(label=_("Closed on"))


class BudgetForm(forms.Form):
    lines = forms.CharField(label=_("Budget"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 8}), help_text=_("One line each: its name, a semicolon, the amount. The lines add up to the grant and the co-financing that it demands."))  # fmt: skip

    def clean_lines(self) -> list[tuple[str, Decimal]]:
        found = []
        for line in filter(str.strip, self.cleaned_data["lines"].splitlines()):
            title, _, amount = line.rpartition(";")
            try:
                found.append((title.strip()[:120], Decimal(sanitize_separators(re.sub(r"\s", "", amount)))))
            except InvalidOperation:
                title = ""
            if not title.strip():
                raise forms.ValidationError(gettext("“%(line)s”: write a name, a semicolon and an amount.") % {"line": line[:80]})  # fmt: skip
        return found


def _own_grant(request: HttpRequest, pk: int) -> Grant:
    rows = queries.grants(seen_by=me(request), on=timezone.localdate())
    one = rows.filter(cluster=own_cluster(request), pk=pk).first()
    if one is None:
        raise Http404
    return one


@serves("economy.edit")
def grant_new(request: HttpRequest) -> HttpResponseBase:
    cluster = own_cluster(request)
    form = GrantForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = attempt(request, lambda: actions.receive_grant(by=me(request), at=timezone.now(), cluster=cluster, new=form.new()), form=form, done=gettext("Recorded."))  # fmt: skip
        if made:
            return redirect("grant", pk=made.pk)
    return render(request, "cluster_office/grant_form.html", {"form": form, "cluster": cluster})


@serves("economy.edit")
def grant_amend(request: HttpRequest, pk: int) -> HttpResponseBase:
    one = _own_grant(request, pk)
    stands = {key: getattr(one, key) for key in ("title", "reference", "scheme", "starts_on", "ends_on", "amount", "own_share", "note")}  # fmt: skip
    form = GrantForm(request.POST if request.method == "POST" else None, stands)
    if request.method == "POST" and form.is_valid():
        made = attempt(request, lambda: actions.amend_grant(by=me(request), at=timezone.now(), grant=one, new=form.new()), form=form, done=gettext("Saved."))  # fmt: skip
        if made:
            return redirect("grant", pk=one.pk)
    return render(request, "cluster_office/grant_form.html", {"form": form, "cluster": one.cluster, "one": one})


@serves("economy.edit")
def budget(request: HttpRequest, pk: int) -> HttpResponseBase:
    one = _own_grant(request, pk)
    stands = "\n".join(f"{line.title}; {kroner(line.amount)}" for line in queries.budget_of(one.pk))
    form = BudgetForm(request.POST if request.method == "POST" else None, initial={"lines": stands})
    if request.method == "POST" and form.is_valid():
        made = attempt(request, lambda: actions.set_budget(by=me(request), at=timezone.now(), grant=one, lines=form.cleaned_data["lines"]) or True, form=form, done=gettext("Saved."))  # fmt: skip
        if made:
            return redirect("grant", pk=one.pk)
    return render(request, "cluster_office/grant_budget.html", {"form": form, "one": one, "asked": one.amount + one.own_share})  # fmt: skip


def _act(request: HttpRequest, one: Grant, claim_form: ClaimForm, close_form: CloseForm) -> bool:
    """Whether what was asked for is done."""
    act, by, at = request.POST.get("act", ""), me(request), timezone.now()
    if act == "claim" and claim_form.is_valid():
        values = claim_form.cleaned_data
        return bool(attempt(request, lambda: claiming.claim(by=by, at=at, grant=one, entries=claim_form.ids(), since=values["since"], until=values["until"]), form=close_form, done=gettext("Claimed.")))  # fmt: skip
    if act == "close" and close_form.is_valid():
        return bool(attempt(request, lambda: actions.close_grant(by=by, at=at, grant=one, on=close_form.cleaned_data["on"]), form=close_form, done=gettext("Closed.")))  # fmt: skip
    if act == "unclaim":
        claimed = queries.claims_of(one).filter(pk=posted_number(request, "claim")).first()
        return claimed is not None and bool(attempt(request, lambda: claiming.unclaim(by=by, at=at, claimed=claimed) or True, done=gettext("The claim is taken back.")))  # fmt: skip
    return False


@serves("economy.edit")
def grant(request: HttpRequest, pk: int) -> HttpResponseBase:
    one, today, posted = _own_grant(request, pk), timezone.localdate(), request.method == "POST"
    act = request.POST.get("act", "")
    stands = {"since": one.starts_on, "until": min(one.ends_on, max(today, one.starts_on))}
    claim_form = ClaimForm(request.POST if posted and act == "claim" else None, stands)
    close_form = CloseForm(request.POST if posted and act == "close" else None, initial={"on": min(today, one.ends_on)})
    if posted and _act(request, one, claim_form, close_form):
        return redirect("grant", pk=one.pk)
    rate = rate_of(one.scheme, on=min(max(today, one.starts_on), one.ends_on))
    free = queries.claimable(one, one.starts_on, one.ends_on).filter(evidence__in=rate.evidence if rate else ())
    offered = []
    for entry in free[:_MOST]:
        worth = queries.worth_under(entry, one)
        offered.append((entry, worked(worth.hours, worth.per_hour, worth.amount) if worth else "", worth is not None))
    claims = [(row, worked(row.entry.hours, row.per_hour, row.worth)) for row in queries.claims_of(one)]
    language = get_language() or "da"
    context = {
        "one": one, "row": grant_rows([one], today)[0], "budget": list(queries.budget_of(one.pk)), "rate": rate, "rate_name": rate.name.say(language) if rate else "",
        "rate_source": rate.sourced(language) if rate else "", "claims": claims, "claimed": sum(row.worth for row, _ in claims), "offered": offered, "free": free.count(),
        "claim_form": claim_form, "close_form": close_form, "incomes": queries.incomes(seen_by=me(request), on=today).filter(grant=one),
    }  # fmt: skip
    return render(request, "cluster_office/grant.html", context)
