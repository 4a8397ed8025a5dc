"""Reading the trail, and proving that nobody has changed it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from .models import Act
from .rules import GENESIS, chained

_COLUMNS = (
    "id", "at", "by_id", "by_name", "verb", "thing", "thing_id", "body_id", "reason", "before", "after", "previous", "hash",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Break:
    """An act whose row no longer fits the chain: changed itself, or standing after something removed."""

    act_id: int
    why: str  # changed | gap


def acts() -> QuerySet[Act]:
    """The whole trail, newest first (access stands above the trail: the screen that shows it declares the right)."""
    return Act.objects.select_related("body").order_by("-id")


def of(thing: str, thing_id: int) -> QuerySet[Act]:
    """What was done to one thing, oldest first."""
    return Act.objects.filter(thing=thing, thing_id=thing_id).order_by("id")


def newest_since(act_id: int) -> list[tuple[int, str, str, int | None]]:
    """The act of that id and every newer one as (id, hash, thing, body), oldest first; for 0 the newest act alone. A hash names all that came
    before it."""
    rows = Act.objects.values_list("id", "hash", "thing", "body_id")
    return list(rows.filter(id__gte=act_id).order_by("id") if act_id else rows.order_by("-id")[:1])


def newest_act() -> int:
    """Id of the newest act; 0 while nobody has done anything."""
    return Act.objects.order_by("-id").values_list("id", flat=True).first() or 0


def newest_hash() -> str:
    """The hash of the newest act: it names everything that came before, so whoever keeps it elsewhere can prove the whole."""
    return Act.objects.order_by("-id").values_list("hash", flat=True).first() or ""


def stands(beginning: str) -> bool:
    """Whether an act whose hash begins so is in the trail."""
    return Act.objects.filter(hash__startswith=beginning).exists()


def done_since(act_id: int) -> list[tuple[int, str, int | None]]:
    """Every act after that one as (id, thing, body), oldest first."""
    return list(Act.objects.filter(id__gt=act_id).order_by("id").values_list("id", "thing", "body_id"))


def is_act(act_id: int, own: str) -> bool:
    """Whether the trail has this very act: then all that came before is the same too."""
    return Act.objects.filter(pk=act_id, hash=own).exists()


def acted_on(things: Collection[str], since: int) -> bool:
    """Whether anybody has acted on one of the things after that act."""
    return Act.objects.filter(id__gt=since, thing__in=things).exists()


def length() -> int:
    return Act.objects.count()


def breaks() -> Iterator[Break]:
    """Every act that does not fit the chain, in order; an untouched trail yields nothing."""
    expected = GENESIS
    for row in Act.objects.order_by("id").values_list(*_COLUMNS).iterator(chunk_size=5000):
        pk, at, by, name, verb, thing, thing_id, body, reason, before, after, previous, own = row
        if previous != expected:
            yield Break(pk, "gap")
        if own != chained(previous, at, (by, name, verb, thing, thing_id, body, reason, before, after)):
            yield Break(pk, "changed")
        expected = own
