"""Two organisations side by side as lists and pages show them: what tells of too few companies stays out for those who see no records."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from klyngeforum.ground.programme.queries import small_cells
from klyngeforum.results.landscape.terms import Pair, PairKind

from .numbers import grouped


@dataclass(frozen=True, slots=True)
class PairSaid:
    """A pair for one reader; ``open`` when the reader may see the records of both."""

    pair: Pair
    open: bool

    @property
    def few(self) -> bool:
        """Too few shared companies to say how many."""
        return not self.open and 0 < self.pair.shared < small_cells().least

    @property
    def small(self) -> bool:
        """Too few companies in one of the two to say anything of their industries."""
        return not self.open and min(self.pair.first_companies, self.pair.second_companies) < small_cells().least

    @property
    def kind(self) -> PairKind:
        return self.pair.kind if self.open else self.pair.told

    @property
    def unsaid(self) -> bool:
        """Whether how the two stand would tell of too few companies."""
        return self.kind is PairKind.NEITHER and (self.few or self.small)

    @property
    def shared(self) -> int | None:
        return None if self.few else self.pair.shared

    @property
    def shared_said(self) -> str:
        return f"1–{grouped(small_cells().least - 1)}" if self.few else grouped(self.pair.shared)

    @property
    def overlap(self) -> float | None:
        return None if self.few else self.pair.overlap

    @property
    def jaccard(self) -> float | None:
        return None if self.few else self.pair.jaccard

    @property
    def profile(self) -> float | None:
        return None if self.small else self.pair.profile

    @property
    def profile_jaccard(self) -> float | None:
        return None if self.small else self.pair.profile_jaccard


_FIRST = {PairKind.OVERLAP: 0, PairKind.PARALLEL: 1, PairKind.NEITHER: 2}


def strength(one: PairSaid) -> tuple[int, float, float]:
    """Overlaps first, then parallel structures, then the rest; within each the most alike; what is not told stands last."""
    by = one.profile if one.kind is PairKind.PARALLEL else one.overlap
    return (_FIRST[one.kind], -1.0 if by is None else -by - 1, 0.0 if one.profile is None else -one.profile)


def href_of(first: str, second: str, day: object) -> str:
    """The page of two organisations, named by their slugs."""
    return f"{reverse('pair', args=[first, second])}?dag={day}"
