"""The switch between Danish and English: a choice kept in a cookie for a year."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from klyngeforum.ground.access import actions
from klyngeforum.ground.access.terms import Language
from klyngeforum.web.language import keep
from klyngeforum.web.serving import me, serves


@csrf_exempt  # a language is all that a stranger could set here, and a page without a token is the same for everybody
@require_POST
@serves("landscape.see")
def language(request: HttpRequest) -> HttpResponse:
    chosen = request.POST.get("sprog", "")
    if chosen not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest(f"unknown language {chosen!r}")
    if request.user.is_authenticated and not settings.DEMO:  # a desk of the demo is everybody's
        actions.speak(by=me(request), at=timezone.now(), language=Language(chosen))
    back = request.POST.get("next", "/")
    safe = back if url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()) else "/"
    response = HttpResponseRedirect(safe)
    keep(response, request, chosen)
    return response
