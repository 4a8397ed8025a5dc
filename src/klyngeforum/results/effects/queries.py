"""Studies, extracts and what came out of them; who began when, for a study to count."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from klyngeforum.ground.access.queries import Actor, may
from klyngeforum.ground.jobs.queries import Job, newest
from klyngeforum.ground.period import date_of
from klyngeforum.ground.programme.queries import study_rule
from klyngeforum.records.activities.queries import first_years
from klyngeforum.registers.memberships.queries import first_dedicated

from .grouping import grouped
from .models import Bundle, Extract, Review, Study
from .models import Result as Result
from .rules import claim_of, documented, failures, read
from .terms import COUNTING, Begun, Judgement, Limits, Line, Point, Protocol, Refusal, StudyState, Told, Treatment

OPEN = (StudyState.PUBLISHED,)


def limits() -> Limits:
    """What the programme asks of a study."""
    return Limits(*(study_rule(code).least for code in ("fewest", "preliminary", "balance", "pretrend")))


def studies(*, seen_by: Actor, on: date) -> QuerySet[Study]:
    """Every study for those who make or read studies, else the published ones; newest first."""
    rows = Study.objects.select_related("extract", "begun_by", "frozen_by", "result", "result__counted_by")
    return rows if may(seen_by, "effects.see_all", on=on) else rows.filter(state__in=OPEN)


def study(code: str, *, seen_by: Actor, on: date) -> Study | None:
    return studies(seen_by=seen_by, on=on).filter(code=code).first()


def extracts() -> QuerySet[Extract]:
    return Extract.objects.select_related("taken_by").order_by("-number")


def columns_of(one: Extract) -> list[str]:
    """What the extract holds of each company and year."""
    return [str(name) for name in json.loads(one.columns)]


def path_of(extract: Extract) -> Path:
    """Where the file lies; it may have been taken away."""
    return Path(settings.EXTRACTS) / extract.file


def protocol_of(one: Study) -> Protocol | None:
    """The protocol as it is read now; None while a draft has mistakes."""
    return read(one.protocol)[0]


def counting(one: Study) -> Job | None:
    """The last time that the study was to be counted: how far it is, or how it ended."""
    return newest(COUNTING, one.code)


def bundles(one: Study) -> QuerySet[Bundle]:
    """What went out to where the register is, the newest first."""
    return Bundle.objects.filter(study=one).select_related("made_by")


def reviews(one: Study) -> QuerySet[Review]:
    return Review.objects.filter(study=one).select_related("reviewed_by").order_by("-reviewed_at", "-id")


def begun(protocol: Protocol) -> list[Begun]:
    """Every company's first year of what the protocol asks about, from the records, in the order of the numbers."""
    if protocol.treatment is Treatment.DEDICATED:
        found = first_dedicated()
        for number, (year, slug) in first_years(projects=True).items():  # a project is formal collaboration as well
            if number not in found or year < found[number][0]:
                found[number] = (year, slug)
    else:
        found = first_years(slug=protocol.organisation if protocol.treatment is Treatment.ORGANISATION else "")
    return [Begun(number, year, slug) for number, (year, slug) in sorted(found.items())]


def digest_of_begun(rows: list[Begun]) -> str:
    """Of who began when: the participants' side of what a study rests on."""
    whole = sha256()
    for one in rows:
        whole.update(f"{one.number};{one.year};{one.organisation}\n".encode())
    return whole.hexdigest()


def _point(row: Mapping[str, Any], key: str) -> Point:
    return Point(key, float(row["estimate"]), float(row["low"]), float(row["high"]))


def _line(row: Mapping[str, Any], protocol: Protocol) -> Line | None:
    outcome = protocol.outcome(str(row["outcome"]))
    if outcome is None:
        return None
    participants = int(row["n_treated"])
    return Line(
        outcome, float(row["estimate"]), float(row["low"]), float(row["high"]), float(row["p_holm"]), row.get("relative"), row.get("relative_low"),
        row.get("relative_high"), float(row["detectable"]), row.get("pretrend_p"), participants, claim_of(participants, limits()),
    )  # fmt: skip


def told(one: Study) -> Told | None:
    """What came out, as the pages read it; None before."""
    result, protocol = getattr(one, "result", None), protocol_of(one)
    if result is None or protocol is None:
        return None
    raw = json.loads(result.told)
    lines = tuple(line for row in raw["summary"] if row["kind"] == "simple" and (line := _line(row, protocol)))
    events = {
        column: tuple(
            _point(row, str(row["key"])) for row in parts["event_study"]
            if row["key"] is not None and -protocol.horizon - 1 <= row["key"] <= protocol.horizon
        )
        for column, parts in raw["outcomes"].items()
    }  # fmt: skip
    balance = {row["covariate"]: (row["before"], row["after"]) for row in raw["matching"].get("balance", [])}
    return Told(
        lines, events, tuple(_point(row, str(row["name"])) for row in raw["specifications"] if not row.get("refused")),
        tuple(_point(row, f"{row['kind']}:{row['outcome']}") for row in raw["placebos"]),
        {column: (parts.get("sensitivity_relative") or {}).get("breakdown") for column, parts in raw["outcomes"].items()},
        balance, tuple(Refusal(str(row["part"]), str(row["reason"])) for row in raw["refused"])
        + tuple(Refusal(str(row["name"]), str(row["refused"]), way=True) for row in raw["specifications"] if row.get("refused")),
        failures(raw["placebos"], lines, raw["matching"].get("balance", []), limits()), int(raw["hidden"]), int(raw["companies"]), raw["library"], date_of(result.counted_at), str(raw.get("outside", "")), grouped(raw, protocol, limits()),
    )  # fmt: skip


def matched_effects(one: Study) -> dict[str, Point]:
    """Column -> the mean change of matched participants against that of those matched to them."""
    result = getattr(one, "result", None)
    rows = json.loads(result.told)["matching"].get("effects", []) if result else []
    return {row["outcome"].removeprefix("change_"): _point(row, row["outcome"]) for row in rows}


def documenting() -> list[tuple[Study, Line]]:
    """The published answers that document a positive effect for the target: their protocols said so beforehand."""
    found = []
    for one in Study.objects.filter(state=StudyState.PUBLISHED).select_related("result").order_by("code"):
        protocol, answer, review = protocol_of(one), told(one), reviews(one).first()
        if protocol is None or answer is None:
            continue
        sound = review is not None and review.verdict != Judgement.NOT_SOUND
        found += [
            (one, line) for line in answer.lines
            if documented(protocol.causal, protocol.counts_to_target, line.claim, line.low, sound)
        ]  # fmt: skip
    return found
