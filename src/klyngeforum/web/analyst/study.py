"""One study at work: its frozen words, what it waits for, and what may be done to it now."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.ground.access.queries import may
from klyngeforum.ground.jobs.queries import problem_of
from klyngeforum.ground.jobs.terms import OPEN, JobState
from klyngeforum.results.effects import actions, outside
from klyngeforum.results.effects.queries import Study, bundles, counting, protocol_of, reviews, study
from klyngeforum.results.effects.terms import MOVES, Judgement, StudyState
from klyngeforum.web.acting import attempt
from klyngeforum.web.components.protocols import own_words, protocol_parts
from klyngeforum.web.components.uploads import SheetField
from klyngeforum.web.serving import me, serves


class ReviewForm(forms.Form):
    verdict = forms.ChoiceField(label=_("Verdict"))
    text = forms.CharField(label=_("What it rests on"), max_length=5000, widget=forms.Textarea(attrs={"rows": 6}))

    def __init__(self, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["verdict"].choices = [(one.value, gettext(one.label)) for one in Judgement]  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Why the study is given up"), max_length=500)


class AnswerForm(forms.Form):
    file = SheetField(label=_("The answer (result.json)"), help_text=_("As klyngeanalyse study wrote it where the register is; a file that was changed since is refused."))  # fmt: skip


def _bundle(request: HttpRequest, one: Study) -> HttpResponseBase | None:
    """The bundle as a file; None where it was refused."""
    made = attempt(request, lambda: outside.bundle(by=me(request), at=timezone.now(), study=one))
    heads = {"Content-Disposition": f'attachment; filename="{one.code}.zip"'}
    return HttpResponse(made[1], content_type="application/zip", headers=heads) if made else None


def _done(request: HttpRequest, one: Study, review: ReviewForm, reason: ReasonForm, answer: AnswerForm) -> object:
    """What the form asked for, done; None where it was refused or asked for nothing."""
    person, now, act = me(request), timezone.now(), request.POST.get("act", "")
    if act == "freeze":
        return attempt(request, lambda: actions.freeze(by=person, at=now, study=one), done=gettext("The protocol is frozen. Now it may be counted."))  # fmt: skip
    if act == "run":
        return attempt(request, lambda: actions.order(by=person, at=now, study=one), done=gettext("The study is to be counted. You may leave the page; the work goes on."))  # fmt: skip
    if act == "stop":
        return attempt(request, lambda: actions.cancel(by=person, at=now, study=one) or True, done=gettext("The counting is stopped. What is done is kept."))  # fmt: skip
    if act == "answer" and answer.is_valid():
        content = answer.cleaned_data["file"].read()
        return attempt(request, lambda: outside.take_in_answer(by=person, at=now, content=content, study=one), form=answer, done=gettext("The answer is taken in. It stays, whatever it is."))  # fmt: skip
    if act == "publish":
        return attempt(request, lambda: actions.publish(by=person, at=now, study=one), done=gettext("Everybody can read the study now."))  # fmt: skip
    if act == "review" and review.is_valid():
        said = review.cleaned_data
        return attempt(
            request, lambda: actions.review(by=person, at=now, study=one, verdict=Judgement(said["verdict"]), text=said["text"]), form=review,
            done=gettext("The review stands beside the result."),
        )  # fmt: skip
    if act == "give_up" and reason.is_valid():
        why = reason.cleaned_data["reason"]
        return attempt(request, lambda: actions.give_up(by=person, at=now, study=one, reason=why), form=reason, done=gettext("The study is given up."))  # fmt: skip
    return None


@serves("effects.see_all")
def study_work(request: HttpRequest, code: str) -> HttpResponseBase:
    person, today, language = me(request), timezone.localdate(), get_language() or "da"
    one = study(code, seen_by=person, on=today)
    if one is None:
        raise Http404
    if request.GET.get("hent") == "toml":
        return own_words(one)
    act = request.POST.get("act", "")
    review = ReviewForm(request.POST if act == "review" else None)
    reason = ReasonForm(request.POST if act == "give_up" else None)
    answer = AnswerForm(*((request.POST, request.FILES) if act == "answer" else ()))
    if act == "bundle" and (file := _bundle(request, one)):
        return file
    if request.method == "POST" and _done(request, one, review, reason, answer):
        return redirect("study_work", code)
    job = counting(one)
    protocol, verbs = protocol_of(one), MOVES[StudyState(one.state)]
    context = {
        "study": one, "state": StudyState(one.state), "parts": protocol_parts(protocol, language) if protocol else [], "question": protocol.question.say(language) if protocol else one.code,
        "verbs": verbs if may(person, "effects.write", on=today) else {}, "reviews_now": "review" in verbs and may(person, "effects.review", on=today),
        "review": review, "reason": reason, "answer": answer, "here": one.extract_id is not None, "sent": bundles(one), "reviews": [(row, Judgement(row.verdict)) for row in reviews(one)], "counted": hasattr(one, "result"),
        "job": job, "working": job is not None and job.state in OPEN, "ended": JobState(job.state) if job else None, "problems": problem_of(job) if job else [],
    }  # fmt: skip
    return render(request, "analyst/study.html", context)
