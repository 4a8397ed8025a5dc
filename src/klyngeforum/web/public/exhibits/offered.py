"""Which pages are laid before a meeting, and which of them an address names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from django.urls import Resolver404, resolve

from klyngeforum.ground.access.queries import Actor

from . import coverage, organisation, pair, strategies, strengths, study, targets
from .shown import Asked, Shown

Show = Callable[[Mapping[str, str], Asked, Actor, date], Shown | None]

OFFERED: Mapping[str, Show] = {
    "effect_study": study.shown, "coverage": coverage.shown, "pair": pair.shown, "overlap": pair.overlap_shown, "cluster": organisation.shown,
    "region_strengths": strengths.shown, "specialisation": strategies.shown, "targets": targets.shown,
}  # fmt: skip


def shown_at(path: str, asked: Asked, *, by: Actor, on: date) -> Shown | None:
    """The page at a path of this house as whoever may see least would read it; None where nothing can be laid."""
    try:
        found = resolve(path)
    except Resolver404:
        return None
    show = OFFERED.get(found.url_name or "")
    return show(found.kwargs, asked, by, on) if show else None
