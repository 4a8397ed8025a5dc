"""survey: the rounds, what one of them says (small numbers hidden here too), and sending its letters."""

from __future__ import annotations

import sys

from django.utils import timezone

from klyngeforum.records.survey.queries import Round, round_named, rounds, standing
from klyngeforum.records.survey.results import Rate, Result, Told, result
from klyngeforum.web.mail.survey import send

from .printing import Row, show
from .stopping import Options, Stop


def _named(text: str) -> Round:
    code, _colon, rest = text.partition(":")
    year, _colon, months = rest.partition(":")
    found = round_named(code, int(year), int(months or 0)) if year.isdigit() and (months or "0").isdigit() else None
    if found is None:
        raise Stop(f"there is no round {text!r}; klyngeforum survey lists them (write company:2012)")
    return found


def _rate(part: str, one: Rate) -> Row:
    rate = one.rate
    return {"part": part, "what": one.group, "companies": one.companies, "answered": one.answered, "unweighted": None if rate is None else round(rate, 1), "weighted": None}  # fmt: skip


def _told(told: Told, language: str, companies: int) -> list[Row]:
    words = dict(told.question.options)
    if not told.lines:
        return [{"part": told.question.code, "what": "mean", "companies": companies, "answered": told.answered, "unweighted": told.mean, "weighted": told.weighted_mean}]  # fmt: skip
    return [
        {"part": told.question.code, "what": words[one.code].say(language), "companies": companies, "answered": one.count, "unweighted": one.plain, "weighted": one.weighted}
        for one in told.lines
    ]  # fmt: skip


def _rows(found: Result, language: str) -> list[Row]:
    rows = [_rate("all", Rate("", found.companies, found.answered))]
    sides = {
        "size": found.sizes,
        "industry": found.industries,
        "region": found.regions,
        "organisation": found.organisations,
    }
    rows += [_rate(part, one) for part, rates in sides.items() for one in rates]
    rows += [row for told in found.questions for row in _told(told, language, found.companies)]
    for step in found.at_least:
        rows.append({"part": "step reported", "what": step.step, "companies": found.companies, "answered": step.reported, "unweighted": None, "weighted": None})  # fmt: skip
        rows.append({"part": "step said", "what": step.step, "companies": found.companies, "answered": step.said, "unweighted": None, "weighted": None})  # fmt: skip
    return rows


def survey(options: Options) -> int:
    """0; 1 when a letter could not be sent."""
    how = str(options["format"])
    if options["send"]:
        sent, failed = send(by=None, at=timezone.now())
        show([{"sent": sent, "failed": len(failed)}], how)
        for name, problem in failed:
            print(f"klyngeforum: the letter to {name} did not leave: {problem}; it is tried again", file=sys.stderr)
        return 1 if failed else 0
    if options["round"]:
        show(_rows(result(_named(str(options["round"]))), str(options["language"])), how)
        return 0
    listed: list[Row] = []
    for one in rounds(seen_by=None, on=timezone.localdate()):
        n, name = standing(one), f"{one.code}:{one.year}" + (f":{one.months}" if one.months else "")
        listed.append({"round": name, "state": one.state, "companies": n.companies, "asked": n.asked, "begun": n.begun, "handed_in": n.handed_in})  # fmt: skip
    show(listed, how)
    return 0
