"""Before the secretariat chooses: who can assess an organisation and what ties them, and how long a label would run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from klyngeforum.ground.access.queries import Person, holding
from klyngeforum.ground.access.terms import Role
from klyngeforum.ground.period import Period
from klyngeforum.quality.indicators.queries import version
from klyngeforum.quality.indicators.validity import first_period, renewal

from .models import Case, Declaration, LabelRecord
from .queries import conflicts
from .terms import Conflict


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may assess: the ties that the house found, whether they are asked here, and how many cases they are in."""

    person: Person
    conflicts: tuple[Conflict, ...]
    asked: bool
    busy: int

    @property
    def free(self) -> bool:
        return not self.conflicts and not self.asked


def candidates(case: Case, *, on: date) -> list[Candidate]:
    """Everybody who may score, the free ones first."""
    rows = Declaration.objects.exclude(independent=False).filter(case__state__in=("assigning", "auditing"))
    busy: dict[int, int] = {}
    for person_id in rows.values_list("person_id", flat=True):
        busy[person_id] = busy.get(person_id, 0) + 1
    asked = set(Declaration.objects.filter(case=case).values_list("person_id", flat=True))
    found = [
        Candidate(one, tuple(conflicts(one, case.cluster, on=on)), one.pk in asked, busy.get(one.pk, 0))
        for one in holding(Role.AUDITOR, on=on)
    ]
    return sorted(found, key=lambda one: (not one.free, one.busy, one.person.name))


def proposed_period(case: Case, *, on: date) -> tuple[Period, bool] | None:
    """The days that the scheme's rules would give, and whether that rests on a placeholder; the approving group may decide others."""
    found = version(case.scheme, case.version)
    label = found.label(case.label) if found else None
    if label is None:
        return None
    assessed_on = case.audit.as_of if case.audit else on
    before = LabelRecord.objects.filter(cluster=case.cluster, label=case.label).order_by("-valid_to").first()
    period = renewal(label.validity, before.valid_to, assessed_on).period if before else first_period(label.validity, assessed_on)  # fmt: skip
    return period, label.validity.provenance.value == "placeholder"
