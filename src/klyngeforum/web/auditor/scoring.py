"""Scoring one group alone: the organisation's answers, the evidence and what registers measure beside each question."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext

from klyngeforum.ground.verdict import Refused
from klyngeforum.quality.assessments import actions, queries
from klyngeforum.quality.assessments.queries import Assessment
from klyngeforum.quality.assessments.terms import AssessmentState, Part, Seat
from klyngeforum.quality.indicators.terms import MeasuredKey
from klyngeforum.quality.labels.queries import Case
from klyngeforum.quality.labels.terms import Task
from klyngeforum.web.components.answers import AnswerRow, Desk, answer_rows, with_voices
from klyngeforum.web.components.behind import behind
from klyngeforum.web.components.documents import document_response
from klyngeforum.web.serving import me, serves
from klyngeforum.web.templatetags.words import said

from .desk import my_audit


def _desk(pk: int) -> Desk:
    return Desk(pk, "score", "case_evidence", "", "case_measured")


def rows_of(request: HttpRequest, case: Case, one: Assessment, seat: Seat, codes: frozenset[str]) -> list[AnswerRow]:
    """The questions with this seat's scores, and what others say as far as this expert may hear it now."""
    person, version, language = me(request), queries.version_of(one), get_language() or "da"
    lines = [line for line in queries.lines(one, seen_by=person, seat=seat) if line.indicator.code in codes]
    heard = [(gettext("The organisation"), queries.given(case.own, seen_by=person))]
    if seat is Seat.AGREED:
        heard += [(chair.person.name, queries.given(one, seat=Seat(chair.seat), seen_by=person)) for chair in queries.chairs(one)]  # type: ignore[attr-defined]  # fmt: skip
    return with_voices(answer_rows(one, lines, version, language, _desk(case.pk)), version, heard, language)


@serves("assessments.score")
def score_group(request: HttpRequest, pk: int, group: str) -> HttpResponseBase:
    found, one, seat = my_audit(request, pk)
    version, language = queries.version_of(one), get_language() or "da"
    here = next((nth for nth, row in enumerate(version.groups) if row.code == group), None)
    if here is None:
        raise Http404
    rows = rows_of(request, found.case, one, seat, frozenset(what.code for what in version.of_group(group)))
    names = [(row.code, row.name.say(language), reverse("score_group", args=[pk, row.code])) for row in version.groups]
    context = {
        "one": one, "case": found.case, "rows": rows, "groups": names, "here": names[here], "next": names[here + 1] if here + 1 < len(names) else None,
        "fillable": found.task is Task.SCORE, "done": sum(row.done for row in rows), "asked": len(rows),
        "placeholders": any(row.placeholder for row in rows),
    }  # fmt: skip
    return render(request, "auditor/score_group.html", context)


def _back(request: HttpRequest, pk: int, one: Assessment, code: str) -> str:
    what = queries.version_of(one).indicator(code)
    if what is None:
        raise Http404
    anchor = f"#i-{code.replace('.', '-')}"
    joint = one.state != AssessmentState.SCORING
    return (reverse("joint", args=[pk]) if joint else reverse("score_group", args=[pk, what.group])) + anchor


def _counted(request: HttpRequest, one: Assessment, seat: Seat, group: str) -> tuple[int, int]:
    """How many of the group (in the joint round: of all) are scored by this seat."""
    given, version = queries.given(one, seat=seat, seen_by=me(request)), queries.version_of(one)
    asked = version.indicators if seat is Seat.AGREED else version.of_group(group)
    return sum(what.code in given and given[what.code].answered_on is not None for what in asked), len(asked)


@serves("assessments.score")
def score(request: HttpRequest, pk: int, code: str) -> HttpResponseBase:
    """Save one part of one score: the expert's own while they score, the agreed one in the joint round."""
    found, one, own = my_audit(request, pk)
    part, turn = request.POST.get("part", ""), request.POST.get("turn", "0")
    if request.method != "POST" or part not in Part.values() or not turn.isdecimal():
        raise Http404
    seat = own if one.state == AssessmentState.SCORING else Seat.AGREED
    value, refused, now, back = request.POST.get("value", ""), "", timezone.now(), _back(request, pk, one, code)
    try:
        actions.answer(
            by=me(request), at=now, assessment=one, indicator=code, part=Part(part), value=value, turn=int(turn), seat=seat
        )  # fmt: skip
    except Refused as refusal:
        refused = " ".join(said(verdict) for verdict in refusal.verdicts)
    if not request.headers.get("HX-Request"):
        if refused:
            return render(request, "cluster_office/answer_refused.html", {"one": one, "refused": refused, "value": value, "part": part, "back": back})  # fmt: skip
        return redirect(back)
    row = rows_of(request, found.case, one, seat, frozenset({code}))[0]
    done, asked = _counted(request, one, seat, row.group)
    context = {"row": row, "part": row.parts[part], "refused": refused, "at": timezone.localtime(now), "done": done, "asked": asked}  # fmt: skip
    return render(request, "auditor/score_saved.html", {**context, "joint": seat is Seat.AGREED})


@serves("assessments.score")
def case_evidence(request: HttpRequest, pk: int, evidence_pk: int) -> HttpResponseBase:
    """A file that the organisation laid beside an answer of this audit."""
    _found, one, _seat = my_audit(request, pk)
    found, file = queries.one_evidence(evidence_pk, one), queries.document(evidence_pk, one)
    if found is None or file is None:
        raise Http404
    return document_response(found, file)


@serves("assessments.score")
def case_measured(request: HttpRequest, pk: int, key: str) -> HttpResponseBase:
    """What stands behind a measured value on the day of the audit; only names, the register itself is not opened."""
    found, one, _seat = my_audit(request, pk)
    if key not in MeasuredKey.values():
        raise Http404
    context = {"case": found.case, **behind(one.cluster_id, MeasuredKey(key), one.as_of, {})}
    return render(request, "auditor/measured.html", context)
