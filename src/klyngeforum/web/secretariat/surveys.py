"""Holding the company survey: draw up, open, send, close, publish; who is left out and why; results; lawful bases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.ground.access.queries import Person
from klyngeforum.ground.bodies.queries import one_body
from klyngeforum.records.survey import actions
from klyngeforum.records.survey.queries import (
    Round,
    asked_of,
    bases,
    consenting,
    left_out,
    left_out_counts,
    one_round,
    rounds,
    standing,
    written_counts,
)
from klyngeforum.records.survey.questionnaires import in_force, questionnaires, version_of
from klyngeforum.records.survey.recalling import recall, recalled_at, renew, waiting_count
from klyngeforum.records.survey.terms import BasisKind, RoundState
from klyngeforum.web.acting import attempt
from klyngeforum.web.company.form import copy_of
from klyngeforum.web.components.choices import BodyField, DayField
from klyngeforum.web.components.numbers import grouped
from klyngeforum.web.components.survey import name_of, survey_shown
from klyngeforum.web.mail.survey import send
from klyngeforum.web.serving import me, serves

_SHOWN = 200
Act = Callable[[Person, datetime, Round], object]
ACTS: dict[str, Act] = {
    "open": lambda by, at, one: actions.open_round(by=by, at=at, one=one),
    "ask_more": lambda by, at, one: (actions.ask_more(by=by, at=at, one=one),),
    "close": lambda by, at, one: actions.close(by=by, at=at, one=one),
    "publish": lambda by, at, one: actions.publish(by=by, at=at, one=one),
}


class PrepareForm(forms.Form):
    what = forms.ChoiceField(label=_("What is asked"))
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100, localize=False)

    def __init__(self, data: object) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        language, choices = get_language() or "da", []
        for one in {each.code: each for each in questionnaires()}.values():
            for months in one.months:
                name = one.name.say(language)
                words = gettext("%(name)s, %(months)s months") % {"name": name, "months": months} if months else name
                choices.append((f"{one.code}:{months}", words))
        self.fields["what"].choices = choices  # type: ignore[attr-defined]


class LinkForm(forms.Form):
    body = BodyField(label=_("Company whose link went astray"), help_text=_("Name or CVR number"))


class RecallForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        error_messages={"required": _("Say why the links are taken back; it stands in the trail.")},
        help_text=_("It stands in the trail. The companies do not see it."),
    )
    sure = forms.BooleanField(label=_("I mean every link of this round"), required=False)


class BasisForm(forms.Form):
    body = BodyField(label=_("Company"), help_text=_("Name or CVR number"))
    kind = forms.ChoiceField(label=_("Lawful basis"))
    since = DayField(label=_("Since"))
    source = forms.CharField(label=_("Where it stands"), max_length=200)

    def __init__(self, data: object) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["kind"].choices = [(one.value, gettext(one.label)) for one in BasisKind]  # type: ignore[attr-defined]


@serves("survey.hold")
def survey_list(request: HttpRequest) -> HttpResponseBase:
    form, now = PrepareForm(request.POST if request.method == "POST" else None), timezone.now()
    if request.method == "POST" and form.is_valid():
        code, _colon, months = form.cleaned_data["what"].partition(":")
        survey = in_force(code, on=timezone.localdate(now))
        if survey is None:
            form.add_error("what", gettext("No version of it is in force today."))
        elif one := attempt(request, lambda: actions.prepare(by=me(request), at=now, survey=survey, year=form.cleaned_data["year"], months=int(months)), form=form, done=gettext("The round is drawn up.")):  # fmt: skip
            return redirect("survey_held", one.pk)
    shown = [(one, name_of(one), standing(one)) for one in rounds(seen_by=me(request), on=timezone.localdate())]
    return render(request, "secretariat/surveys.html", {"form": form, "rounds": shown})


def _posted(request: HttpRequest, one: Round, recall_form: RecallForm) -> bool:
    """Do what was asked; whether the page starts afresh (a form that has something to say stays)."""
    now, what = timezone.now(), request.POST.get("act", "")
    if what == "recall":
        if not recall_form.is_valid():
            return False
        given = recall_form.cleaned_data
        done = attempt(request, lambda: (recall(by=me(request), at=now, one=one, reason=given["reason"], sure=given["sure"]),), form=recall_form)  # fmt: skip
        if done:
            messages.success(request, ngettext("%(n)s link is taken back.", "%(n)s links are taken back.", done[0]) % {"n": grouped(done[0])})  # fmt: skip
        return done is not None
    _do(request, one, now, what)
    return True


def _do(request: HttpRequest, one: Round, now: datetime, what: str) -> None:
    if what == "renew":
        done = attempt(request, lambda: (renew(by=me(request), at=now, one=one),))
        if done:
            messages.success(request, ngettext("A letter with a new link goes out to %(n)s company with the next letters.", "Letters with new links go out to %(n)s companies with the next letters.", done[0]) % {"n": grouped(done[0])})  # fmt: skip
    elif what == "send":
        posted = attempt(request, lambda: (send(by=me(request), at=now, only=one),))
        if posted:
            count, failed = posted[0]
            messages.success(
                request,
                ngettext("%(n)s letter of this round was sent.", "%(n)s letters of this round were sent.", count)
                % {"n": grouped(count)},
            )
            for name, problem in failed[:10]:
                messages.warning(request, f"{name}: {gettext(problem)}")
    elif what == "new_link":
        link = LinkForm(request.POST)
        asked = asked_of(one, link.cleaned_data["body"]) if link.is_valid() else None
        if asked is None:
            messages.warning(request, gettext("No company of the round is surely meant; write its CVR number."))
            return
        attempt(request, lambda: actions.revoke(by=me(request), at=now, asked=asked) or True, done=gettext("The old link is worthless now; a letter with a new one goes out with the next letters."))  # fmt: skip
    elif act := ACTS.get(what):
        attempt(request, lambda: act(me(request), now, one), done=gettext("Done."))


@serves("survey.hold")
def survey_held(request: HttpRequest, pk: int) -> HttpResponseBase:
    one = one_round(pk, seen_by=me(request), on=timezone.localdate())
    if one is None:
        raise Http404
    recall_form = RecallForm(request.POST if request.POST.get("act") == "recall" else None)
    if request.method == "POST" and _posted(request, one, recall_form):
        return redirect("survey_held", pk)
    now_known = standing(one)
    survey = version_of(one.code, one.version)
    sent, waits, ill = written_counts(one)
    known = {
        "one": one, "name": name_of(one), "standing": now_known, "left_out": left_out_counts(one), "who": left_out(one)[:_SHOWN], "most": _SHOWN,
        "sent": sent, "waits": waits, "ill": ill, "shown": survey_shown(one) if one.state != RoundState.PREPARED else None,
        "recall_form": recall_form if now_known.asked and one.state != RoundState.PREPARED else None, "recalled": recalled_at(one),
        "new_links": waiting_count(one, on=timezone.localdate()) if one.state == RoundState.OPEN else 0,
        "link_form": LinkForm() if one.state == RoundState.OPEN else None, "consenting": [(row.body.name, copy_of(survey, row)) for row in consenting(one)[:_SHOWN]],
    }  # fmt: skip
    return render(request, "secretariat/survey.html", known)


@serves("survey.hold")
def survey_bases(request: HttpRequest) -> HttpResponseBase:
    form, now = BasisForm(request.POST if "source" in request.POST else None), timezone.now()
    if request.method == "POST" and "withdraw" in request.POST:
        number = request.POST["withdraw"]
        body = one_body(int(number)) if number.isascii() and number.isdigit() and len(number) < 12 else None
        if body is None:
            raise Http404
        protected = body
        attempt(request, lambda: actions.withdraw_basis(by=me(request), at=now, body=protected) or True, done=gettext("The basis is withdrawn; the company is not asked again."))  # fmt: skip
        return redirect("survey_bases")
    if request.method == "POST" and form.is_valid():
        values, body = form.cleaned_data, one_body(form.cleaned_data["body"])
        if body and attempt(request, lambda: actions.note_basis(by=me(request), at=now, body=body, kind=BasisKind(values["kind"]), since=values["since"], source=values["source"]), form=form, done=gettext("The basis is recorded.")):  # fmt: skip
            return redirect("survey_bases")
    return render(request, "secretariat/survey_bases.html", {"form": form, "bases": bases()})
