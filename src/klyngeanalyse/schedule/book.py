"""The appointment book: which pair meets in which slot, and moves that keep everybody in one place at a time."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from klyngeanalyse.schedule.seminar import Ints, Seminar


class Book:
    """Pairs 0..m-1 in slots 0..S-1; lists, not arrays, because the moves touch single cells.

    `at[person][slot]` is the pair there (-1: free), `slot[pair]` where it stands (-1: nowhere), `held[slot]` how many meet then.
    """

    def __init__(self, one: Seminar) -> None:
        self.left: list[int] = one.pairs[:, 0].tolist()
        self.right: list[int] = one.pairs[:, 1].tolist()
        self.there: list[list[bool]] = (one.there & (one.tables > 0)).tolist()
        self.room: list[int] = np.minimum(one.tables, one.there.sum(axis=0) // 2).tolist()
        self.rest: list[int] = one.most.tolist()
        self.at = [[-1] * len(one.slots) for _ in one.people]
        self.slot = [-1] * len(one.weight)
        self.held = [0] * len(one.slots)

    def slots(self) -> Ints:
        return np.array(self.slot, dtype=np.int64)

    def put(self, pair: int, slot: int) -> None:
        left, right = self.left[pair], self.right[pair]
        self.at[left][slot] = self.at[right][slot] = pair
        self.rest[left] -= 1
        self.rest[right] -= 1
        self.slot[pair] = slot
        self.held[slot] += 1

    def take(self, pair: int) -> None:
        left, right, slot = self.left[pair], self.right[pair], self.slot[pair]
        self.at[left][slot] = self.at[right][slot] = -1
        self.rest[left] += 1
        self.rest[right] += 1
        self.slot[pair] = -1
        self.held[slot] -= 1

    def free(self, person: int) -> list[int]:
        at, there = self.at[person], self.there[person]
        return [slot for slot in range(len(at)) if at[slot] < 0 and there[slot]]

    def insert(self, pair: int, crowd: bool = False, longest: int = 1 << 30) -> bool:
        """Places a pair without taking any out: in a slot free for both, else by one Kempe chain of at most `longest` moves.

        `crowd`: slots may for now hold more than their tables. Answers whether the pair has a place.
        """
        u, v = self.left[pair], self.right[pair]
        if self.rest[u] <= 0 or self.rest[v] <= 0:
            return False
        free_u, free_v = self.free(u), self.free(v)
        both = [a for a in free_u if self.at[v][a] < 0 and self.there[v][a] and (crowd or self.held[a] < self.room[a])]
        if both:
            self.put(pair, min(both, key=lambda a: (self.held[a] - self.room[a], a)))
            return True
        if longest < 1:
            return False
        return self._by_chain(pair, u, v, free_u, free_v, crowd, longest) or self._by_chain(
            pair, v, u, free_v, free_u, crowd, longest
        )

    def _by_chain(
        self, pair: int, u: int, v: int, free_u: list[int], free_v: list[int], crowd: bool, longest: int
    ) -> bool:
        """Frees v in a slot a that suits u by exchanging a with a slot b that is free for v, along one alternating chain."""
        for a in free_u:
            if not self.there[v][a]:
                continue
            for b in free_v:
                moved = self.chain(v, a, b, u) if a != b else None
                if moved is None or len(moved) > longest:
                    continue
                more = len(moved) % 2  # an odd chain takes one meeting from a to b
                fits = self.held[a] - more < self.room[a] and self.held[b] + more <= self.room[b]
                if crowd or fits:
                    self.flip(moved, a, b)
                    self.put(pair, a)
                    return True
        return False

    def chain(self, person: int, a: int, b: int, closed: int) -> list[int] | None:
        """The pairs that change between a and b when `person` is freed in a; None where somebody is away or it comes to `closed`."""
        moved: list[int] = []
        while True:
            pair = self.at[person][a]
            if pair < 0:
                return moved
            other = self.right[pair] if self.left[pair] == person else self.left[pair]
            if other == closed or not self.there[other][b] or not self.there[person][b]:
                return None
            moved.append(pair)
            person, a, b = other, b, a

    def flip(self, moved: Iterable[int], a: int, b: int) -> None:
        to = [(pair, a + b - self.slot[pair]) for pair in moved]
        for pair, _ in to:
            self.take(pair)
        for pair, slot in to:
            self.put(pair, slot)

    def relieve(self, slot: int) -> bool:
        """Takes one meeting out of a slot that holds too many, into one with room, along a chain with one more of the first."""
        for b in sorted(range(len(self.held)), key=lambda s: (self.held[s] - self.room[s], s)):
            if self.held[b] >= self.room[b]:
                return False
            for person, at in enumerate(self.at):
                if at[slot] >= 0 and at[b] < 0 and self.there[person][b]:
                    moved = self.chain(person, slot, b, -1)
                    if moved and len(moved) % 2:
                        self.flip(moved, slot, b)
                        return True
        return False
