"""A seminar as arrays: who wishes to meet whom how much, who is there when, how many tables each slot has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from klyngeanalyse.core.errors import Unfit

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Pair = tuple[str, str]


@dataclass(frozen=True)
class Seminar:
    """n people, m pairs that may meet (each wished by one or both), S slots in their order.

    `pairs` (m, 2) indexes `people`; `weight` (m,) adds the weights of both directions; `first` (m, 2) says whether the pair is
    a first wish of its first and of its second person. `there` (n, S) says who can meet when; `tables` (S,) how many meetings a
    slot holds (0 in a break); `most` (n,) how many meetings a person takes at most. `spots` (T, 2) is where the tables stand.
    """

    people: tuple[str, ...]
    slots: tuple[str, ...]
    pairs: Ints
    weight: Floats
    first: Bools
    there: Bools
    tables: Ints
    most: Ints
    spots: Floats
    table_names: tuple[str, ...]
    wishes: tuple[tuple[str, str, float], ...]
    vetoes: frozenset[Pair]

    @property
    def common(self) -> Bools:
        """(m, S): both are there."""
        both: Bools = self.there[self.pairs[:, 0]] & self.there[self.pairs[:, 1]]
        return both

    @property
    def wishing(self) -> Bools:
        """(n,): whether a person has a first wish that could come true at all."""
        has = np.zeros(len(self.people), dtype=bool)
        has[self.pairs[self.first[:, 0], 0]] = True
        has[self.pairs[self.first[:, 1], 1]] = True
        return has


def unordered(one: str, other: str) -> Pair:
    return (one, other) if one <= other else (other, one)


def seminar(
    wishes: Iterable[tuple[str, str, float]],
    *,
    slots: int | Sequence[str],
    people: Iterable[str] = (),
    tables: int | Sequence[int] | None = None,
    breaks: Iterable[str] = (),
    vetoes: Iterable[Pair] = (),
    away: Mapping[str, Iterable[str]] | None = None,
    most: Mapping[str, int] | None = None,
    sides: Mapping[str, str] | None = None,
    spots: Mapping[str, tuple[float, float]] | None = None,
) -> Seminar:
    """Checks what was said and makes the arrays; nothing depends on the order of the rows.

    `wishes` are (who, whom, weight > 0). `slots` are names in their order, or how many. `people` are those
    who come without a wish of their own or of others. `tables` is how many meetings fit in a
    slot, one number or one a slot; without it there is a table for everybody. `away` gives the slots that a person cannot, `most`
    the most meetings of a person, `sides` the side of each person where only people of different sides meet (a fair of buyers
    and sellers), `spots` where each table stands (x, y) in metres. Raises `Unfit` on unknown people or slots, a wish for
    oneself, a weight that is not positive, the same wish twice.

    >>> one = seminar([("a", "b", 2), ("b", "a", 1), ("a", "c", 1)], slots=2)
    >>> one.weight.tolist(), one.first.tolist(), one.tables.tolist()
    ([3.0, 1.0], [[True, True], [False, False]], [1, 1])
    """
    said = sorted((str(who), str(whom), float(weight)) for who, whom, weight in wishes)
    _check_wishes(said)
    everybody = tuple(sorted({name for who, whom, _ in said for name in (who, whom)} | set(people) | set(sides or ())))
    number = {name: nth for nth, name in enumerate(everybody)}
    names = tuple(str(nth + 1) for nth in range(slots)) if isinstance(slots, int) else tuple(slots)
    there = _presence(names, number, breaks, away or {})
    pairs, weight, first = _pairs(said, number, sides)
    refused = frozenset(unordered(*veto) for veto in vetoes)
    _known({name for veto in refused for name in veto}, number, "a veto", "person")
    kept = np.array([(everybody[u], everybody[v]) not in refused for u, v in pairs.tolist()], dtype=bool)
    kept &= (there[pairs[:, 0]] & there[pairs[:, 1]]).any(axis=1)
    room, places = _tables(names, len(everybody), tables, breaks, spots)
    return Seminar(
        everybody, names, pairs[kept], weight[kept], first[kept], there, room, _most(number, most or {}, len(names)),
        np.array([spots[name] for name in places], dtype=float).reshape(-1, 2) if spots else np.zeros((len(places), 2)),
        places, tuple(said), refused,
    )  # fmt: skip


def _check_wishes(said: Sequence[tuple[str, str, float]]) -> None:
    if not said:
        raise Unfit("no wishes", mend="give at least one row of who, whom, weight")
    selves = sorted({who for who, whom, _ in said if who == whom})
    if selves:
        raise Unfit("a wish for oneself", where=", ".join(selves[:5]), mend="remove the row")
    bad = [f"{who} -> {whom}: {weight}" for who, whom, weight in said if not (np.isfinite(weight) and weight > 0)]
    if bad:
        raise Unfit("a weight that is not positive", where="; ".join(bad[:5]), mend="a veto is not a wish of weight 0")
    twice = [f"{who} -> {whom}" for (who, whom), n in Counter((w, o) for w, o, _ in said).items() if n > 1]
    if twice:
        raise Unfit("the same wish twice", where="; ".join(twice[:5]), mend="keep one row a wish")


def _known(asked: set[str], known: Mapping[str, int], where: str, kind: str) -> None:
    strange = sorted(asked - set(known))
    if strange:
        raise Unfit(
            f"unknown {kind} {', '.join(strange[:5])}", where=where, mend="spell it as in the wishes or the slots"
        )


def _presence(
    names: tuple[str, ...], number: Mapping[str, int], breaks: Iterable[str], away: Mapping[str, Iterable[str]]
) -> Bools:
    if not names or len(set(names)) < len(names):
        raise Unfit("slots must have names of their own", where=", ".join(names[:5]), mend="give at least one slot")
    slot = {name: nth for nth, name in enumerate(names)}
    free = set(breaks)
    _known(free, slot, "the breaks", "slot")
    _known(set(away), number, "who is away", "person")
    there = np.ones((len(number), len(names)), dtype=bool)
    there[:, [slot[name] for name in free]] = False
    for name, missed in away.items():
        gone = set(missed)
        _known(gone, slot, f"{name} is away", "slot")
        there[number[name], [slot[one] for one in gone]] = False
    return there


def _pairs(
    said: Sequence[tuple[str, str, float]], number: Mapping[str, int], sides: Mapping[str, str] | None
) -> tuple[Ints, Floats, Bools]:
    top: dict[str, float] = {}
    for who, _, weight in said:
        top[who] = max(top.get(who, 0.0), weight)
    found: dict[Pair, tuple[float, bool, bool]] = {}
    for who, whom, weight in said:
        if sides is not None and sides.get(who, "") == sides.get(whom, ""):
            raise Unfit(
                f"{who} and {whom} are on the same side", where="wishes", mend="correct the side or remove the wish"
            )
        pair = unordered(who, whom)
        total, one, other = found.get(pair, (0.0, False, False))
        mine = weight >= top[who]
        found[pair] = (total + weight, one or (mine and who == pair[0]), other or (mine and who == pair[1]))
    keys = sorted(found)
    pairs = np.array([[number[one], number[other]] for one, other in keys], dtype=np.int64)
    weight_of = np.array([found[key][0] for key in keys])
    return pairs, weight_of, np.array([found[key][1:] for key in keys], dtype=bool)


def _most(number: Mapping[str, int], most: Mapping[str, int], slots: int) -> Ints:
    _known(set(most), number, "the most meetings", "person")
    limit = np.full(len(number), slots, dtype=np.int64)
    for name, count in most.items():
        if count < 0:
            raise Unfit(f"{name} takes {count} meetings", where="the most meetings", mend="give a number from 0")
        limit[number[name]] = count
    return limit


def _tables(
    names: tuple[str, ...],
    people: int,
    tables: int | Sequence[int] | None,
    breaks: Iterable[str],
    spots: Mapping[str, tuple[float, float]] | None,
) -> tuple[Ints, tuple[str, ...]]:
    enough = people // 2 if spots is None else len(spots)
    said = enough if tables is None else tables
    room = np.array([said] * len(names) if isinstance(said, int) else list(said), dtype=np.int64)
    if len(room) != len(names) or (room < 0).any() or room.max(initial=0) < 1:
        raise Unfit(f"tables {said}", mend=f"one number above 0, or one for each of the {len(names)} slots")
    if spots is not None and room.max() > len(spots):
        raise Unfit(
            f"{room.max()} tables in a slot, {len(spots)} places for tables", mend="say where every table stands"
        )
    room[[name in set(breaks) for name in names]] = 0
    room = np.minimum(room, people // 2 if spots is None else room)
    return room, tuple(spots) if spots else tuple(str(nth + 1) for nth in range(int(room.max())))
