"""Every measure over very many booked lines in one pass: of a line it is read in which measures it counts, as one number.

Loads NumPy, so it is imported only where something is counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import add
from typing import Any

import numpy as np
from django.db.models import Case, Expression, IntegerField, Q, QuerySet, Sum, Value, When

from klyngeforum.ground.bulk import Array, numbers

from .models import Line
from .rules import COUNTINGS

BODIES = tuple(
    code for code, counting in COUNTINGS.items() if not counting.sums
)  # measures that count bodies, each a bit
Values = dict[str, int]


@dataclass(frozen=True, slots=True)
class Tally:
    """Measure -> lines, and measure -> bodies, each once; of everybody, of each organisation (where a body has one line) and of each type.
    ``sums`` are the measures that add something up. Numbers alone: what a measure is called and whether it is final is said elsewhere."""

    lines: Values
    bodies: Values
    sums: dict[str, Decimal]
    organisations: list[tuple[int, str, Values]]
    kinds: dict[str, Values]


def _measures() -> Expression:
    """The measures that a line counts in, a bit each."""
    bits = [
        Case(When(Q(**COUNTINGS[code].where), then=Value(1 << nth)), default=Value(0), output_field=IntegerField())
        for nth, code in enumerate(BODIES)
    ]
    whole: Any = reduce(add, bits)
    return whole  # type: ignore[no-any-return]


def _named(counted: Array) -> Values:
    return dict(zip(BODIES, counted.tolist(), strict=True))


def _added(masks: Array, group: Array, groups: int) -> Array:
    """(groups, measures): how many of each group count in each measure."""
    return np.stack([np.bincount(group, masks >> nth & 1, groups) for nth in range(len(BODIES))], axis=1).astype(
        np.int64
    )


def _once(keys: Array, masks: Array) -> tuple[Array, Array]:
    """Each key once, in order, with the measures of all its lines."""
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    begins = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
    return keys[begins], np.bitwise_or.reduceat(masks[order], begins)


def _sums(rows: QuerySet[Line]) -> dict[str, Decimal]:
    added = {code: counting for code, counting in COUNTINGS.items() if counting.sums}
    found = rows.aggregate(**{code: Sum(one.sums, filter=Q(**one.where)) for code, one in added.items()})
    return {code: Decimal(found[code] or 0) for code in added}


def tallied(rows: QuerySet[Line], kinds: Mapping[int, str]) -> Tally:
    """Of these lines; ``kinds`` gives each organisation's type."""
    table = numbers(rows.order_by().values_list("account__cluster_id", "body_id", _measures()), 3)
    if not len(table):
        nothing = dict.fromkeys(BODIES, 0)
        return Tally(nothing, nothing, _sums(rows), [], {})
    (clusters, at), bodies, masks = np.unique(table[:, 0], return_inverse=True), table[:, 1], table[:, 2]
    names = sorted({kinds[one] for one in clusters.tolist()})
    number = {name: nth for nth, name in enumerate(names)}
    kind = np.array([number[kinds[one]] for one in clusters.tolist()])
    width = int(bodies.max()) + 1
    keys, together = _once(kind[at] * width + bodies, masks)
    of_kinds = _added(together, keys // width, len(names))
    everybody = _once(keys % width, together)[1]
    of_clusters = _added(masks, at, len(clusters))
    return Tally(
        _named(of_clusters.sum(axis=0)), _named(_added(everybody, np.zeros(len(everybody), np.int64), 1)[0]), _sums(rows),
        [(one, kinds[one], _named(row)) for one, row in zip(clusters.tolist(), of_clusters, strict=True)],
        {name: _named(row) for name, row in zip(names, of_kinds, strict=True)},
    )  # fmt: skip
