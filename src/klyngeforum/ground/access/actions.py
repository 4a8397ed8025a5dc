"""Welcoming persons and giving them posts; nobody signs up alone."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q

from klyngeforum.ground.holding import alone_with, held, take_turn
from klyngeforum.ground.period import date_of
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import YES, Refused, no, require
from klyngeforum.ground.words import mark

from .models import Person, Post
from .queries import Actor, may, may_begin, posts_of
from .terms import Language, Role

_WHOLE_PROGRAMME = (Role.AUDITOR,)


@transaction.atomic
def welcome(*, by: Actor, at: datetime, email: str, name: str, language: Language = Language.DANISH) -> Person:
    """A new person, without a password until they set one; the same address is the same person. Mails are in the language."""
    require(
        may(by, "people.appoint", on=date_of(at)), YES if name.strip() else no(mark("The name is missing."), on="name")
    )
    known = Person.objects.filter(email__iexact=email.strip()).first()
    if known:
        return known
    told = {"name": name.strip(), "language": language.value, "password": make_password(None)}
    person, new = Person.objects.get_or_create(email=email.strip().lower(), defaults=told)
    if not new:  # welcomed at the same moment
        return person
    record(by=by, at=at, verb="people.welcome", thing="person", thing_id=person.pk, after={"name": person.name})
    return person


@transaction.atomic
def appoint(*, by: Actor, at: datetime, person: Person, role: Role, body_id: int | None, since: date) -> Post:
    """Give a person a role in a body from a day on."""
    placed = (
        YES
        if body_id is not None or role in _WHOLE_PROGRAMME
        else no(mark("Name the organisation that the post is in."), on="body")
    )
    require(may(by, "people.appoint", on=date_of(at)), placed)
    alone_with(person)
    where = Q(body__isnull=True) if body_id is None else Q(body_id=body_id)
    held = Post.objects.filter(where, person=person, role=role, until__isnull=True)
    if held.exists():
        raise Refused(no(mark("The person already holds this post."), on="role"))
    post = Post.objects.create(person=person, role=role, body_id=body_id, since=since)
    after = {"person": person.pk, "role": role, "since": since}
    record(by=by, at=at, verb="people.appoint", thing="post", thing_id=post.pk, body_id=body_id, after=after)
    return post


@transaction.atomic
def speak(*, by: Person, at: datetime, language: Language) -> None:
    """The person's own language from now on: of mails, and of the house where no other was chosen."""
    before = held(by).language
    if before == language:
        return
    by.language = language.value
    by.save(update_fields=["language"])
    told = {"language": language.value}
    record(by=by, at=at, verb="people.speak", thing="person", thing_id=by.pk, before={"language": before}, after=told)


@transaction.atomic
def end_post(*, by: Actor, at: datetime, post: Post, on: date) -> Post:
    """The post ends with the day; somebody must remain who can appoint others."""
    office = Post.objects.filter(role=Role.SECRETARIAT).order_by("pk")
    list(office.select_for_update(no_key=True).values_list("pk"))  # two who end the last two posts: one is told
    others = office.filter(Q(until__isnull=True) | Q(until__gt=on), person__is_active=True).exclude(pk=post.pk)
    last = held(post).role == Role.SECRETARIAT and not others.exists()
    require(
        may(by, "people.appoint", on=date_of(at)),
        no(mark("This is the last post in the secretariat. Appoint somebody else first."), on="until") if last else YES,
        no(mark("A post cannot end before it began."), on="until") if on < post.since else YES,
    )
    post.until = on
    post.save(update_fields=["until"])
    record(
        by=by, at=at, verb="people.end_post", thing="post", thing_id=post.pk, body_id=post.body_id, after={"until": on}
    )
    return post


@transaction.atomic
def begin(
    *, by: Actor, at: datetime, email: str, name: str, body_id: int, language: Language = Language.DANISH
) -> Person:
    """The first person of all, with a post in the secretariat: of an installation where nobody could give anybody a post."""
    take_turn()  # two at two consoles: the second is told
    require(may(by, "people.appoint", on=date_of(at)), may_begin(on=date_of(at)))
    person = welcome(by=by, at=at, email=email, name=name, language=language)
    appoint(by=by, at=at, person=person, role=Role.SECRETARIAT, body_id=body_id, since=date_of(at))
    return person


@transaction.atomic
def let_in(*, by: Actor, at: datetime, person: Person) -> None:
    """Note that the operator makes a link with which the person chooses a password; whoever has no post or is not active gets none."""
    day = date_of(at)
    require(
        YES if by is None else no(mark("Only whoever runs the house makes such a link.")),
        YES if held(person).is_active and posts_of(person, day).exists() else no(mark("The person holds no post on the day."), on="email"),
    )  # fmt: skip
    record(by=by, at=at, verb="people.let_in", thing="person", thing_id=person.pk)
