"""Those who ask and those who may be suggested: what is known of each before anything is compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from klyngeanalyse.core.errors import Unfit

KINDS = ("", "need", "offer")


@dataclass(frozen=True)
class Bodies:
    """Companies, institutions, projects or cluster organisations, one of each field a body; an empty text or nan is unknown.

    `industry` holds codes (NACE, DB07) and `area` one code (NUTS), both read from the left: the longer the common beginning the
    closer. `kind` is need, offer or empty.
    """

    ids: tuple[str, ...]
    text: tuple[str, ...]
    industry: tuple[tuple[str, ...], ...] = ()
    area: tuple[str, ...] = ()
    latitude: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    longitude: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    kind: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        n = len(self.ids)
        blank = np.full(n, np.nan)
        for name, empty in (
            ("industry", ((),) * n),
            ("area", ("",) * n),
            ("kind", ("",) * n),
            ("latitude", blank),
            ("longitude", blank),
        ):
            if not len(getattr(self, name)):
                object.__setattr__(self, name, empty)
            if len(getattr(self, name)) != n:
                raise Unfit(f"{len(getattr(self, name))} of {name} for {n} bodies", mend="give one for each body")
        strange = sorted(set(self.kind) - set(KINDS))
        if strange:
            raise Unfit(
                f"kind {strange[0]!r}", where=self.ids[self.kind.index(strange[0])], mend="write need, offer or nothing"
            )
        if (np.abs(self.latitude) > 90).any() or (np.abs(self.longitude) > 180).any():
            raise Unfit(
                "a place that is not on the globe", mend="give degrees: latitude within 90, longitude within 180"
            )

    def __len__(self) -> int:
        return len(self.ids)


def clusters(members: Mapping[str, Sequence[str]], bodies: Bodies) -> Bodies:
    """Cluster organisations made of their members: all their texts and codes, the middle member's place.

    The place is the member with the least summed distance to the others (the medoid); members that are unknown raise `Unfit`.
    """
    number = {name: nth for nth, name in enumerate(bodies.ids)}
    strange = sorted({name for group in members.values() for name in group} - set(number))
    if strange:
        raise Unfit(
            f"unknown member {strange[0]}",
            where="members",
            mend="list the member among the bodies, or leave the row out",
        )
    names = tuple(sorted(members))
    groups = [sorted(number[name] for name in set(members[cluster])) for cluster in names]
    middle = [_middle(bodies, group) for group in groups]
    return Bodies(
        names,
        tuple(" ".join(bodies.text[nth] for nth in group) for group in groups),
        tuple(tuple(code for nth in group for code in bodies.industry[nth]) for group in groups),
        tuple(bodies.area[nth] if nth >= 0 else "" for nth in middle),
        np.array([bodies.latitude[nth] if nth >= 0 else np.nan for nth in middle]),
        np.array([bodies.longitude[nth] if nth >= 0 else np.nan for nth in middle]),
    )


def _middle(bodies: Bodies, group: Sequence[int]) -> int:
    placed = [nth for nth in group if np.isfinite(bodies.latitude[nth]) and np.isfinite(bodies.longitude[nth])]
    if not placed:
        return group[0] if group else -1
    apart = kilometres(
        bodies.latitude[placed], bodies.longitude[placed], bodies.latitude[placed], bodies.longitude[placed]
    )
    return placed[int(apart.sum(axis=1).argmin())]


def kilometres(
    latitude: NDArray[np.float64],
    longitude: NDArray[np.float64],
    other_latitude: NDArray[np.float64],
    other_longitude: NDArray[np.float64],
) -> NDArray[np.float64]:
    """(n, m) great-circle distances on a sphere of 6,371.0088 km; nan where a place is unknown.

    >>> kilometres(np.array([0.0]), np.array([0.0]), np.array([0.0, 90.0]), np.array([1.0, 0.0])).round(1).tolist()
    [[111.2, 10007.6]]
    """
    a, b = np.radians(latitude)[:, None], np.radians(other_latitude)[None, :]
    half_up, half_across = (b - a) / 2, np.radians(other_longitude[None, :] - longitude[:, None]) / 2
    arc = np.sin(half_up) ** 2 + np.cos(a) * np.cos(b) * np.sin(half_across) ** 2
    return np.asarray(2 * 6371.0088 * np.arcsin(np.sqrt(np.minimum(arc, 1.0))))
