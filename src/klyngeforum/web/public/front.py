"""The front page: one search field, the targets, the landscape at a glance."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from klyngeforum.web.serving import serves


@serves("landscape.see")
def front(request: HttpRequest) -> HttpResponse:
    return render(request, "public/front.html", {})
