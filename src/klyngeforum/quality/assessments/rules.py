"""When an assessment may move and be written, who sees which scores, what must be explained, what carries over. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from klyngeforum.ground.verdict import YES, Verdict, no
from klyngeforum.ground.words import mark
from klyngeforum.quality.indicators.crosswalks import Carried
from klyngeforum.quality.indicators.scoring import proposed_level
from klyngeforum.quality.indicators.terms import Answer, AnswerState, Change, Indicator, MeasuredKey, Version

from .measuring import months_before
from .terms import AUDIT_VERBS, MOVES, Ask, AssessmentKind, AssessmentState, Given, Measured, Seat

LONGEST = 4000
MOST_BYTES = 10 * 1024 * 1024
SMALLEST_CELL = 5
FILE_KINDS = {
    "application/pdf": ("pdf",),
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg"),
    "text/csv": ("csv",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("xlsx",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("docx",),
    "application/vnd.oasis.opendocument.text": ("odt",),
}


def may_move(kind: str, state: str, verb: str) -> Verdict:
    """Whether the verb is open; the verbs of experts are those of audits alone."""
    if (verb in AUDIT_VERBS) != (kind == AssessmentKind.AUDIT):
        return no(mark("This kind of assessment cannot be moved so."))
    if verb not in MOVES[AssessmentState(state)]:
        return no(mark("This cannot be done at this step of the assessment."))
    return YES


def may_write(state: str, seat: str) -> Verdict:
    """Each seat has its time: the organisation while it is filled, experts while they score, both in the joint round."""
    open_to = {Seat.OWN: AssessmentState.OPEN, Seat.AGREED: AssessmentState.JOINT}
    if state != open_to.get(Seat(seat), AssessmentState.SCORING):
        return no(mark("Nothing can be written in the assessment at this step."))
    return YES


def seats_seen(state: str, own: str | None, everything: bool = False) -> frozenset[Seat]:
    """Whose answers a reader sees: an expert never the other's before both are in, anybody else only what was agreed."""
    if state == AssessmentState.SCORING:
        return frozenset({Seat.OWN, Seat(own)} if own else {Seat.OWN})
    if state in (AssessmentState.JOINT, AssessmentState.AGREED) and (own or everything):
        return frozenset(Seat)
    return frozenset({Seat.OWN, Seat.AGREED} if state == AssessmentState.AGREED else {Seat.OWN})


def secret(seat: str) -> bool:
    """Whether the trail must not say what was scored: an expert's score, and what both are about to agree."""
    return seat != Seat.OWN


def fits(indicator: Indicator, state: AnswerState, level: int | None) -> Verdict:
    """A level that the indicator has, and “not applicable” only where it may be left out."""
    if state is AnswerState.NOT_APPLICABLE and not indicator.may_be_left_out:
        return no(mark("Indicator %(code)s cannot be left out."), on="level", code=indicator.code)
    if state is AnswerState.SCORED and (level is None or indicator.level(level) is None):
        known = ", ".join(str(one.number) for one in indicator.levels)
        return no(
            mark("Indicator %(code)s has no level %(level)s; choose one of %(known)s."),
            on="level", code=indicator.code, level="" if level is None else level, known=known,
        )  # fmt: skip
    return YES


def short_enough(text: str) -> Verdict:
    if len(text) > LONGEST:
        return no(mark("The text has %(length)s characters; at most %(most)s fit."), length=len(text), most=LONGEST)
    return YES


def same_turn(turn: int, stands: int, who: str, value: str) -> Verdict:
    """Two people wrote the same part: the second sees what the first wrote and loses nothing of their own."""
    if turn == stands:
        return YES
    return no(
        mark("%(who)s wrote “%(value)s” here meanwhile. Yours is not saved; look at both and save again."),
        who=who,
        value=value,
    )


def suggested(indicator: Indicator, measured: Measured | None) -> int | None:
    """The highest level that the measured value speaks for, where the scheme says so."""
    if measured is None or measured.value is None:
        return None
    return proposed_level(indicator, measured.value)


def differs(indicator: Indicator, given: Given, measured: Measured | None) -> bool:
    """Whether the level is another one than the registers speak for."""
    speaks = suggested(indicator, measured)
    return given.state is AnswerState.SCORED and speaks is not None and given.level != speaks


@dataclass(frozen=True, slots=True)
class Missing:
    """What an indicator still lacks before the assessment can be completed."""

    indicator: str
    why: str


UNANSWERED = mark("It is not answered. Choose a level, or say that it is not known yet.")
UNEXPLAINED = mark("The level differs from what the registers measure. Say why.")


def missing(version: Version, answers: Mapping[str, Given], measured: Mapping[MeasuredKey, Measured]) -> list[Missing]:
    """What stands in the way of completing; “not known” said on purpose does not."""
    found = []
    for one in version.indicators:
        given = answers.get(one.code)
        if given is None or given.answered_on is None:
            found.append(Missing(one.code, UNANSWERED))
        elif (
            differs(one, given, measured.get(one.measured) if one.measured else None)
            and not given.differs_because.strip()
        ):
            found.append(Missing(one.code, UNEXPLAINED))
    return found


def complete_enough(lacks: list[Missing]) -> Verdict:
    if not lacks:
        return YES
    codes = ", ".join(one.indicator for one in lacks)
    return no(mark("%(count)s questions are not finished yet: %(codes)s."), count=len(lacks), codes=codes)


def asked_because(
    indicator: Indicator, carried: Carried | None, answered_on: date | None, on: date, months: int
) -> Ask:
    """Why a carried answer is asked for again; an answer that is still young and means the same stands."""
    if carried is None or carried.change is Change.NEW or answered_on is None:
        return Ask.NEW
    if carried.change is not Change.SAME:
        return Ask.CHANGED
    if not carried.sure:
        return Ask.NEW
    if answered_on <= months_before(on, months):
        return Ask.STALE
    return Ask.STANDS


def shelf_months(version: Version, indicator: Indicator) -> int:
    """An answer is as old as its shortest-lived kind of evidence lets it be; without any, twelve months of the scheme's kinds."""
    lives = [one.months for one in version.evidence if one.code in indicator.evidence]
    every = [one.months for one in version.evidence]
    return min(lives or every, default=0)


def stale(dated: date, on: date, months: int) -> bool:
    return dated <= months_before(on, months)


def spread(values: Iterable[Decimal]) -> tuple[Decimal, Decimal, Decimal] | None:
    """Lower quartile, median and upper quartile (linear between neighbours); None for fewer than five organisations."""
    found = sorted(values)
    if len(found) < SMALLEST_CELL:
        return None

    def at(part: Decimal) -> Decimal:
        place = part * (len(found) - 1)
        low = int(place)
        high = min(low + 1, len(found) - 1)
        return found[low] + (found[high] - found[low]) * (place - low)

    return at(Decimal("0.25")), at(Decimal("0.5")), at(Decimal("0.75"))


def readable(name: str, kind: str, size: int) -> Verdict:
    """Evidence is a common kind of document, named as what it is, at most 10 MB."""
    ending = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if size > MOST_BYTES:
        return no(mark("The file is larger than 10 MB. Make it smaller, or link to it."), on="file")
    if not size:
        return no(mark("The file is empty."), on="file")
    if ending not in FILE_KINDS.get(kind, ()):
        return no(
            mark("Files of this kind are not taken: choose PDF, Word, Excel, OpenDocument, CSV, PNG or JPEG."),
            on="file",
        )
    return YES


def as_answer(given: Given) -> Answer:
    return Answer(given.state, given.level)


def apart(one: Given, other: Given) -> int:
    """How far two scores lie apart: 0 where they say the same, at least 1 where one is no level and the other is."""
    if one.level is None or other.level is None:
        return 0 if one.state is other.state else 1
    return abs(one.level - other.level)
