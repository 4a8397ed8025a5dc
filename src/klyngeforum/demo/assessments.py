"""The made-up country's assessments: every kind in every state, the same for the same seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from klyngeforum.quality.assessments import actions, backing, queries
from klyngeforum.quality.assessments.backing import NewEvidence
from klyngeforum.quality.assessments.measured import measured
from klyngeforum.quality.assessments.queries import Assessment
from klyngeforum.quality.assessments.rules import suggested
from klyngeforum.quality.assessments.terms import AssessmentKind, Given, Measured, Part
from klyngeforum.quality.indicators.queries import standing, versions
from klyngeforum.quality.indicators.terms import AnswerState, FactKind, Indicator, MeasuredKey, Version
from klyngeforum.quality.labels.queries import best_of, labels
from klyngeforum.registers.clusters.queries import Cluster

from .plan import Size

_WHY = "Nogle aftaler er underskrevet, men endnu ikke tastet ind i registret."
_REASONS = (
    "Bestyrelsen drøfter det hvert halve år, og det står i referaterne.", "Arbejdet er i gang; den skriftlige del mangler.",
    "Beskrevet i årsberetningen og kendt af deltagerne.", "Fulgt op i deltagerundersøgelsen.", "",
)  # fmt: skip


def _manager(people: Mapping[str, Any], nth: int) -> Any:
    return people["klyngeleder" if nth == 0 else f"klyngeleder{nth + 1}"]


def _at(day: date) -> datetime:
    return datetime.combine(day, time(10), tzinfo=UTC)


@dataclass(slots=True)
class _Assessor:
    """Fills assessments of one organisation the way its quality lets expect."""

    cluster: Cluster
    nth: int
    people: Mapping[str, Any]
    scheme: str
    strength: float
    chance: Random

    def level(self, what: Indicator, found: Mapping[MeasuredKey, Measured]) -> int:
        speaks = suggested(what, found[what.measured]) if what.measured else None
        if speaks is not None and self.chance.random() < 0.8:
            return speaks
        wish = self.strength + self.chance.uniform(-0.25, 0.2)
        return max(what.levels[0].number, min(what.top, round(wish * what.top)))

    def said(self, version: Version, on: date, *, known: float = 0.96) -> dict[str, Given]:
        found, answers = measured(self.cluster.pk, on), {}
        for what in version.indicators:
            if self.chance.random() > known:
                answers[what.code] = Given(AnswerState.UNKNOWN, None, "Det er vi i gang med at finde ud af.")
                continue
            level = self.level(what, found)
            speaks = suggested(what, found[what.measured]) if what.measured else None
            why = _WHY if speaks is not None and speaks != level else ""
            answers[what.code] = Given(AnswerState.SCORED, level, self.chance.choice(_REASONS), why)
        return answers

    def begin(self, kind: AssessmentKind, on: date) -> Assessment:
        by = _manager(self.people, self.nth) if kind is AssessmentKind.SELF else self.people["sekretariat"]
        return actions.begin(by=by, at=_at(on), cluster=self.cluster, kind=kind, scheme=self.scheme, as_of=on)

    def filled(self, kind: AssessmentKind, on: date, *, part: float = 1.0) -> Assessment:
        """Begun and answered (partly); what was carried over and still stands stays."""
        one = self.begin(kind, on)
        by = self.people["sekretariat"] if kind in (AssessmentKind.INTERVIEW, AssessmentKind.EX_ANTE) else _manager(self.people, self.nth)  # fmt: skip
        version = queries.version_of(one)
        there = {code for code, given in queries.given(one, seen_by=None).items() if given.answered_on is not None}
        answers = {code: given for code, given in self.said(version, on).items() if code not in there}
        wanted = dict(list(answers.items())[: round(part * len(answers))])
        actions.answer_many(by=by, at=_at(on), assessment=one, answers=wanted)
        for line in queries.lines(one, seen_by=None):
            if line.unexplained:  # carried over, but the registers say something else by now
                code, turn = line.indicator.code, line.turns.get(Part.DIFFERS, 0)
                actions.answer(
                    by=by, at=_at(on), assessment=one, indicator=code, part=Part.DIFFERS, value=_WHY, turn=turn
                )
        self.beside(one, version, by, on)
        return one

    def beside(self, one: Assessment, version: Version, by: Any, on: date) -> None:
        """Facts that no register holds, and evidence young and old."""
        for fact in version.facts:
            if fact.kind is FactKind.YES_NO and self.strength > 0.4:
                backing.state(by=by, at=_at(on), assessment=one, fact=fact.code, value="yes", turn=0)
        for what in self.chance.sample(version.indicators, 2):
            kind = what.evidence[0] if what.evidence else ""
            dated = on - timedelta(days=self.chance.choice((30, 200, 900)))
            link = f"https://example.invalid/{self.cluster.slug}/{what.code}"
            new = NewEvidence(what.code, f"{what.name.da}, {dated.year}", dated, kind, link)
            backing.attach(by=by, at=_at(on), assessment=one, new=new)

    def completed(self, kind: AssessmentKind, on: date) -> Assessment:
        one = self.filled(kind, on)
        by = _manager(self.people, self.nth) if kind is AssessmentKind.SELF else self.people["sekretariat"]
        return actions.complete(by=by, at=_at(on), assessment=one)


def _strengths(rows: Sequence[Cluster], on: date) -> dict[int, float]:
    """How strong an organisation is, from the rank of its label."""
    rank = {label.code: label.rank for label in labels()}
    best = best_of(on=on)
    lowest = max(rank.values(), default=0)
    return {
        row.pk: 0.45 + 0.4 * (lowest + 1 - rank[best[row.pk]]) / (lowest + 1) if row.pk in best else 0.4 for row in rows
    }


def assess(
    rows: Sequence[Cluster],
    people: Mapping[str, Any],
    *,
    size: Size,
    running: Sequence[int],
    say: Callable[[str], None],
) -> None:
    """Self-evaluations of all, interviews of the labelled, and the special cases that every desk needs to see."""
    last = date(size.last_year, 10, 1)
    schemes = [v for code in dict.fromkeys(v.scheme for v in versions()) if (v := standing(code, on=last))]
    if not schemes:
        return
    scheme = max(schemes, key=lambda v: (len(v.labels), len(v.indicators))).scheme
    say(f"assessments of {len(running)} organisations")
    strengths = _strengths(rows, last)
    assessors = [_Assessor(rows[n], n, people, scheme, strengths[rows[n].pk], Random(1000 + n)) for n in running]
    for place, one in enumerate(assessors):
        if place % 2 == 0:
            one.completed(AssessmentKind.SELF, date(size.last_year, 1, 15))
        if one.strength > 0.5 and place % 3 != 2:
            one.completed(AssessmentKind.INTERVIEW, date(size.last_year, 2, 1 + place % 20))
        if place % 5 != 4:  # the first one's is older, so that its renewal has something to ask for
            one.completed(AssessmentKind.SELF, last if place else date(size.last_year, 4, 15))
        if place % 2 == 0:
            backing.consent(by=_manager(people, one.nth), at=_at(last), cluster=one.cluster, to_be_named=True)
    _special(assessors, size)


def _special(assessors: Sequence[_Assessor], size: Size) -> None:
    """One of each: being filled, the ex-ante check open and done, an interview begun, an audit before its experts are found; the other
    audits come with their cases."""
    autumn = date(size.last_year, 12, 2)
    first, *others = assessors
    first.filled(AssessmentKind.SELF, date(size.last_year + 1, 5, 15), part=0.5)
    for one, done in zip(others[4:6], (True, False), strict=False):
        (one.completed if done else one.filled)(AssessmentKind.EX_ANTE, autumn)
    for one in others[-2:-1]:
        one.filled(AssessmentKind.INTERVIEW, autumn, part=0.6)
    for one in others[-1:]:
        one.begin(AssessmentKind.AUDIT, autumn)
