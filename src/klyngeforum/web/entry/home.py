"""The way home: everybody lands at the desk of their post."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from klyngeforum.web.serving import serves


@serves("home.see")
def home(request: HttpRequest) -> HttpResponse:
    return redirect("front")
