"""What the rules of placement make of an organisation, and when it may move. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from klyngeforum.ground.verdict import YES, Verdict, no
from klyngeforum.ground.words import mark
from klyngeforum.quality.indicators.rules import explained
from klyngeforum.quality.indicators.terms import Explained, RuleKind, Situation, Truth, Version
from klyngeforum.quality.indicators.truths import all_of, any_of
from klyngeforum.quality.indicators.validity import months_later

from .terms import Changed, Direction, Judged, LeagueRules, Shown

Moves = list[tuple[str, str, int]]


def judge(rules: LeagueRules, version: Version, situation: Situation) -> Judged:
    """Every league's answer; the highest that is met is proposed, an unknown value proposes nothing."""
    asking = replace(
        version, facts=(*version.facts, *rules.facts)
    )  # what the leagues ask for is called as they call it
    answers = tuple((one.code, explained(asking, one.requires, situation)) for one in rules.leagues)
    met = next((code for code, answer in answers if answer.truth is Truth.YES), "")
    above = answers if not met else answers[: rules.rank(met) - 1]
    unsettled = next((code for code, answer in above if answer.truth is Truth.UNDETERMINED), "")
    return Judged(met, unsettled, answers)


def direction(rules: LeagueRules, current: str, judged: Judged) -> Direction:
    """Up and down are told only from what is certain: a league above that cannot be told yet leaves the placement standing."""
    if not current:
        return Direction.ENTER if judged.league else Direction.OPEN if judged.highest_open else Direction.OUT
    here, there = rules.rank(current), rules.rank(judged.league)
    if there < here:
        return Direction.UP
    own = judged.answer(current)
    if there == here:
        return Direction.STAY
    if own is None or own.truth is Truth.UNDETERMINED or rules.rank(judged.highest_open) <= here:
        return Direction.OPEN
    return Direction.DOWN


def rests_on_expired(
    rules: LeagueRules, version: Version, situation: Situation, current: str, expired: frozenset[str]
) -> bool:
    """Whether what the league asks of labels is met by one that has run out and by none that is valid, whatever else it asks."""
    league = rules.league(current)
    if league is None or not expired or situation.labels is None:
        return False
    before = replace(situation, labels=situation.labels | expired)
    now, then = (_by_labels(explained(version, league.requires, one)) for one in (situation, before))
    return now is not Truth.YES and then is Truth.YES


def _asks_labels(one: Explained) -> bool:
    return one.kind is RuleKind.HOLDS or any(_asks_labels(part) for part in one.parts)


def _by_labels(one: Explained) -> Truth:
    """The answer as far as labels give it: of conditions that must all be met those that ask for no label are left aside."""
    if one.kind is RuleKind.ANY:
        return any_of((_by_labels(part), False) for part in one.parts)[0]
    parts = [part for part in one.parts if _asks_labels(part)] if one.kind is RuleKind.ALL else []
    return all_of((_by_labels(part), False) for part in parts)[0] if parts else one.truth


def may_warn(rules: LeagueRules, current: str, to: str, given_on: date, deadline: date) -> Verdict:
    """A warning is of a lower league and leaves the organisation the months that the rules name."""
    if not current or rules.rank(to) <= rules.rank(current):
        return no(mark("A warning is given before a move down; that league is not below the present one."), on="league")
    earliest = months_later(given_on, rules.warning_months)
    if deadline < earliest:
        return no(
            mark("The deadline must leave the organisation %(months)s months."),
            on="deadline",
            months=rules.warning_months,
        )
    return YES


def may_move(rules: LeagueRules, current: str, to: str, on: date, deadline: date | None) -> Verdict:
    """Up is open at once; down only after a warning whose deadline has passed."""
    if not current or (to and rules.rank(to) <= rules.rank(current)):
        return YES
    if deadline is None:
        return no(mark("A move down needs a warning first, with a deadline."), on="league")
    if on < deadline:
        return no(mark("The warning gives the organisation until a later day."), on="on", deadline=deadline)
    return YES


def movements(before: Mapping[int, str], after: Mapping[int, str]) -> Moves:
    """(league before, league after, organisations) for everybody who played in either; empty is outside the leagues."""
    counts: dict[tuple[str, str], int] = {}
    for one in {*before, *after}:
        pair = before.get(one, ""), after.get(one, "")
        counts[pair] = counts.get(pair, 0) + 1
    return [(*pair, count) for pair, count in sorted(counts.items())]


_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def _conditions(lines: Sequence[Shown]) -> dict[tuple[str, str, int], Shown]:
    """The conditions that stand on their own (a count of others is no condition), by league and what is asked whatever the numbers and the
    answer; asked twice, by its turn."""
    found: dict[tuple[str, str, int], Shown] = {}
    for nth, one in enumerate(lines):
        if nth + 1 < len(lines) and lines[nth + 1].league == one.league and lines[nth + 1].depth > one.depth:
            continue
        asked = _NUMBER.sub("#", one.said_en.rpartition(":")[0] or one.said_en)
        turn = sum(key[:2] == (one.league, asked) for key in found)
        found[one.league, asked, turn] = one
    return found


def changed(before: Sequence[Shown], now: Sequence[Shown]) -> list[Changed]:
    """What is answered otherwise now than in the exhibits of a decision, in the order of now; what is no longer asked comes last."""
    old, new = _conditions(before), _conditions(now)
    found = [
        Changed(key[0], old.get(key), one)
        for key, one in new.items()
        if key not in old or (old[key].truth, old[key].said_en) != (one.truth, one.said_en)
    ]
    return found + [Changed(key[0], one, None) for key, one in old.items() if key not in new]
