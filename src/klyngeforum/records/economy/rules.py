"""What an hour is worth, when it may be proved and claimed, and how the figures of economy are counted. Pure: values in, values out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from klyngeforum.ground.bodies.terms import BodyKind
from klyngeforum.ground.programme.funding import FundingScheme, Payer, Rate
from klyngeforum.ground.verdict import YES, Verdict, no
from klyngeforum.ground.words import mark

from .terms import Form, HourEvidence, Standing

EARLIEST = 2000
MOST = Decimal(1_000_000_000_000)  # more than any table of money here holds
MOST_HOURS = Decimal(200_000)
_CENT, _DAY = Decimal("0.01"), Decimal(24)
_PUBLIC = (BodyKind.KNOWLEDGE, BodyKind.AUTHORITY)


@dataclass(frozen=True, slots=True)
class Worth:
    """What hours are worth, and how it comes out: ``hours`` × ``per_hour``."""

    hours: Decimal
    per_hour: Decimal
    amount: Decimal


def per_hour(rate: Rate, pay: Decimal | None) -> Decimal | None:
    """Kroner an hour; unknown while a rate by pay has no pay."""
    if rate.kind == "fixed":
        return rate.amount
    return None if pay is None else pay * (1 + rate.overhead)


def worth_of(hours: Decimal, pay: Decimal | None, rate: Rate) -> Worth | None:
    each = per_hour(rate, pay)
    return None if each is None else Worth(hours, each, (hours * each).quantize(_CENT, ROUND_HALF_UP))


def payer_of(body_kind: str) -> Payer:
    """Whose hours they are: institutions and authorities are public, everybody else private."""
    return Payer.PUBLIC if body_kind in _PUBLIC else Payer.PRIVATE


@dataclass(frozen=True, slots=True)
class Spell:
    """When an entry's hours were given, by whom: the person where one is named, else the whole body."""

    body: int
    person: str
    since: date
    until: date
    begins: time | None = None
    ends: time | None = None


def same_hours(one: Spell, other: Spell) -> bool:
    """Whether the two surely hold the same hour: the same body on the same day at the same time, and not two different persons."""
    if one.body != other.body or one.since != other.since or None in (one.begins, one.ends, other.begins, other.ends):
        return False
    if one.person and other.person and " ".join(one.person.split()).casefold() != " ".join(other.person.split()).casefold():  # fmt: skip
        return False
    return one.begins < other.ends and other.begins < one.ends  # type: ignore[operator]


def _money(value: Decimal, on: str, *, least: Decimal = Decimal(0)) -> Verdict:
    words = no(mark("The amount must lie between %(least)s and 1,000 billion kr."), on=on, least=least)
    return YES if value.is_finite() and least <= value < MOST else words


def may_receive(scheme: FundingScheme | None, since: date, until: date, amount: Decimal, own_share: Decimal) -> list[Verdict]:  # fmt: skip
    """A grant stands under a scheme of the programme that ran when it began."""
    if scheme is None:
        known = no(mark("The programme has no funding scheme of that name."), on="scheme")
    elif not scheme.runs(since):
        known = no(mark("The scheme did not give grants on the day on which this one begins."), on="starts_on")
    else:
        known = YES
    ordered = YES if since <= until else no(mark("It cannot end before it begins."), on="ends_on")
    return [known, ordered, _money(amount, "amount", least=_CENT), _money(own_share, "own_share")]


def may_book(year: int, on: date | None, standing: str, form: str, amount: Decimal, this_year: int) -> list[Verdict]:
    latest = this_year + (10 if standing == Standing.BUDGET else 0)
    return [
        YES if EARLIEST <= year <= latest else no(mark("The year must lie between 2000 and %(latest)s."), on="year", latest=str(latest)),
        YES if on is None or on.year == year else no(mark("The day does not lie in the year."), on="on"),
        YES if form == Form.CASH or standing == Standing.BUDGET else no(mark("Hours received are counted from the hours with evidence; record the hours instead."), on="form"),
        YES if amount.is_finite() and amount != 0 and abs(amount) < MOST else no(mark("Write an amount other than 0; a repayment is a negative amount."), on="amount"),
    ]  # fmt: skip


def may_record(spell: Spell, hours: Decimal, pay: Decimal | None, left: Decimal | None, today: date) -> list[Verdict]:
    """Hours that can have been given: not in the future, no more than the days (of one person) or the participation holds."""
    days = Decimal((spell.until - spell.since).days + 1)
    times = (spell.begins, spell.ends)
    return [
        YES if spell.since <= spell.until else no(mark("It cannot end before it begins."), on="until"),
        YES if spell.until <= today else no(mark("The day lies ahead; hours are recorded when they have been given."), on="until"),
        YES if 0 < hours <= MOST_HOURS else no(mark("Hours must be more than 0 and at most 200,000."), on="hours"),
        YES if not spell.person or hours <= _DAY * max(days, Decimal(1)) else no(mark("One person cannot give more than 24 hours a day."), on="hours"),
        YES if pay is None or 0 < pay < 1_000_000 else no(mark("The hourly pay must be more than 0."), on="pay"),
        YES if times == (None, None) or (None not in times and spell.begins < spell.ends) else no(mark("Write both times, the first before the second, or neither."), on="begins"),  # type: ignore[operator]
        YES if times == (None, None) or spell.since == spell.until else no(mark("Times belong to one day; leave them out for hours over several days."), on="begins"),
        YES if left is None or hours <= left else no(mark("Only %(left)s hours of this participation are still without an entry."), on="hours", left=left),
    ]  # fmt: skip


def may_lay(evidence: str, reference: str, on: date | None, since: date, today: date) -> list[Verdict]:
    """Evidence says where it lies and from when; it cannot be older than the hours or from the future."""
    if evidence == HourEvidence.NONE:
        bare = not reference and on is None
        return [YES if bare else no(mark("Say which kind of evidence it is."), on="evidence")]
    return [
        YES if reference else no(mark("Say where the evidence lies: a case number or the name of the file."), on="evidence_reference"),
        YES if on is not None and since <= on <= today else no(mark("The evidence is dated: not before the hours and not ahead of today."), on="evidence_on"),
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Claimed:
    """The hours that somebody wants to claim."""

    spell: Spell
    hours: Decimal
    pay: Decimal | None
    evidence: str


@dataclass(frozen=True, slots=True)
class Under:
    """The grant and the period that they are claimed under."""

    since: date
    until: date
    closed: bool
    period: tuple[date, date]


def may_claim(one: Claimed, under: Under, rate: Rate | None) -> list[Verdict]:
    """Evidence that the funder accepts, days within grant and period, a rate, and pay where the rate goes by it."""
    if under.closed:
        return [no(mark("The grant is closed; nothing more can be claimed under it."), on="grant")]
    if rate is None:
        return [no(mark("The programme has no hourly rate for this scheme on that day."), on="grant")]
    words = {"day": one.spell.since, "hours": one.hours}
    inside = under.since <= one.spell.since and one.spell.until <= under.until
    reported = under.period[0] <= one.spell.since and one.spell.until <= under.period[1]
    return [
        YES if one.evidence else no(mark("The %(hours)s hours of %(day)s have no evidence yet."), on="entries", **words),
        YES if not one.evidence or one.evidence in rate.evidence else no(mark("The funder does not accept this kind of evidence for the %(hours)s hours of %(day)s; a signed time sheet is needed."), on="entries", **words),
        YES if inside else no(mark("The %(hours)s hours of %(day)s lie outside the grant's period."), on="entries", **words),
        YES if not inside or reported else no(mark("The %(hours)s hours of %(day)s lie outside the period that is claimed."), on="entries", **words),
        YES if rate.kind == "fixed" or one.pay is not None else no(mark("The rate goes by actual pay: write the hourly pay on the %(hours)s hours of %(day)s."), on="entries", **words),
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class IncomeFact:
    """Income as it is counted; ``own``: it is the grant's own money, ``granted``: it belongs to a grant."""

    standing: str
    form: str
    payer: str
    amount: Decimal
    own: bool
    granted: bool


@dataclass(frozen=True, slots=True)
class HourFact:
    """Hours as they are counted; ``worth`` is 0 until they are claimed."""

    payer: str
    hours: Decimal
    proved: bool
    worth: Decimal


@dataclass(frozen=True, slots=True)
class YearFacts:
    income: tuple[IncomeFact, ...] = ()
    hours: tuple[HourFact, ...] = ()


def _received(facts: YearFacts, payer: str = "") -> Decimal:
    return sum((one.amount for one in facts.income if one.standing == Standing.RECEIVED and payer in ("", one.payer)), Decimal(0))  # fmt: skip


def _cash(facts: YearFacts) -> Decimal:
    return sum((one.amount for one in facts.income if one.standing == Standing.RECEIVED and one.granted and not one.own), Decimal(0))  # fmt: skip


def _worth(facts: YearFacts) -> Decimal:
    return sum((one.worth for one in facts.hours), Decimal(0))


def _hours(facts: YearFacts, *, proved: bool) -> Decimal:
    return sum((one.hours for one in facts.hours if one.proved is proved), Decimal(0))


def _private_share(facts: YearFacts) -> Decimal | None:
    whole = _received(facts)
    if whole <= 0:
        return None
    return (_received(facts, Payer.PRIVATE) * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _of(payer: Payer) -> Callable[[YearFacts], Decimal]:
    return lambda facts: _received(facts, payer)


FIGURES: dict[str, Callable[[YearFacts], Decimal | None]] = {
    "income_total": _received,
    **{f"income_{payer.value}": _of(payer) for payer in Payer},
    "private_share": _private_share,
    "cofinancing_cash": _cash,
    "cofinancing_hours": _worth,
    "cofinancing": lambda facts: _cash(facts) + _worth(facts),
    "hours_proved": lambda facts: _hours(facts, proved=True),
    "hours_waiting": lambda facts: _hours(facts, proved=False),
}


def chained(grants: Iterable[tuple[date, date]], on: date) -> list[tuple[date, date]]:
    """The grants that carry on from the day without a gap, each past the end of those before it."""
    end, found = on, []
    for since, until in sorted(grants):
        if since.toordinal() <= end.toordinal() + 1 and until > end:
            end = until
            found.append((since, until))
    return found


def months_secured(grants: Iterable[tuple[date, date]], on: date) -> int:
    """Whole months from the day for which grants follow each other without a gap."""
    chain = chained(grants, on)
    if not chain:
        return 0
    end = chain[-1][1]
    after = end + timedelta(days=1)
    return (after.year - on.year) * 12 + after.month - on.month - (after.day < on.day)
