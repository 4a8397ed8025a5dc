"""How people come in: the secretariat appoints them; nobody signs up alone."""

from __future__ import annotations

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from klyngeforum.ground.access.queries import Person

from .language import COOKIE, keep


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """No open sign-up: posts are given by the secretariat."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The e-mail or the password is not right."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_password_reset_mail(self, user: Person, email: str, context: dict[str, object]) -> None:
        """In the person's own language, whatever the page was read in."""
        with override(user.language):
            super().send_password_reset_mail(user, email, context)

    def post_login(self, request: HttpRequest, user: Person, **told: object) -> HttpResponseBase:
        """A browser where no language was chosen speaks the person's own."""
        response: HttpResponseBase = super().post_login(request, user, **told)
        if COOKIE not in request.COOKIES and not settings.DEMO:  # a desk of the demo is everybody's
            keep(response, request, user.language)
        return response


def link_of(person: Person) -> str:
    """The link with which the person chooses a password: it works once, and for ``PASSWORD_RESET_TIMEOUT`` seconds."""
    key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(person)
    where = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(person), "key": key})
    return f"{settings.ADDRESS.rstrip('/')}{where}"
