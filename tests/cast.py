"""A small cast for stories: two cluster organisations, five companies, a university, and the people of three desks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings

from klyngeforum.ground.access import actions as access
from klyngeforum.ground.access.terms import Role
from klyngeforum.ground.bodies import actions as bodies
from klyngeforum.ground.bodies.actions import NewBody
from klyngeforum.ground.bodies.terms import BodyKind, KnowledgeKind, Scheme
from klyngeforum.ground.places.queries import named
from klyngeforum.records.activities import actions as activities
from klyngeforum.records.activities.actions import NewActivity, NewPart
from klyngeforum.records.activities.terms import ActivityKind, Attribution, PartRole
from klyngeforum.registers.clusters import actions as clusters
from klyngeforum.registers.clusters.actions import NewCluster
from klyngeforum.registers.clusters.terms import ClusterKind, Level
from klyngeforum.registers.take_in import take_in
from klyngeforum.results.accounts import actions as accounts
from klyngeforum.results.accounts import remarks
from klyngeforum.results.accounts.queries import latest, open_messages
from klyngeforum.results.accounts.terms import About

AT = datetime(2013, 3, 1, 9, tzinfo=UTC)
YEAR = 2012


def _numbers() -> list[str]:
    """Valid CVR numbers of the range that is never given out."""
    weights, found = (2, 7, 6, 5, 4, 3, 2, 1), []
    number = 98_000_000
    while len(found) < 12:
        if sum(w * int(d) for w, d in zip(weights, str(number), strict=True)) % 11 == 0:
            found.append(str(number))
        number += 1
    return found


@dataclass
class Cast:
    people: dict[str, Any] = field(default_factory=dict)
    clusters: dict[str, Any] = field(default_factory=dict)
    bodies: dict[str, int] = field(default_factory=dict)
    case: Any = None  # of certification, an assessment in work and a placement: see tests/furnished.py
    draft: Any = None
    placement: Any = None
    studies: dict[str, str] = field(
        default_factory=dict
    )  # address -> code of a study to look at there: see tests/studied.py
    survey: Any = None
    scenario: int = 0
    exhibit: int = 0
    survey_link: str = "none"

    def activity(
        self, cluster: str, reference: str, *, kind: ActivityKind = ActivityKind.KNOWLEDGE, day: date = date(YEAR, 5, 5)
    ) -> Any:
        """Held by the cluster's own manager."""
        one = self.clusters[cluster]
        new = NewActivity(
            one.pk, reference, kind, f"Aktivitet {reference}", day, day, attribution=Attribution.INITIATED
        )
        return activities.hold(by=self.people[cluster], at=AT, cluster=one, new=new)

    def part(self, activity: Any, *names: str, hours: str = "4") -> None:
        manager = self.people["vind" if activity.cluster_id == self.clusters["vind"].pk else "mad"]
        for name in names:
            activities.take_part(
                by=manager,
                at=AT,
                activity=activity,
                new=NewPart(activity.pk, self.bodies[name], PartRole.PARTICIPANT, 1, Decimal(hours)),
            )

    def open(self, year: int = YEAR) -> None:
        accounts.open_round(by=self.people["office"], at=AT, year=year, due_on=date(year + 1, 5, 15))

    def account(self, cluster: str, year: int = YEAR) -> Any:
        return latest(self.clusters[cluster].pk, year)

    def submitted(self, cluster: str, *, year: int = YEAR) -> Any:
        """Handed in by its manager, with every question and every empty section answered."""
        account, manager = self.account(cluster, year), self.people[cluster]
        remarks.nothing_more(by=manager, at=AT, account=account)
        for one in open_messages(account):
            remarks.write(by=manager, at=AT, account=account, about=About.ANSWER, key=str(one.pk), text="Det er set efter.", turn=0)  # fmt: skip
        return accounts.submit(
            by=self.people[cluster], at=AT, account=self.account(cluster, year), comment="Alt er talt."
        )

    def approved(self, cluster: str, *, year: int = YEAR) -> Any:
        self.submitted(cluster, year=year)
        return accounts.approve(by=self.people["office"], at=AT, account=self.account(cluster, year))


def cast() -> Cast:
    """Everybody on stage, through the front doors."""
    take_in(folder=settings.PROGRAMME, at=AT)
    one, numbers = Cast(), _numbers()
    place = named("Odense", on=AT.date())
    wanted = [
        ("forum", "Forumsekretariatet", BodyKind.AUTHORITY, KnowledgeKind.NONE, 3),
        ("vind", "Vindklyngen", BodyKind.CLUSTER, KnowledgeKind.NONE, 5), ("mad", "Madklyngen", BodyKind.CLUSTER, KnowledgeKind.NONE, 4),
        ("a", "Vinger og Tårne A/S", BodyKind.COMPANY, KnowledgeKind.NONE, 12), ("b", "Mølleby ApS", BodyKind.COMPANY, KnowledgeKind.NONE, 60),
        ("c", "Havvind Service A/S", BodyKind.COMPANY, KnowledgeKind.NONE, 400), ("d", "Ost og Brød ApS", BodyKind.COMPANY, KnowledgeKind.NONE, 8),
        ("uni", "Fyns Universitet", BodyKind.KNOWLEDGE, KnowledgeKind.UNIVERSITY, 900),
    ]  # fmt: skip
    for (key, name, kind, knowledge, employees), number in zip(wanted, numbers, strict=False):
        new = NewBody(
            name, kind, Scheme.CVR, number, knowledge, employees=employees, place_id=place.pk if place else None
        )
        one.bodies[key] = bodies.register(by=None, at=AT, body=new).pk
    one.bodies["x"] = bodies.register(by=None, at=AT, body=NewBody("Firmaet uden nummer")).pk
    for key, name in (("vind", "Vindklyngen"), ("mad", "Madklyngen")):
        new_cluster = NewCluster(
            one.bodies[key],
            name,
            ClusterKind.CLUSTER,
            Level.NATIONAL,
            f"{name} samler virksomheder.",
            place_id=place.pk if place else None,
        )
        one.clusters[key] = clusters.register(by=None, at=AT, new=new_cluster)
    posts = [
        ("office", Role.SECRETARIAT, "forum"), ("office2", Role.SECRETARIAT, "forum"), ("vind", Role.MANAGER, "vind"), ("mad", Role.MANAGER, "mad"),
        ("staff", Role.STAFF, "vind"), ("ministry", Role.FORUM, "forum"), ("company", Role.COMPANY, "a"), ("analyst", Role.ANALYST, "forum"),
        ("adviser", Role.ADVISER, "forum"), ("university", Role.INSTITUTION, "uni"), ("auditor", Role.AUDITOR, None),
    ]  # fmt: skip
    for key, role, body in posts:
        person = access.welcome(by=None, at=AT, email=f"{key}@demo.invalid", name=key.title())
        access.appoint(
            by=None, at=AT, person=person, role=role, body_id=one.bodies[body] if body else None, since=date(2010, 1, 1)
        )
        one.people[key] = person
    return one
