"""A company answers by its personal link: look, confirm, save, come back, hand in, keep a copy."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext, override
from django.views.decorators.debug import sensitive_post_parameters

from klyngeforum.ground.verdict import Refused
from klyngeforum.records.survey.answering import by_link, hand_in, save, verdict
from klyngeforum.records.survey.queries import Asked, parts_asked
from klyngeforum.records.survey.questionnaires import version_of
from klyngeforum.records.survey.recalling import by_old_link
from klyngeforum.records.survey.terms import AnswerState, RoundState
from klyngeforum.web.components.survey import name_of
from klyngeforum.web.language import COOKIE
from klyngeforum.web.serving import serves
from klyngeforum.web.templatetags.words import said

from .form import copy_of, given, part_rows, rows
from .limit import LINK, WRONG, over

View = Callable[[HttpRequest, str], HttpResponseBase]


def kept_to_itself(view: View) -> View:
    """The address is a secret: no search engine lists it, no other site is told of it, nothing is stored on the way."""

    @wraps(view)
    def screen(request: HttpRequest, token: str) -> HttpResponseBase:
        answer = view(request, token)
        answer.headers["X-Robots-Tag"] = "noindex, nofollow"
        answer.headers["Referrer-Policy"] = "same-origin"
        answer.headers["Cache-Control"] = "no-store, private"
        return answer

    return screen


def _done(request: HttpRequest, asked: Asked, reason: str) -> HttpResponse:
    survey = version_of(asked.round.code, asked.round.version)
    known = {"asked": asked, "survey": survey, "reason": reason}
    if asked.state == AnswerState.HANDED_IN and not asked.revoked:
        known |= {"copy": copy_of(survey, asked), "parts": part_rows(parts_asked(asked))}
    return render(request, "company/done.html", known)


def _form(request: HttpRequest, token: str, asked: Asked, errors: dict[str, str], saved: bool = False) -> HttpResponse:
    survey, parts = version_of(asked.round.code, asked.round.version), parts_asked(asked)
    known = {
        "asked": asked, "survey": survey, "rows": rows(survey, asked, errors), "parts": part_rows(parts), "token": token, "errors": errors,
        "saved": saved, "name": name_of(asked.round),
    }  # fmt: skip
    return render(request, "company/answer.html", known)


def _too_often(request: HttpRequest, kind: str) -> HttpResponse:
    """Nothing is lost: what was saved stands, and the form opens again when the window is over."""
    _, seconds = settings.SURVEY_LIMITS[kind]
    reason = gettext("Too many tries in a short time.") if kind == WRONG else gettext("The form was sent too many times in a short time. What was saved before stands.")  # fmt: skip
    answer = render(request, "company/done.html", {"reason": reason, "minutes": -(-seconds // 60)}, status=429)
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _taken_back(request: HttpRequest, asked: Asked) -> HttpResponse:
    """The link was taken back with all others of the round: that is nobody's fault who opens it, and nothing is lost."""
    chosen = (get_language() if COOKIE in request.COOKIES else asked.language) or "da"
    with override(chosen):
        request.LANGUAGE_CODE = chosen
        known = {
            "taken_back": asked.recalled_at,
            "open": asked.round.state == RoundState.OPEN and asked.state != AnswerState.HANDED_IN,
        }
        return render(request, "company/done.html", known, status=410)


def _taken(request: HttpRequest, token: str, asked: Asked) -> HttpResponseBase:
    """Save or hand in; what was not understood stands beside its question, the rest is kept."""
    survey, now = version_of(asked.round.code, asked.round.version), timezone.now()
    what, htmx = given(request.POST, survey, parts_asked(asked)), "HX-Request" in request.headers
    try:
        if "hand_in" in request.POST:
            hand_in(by=None, at=now, token=token, given=what)
            return redirect("survey_answer", token)
        wrong = save(by=None, at=now, token=token, given=what)
    except Refused as refused:
        if not verdict(asked, timezone.localdate(now)):
            return redirect("survey_answer", token)
        wrong = list(refused.verdicts)
        save(by=None, at=now, token=token, given=what)
    if htmx:
        return render(request, "company/saved.html", {"at": timezone.localtime(now), "wrong": len(wrong)})
    if fresh := by_link(token):
        return _form(request, token, fresh, {str(one.field): said(one) for one in wrong}, saved=True)
    return redirect("survey_answer", token)


@sensitive_post_parameters()
@kept_to_itself
@serves("survey.answer")
def survey_answer(request: HttpRequest, token: str) -> HttpResponseBase:
    asked = by_link(token)
    if asked is None and (before := by_old_link(token)):
        return _taken_back(request, before)
    if asked is None:
        if over(WRONG, request.META.get("REMOTE_ADDR", "")):
            return _too_often(request, WRONG)
        return render(request, "company/done.html", {"reason": gettext("The link does not hold.")}, status=404)
    chosen = (get_language() if COOKIE in request.COOKIES else asked.language) or "da"
    with override(chosen):
        request.LANGUAGE_CODE = chosen
        open_now = verdict(asked, timezone.localdate())
        if not open_now:
            return _done(request, asked, said(open_now))
        if request.method == "POST" and over(LINK, token):
            return _too_often(request, LINK)
        return _taken(request, token, asked) if request.method == "POST" else _form(request, token, asked, {})
