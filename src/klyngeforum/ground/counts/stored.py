"""Results between processes and starts: sealed, of one history and one program. What is not of both is as if it were not there."""

from __future__ import annotations

import hashlib
import pickle
from datetime import date, datetime
from functools import lru_cache
from hmac import compare_digest
from pathlib import Path
from typing import Any

from django.utils.crypto import salted_hmac

import klyngeanalyse
from klyngeforum.ground.keeping import kept
from klyngeforum.ground.trail.queries import acted_on, is_act

from .models import Count
from .terms import MOST, Heavy, Value

NEVER = frozenset({"nothing"})  # no act is on it: stands until another history does
_HOUSE = (Path(__file__).parents[2], Path(klyngeanalyse.__file__).parent)
_SEAL = 32
_NOT_THE_RESULT = ("id", "name", "day", "act", "hash", "code", "took", "counted_at", "wanted_at", "taken_at")


class _Held:
    """The stored result that this process has read last."""

    hash = ""
    value: Any = None


@lru_cache(maxsize=1)
def code() -> str:
    """The program that counts: another one may count otherwise."""
    said = hashlib.sha256()
    for folder in _HOUSE:
        for path in sorted(folder.rglob("*.py")):
            if "tests" not in path.parts:
                said.update(path.read_bytes())
    return said.hexdigest()


def _sealed(value: object) -> bytes:
    told = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    return _seal(told) + told


def _seal(told: bytes) -> bytes:
    return salted_hmac("klyngeforum.counts", told, algorithm="sha256").digest()


def opened(sealed: bytes) -> Any:
    seal, told = sealed[:_SEAL], sealed[_SEAL:]
    if not compare_digest(seal, _seal(told)):
        return None
    return pickle.loads(told)  # noqa: S301 (sealed by the house itself)


def newest(what: Heavy[Any], day: date) -> Count | None:
    """The stored row without its result, where it is of this history and this program."""
    row = Count.objects.only(*_NOT_THE_RESULT).filter(name=what.name, day=day).first()
    return row if row is not None and row.code == code() and _of_this_history(row.act, row.hash) else None


def _of_this_history(act: int, own: str) -> bool:
    """Asked once an act: the trail only grows, and another history is noticed."""
    return kept(("is an act", act, own), lambda: is_act(act, own), of=NEVER)


def stands(row: Count, what: Heavy[Any]) -> bool:
    """Whether nobody has acted since on what the count rests on."""
    act = row.act
    return not kept(("acted since", what.of, act), lambda: acted_on(what.of, act), of=what.of)


def value_of(row: Count, what: Heavy[Value]) -> Value | None:
    """The stored result; None where it does not bear the house's seal, or was replaced just now."""
    held = kept(("stored", what.name, row.day), _Held, of=NEVER, weigh=lambda _: 2_000_000)
    if held.hash != row.hash:
        sealed = Count.objects.filter(pk=row.pk, hash=row.hash).values_list("told", flat=True).first()
        value = opened(bytes(sealed)) if sealed else None
        if value is None:
            return None
        held.value, held.hash = value, row.hash
        return value  # type: ignore[no-any-return]
    return held.value  # type: ignore[no-any-return]


def store(what: Heavy[Value], day: date, value: Value, *, act: int, hash_: str, took: float, at: datetime) -> None:
    """The result of now; one that knows more stays."""
    there = newest(what, day)
    if there is None or there.act <= act:
        put(what.name, day, value, act=act, hash_=hash_, took=took, at=at)


def put(name: str, day: date, value: object, *, act: int, hash_: str, took: float, at: datetime) -> None:
    """In the place of what was stored before. Of what is counted for a day (up to an act) what was not counted for longest goes."""
    new = {
        "act": act, "hash": hash_, "code": code(), "told": _sealed(value), "took": took, "counted_at": at, "wanted_at": None, "taken_at": None,
    }  # fmt: skip
    if not Count.objects.filter(name=name, day=day).update(**new):
        Count.objects.bulk_create([Count(name=name, day=day, **new)], ignore_conflicts=True)
        old = list(Count.objects.filter(act__gt=0).order_by("-counted_at").values_list("pk", flat=True)[MOST:])
        Count.objects.filter(pk__in=old).delete()
