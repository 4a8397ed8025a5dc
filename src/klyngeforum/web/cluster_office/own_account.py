"""The organisation's own account of a year: prefilled from the records, checked, handed in, corrected."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.ground.access.queries import may
from klyngeforum.ground.keeping import reads_only
from klyngeforum.ground.period import date_of
from klyngeforum.records.survey.queries import differences
from klyngeforum.registers.clusters.queries import own
from klyngeforum.results.accounts import actions
from klyngeforum.results.accounts.partial import EVERYTHING
from klyngeforum.results.accounts.queries import Account, latest, of_cluster
from klyngeforum.results.accounts.rules import may_move
from klyngeforum.results.accounts.terms import About, AccountState, Section
from klyngeforum.results.accounts.working import standing_work
from klyngeforum.web.acting import attempt
from klyngeforum.web.components.account_sheet import shown
from klyngeforum.web.components.typed import asked_about, opens, section_rows, typed, what_is_missing
from klyngeforum.web.serving import me, serves

from .desk import own_cluster


class SubmitForm(forms.Form):
    """The comment is a field that saves itself; it comes along when the account is handed in, so that no word typed is lost."""

    comment = forms.CharField(label=_("Comment to the secretariat"), required=False, max_length=4000, help_text=_("Explain what stands out; it is kept with the account."))  # fmt: skip
    turn = forms.IntegerField()
    comment_turn = forms.IntegerField(required=False)

    def __init__(self, data: QueryDict | None) -> None:
        super().__init__(
            None if data is None else {
                "comment": data.get("text", ""), "turn": data.get("account_turn"), "comment_turn": data.get("turn"),
            }
        )  # fmt: skip


class CorrectForm(forms.Form):
    reason = forms.CharField(label=_("Why is a correction needed?"), widget=forms.Textarea, max_length=500)


@serves("accounts.prepare")
def own_accounts(request: HttpRequest) -> HttpResponseBase:
    """The oldest account that is due, else the newest one."""
    found = of_cluster(own_cluster(request).pk)
    if not found:
        messages.info(request, gettext("No account is open yet. The secretariat opens the round of a year; then the figures stand here, filled from what you have recorded."))  # fmt: skip
        return redirect("office")
    due = [account for account in found if not account.booked]
    return redirect("own_account", (due[-1] if due else found[0]).year)


@serves("accounts.prepare")
def own_account(request: HttpRequest, year: int) -> HttpResponseBase:
    cluster, now = own_cluster(request), timezone.now()
    reads_only(own(cluster.pk))
    account = latest(cluster.pk, year)
    if account is None:
        raise Http404
    correcting = request.method == "POST" and request.POST.get("act") == "correct"
    submitting = request.method == "POST" and not correcting
    form = SubmitForm(request.POST if submitting else None)
    correction = CorrectForm(request.POST if correcting else None)
    if submitting and form.is_valid():
        values = form.cleaned_data
        done = attempt(
            request,
            lambda: actions.submit(
                by=me(request), at=now, account=account, comment=values["comment"], turn=values["turn"], comment_turn=values["comment_turn"],
            ),
            form=form, done=gettext("Handed in. The secretariat looks at it now; you hear here when it is approved."),
        )  # fmt: skip
        if done:
            return redirect("own_account", year)
    if correcting and correction.is_valid():
        reason = correction.cleaned_data["reason"]
        done = attempt(request, lambda: actions.correct(by=me(request), at=now, account=account, reason=reason), form=correction, done=gettext("A new edition is open; the approved one stays until it is approved."))  # fmt: skip
        if done:
            return redirect("own_account", year)
    context = {
        **shown(account), **_in_work(account), "cluster": cluster, "form": form, "correction": correction,
        "may_submit": bool(may_move(account.state, "submit")) and bool(may(me(request), "accounts.submit", account, on=date_of(now))),
        "may_correct": account.state == AccountState.APPROVED and bool(may(me(request), "accounts.submit", account, on=date_of(now))),
        "otherwise": sum(part.looked_at is None and part.cluster_id == cluster.pk for part in differences(seen_by=me(request), on=date_of(now), year=year)),
    }  # fmt: skip
    if submitting:
        context["comment"] = replace(context["comment"], text=str(request.POST.get("text", ""))[:4000])
    return render(request, "cluster_office/own_account.html", context)


def _in_work(account: Account) -> dict[str, Any]:
    """What stands on the page only while the account is with the cluster office."""
    with_us = account.state in (AccountState.OPEN, AccountState.RETURNED)
    if not with_us:
        return {"with_us": False, "typing": False, "comment": typed({}, About.COMMENT)}
    one = standing_work(account)
    return {
        "with_us": True, "typing": True, "sections": section_rows(one), "comment": typed(one.remarks, About.COMMENT),
        "partly": one.sections != EVERYTHING, "open_words": ", ".join(gettext(part.label) for part in Section if part in one.sections),
        "asked": [
            (message, asked_about(message.measure, message.section), opens(message.measure, message.section), typed(one.remarks, About.ANSWER, str(message.pk)))
            for message in one.asked
        ],
        **what_is_missing(one),
    }  # fmt: skip
