"""forecast: where each target would stand in its year if it goes on as it has."""

from __future__ import annotations

from klyngeforum.results.accounts.queries import year_shown
from klyngeforum.results.targets.queries import Outlook, outlooks

from .printing import Row, show
from .stopping import Options, Stop


def _row(one: Outlook, language: str) -> Row:
    target, found = one.standing.target, one.forecast
    return {
        "target": target.code, "name": target.name.say(language), "goal": target.goal, "by": target.by, "year": one.standing.year,
        "value": one.standing.value, "provisional": one.standing.provisional, "held_back": one.standing.held_back, "years": len(one.series),
        "forecast": round(found.middle, 1) if found else None, "low": round(found.low, 1) if found else None,
        "high": round(found.high, 1) if found else None, "level": found.level if found else None,
        "reaches": round(found.reaches, 3) if found and found.reaches is not None else None,
        "tested": one.proof.of, "inside": one.proof.inside, "widened": round(one.proof.widening, 2),
    }  # fmt: skip


def foretell(options: Options) -> int:
    """0 with a row for each target that has a number; 1 when no account is approved yet."""
    year = options["year"] or year_shown()
    if year is None:
        raise Stop("no account is approved yet, so there is nothing to go on")
    rows = [_row(one, str(options["language"])) for one in outlooks(int(str(year)))]
    show(rows, str(options["format"]))
    return 0 if rows else 1
