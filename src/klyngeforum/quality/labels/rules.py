"""When a case may move, who is independent, and which reminders are due. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from klyngeforum.ground.verdict import YES, Verdict, no
from klyngeforum.ground.words import mark
from klyngeforum.quality.assessments.terms import AssessmentState
from klyngeforum.quality.indicators.validity import months_later

from .terms import MOVES, CaseState, Conflict, StepState, Task


def may_move(state: str, verb: str) -> Verdict:
    if verb in MOVES[CaseState(state)]:
        return YES
    return no(mark("The case is “%(state)s”; this cannot be done now."), state=CaseState(state))


def independent(conflicts: Sequence[Conflict]) -> Verdict:
    """One conflict is enough, and the first is named."""
    if not conflicts:
        return YES
    first = conflicts[0]
    return no(mark("Not independent: %(why)s (%(where)s)."), on="expert", why=first.kind, where=first.where)


def relevant(until: date | None, on: date, years: int) -> bool:
    """A tie that ended so many years ago no longer binds."""
    return until is None or months_later(until, 12 * years) > on


def enough_areas(named: int, needed: int) -> Verdict:
    """A report names as many improvement areas as the programme asks for."""
    if named >= needed:
        return YES
    return no(mark("The report names %(needed)s improvement areas; %(count)s are written."), count=named, needed=needed)


def ordered(since: date, until: date) -> Verdict:
    return YES if since <= until else no(mark("A label cannot end before it begins."), on="valid_to")


def due(valid_to: date, on: date, months: Iterable[int], sent: frozenset[int]) -> int | None:
    """The nearest reminder whose day has come and that was not sent, none when a nearer one was, or the label has ended."""
    if on > valid_to:
        return None
    reached = [one for one in months if months_later(valid_to, -one) <= on]
    if not reached:
        return None
    nearest = min(reached)
    return None if any(one <= nearest for one in sent) else nearest


def step_state(due_on: date, done_on: date | None, on: date) -> StepState:
    if done_on is not None:
        return StepState.DONE
    return StepState.LATE if due_on < on else StepState.PLANNED


def task(state: str, declared: bool | None, audit: str, handed_in: bool) -> Task:
    """What waits for an assessor: by the case's state, what they declared, the audit's state and whether their scores are in."""
    if state not in (CaseState.APPLIED, CaseState.ASSIGNING, CaseState.AUDITING):
        return Task.DONE
    if declared is None:
        return Task.DECLARE
    if state != CaseState.AUDITING:
        return Task.AWAIT_START
    if audit == AssessmentState.SCORING:
        return Task.AWAIT_OTHER if handed_in else Task.SCORE
    return Task.MEET if audit == AssessmentState.JOINT else Task.REPORT
