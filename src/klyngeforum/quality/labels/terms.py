"""How a case of certification goes, what makes an assessor not independent, and the follow-up afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from klyngeforum.ground.words import Term, mark


class CaseState(Term):
    APPLIED = "applied", mark("Applied")
    ASSIGNING = "assigning", mark("Assessors are being found")
    AUDITING = "auditing", mark("Being audited")
    REPORTED = "reported", mark("Report is in")
    AWARDED = "awarded", mark("Label awarded")
    DECLINED = "declined", mark("Label not awarded")
    WITHDRAWN = "withdrawn", mark("Withdrawn")


# state -> verb -> state; the approving group decides outside the house, and its decision is recorded
MOVES: dict[CaseState, dict[str, CaseState]] = {
    CaseState.APPLIED: {"admit": CaseState.ASSIGNING, "withdraw": CaseState.WITHDRAWN},
    CaseState.ASSIGNING: {"begin_audit": CaseState.AUDITING, "withdraw": CaseState.WITHDRAWN},
    CaseState.AUDITING: {"report": CaseState.REPORTED, "withdraw": CaseState.WITHDRAWN},
    CaseState.REPORTED: {"award": CaseState.AWARDED, "decline": CaseState.DECLINED},
    CaseState.AWARDED: {},
    CaseState.DECLINED: {},
    CaseState.WITHDRAWN: {},
}
OPEN = (CaseState.APPLIED, CaseState.ASSIGNING, CaseState.AUDITING, CaseState.REPORTED)


class ConflictKind(Term):
    """Why somebody may not assess an organisation."""

    POST = "post", mark("holds or held a post in the organisation or its host")
    EMPLOYER = "employer", mark("holds or held a post with a participant of the organisation")
    ADVICE = "advice", mark("has advised the organisation: filled or checked its assessments")
    DECLARED = "declared", mark("has declared not to be independent")


@dataclass(frozen=True, slots=True)
class Conflict:
    """What stands between a person and a case: the kind, where it was found, and until when it lasted (None: still)."""

    kind: ConflictKind
    where: str
    until: date | None = None


class StepState(Term):
    PLANNED = "planned", mark("Planned")
    LATE = "late", mark("Late")
    DONE = "done", mark("Done")


class Task(Term):
    """What waits for an assessor in a case."""

    DECLARE = "declare", mark("Declare whether you are independent")
    AWAIT_START = "await_start", mark("The secretariat begins the audit when both assessors have declared")
    SCORE = "score", mark("Score, alone")
    AWAIT_OTHER = "await_other", mark("Your scores are in; the other expert still scores")
    MEET = "meet", mark("Meet and agree on the scores")
    REPORT = "report", mark("Write the improvement areas and hand in the report")
    DONE = "done", mark("Nothing; the report is in")


YOURS = (Task.DECLARE, Task.SCORE, Task.MEET, Task.REPORT)
