"""A key in the header opens the API for a person's own program."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from klyngeforum.ground.access.keys import holder
from klyngeforum.ground.access.queries import Person, remember_posts


class ByKey(HttpBearer):
    """A person's own program, with the person's rights and no more."""

    def authenticate(self, request: HttpRequest, token: str) -> Person | None:
        person = holder(token, on=timezone.localdate())
        if person is not None:
            request.user = person
            remember_posts(person)
        return person
