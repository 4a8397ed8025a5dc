"""What every page knows of the house."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def house(request: HttpRequest) -> dict[str, object]:
    return {"DEMO": settings.DEMO, "LANGUAGE": getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)}
