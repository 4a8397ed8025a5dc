"""Reviewing one account: figures against last year, checks, return with a message, approve."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.ground.programme.queries import measures
from klyngeforum.ground.trail.queries import of
from klyngeforum.results.accounts.actions import approve, return_account
from klyngeforum.results.accounts.queries import one_account
from klyngeforum.results.accounts.rules import COUNTINGS, may_move
from klyngeforum.web.acting import attempt
from klyngeforum.web.components.account_sheet import shown
from klyngeforum.web.serving import me, serves


class ReturnForm(forms.Form):
    measure = forms.ChoiceField(label=_("Which figure"), required=False)
    text = forms.CharField(label=_("What is wrong, and what shall be done"), widget=forms.Textarea, max_length=2000)
    turn = forms.IntegerField(widget=forms.HiddenInput, localize=False)

    def __init__(self, data: Mapping[str, Any] | None, *, turn: int) -> None:
        super().__init__(data, initial={"turn": turn})
        language = get_language() or "da"
        choices = [("", gettext("The whole account"))]
        choices += [(one.code, one.name.say(language)) for one in measures() if one.code in COUNTINGS]
        self.fields["measure"].choices = choices  # type: ignore[attr-defined]


@serves("accounts.approve")
def review(request: HttpRequest, pk: int) -> HttpResponseBase:
    person, now = me(request), timezone.now()
    account = one_account(pk, seen_by=person, on=timezone.localdate())
    if account is None:
        raise Http404
    sending_back = request.method == "POST" and request.POST.get("act") == "return"
    form = ReturnForm(request.POST if sending_back else None, turn=account.turn)
    if request.method == "POST" and not sending_back:
        turn = request.POST.get("turn", "")
        done = attempt(
            request,
            lambda: approve(by=person, at=now, account=account, turn=int(turn) if turn.isdigit() else -1),
            done=gettext("Approved. The nation counts these lines from now on."),
        )
        return redirect("round", account.year) if done else redirect("review", pk)
    if sending_back and form.is_valid():
        values = form.cleaned_data
        done = attempt(
            request,
            lambda: return_account(
                by=person, at=now, account=account, measure=values["measure"], text=values["text"], turn=values["turn"],
            ),
            form=form,
            done=gettext("Sent back with your message."),
        )  # fmt: skip
        if done:
            return redirect("round", account.year)
    context = {
        **shown(account), "form": form, "may_approve": bool(may_move(account.state, "approve")),
        "acts": of("account", account.pk),
    }  # fmt: skip
    return render(request, "secretariat/review.html", context)
