"""Keys for a person's own programs: made by the person, good until a day, withdrawn at once."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from hashlib import sha256

from django.db import transaction

from klyngeforum.ground.holding import alone_with
from klyngeforum.ground.period import date_of
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import YES, no, require
from klyngeforum.ground.words import mark

from .models import Key, Person
from .queries import Actor, may

MOST_DAYS, MOST_KEYS = 366, 20
_PREFIX, _SHOWN = "kf_", 8


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def keys_of(person: Person) -> list[Key]:
    """The person's keys, the newest first."""
    return list(Key.objects.filter(person=person).order_by("-made_at", "-pk"))


def key_of(person: Person, pk: int) -> Key | None:
    return Key.objects.filter(person=person, pk=pk).first()


def opens(key: Key, *, on: date) -> bool:
    """Whether the key opens anything on the day."""
    return key.withdrawn_at is None and key.until >= on


def holder(token: str, *, on: date) -> Person | None:
    """Whose key it is, if it opens on the day and the person is still active."""
    row = Key.objects.select_related("person").filter(digest=_digest(token)).first()
    return row.person if row and opens(row, on=on) and row.person.is_active else None


@transaction.atomic
def make_key(*, by: Person, at: datetime, name: str, until: date) -> tuple[Key, str]:
    """A new key of one's own, and its text, which is told this once."""
    alone_with(by)
    good = sum(opens(one, on=date_of(at)) for one in keys_of(by))
    require(
        may(by, "keys.hold", on=date_of(at)),
        YES if name.strip() else no(mark("Write what the key is for."), on="name"),
        YES if date_of(at) <= until <= date_of(at) + timedelta(days=MOST_DAYS) else no(mark("A key is good for at most a year."), on="until"),
        YES if good < MOST_KEYS else no(mark("You have %(most)s keys already. Withdraw one first."), on="name", most=MOST_KEYS),
    )  # fmt: skip
    token = _PREFIX + secrets.token_urlsafe(32)
    row = Key.objects.create(person=by, name=name.strip()[:80], start=token[:_SHOWN], digest=_digest(token), made_at=at, until=until)  # fmt: skip
    record(by=by, at=at, verb="keys.make", thing="key", thing_id=row.pk, after={"name": row.name, "until": until})
    return row, token


@transaction.atomic
def withdraw_key(*, by: Actor, at: datetime, key: Key) -> Key:
    """The key opens nothing from now on; withdrawn twice is once."""
    row = Key.objects.select_for_update().get(pk=key.pk)
    own = YES if by is None or row.person_id == by.pk else no(mark("You do not have the right to do this here."))
    require(may(by, "keys.hold", on=date_of(at)), own)
    if row.withdrawn_at is None:
        row.withdrawn_at = at
        row.save(update_fields=["withdrawn_at"])
        record(by=by, at=at, verb="keys.withdraw", thing="key", thing_id=row.pk, after={"name": row.name})
    return row
