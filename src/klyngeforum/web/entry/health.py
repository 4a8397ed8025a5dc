"""For the machine that watches: the server answers and its database can be asked."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from klyngeforum.ground.trail.queries import length
from klyngeforum.web.serving import serves


@serves("landscape.see")
def health(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"ok {length()}\n", content_type="text/plain")
