"""The rules of placement, read from the programme's folder with every problem in one line."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from klyngeforum.ground.programme.rules import ProgrammeError
from klyngeforum.quality.indicators.entries import Entry, Problem
from klyngeforum.quality.indicators.reading_rules import rule
from klyngeforum.quality.indicators.terms import Fact, FactKind, Rule, RuleKind

from .terms import LeagueRule, LeagueRules, Offered


def _offered(entry: Entry) -> Offered:
    found = Offered(entry.pair(), entry.text("source"))
    entry.finish()
    return found


def _fact(entry: Entry) -> Fact:
    found = Fact(entry.text("code"), entry.pair(), entry.one_of("kind", FactKind))
    entry.finish()
    return found


def _league(entry: Entry, whole: Entry) -> LeagueRule:
    code = entry.text("code")
    asked = tuple(rule(one) for one in entry.tables("requires", "key"))
    if not asked:
        entry.wrong("requires", "it is empty; write what the league asks for with [[league.requires]]")
    offers = tuple(_offered(one) for one in entry.tables("offers", "da"))
    entry.finish()
    source, provenance = whole.text("source"), whole.provenance()
    return LeagueRule(code, Rule(RuleKind.ALL, code, provenance, source, parts=asked), offers)


def _named_facts(rules: LeagueRules, where: str) -> list[Problem]:
    """Facts that a rule asks for and nobody describes."""
    known = {one.code for one in rules.facts}

    def asked(one: Rule) -> set[str]:
        own = {str(one.asks["fact"])} if one.kind is RuleKind.FACT else set()
        return own.union(*(asked(part) for part in one.parts))

    wanted = set().union(*(asked(one.requires) for one in rules.leagues))
    return [Problem(where, "fact", f"{code!r} is asked for but not described") for code in sorted(wanted - known)]


def read(raw: dict[str, object], where: str) -> tuple[LeagueRules, list[Problem]]:
    """One version of the rules and everything that is wrong with it."""
    problems: list[Problem] = []
    whole = Entry(raw, where, problems)
    down, support = whole.table("moving_down"), whole.table("support")
    rules = LeagueRules(
        version=whole.text("version"),
        since=whole.day("from", required=True) or date.min,
        until=whole.day("to"),
        scheme=whole.text("scheme"),
        source=whole.text("source"),
        provenance=whole.provenance(),
        warning_months=down.whole("months", least=1) if down else 1,
        warning_provenance=down.provenance() if down else whole.provenance(),
        support=support.pair() if support else whole.pair(),
        facts=tuple(_fact(one) for one in whole.tables("fact")),
        leagues=tuple(_league(one, whole) for one in whole.tables("league")),
    )
    for one in (down, support):
        if one:
            one.text("source"), one.provenance()
            one.finish()
    whole.finish()
    return rules, problems + _named_facts(rules, where)


@lru_cache(maxsize=8)
def rules_in(folder: Path) -> tuple[LeagueRules, ...]:
    """Every version of the folder, oldest first; what is wrong is named line by line."""
    found, problems = [], []
    for path in sorted((folder / "league_rules").glob("*.toml")):
        try:
            raw = tomllib.loads(path.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise ProgrammeError(f"{path}: not readable as TOML ({error}); mend the line named") from error
        rules, wrong = read(raw, f"league_rules/{path.name}")
        found.append(rules)
        problems += wrong
    if problems:
        raise ProgrammeError("\n".join(str(one) for one in problems))
    return tuple(sorted(found, key=lambda one: one.since))


def rules_on(day: date) -> LeagueRules | None:
    """The rules in force on the day: of those that have begun the newest."""
    known = [
        one for one in rules_in(settings.PROGRAMME) if one.since <= day and (one.until is None or day <= one.until)
    ]
    return known[-1] if known else None
