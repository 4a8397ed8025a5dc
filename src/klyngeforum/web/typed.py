"""What is typed holds no invisible zero characters: no person means one, and PostgreSQL refuses to keep or look for it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, QueryDict

ZERO = "\x00"


def without_zeros(asked: QueryDict) -> QueryDict:
    """The same questions or answers without zero characters; the very same object where there is none."""
    if not any(ZERO in text for name, texts in asked.lists() for text in (name, *texts)):
        return asked
    clean = QueryDict(mutable=True, encoding=asked.encoding)
    for name, texts in asked.lists():
        for text in texts:
            clean.appendlist(name.replace(ZERO, ""), text.replace(ZERO, ""))
    return clean


class TypedText:
    """Every address and every form gets its text without zero characters, so that no room needs to think of them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if ZERO in request.path_info:
            raise Http404
        request.GET = without_zeros(request.GET)  # type: ignore[assignment]
        if request.method == "POST":
            request.POST = without_zeros(request.POST)  # type: ignore[assignment]
        return self.get_response(request)
