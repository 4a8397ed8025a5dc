"""The national performance account (performanceregnskab) of a year: resources, effort and results, for print and for reading aloud."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.utils.timezone import localdate
from django.utils.translation import gettext, override

from klyngeforum.ground.access.queries import EVERYBODY
from klyngeforum.ground.danish import danish_key
from klyngeforum.ground.figure import Figure, digest_of
from klyngeforum.ground.programme.queries import measures
from klyngeforum.ground.programme.terms import Measure
from klyngeforum.records.activities.terms import ActivityKind
from klyngeforum.results.accounts.nation import Slice
from klyngeforum.results.accounts.own_figures import NationalEffort, efforts_of
from klyngeforum.results.accounts.queries import Standing, standing
from klyngeforum.results.accounts.rules import COUNTINGS
from klyngeforum.results.accounts.surveyed import of_nation
from klyngeforum.results.accounts.telling import told_nation, told_series
from klyngeforum.results.targets.queries import TargetStanding, standings
from klyngeforum.web.components.editions import edition_said
from klyngeforum.web.components.numbers import day, grouped, share
from klyngeforum.web.components.slices import slice_rows

from .charts import bars
from .rows import by_year, not_told, said_rows, told
from .setting import pdf

LEAD = "participating_companies"
_SLICES = (Slice.REGION, Slice.SIZE, Slice.KIND, Slice.INDUSTRY)


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything that the paper is set from, read once."""

    year: int
    language: str
    standing: Standing
    figures: list[Figure]
    measures: dict[str, Measure]
    targets: list[TargetStanding]
    efforts: dict[str, NationalEffort]
    made: date
    numbers: dict[str, Decimal] = field(default_factory=dict)

    def name(self, code: str) -> str:
        return self.measures[code].name.say(self.language)


def _read(year: int, language: str, stand: Standing, at: datetime) -> Sources:
    figures = told_nation(year, seen_by=EVERYBODY, on=localdate(at))
    return Sources(
        year, language, stand, figures, {one.code: one for one in measures()}, standings(year),
        {one.figure.code: one for one in efforts_of(year, seen_by=EVERYBODY, on=localdate(at))}, localdate(at), {one.measure: one.value for one in figures if one.value is not None},
    )  # fmt: skip


def _marks(one: Figure) -> str:
    said = [gettext("not told")] if one.held_back else []
    said += [gettext("provisional")] if one.provisional else []
    return ", ".join([*said, gettext("placeholder")] if one.placeholder else said)


def _targets(read: Sources) -> list[list[str]]:
    rows = []
    for one in read.targets:
        goal, value = one.target.goal, one.value
        so_far = share(value / goal) if value is not None and goal else "–"
        note = gettext("provisional") if one.provisional else ""
        goal_said = grouped(goal) if goal is not None else gettext("documented")
        rows.append(
            [
                one.target.name.say(read.language),
                gettext("not told") if one.held_back else grouped(value),
                goal_said,
                str(one.target.by),
                so_far,
                note,
            ]
        )
    return rows


def _chapter(read: Sources, chapter: str) -> list[list[str]]:
    """Each measure of a chapter: name, value, unit, participations, counted more than once, remark."""
    return [
        [
            read.name(one.measure), grouped(one.value), read.measures[one.measure].unit.say(read.language),
            grouped(one.participations), grouped(one.overlap), _marks(one),
        ]
        for one in read.figures
        if read.measures[one.measure].chapter == chapter
    ]  # fmt: skip


def _series(read: Sources, code: str) -> dict[str, str]:
    found = {
        year: distinct
        for year, (_, distinct) in told_series(code, seen_by=EVERYBODY, on=read.made).items()
        if year <= read.year
    }
    goal = next((int(one.target.goal) for one in read.targets if one.target.measure == code and one.target.goal), None)
    return by_year(read.name(code), found, chosen=read.year, language=read.language, goal=goal)


def _staff(read: Sources) -> dict[str, str]:
    one = read.efforts["staff"]
    return {
        "value": told(one.value), "label": gettext("full-time equivalents in the secretariats"),
        "note": gettext("stated by %(n)s of %(all)s organisations") % {"n": grouped(one.stated), "all": grouped(one.approved)},
    }  # fmt: skip


def _effort(read: Sources) -> tuple[list[list[str]], dict[str, str]]:
    """What the organisations did, as their accounts hold it; and the activities by kind as bars."""
    rows = [
        [
            one.figure.name.say(read.language), told(one.value) if one.held_back or one.value is not None else gettext("not stated"),
            one.figure.unit.say(read.language), "–" if one.average is None else grouped(one.average),
            gettext("%(n)s of %(all)s") % {"n": grouped(one.stated), "all": grouped(one.approved)},
        ]
        for one in read.efforts.values()
    ]  # fmt: skip
    names = {kind.value: gettext(kind.label) for kind in ActivityKind}
    by_kind = [
        (names[one.figure.kind], int(one.value)) for one in read.efforts.values() if one.figure.kind and one.value
    ]
    drawn = sorted(by_kind, key=lambda pair: -pair[1])
    words = "; ".join(f"{name}: {grouped(held)}" for name, held in drawn)
    return rows, {"svg": bars(drawn, language=read.language), "alt": gettext("Activities by kind. %(told)s.") % {"told": words}}  # fmt: skip


def _split(read: Sources, by: Slice) -> dict[str, object]:
    """The lead measure split; the bodies of several slices are counted in each, so the parts may exceed the whole."""
    rows = slice_rows(read.year, LEAD, by, read.language, seen_by=EVERYBODY, on=read.made)
    whole = read.numbers.get(LEAD)
    return {
        "title": gettext(by.label),
        "rows": [
            [name, told(parts), told(once), share(Decimal(once) / whole) if once is not None and whole else "–"]
            for name, _, parts, once in rows
        ],
    }


def _organisations(read: Sources) -> list[list[str]]:
    codes = [LEAD, "starting_companies", "outcome_1"]
    table: dict[str, list[str]] = {}
    for at, code in enumerate(codes):
        for name, _, parts, _ in slice_rows(
            read.year, code, Slice.CLUSTER, read.language, seen_by=EVERYBODY, on=read.made
        ):
            table.setdefault(name, ["0"] * len(codes))[at] = told(parts)
    return [[name, *table[name]] for name in sorted(table, key=danish_key)]


def _definitions(read: Sources) -> list[list[str]]:
    return [
        [read.name(code), f"{one.code} {one.version}", one.numerator.say(read.language), one.sourced(read.language)]
        for code in COUNTINGS
        if (one := read.measures.get(code))
    ]


def _content(read: Sources) -> dict[str, object]:
    stand, effort_table = read.standing, _effort(read)
    known = {
        "year": read.year,
        "approved": grouped(stand.approved),
        "total": grouped(stand.total),
        "made": day(read.made),
    }
    provisional = not stand.complete
    return {
        "language": read.language, "title": gettext("National performance account, %(edition)s") % {"edition": edition_said(read.year)}, "year": str(read.year),
        "made": gettext("Drawn up on %(made)s from %(approved)s approved accounts of %(total)s") % known,
        "provisional": gettext("Provisional: %(approved)s of %(total)s accounts are approved. The figures count those alone.") % known if provisional else "",
        "page": gettext("page"),
        "lead": [[grouped(read.numbers[code]), read.name(code)] for code in (LEAD, "starting_companies", "outcome_1") if code in read.numbers],
        "words": {
            "targets": gettext("Towards 2020"), "resources": gettext("Resources"), "effort": gettext("Effort"), "results": gettext("Results"),
            "who": gettext("Who takes part"), "organisations": gettext("The organisations one by one"), "how": gettext("How the figures are counted"),
            "once": gettext("A company in several cluster organisations counts once in the nation. “Participations” is the sum over the organisations; the difference is what is counted more than once."),
            "effort_note": gettext("What each organisation did and had, as its approved account holds it."),
            "organisations_note": gettext("Each organisation's own count; the column does not add up to the nation's figure, because a company may be in several."),
            "split_note": gettext("Participating companies. A company known with two sizes, industries or types of organisation counts in each."),
            "not_told": not_told(),
        },
        "columns": {
            "targets": [gettext("Target"), gettext("Now"), gettext("Goal"), gettext("By the year"), gettext("Reached"), gettext("Remark")],
            "measures": [gettext("Figure"), gettext("Counted once"), gettext("Unit"), gettext("Participations"), gettext("More than once"), gettext("Remark")],
            "effort": [gettext("What the organisations did"), gettext("The whole country"), gettext("Unit"), gettext("Average per organisation"), gettext("Organisations counted")],
            "split": [gettext("Participations"), gettext("Counted once"), gettext("Share")],
            "organisations": [gettext("Cluster organisation"), read.name(LEAD), read.name("starting_companies"), read.name("outcome_1")],
            "said": [gettext("According to the companies"), gettext("Value"), gettext("Unit"), gettext("Response rate"), gettext("Remark")],
            "definitions": [gettext("Figure"), gettext("Code and version"), gettext("What is counted"), gettext("Source")],
        },
        "targets": _targets(read), "resources": _chapter(read, "resource"), "effort": _chapter(read, "effort"), "results": _chapter(read, "result"),
        "said": said_rows(of_nation(read.year), read.language), "staff": _staff(read), "activities": effort_table[0], "activities_chart": effort_table[1],
        "series": [_series(read, code) for code in (LEAD, "starting_companies", "outcome_1")],
        "splits": [_split(read, by) for by in _SLICES], "organisations": _organisations(read), "definitions": _definitions(read),
        "digest": gettext("Fingerprint of the figures: %(digest)s") % {"digest": digest_of([one.digest for one in read.figures])},
    }  # fmt: skip


def national_account(year: int, *, language: str, at: datetime) -> bytes | None:
    """The paper as PDF/UA-1; None when no account of the year has been approved."""
    stand = standing(year)
    if stand is None or not stand.approved:
        return None
    with override(language):
        return pdf("national_account.typ", _content(_read(year, language, stand, at)))
