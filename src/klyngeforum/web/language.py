"""The language of a page is the person's choice, never the browser's guess; Danish unless chosen."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation

COOKIE = "sprog"
_YEAR = 365 * 24 * 3600


def keep(response: HttpResponseBase, request: HttpRequest, language: str) -> None:
    """The browser shows the language for a year, or until another is chosen."""
    response.set_cookie(COOKIE, language, max_age=_YEAR, samesite="Lax", secure=request.is_secure(), httponly=True)


class LanguageByChoice:
    """Take the language from the cookie that the language switch sets."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(COOKIE, settings.LANGUAGE_CODE)
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
