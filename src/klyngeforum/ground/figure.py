"""A figure carries its origin: nobody ever sees a number without its scope."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Scope:
    """Who is counted: the nation, a region, one cluster organisation, a size band, an industry."""

    kind: str
    code: str = ""
    name_da: str = ""
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with measure, definition version, scope, year, value and the digest of the records behind it.

    ``participations`` is the sum over organisations, ``distinct`` counts each body once; ``overlap`` is their difference.
    ``held_back`` tells that the reader is not told a number that is there.
    ``provisional`` tells that accounts are missing or not yet approved; ``placeholder`` that it rests on unverified values.
    """

    measure: str
    version: str
    scope: Scope
    year: int
    value: Decimal | None
    unit: str
    participations: int | None = None
    distinct: int | None = None
    provisional: bool = False
    placeholder: bool = False
    sources: int = 0
    digest: str = ""
    held_back: bool = False

    @property
    def overlap(self) -> int | None:
        if self.participations is None or self.distinct is None:
            return None
        return self.participations - self.distinct


def digest_of(parts: object) -> str:
    """A short, stable fingerprint of anything JSON can write: same input, same digest."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
