"""The effect in each group of companies (region, organisation): its own, and shrunk towards what the groups have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.results import Result, Row
from klyngeanalyse.effects.aggregates import aggregate
from klyngeanalyse.effects.bands import normal
from klyngeanalyse.effects.design import Design
from klyngeanalyse.effects.grouptime import from_rows
from klyngeanalyse.effects.organisations import shrink
from klyngeanalyse.effects.relative import relative
from klyngeanalyse.effects.rows import Rows
from klyngeanalyse.effects.several import benjamini_hochberg, holm

FEW, UNFIT = "few", "unfit"
MOST = 500


@dataclass(frozen=True)
class Group:
    """One group: its own estimate in the outcome's unit and in the form (`relative`), and the shrunk one in the form; `weight` is what
    its own counts for in the shrunk one."""

    group: str
    n_treated: float
    estimate: float
    low: float
    high: float
    relative: float
    relative_low: float
    relative_high: float
    p: float
    p_holm: float
    p_bh: float
    shrunk: float
    shrunk_low: float
    shrunk_high: float
    weight: float


@dataclass(frozen=True)
class Groups(Result):
    """mean and spread (standard deviation) of the true effects over the groups, in the form; each group; those of which nothing is told
    (group, why: 'few' participants or 'unfit'), and how many groups are too small to be named."""

    outcome: str
    form: str
    mean: float
    spread: float
    groups: tuple[Group, ...]
    untold: tuple[tuple[str, str], ...]
    unnamed: int

    def rows(self) -> Iterable[Row]:
        return [vars(one) for one in self.groups]


@dataclass(frozen=True)
class _Own:
    """A group before it is seen beside the others."""

    group: str
    n_treated: float
    values: tuple[float, float, float, float, float, float]  # estimate, low, high, relative, its low and high
    p: float
    stderr: float


def by_group(
    rows: Rows, design: Design, *, forms: Mapping[str, str], within: bool, fewest: float = 100, least: float = 5
) -> tuple[Groups, ...]:
    """Each outcome by each group; `rows` gathered with design.cluster naming the group's column.

    `within`: participants of a group against those of the same group that do not take part; otherwise against everybody who never takes
    part. Errors are by company. A group with fewer than `fewest` participants is told nothing of, one with fewer than `least` is not
    named. Where all those untold have fewer than `least` together, the smallest told is not told either, so that nothing can be
    subtracted out. p-values are adjusted over the groups of an outcome; the shrunk values are of the told groups alone.
    """
    if not rows.clusters:
        raise Unfit("no groups", where="design, cluster", mend="name the group's column as `cluster`")
    if len(rows.clusters) > MOST:
        raise Unfit(f"{len(rows.clusters)} groups", where="the groups", mend=f"name a column of at most {MOST} groups")
    fewest = max(fewest, least)
    chosen = design if within else replace(design, controls="never")
    taking = rows.cohort > 0
    sizes = [float(rows.n[taking & (rows.cluster == nth)].sum()) for nth in range(len(rows.clusters))]
    found: dict[str, list[_Own]] = {one.name: [] for one in rows.outcomes}
    for nth, name in enumerate(rows.clusters):
        if sizes[nth] >= fewest:
            mine = rows.cluster == nth
            kept = rows.taking(np.flatnonzero(mine if within else (mine & taking) | (rows.cohort == 0)))
            for outcome, own in _alone(kept, chosen, forms, name):
                found[outcome].append(own)
    total = float(rows.n[taking].sum())
    return tuple(_together(outcome, forms, chosen, owns, rows.clusters, sizes, total, fewest, least) for outcome, owns in found.items())  # fmt: skip


def _alone(kept: Rows, design: Design, forms: Mapping[str, str], name: str) -> Iterable[tuple[str, _Own]]:
    single = Rows(**{**vars(kept), "cluster": np.full(len(kept.n), -1), "clusters": ()})
    for one in single.outcomes:
        try:
            result = from_rows(replace(single, outcomes=(one,)), design)[one.name]
            drawn = aggregate(result, "simple")
            share = relative(result, drawn, forms.get(one.name, "per_cent")).overall
        except Unfit:
            continue
        whole = drawn.overall
        if share.stderr > 0:
            values = (whole.estimate, whole.low, whole.high, share.estimate, share.low, share.high)
            yield one.name, _Own(name, whole.n_treated, values, whole.p, share.stderr)


def _untold(owns: list[_Own], names: tuple[str, ...], sizes: list[float], total: float, fewest: float, least: float) -> list[_Own]:  # fmt: skip
    """The groups that are told: enough participants in what is estimated, and nobody's few left over."""
    size = dict(zip(names, sizes, strict=True))
    told = sorted((one for one in owns if one.n_treated >= fewest), key=lambda one: (size[one.group], one.group))
    while told and 0 < total - sum(size[one.group] for one in told) < least:
        told = told[1:]
    return told


def _together(
    outcome: str, forms: Mapping[str, str], design: Design, owns: list[_Own], names: tuple[str, ...], sizes: list[float], total: float,
    fewest: float, least: float,
) -> Groups:  # fmt: skip
    told, form = _untold(owns, names, sizes, total, fewest, least), forms.get(outcome, "per_cent")
    listed = {one.group for one in told}
    named = [(name, FEW if n < fewest or any(one.group == name for one in owns) else UNFIT) for name, n in zip(names, sizes, strict=True) if n >= least and name not in listed]  # fmt: skip
    unnamed = sum(0 < n < least for n in sizes)
    if not told:
        return Groups(outcome, form, 0.0, 0.0, (), tuple(named), unnamed)
    p = [one.p if one.p == one.p else 1.0 for one in told]
    mean, spread, shrunk, stderr, weight = shrink(np.array([one.values[3] for one in told]), np.array([one.stderr for one in told]))  # fmt: skip
    z, by_holm, by_bh = normal(design.level), holm(p), benjamini_hochberg(p)
    groups = [
        Group(
            one.group, one.n_treated, *one.values, p[nth], float(by_holm[nth]), float(by_bh[nth]), float(shrunk[nth]),
            float(shrunk[nth] - z * stderr[nth]), float(shrunk[nth] + z * stderr[nth]), float(weight[nth]),
        )
        for nth, one in enumerate(told)
    ]  # fmt: skip
    groups.sort(key=lambda one: (-one.shrunk, one.group))
    return Groups(outcome, form, mean, spread, tuple(groups), tuple(named), unnamed)
