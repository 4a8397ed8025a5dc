"""Writing to the trail: the one verb that every action of the house ends with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from klyngeforum.ground.holding import take_turn

from .models import Act
from .rules import GENESIS, chained, written

if TYPE_CHECKING:
    from klyngeforum.ground.access.models import Person


def record(
    *,
    by: Person | None,
    at: datetime,
    verb: str,
    thing: str,
    thing_id: int | None = None,
    body_id: int | None = None,
    reason: str = "",
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> Act:
    """Append one act to the chain, inside the caller's transaction."""
    with transaction.atomic():
        take_turn()
        previous = Act.objects.order_by("-id").values_list("hash", flat=True).first() or GENESIS
        old, new, name = written(before), written(after), by.name if by else "operator"
        parts = (by.pk if by else None, name, verb, thing, thing_id, body_id, reason, old, new)
        return Act.objects.create(
            at=at, by=by, by_name=name, verb=verb, thing=thing, thing_id=thing_id, body_id=body_id,
            reason=reason, before=old, after=new, previous=previous, hash=chained(previous, at, parts),
        )  # fmt: skip
