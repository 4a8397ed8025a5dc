"""Personal links: made of the house's secret whenever one is written to a company, and never kept."""

from __future__ import annotations

import base64

from django.utils.crypto import salted_hmac

_SALT = "klyngeforum.records.survey"


def token(asked_id: int, turn: int) -> str:
    """The secret part of the company's link, 256 bits that nobody guesses; another turn is another link."""
    made = salted_hmac(_SALT, f"{asked_id}:{turn}", algorithm="sha256").digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")
