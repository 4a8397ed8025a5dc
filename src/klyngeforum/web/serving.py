"""Every screen says which act it serves; who may not do it meets 404."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone

from klyngeforum.ground.access.queries import Person, may

Rest = ParamSpec("Rest")
View = Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]


def me(request: HttpRequest) -> Person:
    """The person at the screen (or a stranger, who holds no post and reaches nothing)."""
    return cast(Person, request.user)


def serves(act: str) -> Callable[[View[Rest]], View[Rest]]:
    """Declare the act; a signed-out person is asked to sign in, a stranger gets 404."""

    def declare(view: View[Rest]) -> View[Rest]:
        @wraps(view)
        def screen(request: HttpRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
            if not may(me(request), act, on=timezone.localdate()):
                if not request.user.is_authenticated:
                    return redirect_to_login(request.get_full_path())
                raise Http404
            return view(request, *args, **kwargs)

        screen.act = act  # type: ignore[attr-defined]
        return cast("View[Rest]", screen)

    return declare
