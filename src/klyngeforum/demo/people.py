"""Somebody for every desk of the made-up country; their addresses end in demo.invalid, which exists nowhere."""

from __future__ import annotations

from datetime import UTC, date, datetime

from klyngeforum.ground.access import actions as access
from klyngeforum.ground.access.queries import Actor
from klyngeforum.ground.access.terms import Role
from klyngeforum.ground.bodies import actions as bodies
from klyngeforum.ground.bodies.actions import NewBody
from klyngeforum.ground.bodies.terms import BodyKind
from klyngeforum.ground.places.queries import by_code
from klyngeforum.ground.places.terms import AreaKind

from .plan import Country

DOMAIN = "demo.invalid"
_SINCE = date(2008, 1, 1)


def appoint(
    country: Country, cluster_bodies: list[int], institutions: list[int], companies: list[int]
) -> dict[str, Actor]:
    """Persons and posts; returns them by the word before the @."""
    at = datetime(country.size.first_year, 1, 2, 8, tzinfo=UTC)
    forum, ministry, reg_x, region = bodies.register_many(
        by=None, at=at,
        bodies=[
            NewBody("Forumsekretariatet (demo)", BodyKind.AUTHORITY), NewBody("Ministeriet (demo)", BodyKind.AUTHORITY),
            NewBody("Erhvervsservice (demo)", BodyKind.ASSOCIATION), NewBody("Region Nordjylland (demo)", BodyKind.AUTHORITY, place_id=by_code(AreaKind.REGION)["1081"]),
        ],
    )  # fmt: skip
    posts: list[tuple[str, str, Role, int | None]] = [
        ("sekretariat", "Sanne Sekretariat", Role.SECRETARIAT, forum),
        ("sekretariat2", "Svend Sekretariat", Role.SECRETARIAT, forum),
        ("ministerium", "Mikkel Ministerium", Role.FORUM, ministry),
        ("region", "Rikke Region", Role.FORUM, region),
        ("analytiker", "Anders Analytiker", Role.ANALYST, forum),
        ("auditor", "Aase Auditor", Role.AUDITOR, None),
        ("auditor2", "Arne Auditor", Role.AUDITOR, None),
        ("raadgiver", "Randi Rådgiver", Role.ADVISER, reg_x),
        ("universitet", "Ulrik Universitet", Role.INSTITUTION, institutions[0]),
        ("virksomhed", "Vibeke Virksomhed", Role.COMPANY, companies[0]),
    ]
    for nth, body in enumerate(cluster_bodies):
        suffix = "" if nth == 0 else str(nth + 1)
        posts.append((f"klyngeleder{suffix}", f"Klara Klyngeleder {nth + 1}", Role.MANAGER, body))
    posts.append(("medarbejder", "Morten Medarbejder", Role.STAFF, cluster_bodies[0]))
    people: dict[str, Actor] = {}
    for word, name, role, body_id in posts:
        person = access.welcome(by=None, at=at, email=f"{word}@{DOMAIN}", name=name)
        access.appoint(by=None, at=at, person=person, role=role, body_id=body_id, since=_SINCE)
        people[word] = person
    return people
