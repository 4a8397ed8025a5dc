"""Reading programme entries: what is wrong is said with file, entry, reason and mend."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from klyngeforum.ground.bilingual import Bilingual

from .terms import (  # fmt: skip
    Check,
    Example,
    Institution,
    Measure,
    OpenRule,
    OwnExample,
    OwnFigure,
    Party,
    Provenance,
    Ranked,
    Target,
)

T = TypeVar("T")
Raw = Mapping[str, Any]
CHAPTERS = ("resource", "effort", "result")
DIRECTIONS = ("up", "down", "none")
COUNTED = ("activities", "international", "groups", "staff", "regions", "companies", "units", "institutions_whole")
NATION = ("sum", "mean", "distinct", "once")
# kind of check -> what it needs to be told
CHECKS = {
    "nothing": (), "part": ("measures", "whole"), "jump": ("measures", "share", "least"), "lines": ("measures", "odd"),
    "outlier": ("measures", "score", "peers"),
}  # fmt: skip
SEVERITIES = ("error", "warning", "note")
ODD = ("unverified", "outcome_without_part", "ceased_before", "ceased_during", "public_as_company", "alike")


class ProgrammeError(Exception):
    """A programme file cannot be used; the text names file, entry, reason and mend."""


def checksum(raw: Raw) -> str:
    """SHA-256 of the entry's content: the same content in another order is the same."""
    return hashlib.sha256(json.dumps(raw, sort_keys=True, default=str, ensure_ascii=False).encode()).hexdigest()


def need(raw: Raw, key: str, where: str) -> Any:
    value = raw.get(key)
    if value in (None, ""):
        raise ProgrammeError(f"{where}: '{key}' is missing; write {key} = …")
    return value


def pair(raw: Raw, where: str, stem: str = "") -> Bilingual:
    """Both languages are required: programme data never falls back."""
    return Bilingual(str(need(raw, f"{stem}da", where)), str(need(raw, f"{stem}en", where)))


def base(raw: Raw, where: str) -> dict[str, Any]:
    """What every entry carries: code, both names, source and provenance."""
    provenance = str(need(raw, "provenance", where))
    if provenance not in Provenance.values():
        raise ProgrammeError(f"{where}: provenance is '{provenance}'; write {', '.join(Provenance.values())}")
    return {
        "code": str(need(raw, "code", where)),
        "name": pair(raw, where),
        "source": str(need(raw, "source", where)),
        "source_da": str(raw.get("source_da", raw["source"])),
        "provenance": Provenance(provenance),
    }


def _one_of(raw: Raw, key: str, allowed: tuple[str, ...], where: str) -> str:
    value = str(need(raw, key, where))
    if value not in allowed:
        raise ProgrammeError(f"{where}: {key} is '{value}'; write one of {', '.join(allowed)}")
    return value


def _day(raw: Raw, key: str, where: str) -> date:
    value = need(raw, key, where)
    if not isinstance(value, date):
        raise ProgrammeError(f"{where}: {key} is not a date; write {key} = 2012-10-01")
    return value


def party(raw: Raw, where: str) -> Party:
    until = _day(raw, "to", where) if "to" in raw else None
    since = _day(raw, "from", where)
    if until and until < since:
        raise ProgrammeError(f"{where}: it ends ({until}) before it begins ({since}); mend 'from' or 'to'")
    kind = str(need(raw, "kind", where))
    return Party(
        **base(raw, where),
        kind=kind,
        since=since,
        until=until,
        chair=bool(raw.get("chair")),
        area=str(raw.get("area", "")),
    )


def _number(raw: Raw, key: str, where: str) -> Decimal:
    value = need(raw, key, where)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ProgrammeError(f"{where}: {key} is '{value}', not a number; write it in digits without quotes")
    return Decimal(str(value))


def target(raw: Raw, where: str) -> Target:
    goal = _number(raw, "goal", where) if "goal" in raw else None
    unit = pair(raw, where, "unit_") if goal is not None else Bilingual("")
    return Target(
        **base(raw, where),
        measure=str(need(raw, "measure", where)),
        goal=goal,
        unit=unit,
        by=int(_number(raw, "by", where)),
    )


def check(raw: Raw, where: str) -> Check:
    kind = _one_of(raw, "kind", tuple(CHECKS), where)
    for key in CHECKS[kind]:
        need(raw, key, where)
    return Check(
        **base(raw, where), kind=kind, severity=_one_of(raw, "severity", SEVERITIES, where),
        measures=tuple(map(str, raw.get("measures", ()))), whole=str(raw.get("whole", "")),
        odd=_one_of(raw, "odd", ODD, where) if kind == "lines" else "", industries=tuple(map(str, raw.get("industries", ()))),
        share=_number(raw, "share", where) if "share" in raw else Decimal(0), least=int(_number(raw, "least", where)) if "least" in raw else 0,
        score=_number(raw, "score", where) if "score" in raw else Decimal(0), peers=int(_number(raw, "peers", where)) if "peers" in raw else 0,
    )  # fmt: skip


def known_measures(checks: Iterable[Check], measures: Iterable[Measure]) -> None:
    """Every check looks at measures that are counted."""
    codes = {one.code for one in measures}
    for one in checks:
        for code in (*one.measures, *([one.whole] if one.whole else [])):
            if code not in codes:
                raise ProgrammeError(
                    f"checks.toml, {one.code}: there is no measure '{code}'; name one of {', '.join(sorted(codes))}"
                )


def ranked(raw: Raw, where: str) -> Ranked:
    entry = base(raw, where)
    short = pair(raw, where, "short_") if "short_da" in raw else entry["name"]
    return Ranked(
        **entry,
        rank=int(_number(raw, "rank", where)),
        short=short,
        months=int(_number(raw, "months", where)) if "months" in raw else 0,
        words=tuple(str(word) for word in raw.get("words", ())),
    )


def institution(raw: Raw, where: str) -> Institution:
    return Institution(**base(raw, where), kind=str(need(raw, "kind", where)))


def open_rule(raw: Raw, where: str) -> OpenRule:
    return OpenRule(**base(raw, where), least=_number(raw, "least", where))


def measure(raw: Raw, where: str) -> Measure:
    example = need(raw, "example", where)
    lines = tuple(dict(line) for line in need(example, "lines", f"{where}, example"))
    return Measure(
        **base(raw, where),
        version=str(need(raw, "version", where)),
        chapter=_one_of(raw, "chapter", CHAPTERS, where),
        unit=pair(raw, where, "unit_"),
        numerator=pair(raw, where, "numerator_"),
        direction=_one_of(raw, "direction", DIRECTIONS, where),
        reviewer=str(need(raw, "reviewer", where)),
        denominator=str(raw.get("denominator", "")),
        version_of=str(raw.get("version_of", "")),
        **{key: int(_number(raw, key, where)) for key in ("since", "until") if key in raw},  # type: ignore[arg-type]
        limit=_number(raw, "limit", where) if "limit" in raw else Decimal(0),
        example=Example(
            lines, *(Decimal(str(need(example, key, f"{where}, example"))) for key in ("participations", "distinct"))
        ),
    )


def own_figure(raw: Raw, where: str) -> OwnFigure:
    example = need(raw, "example", where)
    inside = f"{where}, example"
    organisations = tuple(dict(one) for one in need(example, "organisations", inside))
    own = tuple(None if value == "" else Decimal(str(value)) for value in need(example, "own", inside))
    if len(own) != len(organisations):
        raise ProgrammeError(
            f"{inside}: own has {len(own)} values for {len(organisations)} organisations; write one each"
        )
    return OwnFigure(
        **base(raw, where),
        version=str(need(raw, "version", where)),
        since=_day(raw, "from", where),
        chapter=_one_of(raw, "chapter", CHAPTERS, where),
        unit=pair(raw, where, "unit_"),
        counted=pair(raw, where, "counted_"),
        counts=_one_of(raw, "counts", COUNTED, where),
        nation=_one_of(raw, "nation", NATION, where),
        reviewer=str(need(raw, "reviewer", where)),
        example=OwnExample(organisations, own, Decimal(str(need(example, "nation", inside)))),
        kind=str(raw.get("kind", "")),
    )


def wholes(measures: Iterable[Measure]) -> None:
    """Every denominator is a measure itself, and so is what another definition is a version of."""
    found = list(measures)
    codes = {one.code for one in found}
    for one in found:
        if one.version_of and one.version_of not in codes - {one.code}:
            raise ProgrammeError(
                f"measures, {one.code}: version_of '{one.version_of}' is no other measure; name one of {', '.join(sorted(codes))}"
            )
        if one.since and one.until and one.until < one.since:
            raise ProgrammeError(
                f"measures, {one.code}: it ends ({one.until}) before it begins ({one.since}); mend 'since' or 'until'"
            )
        if one.denominator and one.denominator not in codes - {one.code}:
            raise ProgrammeError(
                f"measures, {one.code}: the denominator '{one.denominator}' is no other measure; name one of {', '.join(sorted(codes))}"
            )


def unique(entries: Iterable[T], code: Callable[[T], str], where: str) -> tuple[T, ...]:
    """The entries, if no code stands twice."""
    kept: dict[str, T] = {}
    for entry in entries:
        if code(entry) in kept:
            raise ProgrammeError(f"{where}: the code '{code(entry)}' stands twice; give one of them another code")
        kept[code(entry)] = entry
    return tuple(kept.values())
