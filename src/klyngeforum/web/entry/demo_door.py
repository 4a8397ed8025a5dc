"""The demo's doors: one click per desk. They do not exist outside the demo, and open only for addresses that exist nowhere."""

from __future__ import annotations

from allauth.account.internal.flows.login import Login, perform_login
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_POST

from klyngeforum.ground.access.queries import person_of
from klyngeforum.web.serving import serves

DOMAIN = "demo.invalid"


@require_POST
@serves("landscape.see")
def demo_door(request: HttpRequest) -> HttpResponseBase:
    person = person_of(f"{request.POST.get('skrivebord', '')}@{DOMAIN}") if settings.DEMO else None
    if person is None:
        raise Http404
    response: HttpResponseBase = perform_login(
        request, Login(user=person, redirect_url=settings.LOGIN_REDIRECT_URL, email=person.email)
    )
    return response
