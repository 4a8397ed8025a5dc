"""Every screen says which act it serves; who may not do it meets 404."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from klyngeforum.ground.access.queries import Person, may, remember_posts
from klyngeforum.ground.keeping import kept

_PERSONAL = {settings.SESSION_COOKIE_NAME, "messages"}
_LARGEST = 400_000
Rest = ParamSpec("Rest")
View = Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]


def me(request: HttpRequest) -> Person:
    """The person at the screen (or a stranger, who holds no post and reaches nothing)."""
    return cast(Person, request.user)


def _same_for_all(request: HttpRequest, make: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """What everybody sees of an address is made once and kept until somebody acts; messages and forms with a token are nobody else's."""
    language, asks = getattr(request, "LANGUAGE_CODE", ""), request.headers.get("HX-Target", "")
    key = ("page", request.get_full_path(), language, asks, request.headers.get("HX-Request", ""), timezone.localdate())
    personal: list[HttpResponseBase] = []

    def page() -> tuple[bytes, str] | None:
        answer = make()
        if isinstance(answer, HttpResponse) and answer.status_code == 200 and not answer.cookies:
            typed, small = answer.headers.get("Content-Type", ""), len(answer.content) < _LARGEST
            if typed.startswith("text/html") and small and "CSRF_COOKIE" not in request.META:
                return answer.content, typed
        personal.append(answer)
        return None

    found = kept(key, page)
    if personal:
        return personal[0]
    return HttpResponse(found[0], content_type=found[1]) if found else make()


def serves(act: str) -> Callable[[View[Rest]], View[Rest]]:
    """Declare the act; a signed-out person is asked to sign in, a stranger gets 404."""

    def declare(view: View[Rest]) -> View[Rest]:
        @wraps(view)
        def screen(request: HttpRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
            remember_posts(me(request))
            if not may(me(request), act, on=timezone.localdate()):
                if not request.user.is_authenticated:
                    return redirect_to_login(request.get_full_path())
                raise Http404
            if request.method != "GET" or request.user.is_authenticated or request.COOKIES.keys() & _PERSONAL:
                return view(request, *args, **kwargs)
            return _same_for_all(request, lambda: view(request, *args, **kwargs))

        screen.act = act  # type: ignore[attr-defined]
        return cast("View[Rest]", screen)

    return declare
