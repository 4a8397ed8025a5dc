"""From one version of a scheme to another: what carries over, and the same organisation side by side. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from .entries import Entry, Problem, Raw, twice
from .rules import evaluate
from .terms import UNKNOWN, Answer, AnswerState, Change, Crosswalk, Explained, Situation, Step, Version

Answers = Mapping[str, Answer]
SHAPES = {
    Change.SAME: "one old code and one new code",
    Change.SPLIT: "one old code and several new codes",
    Change.MERGED: "several old codes and one new code",
    Change.NEW: "no old code and new codes",
    Change.DROPPED: "old codes and no new code",
}


@dataclass(frozen=True, slots=True)
class Carried:
    """An answer in the new version: where it comes from, and a level only suggested where it must be judged anew."""

    answer: Answer
    change: Change
    old: tuple[str, ...] = ()
    suggested: int | None = None

    @property
    def sure(self) -> bool:
        return self.answer.state is not AnswerState.UNKNOWN


def _mapped(step: Step, level: int) -> int | None:
    """The level's number in the new version; without a map an indicator that is the same keeps its levels."""
    if step.levels:
        return step.levels.get(level)
    return level if step.change is Change.SAME else None


def _of_levels(step: Step, levels: list[int]) -> Answer:
    mapped = {_mapped(step, level) for level in levels}
    found = next(iter(mapped)) if len(mapped) == 1 else None
    return UNKNOWN if found is None else Answer(AnswerState.SCORED, found)


def _carried(step: Step, answers: Answers) -> Carried:
    old = [answers.get(code, UNKNOWN) for code in step.old]
    states = {one.state for one in old}
    if states == {AnswerState.NOT_APPLICABLE} and step.change is Change.SAME:
        return Carried(old[0], step.change, step.old)
    levels = [one.level for one in old if one.state is AnswerState.SCORED and one.level is not None]
    if not levels or len(levels) < len(old):
        return Carried(UNKNOWN, step.change, step.old)
    answer = _of_levels(step, levels)
    return Carried(answer, step.change, step.old, suggested=None if answer.level is not None else min(levels))


def carry_over(answers: Answers, crosswalk: Crosswalk) -> dict[str, Carried]:
    """New code -> what is known of it from the old answers; what is split, merged or new is unknown unless the crosswalk maps its levels."""
    return {code: _carried(step, answers) for step in crosswalk.steps for code in step.new}


def carried_answers(answers: Answers, crosswalk: Crosswalk) -> dict[str, Answer]:
    return {code: carried.answer for code, carried in carry_over(answers, crosswalk).items()}


@dataclass(frozen=True, slots=True)
class SideBySide:
    """One label by the old version and by the new one; None where a version has no such label."""

    label: str
    old: Explained | None
    new: Explained | None

    @property
    def changed(self) -> bool:
        return (self.old and self.old.truth) != (self.new and self.new.truth)


def rescored(situation: Situation, crosswalk: Crosswalk, old: Version, new: Version) -> tuple[SideBySide, ...]:
    """Every label of either version: the answers as given, and carried over."""
    after = replace(situation, answers=carried_answers(situation.answers, crosswalk))
    codes = dict.fromkeys([*(one.code for one in old.labels), *(one.code for one in new.labels)])

    def by(version: Version, code: str, asked: Situation) -> Explained | None:
        label = version.label(code)
        return evaluate(version, label, asked) if label else None

    return tuple(SideBySide(code, by(old, code, situation), by(new, code, after)) for code in codes)


def _shaped(step: Step) -> bool:
    old, new = len(step.old), len(step.new)
    return {
        Change.SAME: (old, new) == (1, 1),
        Change.SPLIT: old == 1 and new > 1,
        Change.MERGED: old > 1 and new == 1,
        Change.NEW: old == 0 and new > 0,
        Change.DROPPED: old > 0 and new == 0,
    }[step.change]


def _levels(entry: Entry) -> dict[int, int]:
    found = {}
    for pair in entry.list_of("levels"):
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(one, int) for one in pair):
            found[pair[0]] = pair[1]
        else:
            entry.wrong("levels", f"it holds {pair!r}; write pairs of an old and a new level, such as [[0, 0], [1, 2]]")
    return found


def _step(entry: Entry) -> Step:
    found = Step(entry.one_of("change", Change), entry.codes("old"), entry.codes("new"), _levels(entry))
    if not _shaped(found):
        entry.wrong("change", f"it is {found.change}; that takes {SHAPES[found.change]}")
    entry.finish()
    return found


def read(raw: Raw, where: str) -> tuple[Crosswalk, list[Problem]]:
    problems: list[Problem] = []
    entry = Entry(raw, where, problems)
    found = Crosswalk(
        from_scheme=entry.text("from_scheme"),
        from_version=entry.text("from_version"),
        to_scheme=entry.text("to_scheme"),
        to_version=entry.text("to_version"),
        steps=tuple(_step(one) for one in entry.tables("step")),
        provenance=entry.provenance(),
        source=entry.text("source"),
    )
    entry.finish()
    return found, problems


def _covered(where: str, side: str, version: Version, codes: list[str]) -> Iterable[Problem]:
    known = {one.code for one in version.indicators}
    for code in twice(codes):
        yield Problem(where, side, f"indicator {code} stands in two steps; leave it in one")
    for code in codes:
        if code not in known:
            yield Problem(where, side, f"version {version.version} has no indicator {code}; mend the code")
    for code in sorted(known - set(codes)):
        yield Problem(
            where, side, f"indicator {code} of version {version.version} is in no step; say what became of it"
        )


def _level_problems(where: str, step: Step, old: Version, new: Version) -> Iterable[Problem]:
    for side, version, codes, numbers in (("old", old, step.old, step.levels), ("new", new, step.new, step.levels.values())):  # fmt: skip
        for one in (found for code in codes if (found := version.indicator(code))):
            for number in numbers:
                if one.level(number) is None:
                    yield Problem(where, "levels", f"the {side} indicator {one.code} has no level {number}; mend the pair")  # fmt: skip


def problems(crosswalk: Crosswalk, where: str, old: Version | None, new: Version | None) -> list[Problem]:
    """Both versions exist and every indicator of either stands in exactly one step."""
    found = [
        Problem(where, f"{side}_version", "there is no such version; mend its name or write its folder")
        for side, version in (("from", old), ("to", new))
        if version is None
    ]
    if old is None or new is None:
        return found
    found += _covered(where, "old", old, [code for step in crosswalk.steps for code in step.old])
    found += _covered(where, "new", new, [code for step in crosswalk.steps for code in step.new])
    return [*found, *(one for step in crosswalk.steps for one in _level_problems(where, step, old, new))]
