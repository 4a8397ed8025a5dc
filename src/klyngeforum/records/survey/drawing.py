"""Drawing up the list of a round: which companies, what each organisation reported of them, and who is left out. A file of its own, asked by the actions only."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Max, Q, QuerySet
from django.db.models.functions import Coalesce

from klyngeforum.ground.bodies.queries import bodies
from klyngeforum.ground.bodies.terms import BodyKind
from klyngeforum.ground.industries.queries import section_of
from klyngeforum.ground.period import date_of
from klyngeforum.ground.places.queries import parent_of
from klyngeforum.ground.places.terms import AreaKind
from klyngeforum.records.activities.queries import participations_in, partners_of, projects_ended
from klyngeforum.records.outcomes.queries import in_year as outcomes_in
from klyngeforum.registers.memberships.queries import in_year as members_in

from .models import Asked, Basis, Contact
from .rules import ended_for, left_out
from .terms import Kind, LeftOut, Questionnaire

ROOT = Coalesce("body__merged_into_id", "body_id")


@dataclass(frozen=True, slots=True)
class Reported:
    """What an organisation holds of a company."""

    took_part: bool = False
    step: str = ""
    activity_id: int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a company on the day: the cell it stands in for weights, and what decides whether it is asked."""

    size: str
    industry: str
    region: str
    protected: bool
    ceased_on: date | None


Reports = dict[int, dict[int, Reported]]


def _companies(rows: QuerySet) -> QuerySet:  # type: ignore[type-arg]
    one = Q(body__merged_into__isnull=True, body__kind=BodyKind.COMPANY)
    found: QuerySet = rows.filter(one | Q(body__merged_into__kind=BodyKind.COMPANY)).annotate(root=ROOT).order_by("id")  # type: ignore[type-arg]
    return found


def _yearly(year: int) -> Reports:
    """Whoever was a member or took part in the year, and the highest step that was noted of it."""
    found: Reports = defaultdict(dict)
    for root, cluster in _companies(members_in(year)).values_list("root", "cluster_id"):
        found[root].setdefault(cluster, Reported())
    for root, cluster in _companies(participations_in(year)).values_list("root", "activity__cluster_id"):
        found[root][cluster] = Reported(took_part=True)
    for root, cluster, step in _companies(outcomes_in(year)).values_list("root", "cluster_id", "step"):
        before = found[root].get(cluster, Reported())
        found[root][cluster] = Reported(True, max(step, before.step))
    return found


def _after_projects(year: int, months: int) -> Reports:
    """Partners of projects that ended so long before a day of the year; the project that ended last of each organisation is asked about."""
    since, until = ended_for(year, months)
    parts = partners_of(projects_ended(since, until), until.year)
    rows = _companies(parts).order_by("activity__ends_on", "activity_id")
    found: Reports = defaultdict(dict)
    steps: dict[tuple[int, int], str] = {}
    for ended in range(since.year, until.year + 1):
        for root, cluster, step in _companies(outcomes_in(ended)).values_list("root", "cluster_id", "step"):
            steps[root, cluster] = max(step, steps.get((root, cluster), ""))
    for root, cluster, activity in rows.values_list("root", "activity__cluster_id", "activity_id"):
        found[root][cluster] = Reported(True, steps.get((root, cluster), ""), activity)
    return found


def reports(kind: str, year: int, months: int) -> Reports:
    return _after_projects(year, months) if kind == Kind.AFTER_PROJECT else _yearly(year)


def facts(on: date) -> dict[int, Facts]:
    """Every company by its number in the house."""
    rows = bodies().filter(kind=BodyKind.COMPANY).select_related(None).order_by()
    rows = rows.annotate(section=section_of("industry"), region=parent_of("place", AreaKind.REGION, on=on))
    named = rows.values_list("id", "size_band", "section", "region", "protected", "ceased_on")
    return {pk: Facts(size, str(section or ""), str(region or ""), shut, ceased) for pk, size, section, region, shut, ceased in named}  # fmt: skip


def contacts() -> dict[int, tuple[str, str]]:
    """Company -> address and language: the newest contact that any organisation holds."""
    rows = Contact.objects.annotate(root=ROOT).order_by("given_at", "id")
    return {root: (email, language) for root, email, language in rows.values_list("root", "email", "language")}


def with_basis(on: date) -> set[int]:
    rows = Basis.objects.filter(since__lte=on).filter(Q(until__isnull=True) | Q(until__gt=on))
    return set(rows.annotate(root=ROOT).values_list("root", flat=True))


def last_asked(but: int) -> dict[int, date]:
    """Company -> the last day on which it was asked in another round."""
    rows = Asked.objects.filter(asked_at__isnull=False).exclude(round_id=but).annotate(root=ROOT)
    last = rows.order_by().values("root").annotate(last=Max(F("asked_at")))
    return {root: date_of(at) for root, at in last.values_list("root", "last")}


class Judge:
    """Who is left out of a round, and why, as things stand on the day; everything is read once."""

    def __init__(self, survey: Questionnaire, on: date, round_id: int = 0) -> None:
        self.survey, self.on = survey, on
        self.facts, self.contacts, self.bases = facts(on), contacts(), with_basis(on)
        self.asked = last_asked(round_id)

    def why(self, body_id: int) -> LeftOut:
        one = self.facts.get(body_id)
        return left_out(
            contact=body_id in self.contacts, protected=bool(one and one.protected), basis=body_id in self.bases,
            ceased=one.ceased_on if one else None, asked=self.asked.get(body_id), on=self.on, rest_days=self.survey.rest_days,
        )  # fmt: skip
