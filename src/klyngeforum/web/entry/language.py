"""The switch between Danish and English: a choice kept in a cookie for a year."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from klyngeforum.web.language import COOKIE
from klyngeforum.web.serving import serves

_YEAR = 365 * 24 * 3600


@csrf_exempt  # a language is all that a stranger could set here, and a page without a token is the same for everybody
@require_POST
@serves("landscape.see")
def language(request: HttpRequest) -> HttpResponse:
    chosen = request.POST.get("sprog", "")
    if chosen not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest(f"unknown language {chosen!r}")
    back = request.POST.get("next", "/")
    safe = back if url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()) else "/"
    response = HttpResponseRedirect(safe)
    response.set_cookie(COOKIE, chosen, max_age=_YEAR, samesite="Lax", secure=request.is_secure(), httponly=True)
    return response
