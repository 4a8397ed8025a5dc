"""Pages that the secretariat of the made-up country laid before the forum: before a meeting that was held, and before the next one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime

from klyngeforum.ground.access.queries import Actor
from klyngeforum.ground.period import date_of
from klyngeforum.registers.clusters.queries import Cluster
from klyngeforum.results.effects.queries import studies
from klyngeforum.results.effects.terms import StudyState
from klyngeforum.results.landscape.between import between
from klyngeforum.steering.meetings import actions as meetings
from klyngeforum.steering.meetings.queries import Meeting
from klyngeforum.web.components.strengths import region_names, table_asked
from klyngeforum.web.public.exhibits.offered import shown_at
from klyngeforum.web.public.exhibits.shown import seen

Say = Callable[[str], None]


class _Table:
    """The secretariat's table before a meeting: what is laid on it, and what for."""

    def __init__(self, office: Actor, at: datetime, meeting: Meeting) -> None:
        self.office, self.at, self.meeting = office, at, meeting

    def lay(self, path: str, note: str, **asked: str) -> None:
        found = shown_at(path, asked, by=self.office, on=date_of(self.at))
        if found is not None:
            meetings.lay_page(by=self.office, at=self.at, meeting=self.meeting, seen=seen(found), note=note)


def _published(office: Actor, on: date) -> list[str]:
    rows = studies(seen_by=office, on=on).filter(state=StudyState.PUBLISHED).order_by("id")
    return [f"/effekter/{one.code}/" for one in rows]


def _pairs(rows: Sequence[Cluster], day: date) -> list[str]:
    """The pages of the pairs most alike, the first first."""
    slugs = {one.pk: one.slug for one in rows}
    found = sorted(between(day).pairs, key=lambda one: -one.overlap)
    return [f"/landskab/overlap/{slugs[one.first]}/{slugs[one.second]}/" for one in found]


def _regions() -> list[str]:
    table = table_asked("")
    return [f"/styrker/{code}/" for code in sorted(region_names(table))] if table else []


def lay_pages(rows: Sequence[Cluster], people: dict[str, Actor], last: int, looked_at: int, say: Say) -> None:
    """Three pages before the meeting of the autumn after the last year, two before the meeting that is ahead of whoever looks."""
    say("what was laid before the forum")
    office, at, day = people["sekretariat"], datetime(last + 1, 8, 28, 10, tzinfo=UTC), date(last, 12, 31)
    autumn = meetings.call(by=office, at=at, held_on=date(last + 1, 9, 12), title=f"Forummøde i september {last + 1}")
    ahead = meetings.call(by=office, at=at, held_on=date(looked_at, 3, 12), title=f"Forummøde i marts {looked_at}")
    then, next_one = _Table(office, at, autumn), _Table(office, at, ahead)
    for path in _published(office, date_of(at))[:1]:
        then.lay(path, "Punkt 2: dokumenterede effekter")
    then.lay("/landskab/daekning/", "Punkt 3: felter uden en klyngeorganisation", dag=day.isoformat())
    for path in _regions()[:1]:
        then.lay(path, "Punkt 4: regionens styrker")
    next_one.lay("/landskab/overlap/", "Punkt 4: alle organisationer to og to", dag=day.isoformat())
    for path in _pairs(rows, day)[:1]:
        next_one.lay(path, "Punkt 5: to organisationer, der ligner hinanden", dag=day.isoformat())
