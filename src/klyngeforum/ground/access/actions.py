"""Welcoming persons and giving them posts; nobody signs up alone."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q

from klyngeforum.ground.holding import alone_with, held
from klyngeforum.ground.period import date_of
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import YES, Refused, no, require
from klyngeforum.ground.words import mark

from .models import Person, Post
from .queries import Actor, may
from .terms import Role

_WHOLE_PROGRAMME = (Role.AUDITOR,)


@transaction.atomic
def welcome(*, by: Actor, at: datetime, email: str, name: str) -> Person:
    """A new person, without a password until they set one; the same address is the same person."""
    require(
        may(by, "people.appoint", on=date_of(at)), YES if name.strip() else no(mark("The name is missing."), on="name")
    )
    known = Person.objects.filter(email__iexact=email.strip()).first()
    if known:
        return known
    told = {"name": name.strip(), "password": make_password(None)}
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
