"""A whole study from one reading of the panel: the effects, what they amount to, and everything that could speak against them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from klyngeanalyse.core.engines import Engine
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.progress import Progress, silent
from klyngeanalyse.core.results import Result, Row
from klyngeanalyse.effects.aggregates import KINDS, Aggregate, aggregate
from klyngeanalyse.effects.curve import Specification, curve
from klyngeanalyse.effects.design import Design
from klyngeanalyse.effects.gathering import gather
from klyngeanalyse.effects.grouptime import GroupTime, from_rows
from klyngeanalyse.effects.matched import matched
from klyngeanalyse.effects.organisations import by_organisation, leave_one_out
from klyngeanalyse.effects.placebo import Placebo, false_date, false_groups, out_of_reach
from klyngeanalyse.effects.pretrend import detectable, pretrend
from klyngeanalyse.effects.relative import relative
from klyngeanalyse.effects.rows import Rows
from klyngeanalyse.effects.sensitivity import sensitivity
from klyngeanalyse.effects.several import benjamini_hochberg, holm
from klyngeanalyse.effects.twoway import two_way
from klyngeanalyse.effects.wild import wild
from klyngeanalyse.panel.schema import PanelSchema

FEWEST = 100
PRELIMINARY = 300


@dataclass(frozen=True)
class Study:
    """What is asked beyond the design: `form` of the relative effect by outcome (per cent where not named), years of the false date,
    draws of false groups (0: none), outcomes out of reach, declared specifications, and a table of matched weights with its cluster."""

    form: dict[str, str] = field(default_factory=dict)
    false_years: int = 1
    false_draws: int = 0
    beyond: tuple[str, ...] = ()
    specifications: tuple[Specification, ...] = ()
    weights: str | None = None
    weights_cluster: str | None = None


@dataclass(frozen=True)
class Line:
    """One outcome and one way of drawing together; `claim` is 'none' under 100 participants, 'preliminary' under 300, else 'full'."""

    outcome: str
    kind: str
    estimate: float
    stderr: float
    low: float
    high: float
    p: float
    p_holm: float
    p_bh: float
    relative: float | None
    relative_low: float | None
    relative_high: float | None
    form: str
    detectable: float
    pretrend_p: float | None
    n_treated: float
    claim: str


@dataclass(frozen=True)
class Summary(Result):
    """The overall effect of every outcome by every kind of aggregation; p-values adjusted over the outcomes within a kind."""

    lines: tuple[Line, ...]
    n_companies: float
    n_dropped: int
    design: Design

    def rows(self) -> Iterable[Row]:
        return [vars(one) for one in self.lines]


@dataclass(frozen=True)
class Placebos(Result):
    placebos: tuple[Placebo, ...]

    def rows(self) -> Iterable[Row]:
        return [{**vars(one), "found": one.found} for one in self.placebos]


@dataclass(frozen=True)
class Refusal:
    part: str
    reason: str


@dataclass(frozen=True)
class Refusals(Result):
    """Parts of the study that could not be answered, and why."""

    refusals: tuple[Refusal, ...]

    def rows(self) -> Iterable[Row]:
        return [vars(one) for one in self.refusals]


def study(
    engine: Engine,
    table: str,
    schema: PanelSchema,
    design: Design,
    asked: Study | None = None,
    progress: Progress = silent,
) -> dict[str, Result]:
    """Name -> result, ready to be written. A part that cannot be answered is named among the refusals with its reason."""
    return _Work(engine, table, schema, design, asked or Study(), progress).done()


class _Work:
    def __init__(
        self, engine: Engine, table: str, schema: PanelSchema, design: Design, asked: Study, progress: Progress
    ) -> None:
        self.engine, self.table, self.schema, self.design = engine, table, schema, design
        self.asked, self.progress = asked, progress
        self.results: dict[str, Result] = {}
        self.refused: list[Refusal] = []

    def done(self) -> dict[str, Result]:
        self.progress(0, 4, "reading the panel")
        rows = gather(self.engine, self.table, self.schema, self.design)
        found = from_rows(rows, self.design)
        drawn = {one.outcome: {kind: aggregate(one, kind) for kind in KINDS} for one in found}
        self.progress(1, 4, "what could speak against it")
        for one in found:
            self._outcome(rows, one, drawn[one.outcome])
        summary = self._summary(list(found), drawn)
        self.progress(2, 4, "false dates and outcomes")
        self._beside()
        self.progress(3, 4, "specifications")
        if self.asked.specifications:
            self._try("specifications", lambda: curve(self.engine, self.table, self.schema, self.asked.specifications, self.progress))  # fmt: skip
        if self.asked.weights:
            self._matched(self.asked.weights)
        last: dict[str, Result] = {"refused": Refusals(tuple(self.refused))} if self.refused else {}
        return {"summary": summary, **self.results, **last}

    def _try(self, name: str, work: Callable[[], Result]) -> None:
        try:
            self.results[name] = work()
        except Unfit as error:
            self.refused.append(Refusal(name, str(error)))

    def _outcome(self, rows: Rows, one: GroupTime, drawn: dict[str, Aggregate]) -> None:
        name = slug(one.outcome)
        self.results[f"{name}_event_study"] = drawn["dynamic"]
        self.results[f"{name}_by_cohort"] = drawn["group"]
        self.results[f"{name}_by_year"] = drawn["calendar"]
        self.results[f"{name}_group_time"] = one
        self._try(f"{name}_pretrend", lambda: pretrend(one))
        for restriction in ("relative", "smooth"):
            self._try(f"{name}_sensitivity_{restriction}", lambda r=restriction: self._sensitivity(rows, one, r))  # type: ignore[misc]
        self._try(f"{name}_two_way", lambda: two_way(rows, one.outcome, self.design.level))
        if one.clusters:
            self._try(f"{name}_wild", lambda: wild(one, drawn["simple"], seed=self.design.seed))
            self._try(f"{name}_without_each", lambda: leave_one_out(rows, one.outcome, self.design))
            self._try(f"{name}_by_organisation", lambda: by_organisation(rows, one.outcome, self.design))

    def _sensitivity(self, rows: Rows, one: GroupTime, restriction: str) -> Result:
        if self.design.base == "universal":
            universal = one
        else:
            universal = from_rows(rows, replace(self.design, base="universal"))[one.outcome]
        events = aggregate(universal, "dynamic")
        if restriction == "relative":
            return sensitivity(events, restriction, level=self.design.level)
        before = [abs(part.estimate) for part in events.parts if (part.key or 0) < 0]
        step = max(before, default=0.0) or 1e-3
        return sensitivity(events, restriction, [0.0, step / 4, step / 2, step, 2 * step], self.design.level)

    def _summary(self, found: list[GroupTime], drawn: dict[str, dict[str, Aggregate]]) -> Summary:
        lines: list[Line] = []
        for kind in KINDS:
            p = [drawn[one.outcome][kind].overall.p for one in found]
            adjusted = (
                zip(holm(p), benjamini_hochberg(p), strict=True) if all(x == x for x in p) else [(1.0, 1.0)] * len(p)
            )
            lines += [
                self._line(one, drawn[one.outcome][kind], float(by_holm), float(by_bh))
                for one, (by_holm, by_bh) in zip(found, adjusted, strict=True)
            ]
        return Summary(tuple(lines), found[0].n_companies, found[0].n_dropped, self.design)

    def _line(self, one: GroupTime, drawn: Aggregate, by_holm: float, by_bh: float) -> Line:
        form, share, whole = self.asked.form.get(one.outcome, "per_cent"), None, drawn.overall
        try:
            share = relative(one, drawn, form).overall
        except Unfit as error:
            if drawn.kind == "simple":
                self.refused.append(Refusal(f"{slug(one.outcome)}_{form}", str(error)))
        before = self.results.get(f"{slug(one.outcome)}_pretrend")
        n = sum(one.sizes)
        return Line(
            outcome=one.outcome,
            kind=drawn.kind,
            estimate=whole.estimate,
            stderr=whole.stderr,
            low=whole.low,
            high=whole.high,
            p=whole.p,
            p_holm=by_holm,
            p_bh=by_bh,
            relative=share.estimate if share else None,
            relative_low=share.low if share else None,
            relative_high=share.high if share else None,
            form=form,
            detectable=detectable(whole).effect,
            pretrend_p=getattr(before, "p", None),
            n_treated=whole.n_treated,
            claim="none" if n < FEWEST else "preliminary" if n < PRELIMINARY else "full",
        )

    def _beside(self) -> None:
        found: list[Placebo] = []

        def gathered(part: str, work: Callable[[], tuple[Placebo, ...]]) -> None:
            try:
                found.extend(work())
            except Unfit as error:
                self.refused.append(Refusal(part, str(error)))

        if self.asked.false_years:
            gathered("false_date", lambda: false_date(self.engine, self.table, self.schema, self.design, self.asked.false_years))  # fmt: skip
        if self.asked.beyond:
            gathered("out_of_reach", lambda: out_of_reach(self.engine, self.table, self.schema, self.design, self.asked.beyond))  # fmt: skip
        if found:
            self.results["placebos"] = Placebos(tuple(found))
        if self.asked.false_draws:
            self._false_groups()

    def _false_groups(self) -> None:
        singly = gather(self.engine, self.table, self.schema, self.design, singly=True)
        for one in self.schema.outcomes:
            self._try(
                f"{slug(one)}_false_groups",
                lambda name=one: false_groups(  # type: ignore[misc]
                    singly, name, self.design, self.asked.false_draws, self.design.seed, self.progress
                ),
            )

    def _matched(self, weights: str) -> None:
        try:
            for one in matched(
                self.engine,
                self.table,
                self.schema,
                weights,
                cluster=self.asked.weights_cluster,
                level=self.design.level,
                seed=self.design.seed,
            ):
                self.results[f"{slug(one.outcome)}_matched"] = one
        except Unfit as error:
            self.refused.append(Refusal("matched", str(error)))


def slug(name: str) -> str:
    """A name of files: small letters, digits and _.

    >>> slug("Omsætning (mio. kr.)")
    'omsaetning_mio_kr'
    """
    text = name.lower().replace("æ", "ae").replace("ø", "oe").replace("å", "aa")
    text = re.sub(r"[^a-z0-9]+", "_", text).strip("_")
    return text if text[:1].isalpha() else f"y_{text}"
