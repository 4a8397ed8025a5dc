"""Reviewing one account: figures against last year, checks, return with a message, approve."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.ground.trail.queries import of
from klyngeforum.results.accounts.actions import approve, return_account
from klyngeforum.results.accounts.deadlines import extend
from klyngeforum.results.accounts.partial import section_of
from klyngeforum.results.accounts.queries import Account, extensions, one_account, ordered_measures
from klyngeforum.results.accounts.rules import may_move
from klyngeforum.results.accounts.terms import AccountState, Ask, Section
from klyngeforum.results.accounts.working import submissions
from klyngeforum.web.acting import attempt
from klyngeforum.web.components.account_sheet import shown
from klyngeforum.web.components.choices import DayField, posted_number
from klyngeforum.web.components.differences import answer_rows
from klyngeforum.web.serving import me, serves


class ReturnForm(forms.Form):
    """A question of the whole account, of a section or of a figure: what is asked about opens, everything else stays locked."""

    text = forms.CharField(label=_("The whole account"), widget=forms.Textarea, required=False, max_length=2000)
    turn = forms.IntegerField(widget=forms.HiddenInput, localize=False)

    def __init__(self, data: Mapping[str, Any] | None, *, turn: int) -> None:
        super().__init__(data, initial={"turn": turn})
        for name, words in self.questions():
            self.fields[name] = forms.CharField(label=words, widget=forms.Textarea, required=False, max_length=2000)

    @staticmethod
    def questions() -> Iterator[tuple[str, str]]:
        language = get_language() or "da"
        for section in Section:
            yield f"section-{section}", gettext("The whole section")
        for one in ordered_measures():
            yield f"measure-{one.code}", one.name.say(language)

    def groups(self) -> list[tuple[str, forms.BoundField, list[forms.BoundField]]]:
        """Section by section: its own question and those of its figures."""
        figures: dict[Section, list[forms.BoundField]] = {section: [] for section in Section}
        for one in ordered_measures():
            figures[section_of(one.code)].append(self[f"measure-{one.code}"])
        return [(gettext(section.label), self[f"section-{section}"], figures[section]) for section in Section]

    def asks(self) -> list[Ask]:
        values = {name: str(value).strip() for name, value in self.cleaned_data.items() if name != "turn"}
        found = [Ask(values["text"])] if values["text"] else []
        found += [
            Ask(values[f"section-{section}"], section=section.value)
            for section in Section
            if values[f"section-{section}"]
        ]
        return found + [
            Ask(values[f"measure-{one.code}"], one.code) for one in ordered_measures() if values[f"measure-{one.code}"]
        ]


class ExtendForm(forms.Form):
    until = DayField(label=_("To be handed in by"))
    reason = forms.CharField(label=_("Why is more time given?"), max_length=500)


@serves("accounts.approve")
def review(request: HttpRequest, pk: int) -> HttpResponseBase:
    person, now = me(request), timezone.now()
    account = one_account(pk, seen_by=person, on=timezone.localdate())
    if account is None:
        raise Http404
    asked = request.POST.get("act", "")
    if request.method == "POST" and asked == "extend":
        return _extend(request, account)
    sending_back = request.method == "POST" and asked == "return"
    form = ReturnForm(request.POST if sending_back else None, turn=account.turn)
    if request.method == "POST" and not sending_back:
        turn = posted_number(request, "turn", -1)
        done = attempt(
            request,
            lambda: approve(by=person, at=now, account=account, turn=turn),
            done=gettext("Approved. The nation counts these lines from now on."),
        )
        return redirect("round", account.year) if done else redirect("review", pk)
    if sending_back and form.is_valid():
        done = attempt(
            request,
            lambda: return_account(
                by=person, at=now, account=account, asks=form.asks(), turn=form.cleaned_data["turn"]
            ),
            form=form,
            done=gettext("Sent back. Only what you asked about is open."),
        )
        if done:
            return redirect("round", account.year)
    return _page(request, account, form)


def _extend(request: HttpRequest, account: Account) -> HttpResponseBase:
    form = ExtendForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data
        done = attempt(
            request, lambda: extend(by=me(request), at=timezone.now(), account=account, until=values["until"], reason=values["reason"]),
            form=form, done=gettext("More time is given; the organisation hears it by mail."),
        )  # fmt: skip
        if done:
            return redirect("review", account.pk)
    return _page(request, account, ReturnForm(None, turn=account.turn), form)


def _page(request: HttpRequest, account: Account, form: ReturnForm, more_time: ExtendForm | None = None) -> HttpResponseBase:  # fmt: skip
    context = {
        **shown(account), "form": form, "more_time": more_time or ExtendForm(), "extensions": list(extensions(account)),
        "with_them": account.state in (AccountState.OPEN, AccountState.RETURNED), "late": account.due_on < timezone.localdate(), "may_approve": bool(may_move(account.state, "approve")), "acts": of("account", account.pk),
        "answers": answer_rows(account) if account.booked else [],
        "changed": account.state == AccountState.RETURNED or len(submissions(account)) > 1 or account.edition > 1,
    }  # fmt: skip
    return render(request, "secretariat/review.html", context)
