"""What companies said, as published: the list of surveys and the results of one."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render

from klyngeforum.records.survey.queries import published, round_named
from klyngeforum.records.survey.terms import RoundState
from klyngeforum.web.components.survey import name_of, survey_shown
from klyngeforum.web.serving import serves


@serves("results.see")
def survey_results(request: HttpRequest) -> HttpResponseBase:
    return render(request, "public/surveys.html", {"rounds": [(one, name_of(one)) for one in published()]})


@serves("results.see")
def survey_result(request: HttpRequest, code: str, year: int, months: int) -> HttpResponseBase:
    one = round_named(code, year, months)
    if one is None or one.state != RoundState.PUBLISHED:
        raise Http404
    return render(request, "public/survey.html", {"name": name_of(one), "shown": survey_shown(one)})
