"""How acts are chained: each hash covers the act and the hash before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime

GENESIS = "0" * 64


def written(values: Mapping[str, object] | None) -> str:
    """Values as stable JSON text; nothing is an empty text."""
    return json.dumps(values, sort_keys=True, ensure_ascii=False, default=str) if values else ""


def chained(previous: str, at: datetime, parts: tuple[object, ...]) -> str:
    """The hash of an act: SHA-256 over the previous hash, the moment in UTC and the act's parts."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    text = json.dumps([previous, moment, *parts], ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
