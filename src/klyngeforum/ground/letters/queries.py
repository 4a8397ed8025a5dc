"""Which letters wait, and why one could not be sent."""

from __future__ import annotations

from django.db.models import QuerySet

from .models import Letter


def waiting() -> QuerySet[Letter]:
    """Letters that are not sent yet, the oldest first."""
    return Letter.objects.select_related("to").filter(sent_at__isnull=True).order_by("queued_at", "id")


def written(key: str) -> Letter | None:
    return Letter.objects.filter(key=key).first()
