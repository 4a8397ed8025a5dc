"""May this person do this act, and on which rows: one implementation for lists and single things."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TypeVar, cast

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Model, Q, QuerySet

from klyngeforum.ground.fields import danish_order
from klyngeforum.ground.verdict import YES, Verdict, no
from klyngeforum.ground.words import mark

from .models import Person, Post
from .roles import RIGHTS
from .terms import Reach, Role

Actor = Person | None  # None is the operator at the machine's own console, who may do everything there
EVERYBODY = cast(Person, AnonymousUser())  # a stranger: holds no post, and reaches what everybody reaches
Row = TypeVar("Row", bound=Model)


def person_of(email: str) -> Person | None:
    """The active person with that address."""
    return Person.objects.filter(email__iexact=email, is_active=True).first()


def people(*, seen_by: Actor, on: date) -> QuerySet[Post]:
    """Every post with its person and body, those held now first."""
    rows = (
        Post.objects.select_related("person", "body") if reach_of(seen_by, "people.see", on)[0] else Post.objects.none()
    )
    return rows.order_by(F("until").desc(nulls_first=True), "role", danish_order("person__name"))


def posts_of(person: Person, on: date) -> QuerySet[Post]:
    """The posts that the person holds on the day."""
    return Post.objects.filter(person=person, since__lte=on).filter(Q(until__isnull=True) | Q(until__gte=on))


def every_post(person: Person) -> QuerySet[Post]:
    """Every post that the person holds or ever held, with its body."""
    return Post.objects.filter(person=person).select_related("body").order_by("since")


def remember_posts(person: Person) -> None:
    """For one request: the person's posts are read once, not for every question."""
    if isinstance(person, Person):
        person.posts_read = list(Post.objects.filter(person=person).values_list("role", "body_id", "since", "until"))


def _held(person: Person, on: date) -> Iterable[tuple[str, int | None]]:
    if person.posts_read is None:
        return posts_of(person, on).values_list("role", "body_id")
    return [
        (role, body) for role, body, since, until in person.posts_read if since <= on and (until is None or until >= on)
    ]


def reach_of(actor: Actor, act: str, on: date) -> tuple[bool, set[int]]:
    """Whether the act reaches everything, and otherwise the bodies of the posts that give it."""
    rights = RIGHTS[act]
    if actor is None or Role.PUBLIC in rights:
        return True, set()
    if not isinstance(actor, Person) or not actor.is_active:
        return False, set()
    bodies: set[int] = set()
    for role, body_id in _held(actor, on):
        reach = rights.get(Role(role))
        if reach is Reach.ALL:
            return True, set()
        if reach is not None and body_id is not None:
            bodies.add(body_id)
    return False, bodies


def within(rows: QuerySet[Row], actor: Actor, act: str, *, on: date) -> QuerySet[Row]:
    """Only the rows that the act reaches for this actor; a model says whose its rows are with ``OWNER``."""
    everything, bodies = reach_of(actor, act, on)
    if everything:
        return rows
    if not bodies:
        return rows.none()
    owner = getattr(rows.model, "OWNER", None)
    return rows.filter(**{f"{owner}__in": bodies}) if owner else rows.none()


def may(actor: Actor, act: str, thing: Model | None = None, *, on: date) -> Verdict:
    """Whether the act is open to the actor, for the thing if one is named."""
    everything, bodies = reach_of(actor, act, on)
    if everything or (thing is None and bodies):
        return YES
    if (
        thing is not None
        and bodies
        and within(type(thing)._default_manager.filter(pk=thing.pk), actor, act, on=on).exists()
    ):
        return YES
    return no(mark("You do not have the right to do this here."))


def somebody_appoints(*, on: date) -> bool:
    """Whether anybody who may give posts is there on the day; in an installation from nothing nobody is."""
    roles = list(RIGHTS["people.appoint"])
    posts = Post.objects.filter(role__in=roles, person__is_active=True, since__lte=on)
    return posts.filter(Q(until__isnull=True) | Q(until__gte=on)).exists()


def may_begin(*, on: date) -> Verdict:
    """Whether the first person of all may be welcomed: only as long as nobody can give posts."""
    there = mark("Somebody is in the secretariat already; that person gives the next posts, under People and posts.")
    return no(there, on="email") if somebody_appoints(on=on) else YES


def one_post(pk: int) -> Post | None:
    return Post.objects.select_related("person", "body").filter(pk=pk).first()


def holding(role: Role, *, on: date) -> QuerySet[Person]:
    """Active people who hold a post of that role on the day, by name."""
    posts = Post.objects.filter(role=role, since__lte=on).filter(Q(until__isnull=True) | Q(until__gte=on))
    return Person.objects.filter(is_active=True, pk__in=posts.values("person_id")).order_by("name")


def holding_in(role: Role, body_id: int, *, on: date) -> QuerySet[Person]:
    """Active people who hold a post of that role in the body on the day."""
    posts = Post.objects.filter(role=role, body_id=body_id, since__lte=on).filter(
        Q(until__isnull=True) | Q(until__gte=on)
    )
    return Person.objects.filter(is_active=True, pk__in=posts.values("person_id")).order_by("name")


def holders(role: Role, *, on: date) -> dict[int, list[Person]]:
    """Body -> active people who hold a post of that role in it on the day, by name."""
    posts = Post.objects.filter(role=role, since__lte=on, body__isnull=False, person__is_active=True)
    found: dict[int, list[Person]] = {}
    for post in posts.filter(Q(until__isnull=True) | Q(until__gte=on)).select_related("person").order_by("person__name", "id"):  # fmt: skip
        there = found.setdefault(post.body_id or 0, [])
        if post.person not in there:
            there.append(post.person)
    return found
