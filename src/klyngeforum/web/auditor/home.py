"""The auditor's desk: what waits, in which case, since when."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from klyngeforum.quality.labels.assigned import assigned
from klyngeforum.quality.labels.terms import Task
from klyngeforum.web.components.cases import label_name
from klyngeforum.web.serving import me, serves


@serves("assessments.score")
def auditor(request: HttpRequest) -> HttpResponseBase:
    today = timezone.localdate()
    rows = [(one, label_name(one.case), (today - one.since).days) for one in assigned(me(request), on=today)]
    context = {
        "yours": [row for row in rows if row[0].yours],
        "others": [row for row in rows if not row[0].yours and row[0].task is not Task.DONE],
        "ended": [row for row in rows if row[0].task is Task.DONE],
    }
    return render(request, "auditor/home.html", context)
