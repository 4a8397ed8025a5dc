"""What takes long to count, for one reader: a file holds everything that was done, a page may say what was counted last, and when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TypeVar

from django.http import HttpRequest
from django.utils.timezone import localtime

from klyngeforum.ground.counts.terms import Told

from .downloads import FORMATS

Value = TypeVar("Value")


def for_reader(
    request: HttpRequest, day: date, whole: Callable[[date], Value], latest: Callable[[date], Told[Value]]
) -> Told[Value]:
    told = Told(None, whole(day)) if request.GET.get("hent", "") in FORMATS else latest(day)
    return replace(told, counted_at=localtime(told.counted_at)) if told.counted_at else told
