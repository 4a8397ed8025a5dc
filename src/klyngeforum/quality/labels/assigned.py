"""What an assessor is asked to do: their cases, each with what waits, and never anything of the other expert's scores."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from klyngeforum.ground.access.queries import Person
from klyngeforum.quality.assessments.queries import own_scores
from klyngeforum.quality.assessments.terms import AssessmentState

from .models import Case, Declaration
from .queries import cases
from .rules import task
from .terms import YOURS, Task


@dataclass(frozen=True, slots=True)
class Assigned:
    """One case at the assessor's desk; ``done`` of ``asked`` are the person's own scores."""

    case: Case
    declaration: Declaration
    task: Task
    done: int
    asked: int
    since: date

    @property
    def yours(self) -> bool:
        return self.task in YOURS


def _since(case: Case, declaration: Declaration, waits: Task) -> date:
    if waits is Task.DECLARE or case.audit is None:
        return declaration.asked_on
    return case.ended_on or case.audit.as_of


def _assigned(case: Case, declaration: Declaration, person: Person) -> Assigned:
    done, asked, handed_in = own_scores(case.audit, person) if case.audit else (0, 0, False)
    state = case.audit.state if case.audit else AssessmentState.OPEN
    waits = task(case.state, declaration.independent, state, handed_in)
    return Assigned(case, declaration, waits, done, asked, _since(case, declaration, waits))


def assigned(person: Person, *, on: date) -> list[Assigned]:
    """The person's cases: what waits for them first, the longest waiting first."""
    rows = {row.case_id: row for row in Declaration.objects.filter(person=person).exclude(independent=False)}
    found = [_assigned(one, rows[one.pk], person) for one in cases(seen_by=person, on=on) if one.pk in rows]
    order = list(Task)
    return sorted(found, key=lambda one: (not one.yours, order.index(one.task), one.since, one.case.pk))


def one_assigned(pk: int, person: Person, *, on: date) -> Assigned | None:
    row = Declaration.objects.filter(person=person, case_id=pk).exclude(independent=False).first()
    case = cases(seen_by=person, on=on).filter(pk=pk).first() if row else None
    return _assigned(case, row, person) if case and row else None
