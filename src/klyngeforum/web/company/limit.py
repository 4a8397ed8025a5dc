"""How often a personal link is written through, and how often somebody may try links that are none; counted in the cache."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.core.cache import cache

LINK, WRONG = "link", "wrong"


def over(kind: str, whose: str) -> bool:
    """Count one more; whether that is more than the window allows. The link itself is not kept, only its fingerprint."""
    most, seconds = settings.SURVEY_LIMITS[kind]
    name = f"survey:{kind}:{hashlib.sha256(whose.encode()).hexdigest()}"
    cache.add(name, 0, seconds)
    try:
        return cache.incr(name) > most
    except ValueError:  # it ran out in between
        cache.set(name, 1, seconds)
        return most < 1
