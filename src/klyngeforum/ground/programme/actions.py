"""Taking the programme in: idempotent; a version once used cannot change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from klyngeforum.ground.holding import held

from . import queries, rules
from .models import TakenIn
from .rules import ProgrammeError


@dataclass(frozen=True, slots=True)
class Taken:
    new: int
    changed: int
    unchanged: int


Noted = tuple[str, str, str, str, str]  # kind, code, version, checksum, where


def _validated(folder: Path) -> list[Noted]:
    """Every entry, after reading the whole folder by its rules."""
    queries.parties_in.cache_clear()
    for cached in (
        queries.targets_in,
        queries.ranked_in,
        queries.measures_in,
        queries.institutions_in,
        queries.checks_in,
        queries.funding_in,
        queries.money_figures_in,
        queries.reports_in,
        queries.open_rules_in,
        queries.study_rules_in,
        queries.strength_rules_in,
        queries.own_figures_in,
        queries.survey_figures_in,
        queries.marks_in,
    ):
        cached.cache_clear()
    queries.parties_in(folder), queries.targets_in(folder), queries.measures_in(folder), queries.institutions_in(folder)
    queries.checks_in(folder), queries.funding_in(folder), queries.money_figures_in(folder), queries.reports_in(folder)
    (
        queries.open_rules_in(folder),
        queries.study_rules_in(folder),
        queries.strength_rules_in(folder),
        queries.own_figures_in(folder),
        queries.survey_figures_in(folder),
        queries.marks_in(folder),
    )
    found = [
        ("measure", str(raw["code"]), str(raw["version"]), rules.checksum(raw), where)
        for where, raw in queries.raw_measures(folder)
    ]
    found += [("report", str(raw["code"]), str(raw["version"]), rules.checksum(raw), where) for where, raw in queries.raw_reports(folder)]  # fmt: skip
    plain = {
        "parties": "party",
        "targets": "target",
        "institutions": "institution",
        "checks": "check",
        "open_data": "rule",
        "studies": "rule",
        "strengths": "rule",
    }
    plain |= {"organisation_figures": "figure", "survey_figures": "figure", "landscape": "mark"}
    ranked = {"leagues": "league", "labels": "label", "principles": "principle", "themes": "theme"}
    for name, table in ranked.items():
        queries.ranked_in(folder, name, table)
    for name, table in {**plain, **ranked}.items():
        for where, raw in queries.raw_entries(folder, name, table):
            found.append((table, str(raw["code"]), str(raw.get("version", "1")), rules.checksum(raw), where))
    for name, table in (("rates", "scheme"), ("rates", "rate"), ("economy", "figure")):
        for where, raw in queries.raw_entries(folder, name, table):
            found.append(
                (f"{name}.{table}", str(raw["code"]), str(raw.get("version", "1")), rules.checksum(raw), where)
            )
    return found


def validate(*, folder: Path) -> int:
    """Read the whole folder by its rules; returns how many entries it holds, or raises what is wrong."""
    return len(_validated(folder))


def take_in(*, folder: Path, at: datetime) -> Taken:
    """Validate the folder and note each version; refuses to change what is in use."""
    return note_versions(found=_validated(folder), at=at)


@transaction.atomic
def note_versions(*, found: Iterable[Noted], at: datetime) -> Taken:
    """Note each version with its checksum; a version in use keeps the one it had."""
    changed = unchanged = 0
    fresh: list[TakenIn] = []
    known = {(row.kind, row.code, row.version): row for row in TakenIn.objects.all()}
    for kind, code, version, checksum, where in found:
        row = known.get((kind, code, version))
        if row is None:
            fresh.append(TakenIn(kind=kind, code=code, version=version, checksum=checksum, taken_at=at))
        elif row.checksum == checksum:
            unchanged += 1
        elif held(row).used_at is not None:
            raise ProgrammeError(
                f"{where}: version {version} of {kind} '{code}' is in use and cannot change; write a new version"
            )
        else:
            row.checksum, row.taken_at = checksum, at
            row.save(update_fields=["checksum", "taken_at"])
            changed += 1
    TakenIn.objects.bulk_create(fresh, ignore_conflicts=True)  # noted by somebody else at the same moment: as good
    return Taken(len(fresh), changed, unchanged)


def mark_used(*, kind: str, versions: dict[str, str], at: datetime) -> None:
    """Note that something rests on these versions (an approved account, an assessment): from now on they cannot change."""
    for code, version in versions.items():
        TakenIn.objects.filter(kind=kind, code=code, version=version, used_at__isnull=True).update(used_at=at)
