"""Every screen says which act it serves; who may not do it meets 404."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.contrib.messages import get_messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from klyngeforum.ground.access.queries import Person, may, remember_posts
from klyngeforum.ground.keeping import kept_as_read, one_look

from .resting import ALWAYS, things_of

_LARGEST = 1_000_000
_LABEL = 1_000
_TOKEN = "CSRF_COOKIE"  # noqa: S105 - where the framework puts a browser's token on a request
Rest = ParamSpec("Rest")
View = Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]


def me(request: HttpRequest) -> Person:
    """The person at the screen (or a stranger, who holds no post and reaches nothing)."""
    return cast(Person, request.user)


def _who(request: HttpRequest) -> tuple[object, object]:
    """Whose page it is: a person's is theirs alone, with the forms' token of their own browser; strangers without one share."""
    return (request.user.pk, request.META.get(_TOKEN))


def _kept_page(request: HttpRequest, make: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """What a reader sees of an address is made once and kept until somebody acts on what it read; what sets a cookie is made every time."""
    language, asks = getattr(request, "LANGUAGE_CODE", ""), request.headers.get("HX-Target", "")
    part = (language, asks, request.headers.get("HX-Request", ""), timezone.localdate())
    who = _who(request)
    personal: list[HttpResponseBase] = []

    def page() -> tuple[bytes, str] | None:
        answer = make()
        if isinstance(answer, HttpResponse) and answer.status_code == 200 and not answer.cookies:
            typed, small = answer.headers.get("Content-Type", ""), len(answer.content) < _LARGEST
            settled = who == _who(request) and not request.session.modified  # no token or session was made just now
            if typed.startswith("text/html") and small and settled:
                return answer.content, typed
        personal.append(answer)
        return None

    key = ("page", who, request.get_full_path(), *part)
    found = kept_as_read(key, page, things_of=things_of, always=ALWAYS, weigh=_weight)
    if personal:
        return personal[0]
    return HttpResponse(found[0], content_type=found[1]) if found else make()


def _weight(page: tuple[bytes, str] | None) -> int:
    return _LABEL + (len(page[0]) if page else 0)


def _told(request: HttpRequest) -> bool:
    """Whether a message waits to be shown, once."""
    return bool(request.COOKIES.keys() & {"messages"}) or (
        request.user.is_authenticated and len(get_messages(request)) > 0
    )


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
            if request.method != "GET" or _told(request):
                return view(request, *args, **kwargs)
            with one_look():
                return _kept_page(request, lambda: view(request, *args, **kwargs))

        screen.act = act  # type: ignore[attr-defined]
        return cast("View[Rest]", screen)

    return declare
