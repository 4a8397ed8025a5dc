"""Who holds which label on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from klyngeforum.ground.access.queries import Actor, Person, every_post, within
from klyngeforum.ground.keeping import kept
from klyngeforum.ground.programme.queries import labels
from klyngeforum.quality.assessments.queries import Assessment, advised_by
from klyngeforum.quality.assessments.terms import AssessmentState
from klyngeforum.quality.indicators.terms import Assessor
from klyngeforum.quality.indicators.validity import months_later
from klyngeforum.registers.clusters.queries import Cluster
from klyngeforum.registers.memberships.queries import ever_members

from .models import Area, Case, Declaration, LabelRecord, Reminder, Step
from .reading import certification
from .rules import due, relevant
from .terms import OPEN, Conflict, ConflictKind


def held(*, on: date) -> QuerySet[LabelRecord]:
    """Labels that are valid on the day."""
    return LabelRecord.objects.select_related("cluster").filter(valid_from__lte=on, valid_to__gte=on)


def _records() -> list[tuple[int, str, date, date]]:
    """(cluster, label, from, to) of every label ever noted."""
    columns = ("cluster_id", "label", "valid_from", "valid_to")
    return kept("label records", lambda: list(LabelRecord.objects.values_list(*columns)), of=frozenset({"label"}))


def _gathered(rows: Iterable[tuple[int, str]]) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = {}
    for cluster_id, label in rows:
        found.setdefault(cluster_id, set()).add(label)
    return {cluster_id: frozenset(labels) for cluster_id, labels in found.items()}


def valid_on(day: date) -> dict[int, frozenset[str]]:
    """Cluster id -> labels that are valid on the day."""
    return _gathered((cluster, label) for cluster, label, since, until in _records() if since <= day <= until)


def ended_by(day: date) -> dict[int, frozenset[str]]:
    """Cluster id -> labels that ran out before the day, renewed or not."""
    return _gathered((cluster, label) for cluster, label, _, until in _records() if until < day)


def best_of(*, on: date) -> dict[int, str]:
    """Cluster id -> the highest label that it holds on the day."""
    rank = {label.code: label.rank for label in labels()}
    return {
        cluster: min(held, key=lambda code: rank.get(code, len(rank) + 1)) for cluster, held in valid_on(on).items()
    }


def holders(label: str, *, on: date) -> set[int]:
    """Organisations whose highest label it is: "further" Silver are those without Gold."""
    return {cluster_id for cluster_id, code in best_of(on=on).items() if code == label}


def of_cluster(cluster_id: int) -> QuerySet[LabelRecord]:
    return LabelRecord.objects.filter(cluster_id=cluster_id).order_by("-valid_from")


def expiring(*, on: date, until: date) -> QuerySet[LabelRecord]:
    """Labels that run out between two days, the first first, save those that are renewed already."""
    rows = LabelRecord.objects.select_related("cluster").filter(valid_to__gte=on, valid_to__lte=until)
    renewed = {(cluster, label) for cluster, label, _, end in _records() if end > until}
    return rows.exclude(pk__in=[row.pk for row in rows if (row.cluster_id, row.label) in renewed]).order_by(
        "valid_to", "cluster__name"
    )


def reminders_due(*, on: date) -> list[tuple[LabelRecord, int]]:
    """(label, months) of every reminder whose day has come and that was not sent."""
    months = certification().reminders
    horizon = max(months, default=0)
    sent: dict[int, set[int]] = {}
    for record_id, number in Reminder.objects.values_list("record_id", "months"):
        sent.setdefault(record_id, set()).add(number)
    found = []
    for row in expiring(on=on, until=months_later(on, horizon)):
        nearest = due(row.valid_to, on, months, frozenset(sent.get(row.pk, ())))
        if nearest is not None:
            found.append((row, nearest))
    return found


def conflicts(person: Person, cluster: Cluster, *, on: date) -> list[Conflict]:
    """Every tie between a person and an organisation that the house knows of: posts, employers, advice."""
    years = certification().independence_years
    own = {cluster.body_id, cluster.host_id} - {None}
    members = set(ever_members(cluster.pk).values_list("body_id", flat=True))
    found = []
    for post in every_post(person):
        kind = ConflictKind.POST if post.body_id in own else ConflictKind.EMPLOYER if post.body_id in members else None
        if kind and post.body and relevant(post.until, on, years):
            found.append(Conflict(kind, post.body.name, post.until))
    found += [
        Conflict(ConflictKind.ADVICE, cluster.name, day)
        for day in advised_by(person, cluster.pk)
        if relevant(day, on, years)
    ]
    return found


def cases(*, seen_by: Actor, on: date) -> QuerySet[Case]:
    """The organisation's own cases, all for the secretariat, an assessor's those they are asked in; newest first."""
    rows = Case.objects.select_related("cluster", "audit", "record", "applied_by")
    seen = within(rows, seen_by, "labels.see_cases", on=on)
    if isinstance(seen_by, Person):
        asked = Declaration.objects.filter(person=seen_by).exclude(independent=False)
        seen = rows.filter(Q(pk__in=seen.values("pk")) | Q(pk__in=asked.values("case_id")))
    return seen.order_by("-applied_on", "-id")


def case(pk: int, *, seen_by: Actor, on: date) -> Case | None:
    return cases(seen_by=seen_by, on=on).filter(pk=pk).first()


def open_cases(*, seen_by: Actor, on: date) -> QuerySet[Case]:
    return cases(seen_by=seen_by, on=on).filter(state__in=OPEN)


def declarations(case_id: int) -> QuerySet[Declaration]:
    """Who was asked, for which seat, and what they declared."""
    return Declaration.objects.filter(case_id=case_id).select_related("person").order_by("seat", "id")


def assessors_of(audit: Assessment) -> tuple[Assessor, ...] | None:
    """Who stands behind an agreed audit, as the labels' rules ask; None where no experts have agreed."""
    rows = Declaration.objects.filter(case__audit=audit, independent=True)
    found = tuple(Assessor(row.independent, row.foreign) for row in rows)
    return found if found and audit.state == AssessmentState.AGREED else None


def own_declaration(case_id: int, person: Person) -> Declaration | None:
    return Declaration.objects.filter(case_id=case_id, person=person).first()


def areas(case_id: int) -> QuerySet[Area]:
    """The report's improvement areas with the steps of the plan."""
    return Area.objects.filter(case_id=case_id).prefetch_related("steps").order_by("indicator")


def steps_of(cluster_id: int) -> QuerySet[Step]:
    """The organisation's plan, what is not done first, by its day."""
    rows = Step.objects.filter(area__case__cluster_id=cluster_id).select_related("area__case")
    return rows.order_by("done_on", "due_on")


def reminders_of(rows: Iterable[LabelRecord]) -> dict[int, list[int]]:
    """Label -> months of the reminders that went out."""
    found: dict[int, list[int]] = {}
    for record_id, months in Reminder.objects.filter(record__in=list(rows)).values_list("record_id", "months"):
        found.setdefault(record_id, []).append(months)
    return {pk: sorted(months, reverse=True) for pk, months in found.items()}


def one_step(pk: int, *, cluster_id: int) -> Step | None:
    """A step of this organisation's plan (and of no other's)."""
    rows = Step.objects.select_related("area__case__cluster")
    return rows.filter(pk=pk, area__case__cluster_id=cluster_id).first()


def one_area(pk: int, *, cluster_id: int) -> Area | None:
    rows = Area.objects.select_related("case__cluster")
    return rows.filter(pk=pk, case__cluster_id=cluster_id).first()


def every_record() -> QuerySet[LabelRecord]:
    """Every label ever noted, the newest first."""
    return LabelRecord.objects.select_related("cluster").order_by("-valid_to", "cluster__name")
