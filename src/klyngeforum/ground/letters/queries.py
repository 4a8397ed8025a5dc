"""Which letters wait, and why one could not be sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from .models import Letter, Matter


def waiting() -> QuerySet[Letter]:
    """Letters that are not sent yet, the oldest first."""
    return Letter.objects.select_related("to").filter(sent_at__isnull=True).order_by("queued_at", "id")


def written(key: str) -> Letter | None:
    return Letter.objects.filter(key=key).first()


def free_on(people: Iterable[int], on: date) -> set[int]:
    """Of these people those to whom a letter may go on the day: none has gone then, and none waits."""
    wanted = set(people)
    start = timezone.make_aware(datetime.combine(on, time()))
    there = Q(sent_at__isnull=True) | Q(sent_at__gte=start, sent_at__lt=start + timedelta(days=1))
    return wanted - set(Letter.objects.filter(there, to__in=wanted).values_list("to_id", flat=True))


def told(keys: Iterable[str]) -> set[tuple[int, str]]:
    """(person, key) of what was laid for somebody already."""
    wanted, found = sorted(set(keys)), set()
    for start in range(0, len(wanted), 500):
        rows = Matter.objects.filter(key__in=wanted[start : start + 500])
        found |= set(rows.values_list("to_id", "key"))
    return found


def untold() -> dict[int, list[Matter]]:
    """Person -> what waits for a letter, in the order in which it came."""
    found: dict[int, list[Matter]] = defaultdict(list)
    for row in Matter.objects.filter(letter__isnull=True, to__is_active=True).select_related("to").order_by("id"):
        found[row.to_id].append(row)
    return found
