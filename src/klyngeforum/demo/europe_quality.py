"""Excellence at Europe's size: every organisation assessed, labels, a forum that has met, and the first organisations' cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from random import Random
from typing import Any

from klyngeforum.ground.period import date_of
from klyngeforum.quality.assessments.taking_over import Finished, take_over
from klyngeforum.quality.assessments.terms import AssessmentKind
from klyngeforum.quality.indicators.queries import standing, versions
from klyngeforum.quality.indicators.terms import Version
from klyngeforum.quality.labels import actions as labels_of
from klyngeforum.quality.labels.queries import labels
from klyngeforum.registers.clusters.queries import Cluster, clusters
from klyngeforum.steering.leagues import actions as leagues

from . import league_years
from .assessments import assess
from .certification import certify
from .plan import Size

SOURCE = "demo"
_ISSUER = "European Secretariat for Cluster Analysis (demo)"
_LOOKED_AT = 2029  # as in the smaller countries
_REACHED = (0.90, 0.82, 0.50)  # how strong an organisation is that holds each label, the highest first


def _scheme(on: date) -> Version | None:
    """The version of the day with the most labels."""
    found = [one for code in dict.fromkeys(v.scheme for v in versions()) if (one := standing(code, on=on))]
    return max(found, key=lambda one: len(one.labels), default=None)


def _levels(version: Version, strength: float, chance: Random) -> dict[str, int | None]:
    """Around the organisation's strength; one answer in a hundred is not known."""
    return {
        what.code: None
        if chance.random() < 0.01
        else max(what.levels[0].number, min(what.top, round(what.top * (strength + chance.uniform(-0.2, 0.2)))))
        for what in version.indicators
    }


def _finished(version: Version, rows: Sequence[Cluster], strong: Mapping[int, float], year: int, chance: Random) -> Iterator[Finished]:  # fmt: skip
    """An interview of each in the last year, of some one two years before (weaker), and every second one's self-evaluation."""
    for nth, row in enumerate(rows):
        strength, before = strong[row.pk], date(year - 2, 5, 1 + nth % 28)
        if nth % 5 < 2 and version.since <= before:
            yield Finished(row.pk, AssessmentKind.INTERVIEW, before, _levels(version, strength - 0.1, chance))
        if nth % 2 == 0:
            yield Finished(row.pk, AssessmentKind.SELF, date(year, 1, 15), _levels(version, strength + 0.05, chance))
        yield Finished(
            row.pk, AssessmentKind.INTERVIEW, date(year, 3, 1 + nth % 28), _levels(version, strength, chance)
        )


def _award(rows: Sequence[Cluster], strong: Mapping[int, float], year: int) -> None:
    """The label that the strength reaches, for two years from a month of the last year (one in nine has run out), and again in the years
    in which people look."""
    known = sorted(labels(), key=lambda one: one.rank)
    at = datetime(year, 12, 1, 9, tzinfo=UTC)
    for nth, row in enumerate(rows):
        code = next((one.code for one, least in zip(known, _REACHED, strict=False) if strong[row.pk] >= least), None)
        if code is None:
            continue
        late = nth % 9 == 0
        for begins, years in (
            (year - (3 if late else 1), 2),
            (_LOOKED_AT - 6, 3),
            *(((_LOOKED_AT - 3, 3),) if not late else ()),
        ):
            since = date(begins, 1 + nth % 12, 1)
            labels_of.note(by=None, at=at, cluster=row, label=code, issuer=_ISSUER, valid_from=since, valid_to=since.replace(year=begins + years), certificate=f"DEMO-{nth}-{begins}", source=SOURCE)  # fmt: skip


def _placed(rows: Sequence[Cluster], strong: Mapping[int, float], year: int, chance: Random) -> None:
    """The forum's first meeting: by strength, and now and then one league too high or too low."""
    at = datetime(year, 1, 15, 10, tzinfo=UTC)
    for row in rows:
        fair = 1 if strong[row.pk] >= _REACHED[0] else 2 if strong[row.pk] >= 0.6 else 3
        league = min(3, max(1, fair + chance.choices((0, 1, -1), (18, 1, 1))[0]))
        leagues.place(by=None, at=at, cluster=row, league=str(league), on=date_of(at), decision="Styregruppens første møde (demo)")  # fmt: skip


def excel(people: dict[str, Any], *, seats: int, years: tuple[int, int], seed: int, say: Callable[[str], None]) -> None:
    """``seats``: how many organisations have a manager; theirs are assessed through the desks, the others' taken over."""
    first, year = years
    rows, chance = sorted(clusters(), key=lambda one: one.pk), Random(seed + 2)
    strong = {row.pk: min(1.0, max(0.2, chance.gauss(0.65, 0.17))) for row in rows}
    version = _scheme(date(year, 1, 1))
    if version is None:
        return
    _placed(rows, strong, year, chance)
    _award(rows, strong, year)
    say("labels and first placements")
    poured = take_over(by=None, at=datetime(year, 12, 1, 9, tzinfo=UTC), scheme=version.scheme, finished=_finished(version, rows[seats:], strong, year, chance), source=SOURCE)  # fmt: skip
    say(f"{len(poured)} assessments taken over")
    size = Size(0, len(rows), 0, first, year)
    assess(rows, people, size=size, running=range(seats), say=say)
    certify(rows, people, last_year=year, running=range(seats), say=say)
    say("meetings of the forum")
    league_years.play(year + 1, year + 1)
    league_years.follow_up(year + 1)
