"""How people come in: the secretariat appoints them; nobody signs up alone."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """No open sign-up: posts are given by the secretariat."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
