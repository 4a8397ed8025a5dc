"""Suggestions: the weighted parts added up, the best kept, and each explained by what its parts brought."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.progress import Progress, silent
from klyngeanalyse.core.results import Chart, Result, Row
from klyngeanalyse.recommend.bodies import Bodies
from klyngeanalyse.recommend.parts import Floats, Ints, Part, TextPart
from klyngeanalyse.recommend.top import blocks, highest

# what the parts count where nothing was learned from earlier links; a protocol or `learned` says otherwise
PLAIN = {
    "text": 0.6,
    "industry": 0.2,
    "place": 0.1,
    "kind": 0.1,
    "together": 0.2,
    "around": 0.05,
    "known": 0.02,
    "alike": 0.3,
}


@dataclass(frozen=True)
class Suggestion:
    """One suggestion: `brought` is what each part brought (weight x closeness); their sum is the score."""

    asker: str
    rank: int
    suggested: str
    score: float
    brought: dict[str, float]
    shared: tuple[str, ...]


@dataclass(frozen=True)
class Suggestions(Result):
    """The `k` best of every asker, in the order of the askers."""

    weights: dict[str, float]
    n_askers: int
    n_candidates: int
    suggestions: tuple[Suggestion, ...]

    def rows(self) -> Iterable[Row]:
        return [
            {
                "asker": one.asker,
                "rank": one.rank,
                "suggested": one.suggested,
                "score": one.score,
                **one.brought,
                "shared": " ".join(one.shared),
            }
            for one in self.suggestions
        ]

    def chart(self) -> Chart:
        first = [one for one in self.suggestions if one.rank == 1][:40]
        bars = [
            {"asker": f"{one.asker} → {one.suggested}", "part": name, "brought": value}
            for one in first
            for name, value in one.brought.items()
        ]
        return {
            "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
            "description": "What each part brought to the first suggestion of an asker",
            "data": {"values": bars},
            "mark": "bar",
            "encoding": {
                "y": {"field": "asker", "type": "nominal", "sort": None, "title": None},
                "x": {"field": "brought", "type": "quantitative", "title": "score"},
                "color": {"field": "part", "type": "nominal"},
            },
        }


def weighed(parts: Sequence[Part], weights: Mapping[str, float] | None) -> dict[str, float]:
    """The weight of each part; unknown names and negative weights raise `Unfit`."""
    said = dict(weights or {})
    names = [part.name for part in parts]
    strange = sorted(set(said) - set(PLAIN))
    bad = sorted(name for name, value in said.items() if not (np.isfinite(value) and value >= 0))
    if strange or bad:
        what = f"no part {strange[0]}" if strange else f"weight {said[bad[0]]} of {bad[0]}"
        raise Unfit(what, where="weights", mend=f"give weights from 0 for {', '.join(PLAIN)}")
    chosen = {name: float((said if weights is not None else PLAIN).get(name, 0.0)) for name in names}
    if not any(chosen.values()):
        raise Unfit("all weights are 0", where="weights", mend=f"give at least one of {', '.join(names)} more than 0")
    return chosen


def scores(parts: Sequence[Part], weights: Mapping[str, float], rows: Ints) -> Floats:
    """(rows, candidates) Σ weight x closeness, added in the order of the parts."""
    total: Floats | None = None
    for part in parts:
        if weights[part.name]:
            brought = weights[part.name] * part.of(rows)
            total = brought if total is None else total + brought
    if total is None:
        raise ValueError("weighed() grants that a weight is above 0")
    return total


def suggest(
    parts: Sequence[Part],
    askers: Bodies,
    candidates: Bodies,
    *,
    k: int = 10,
    weights: Mapping[str, float] | None = None,
    not_these: Mapping[str, Iterable[str]] | None = None,
    progress: Progress = silent,
) -> Suggestions:
    """The k candidates with the highest score for every asker (exact), nobody for oneself, none that has nothing in common.

    `not_these` are candidates that an asker must not be shown (those met already, rivals, the clusters one is in).
    """
    if k < 1:
        raise Unfit(f"{k} suggestions", mend="ask for at least one")
    chosen = weighed(parts, weights)
    number = {name: nth for nth, name in enumerate(candidates.ids)}
    found: list[Suggestion] = []
    for rows in blocks(len(askers), len(candidates)):
        progress(int(rows[0]), len(askers), "comparing")
        score = scores(parts, chosen, rows)
        for nth, row in enumerate(rows.tolist()):
            out = {askers.ids[row], *(not_these or {}).get(askers.ids[row], ())}
            score[nth, [number[name] for name in out if name in number]] = -np.inf
        best = highest(score, k)
        found += _explained(parts, chosen, askers, candidates, rows, best, score)
    return Suggestions(chosen, len(askers), len(candidates), tuple(found))


def _explained(
    parts: Sequence[Part],
    weights: Mapping[str, float],
    askers: Bodies,
    candidates: Bodies,
    rows: Ints,
    best: Ints,
    score: Floats,
) -> Iterable[Suggestion]:
    brought = {
        part.name: np.take_along_axis(weights[part.name] * part.of(rows), best, axis=1)
        for part in parts
        if weights[part.name]
    }
    pairs = [
        (nth, place, askers.text[row], column)
        for nth, row in enumerate(rows.tolist())
        for place, column in enumerate(best[nth].tolist())
        if np.isfinite(score[nth, column]) and score[nth, column] > 0
    ]
    texts = next((part.texts for part in parts if isinstance(part, TextPart)), None)
    said = [one for _, _, one, _ in pairs], [candidates.text[column] for *_, column in pairs]
    shared = texts.shared(*said) if texts and pairs else [()] * len(pairs)
    for (nth, place, _, column), stems in zip(pairs, shared, strict=True):
        each = {name: float(cells[nth, place]) for name, cells in brought.items()}
        asker, suggested = askers.ids[int(rows[nth])], candidates.ids[column]
        yield Suggestion(asker, place + 1, suggested, float(score[nth, column]), each, stems)
