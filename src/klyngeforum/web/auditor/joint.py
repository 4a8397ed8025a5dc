"""The joint round: both scores side by side, differences first, and the score that both stand behind."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from klyngeforum.quality.assessments import actions, auditing, queries
from klyngeforum.quality.assessments.queries import Assessment
from klyngeforum.quality.assessments.rules import apart
from klyngeforum.quality.assessments.terms import EXPERTS, AssessmentState, Given, Seat
from klyngeforum.web.acting import attempt
from klyngeforum.web.components.cases import label_name
from klyngeforum.web.serving import me, serves

from .desk import my_audit
from .scoring import rows_of


def _differences(request: HttpRequest, one: Assessment) -> dict[str, int]:
    """Indicator -> how far the two scores lie apart; 0 where they are the same."""
    first, second = (queries.given(one, seat=seat, seen_by=me(request)) for seat in EXPERTS)
    return {what.code: apart(first.get(what.code, Given()), second.get(what.code, Given())) for what in queries.version_of(one).indicators}  # fmt: skip


def _take_same(request: HttpRequest, one: Assessment) -> object:
    """What both scored alike becomes the agreed score, where nothing is agreed yet."""
    person, gaps = me(request), _differences(request, one)
    first = queries.given(one, seat=EXPERTS[0], seen_by=person)
    agreed = queries.given(one, seat=Seat.AGREED, seen_by=person)
    settled = {code for code, given in agreed.items() if given.answered_on is not None}
    same = {code: Given(first[code].state, first[code].level) for code, gap in gaps.items() if gap == 0 and code in first and code not in settled}  # fmt: skip
    return attempt(
        request, lambda: actions.answer_many(by=person, at=timezone.now(), assessment=one, answers=same, seat=Seat.AGREED),
        done=gettext("What you scored alike is agreed; the differences are left."),
    )  # fmt: skip


@serves("assessments.score")
def joint(request: HttpRequest, pk: int) -> HttpResponseBase:
    found, one, _seat = my_audit(request, pk)
    if one.state not in (AssessmentState.JOINT, AssessmentState.AGREED):
        raise Http404  # before both are in there is nothing to see, not even that there is a page
    act = request.POST.get("act", "")
    if act == "same":
        _take_same(request, one)
        return redirect("joint", pk)
    if act == "agree":
        done = attempt(request, lambda: auditing.agree(by=me(request), at=timezone.now(), assessment=one), done=gettext("Agreed. Now the improvement areas."))  # fmt: skip
        return redirect("areas" if done else "joint", pk)
    gaps = _differences(request, one)
    rows = rows_of(request, found.case, one, Seat.AGREED, frozenset(gaps))
    apart_rows = sorted((row for row in rows if gaps[row.code]), key=lambda row: -gaps[row.code])
    context = {
        "case": found.case, "one": one, "label": label_name(found.case), "apart": apart_rows, "same": [row for row in rows if not gaps[row.code]],
        "fillable": one.state == AssessmentState.JOINT, "done": sum(row.done for row in rows), "asked": len(rows),
    }  # fmt: skip
    return render(request, "auditor/joint.html", context)
