"""Counting measured values from what registers and records hold: pure, each value with the records behind it."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from klyngeforum.ground.places.rules import Point, kilometres, medoid
from klyngeforum.ground.words import mark
from klyngeforum.quality.indicators.terms import MeasuredKey
from klyngeforum.records.economy.rules import chained, months_secured

from .terms import Deed, Definition, Held, Measured, Member, Origin

_NOTHING_COMMITTED = mark("No participant with a formal agreement stands in the register on %(day)s.")
Counting = Callable[[Held, date, Definition], Measured]


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last day of that month."""
    at = day.year * 12 + day.month - 1 - months
    year, month = at // 12, at % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def whole_months(since: date, until: date) -> int:
    """Whole months from one day to another."""
    return (until.year - since.year) * 12 + until.month - since.month - (1 if until.day < since.day else 0)


def share(part: int, whole: int) -> Decimal:
    return (Decimal(part) / Decimal(whole)).quantize(Decimal("0.001"))


def _committed(held: Held, on: date) -> list[Member]:
    """Committed participants of the day, each body once."""
    found: dict[int, Member] = {}
    for one in held.members:
        if one.committed and one.on(on):
            found.setdefault(one.body, one)
    return list(found.values())


def _origin(one: Member, counts: bool = True, detail: str = "") -> Origin:
    return Origin(one.name, detail or one.place, one.since, counts, "membership", one.pk)


def _deed_origin(one: Deed, counts: bool = True) -> Origin:
    return Origin(one.title, one.kind, one.starts_on, counts, "activity", one.pk)


def _number(what: Definition, value: int | Decimal, origins: Sequence[Origin]) -> Measured:
    return Measured(what.key, Decimal(value), what.unit, len(origins), tuple(origins))


def _unknown(what: Definition, why: str, **values: object) -> Measured:
    return Measured(what.key, None, what.unit, 0, (), why, values)


def _share(what: Definition, origins: Sequence[Origin], on: date) -> Measured:
    if not origins:
        return _unknown(what, _NOTHING_COMMITTED, day=on)
    part = sum(one.counts for one in origins)
    return Measured(what.key, share(part, len(origins)), what.unit, len(origins), tuple(origins))


def _recent(held: Held, on: date, months: int) -> list[Deed]:
    """What ran in the months before the day, the day included."""
    since = months_before(on, months)
    return [one for one in held.deeds if one.starts_on <= on and one.ends_on > since]


def _committed_participants(held: Held, on: date, what: Definition) -> Measured:
    return _number(what, len(_committed(held, on)), [_origin(one) for one in _committed(held, on)])


def _committed_share(held: Held, on: date, what: Definition) -> Measured:
    committed = {one.body for one in _committed(held, on)}
    everybody = {one.body: one for one in held.members if one.on(on)}
    if not everybody:
        return _unknown(what, mark("No participant stands in the register on %(day)s."), day=on)
    return _share(what, [_origin(one, one.body in committed) for one in everybody.values()], on)


def _composition(held: Held, on: date, what: Definition) -> Measured:
    committed = _committed(held, on)
    return _number(what, len({one.kind for one in committed}), [_origin(one, detail=one.kind) for one in committed])


def _near(held: Held, on: date, what: Definition) -> Measured:
    placed: list[tuple[Member, Point]] = [
        (one, (one.longitude, one.latitude))
        for one in _committed(held, on)
        if one.longitude is not None and one.latitude is not None
    ]
    points: dict[Point, int] = {}
    for _, point in placed:
        points[point] = points.get(point, 0) + 1
    core = medoid(points)
    if core is None:
        return _unknown(what, mark("No committed participant has a known place on %(day)s."), day=on)
    return _share(what, [_origin(one, kilometres(core, point) <= what.radius_km) for one, point in placed], on)


def _months_running(held: Held, on: date, what: Definition) -> Measured:
    if held.founded_on is None or held.founded_on > on:
        return _unknown(what, mark("The register does not say when the organisation was founded."))
    return _number(what, whole_months(held.founded_on, on), [Origin("", on=held.founded_on, thing="cluster")])


def _staff(held: Held, on: date, what: Definition) -> Measured:
    if held.staff is None or held.staff[0] < months_before(on, what.months).year:
        return _unknown(what, mark("No person-years have been stated for the last two years."))
    year, full_time = held.staff
    return _number(what, full_time, [Origin(str(year), thing="staff")])


def _retention(held: Held, on: date, what: Definition) -> Measured:
    before = months_before(on, what.months)
    now = {one.body for one in _committed(held, on)}
    then = _committed(held, before)
    return _share(what, [_origin(one, one.body in now) for one in then], before)


def _contacts(held: Held, on: date, what: Definition) -> Measured:
    met = {body for one in _recent(held, on, what.months) for body in one.bodies}
    return _share(what, [_origin(one, one.body in met) for one in _committed(held, on)], on)


def _cooperation(held: Held, on: date, what: Definition) -> Measured:
    joint = [one for one in _recent(held, on, what.months) if one.project and len(one.bodies) > 1]
    together = {body for one in joint for body in one.bodies}
    return _share(what, [_origin(one, one.body in together) for one in _committed(held, on)], on)


def _kinds(deeds: Iterable[Deed]) -> set[tuple[str, str]]:
    """Kinds of actors in the innovation system: everything but the companies themselves."""
    return {kind for one in deeds for kind in one.bodies.values() if kind[0] not in ("company", "other")}


def _integration(held: Held, on: date, what: Definition) -> Measured:
    recent = _recent(held, on, what.months)
    return _number(what, len(_kinds(recent)), [_deed_origin(one) for one in recent if _kinds([one])])


def _services(held: Held, on: date, what: Definition) -> Measured:
    recent = _recent(held, on, what.months)
    return _number(what, len({one.kind for one in recent}), [_deed_origin(one) for one in recent])


def _working_groups(held: Held, on: date, what: Definition) -> Measured:
    running = [one for one in held.groups if one[2] <= on and (one[3] is None or one[3] >= on)]
    return _number(
        what, len(running), [Origin(name, on=since, thing="group", thing_id=pk) for pk, name, since, _ in running]
    )


def _success_stories(held: Held, on: date, what: Definition) -> Measured:
    years = range(on.year - what.months // 12 + 1, on.year + 1)
    found = [one for one in held.results if one[2] in years]
    return _number(
        what, len(found), [Origin(name, str(year), thing="outcome", thing_id=pk) for pk, name, year in found]
    )


def _secured(held: Held, on: date, what: Definition) -> Measured:
    """Whole months until grants no longer follow each other without a gap; behind it the grants of that chain."""
    if not held.grants:
        return _unknown(what, mark("No grant stands in the records on %(day)s."), day=on)
    chain = set(chained([(since, until) for _, _, since, until in held.grants], on))
    months = months_secured([(since, until) for _, _, since, until in held.grants], on)
    rows = [Origin(title, on=until, counts=(since, until) in chain, thing="grant", thing_id=pk) for pk, title, since, until in held.grants]  # fmt: skip
    return _number(what, months, rows)


def _private(held: Held, on: date, what: Definition) -> Measured:
    """Of the cash received in the newest whole year that has any; each income stands behind it, the private ones count."""
    years = range(on.year - what.months // 12, on.year)
    rows = [one for one in held.income if one.year in years]
    newest = max((one.year for one in rows), default=0)
    rows = [one for one in rows if one.year == newest]
    whole = sum((one.amount for one in rows), Decimal(0))
    if whole <= 0:
        return _unknown(what, mark("No cash income is recorded for the last two whole years."))
    part = sum((one.amount for one in rows if one.private), Decimal(0))
    value = (part / whole).quantize(Decimal("0.001"))
    found = tuple(Origin(str(one.year), one.payer, one.on, one.private, "income", one.pk, one.amount) for one in rows)
    return Measured(what.key, value, what.unit, len(found), found)


COUNTINGS: dict[MeasuredKey, Counting] = {
    MeasuredKey.COMMITTED_PARTICIPANTS: _committed_participants,
    MeasuredKey.COMMITTED_SHARE: _committed_share,
    MeasuredKey.COMPOSITION: _composition,
    MeasuredKey.SHARE_150_KM: _near,
    MeasuredKey.MONTHS_RUNNING: _months_running,
    MeasuredKey.STAFF: _staff,
    MeasuredKey.RETENTION: _retention,
    MeasuredKey.CONTACTS: _contacts,
    MeasuredKey.COOPERATION: _cooperation,
    MeasuredKey.INTEGRATION: _integration,
    MeasuredKey.MONTHS_SECURED: _secured,
    MeasuredKey.PRIVATE_SHARE: _private,
    MeasuredKey.SERVICES: _services,
    MeasuredKey.WORKING_GROUPS: _working_groups,
    MeasuredKey.SUCCESS_STORIES: _success_stories,
}


def measured_of(held: Held, on: date, definitions: Mapping[MeasuredKey, Definition]) -> dict[MeasuredKey, Measured]:
    """Every value that the programme defines, as registers and records hold it on the day."""
    return {key: COUNTINGS[key](held, on, what) for key, what in definitions.items()}
