"""Persons and their posts."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from klyngeforum.ground.fields import not_before, one_of, term

from .terms import Language, Role


class People(BaseUserManager["Person"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        person = self.model(email=self.normalize_email(email), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """Somebody who can sign in; what they may do follows from their posts alone."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    language = term(Language, default=Language.DANISH.value)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[People] = People()
    posts_read: list[tuple[str, int | None, date, date | None]] | None = None  # read once for a request

    class Meta:
        constraints = [one_of("language", Language, "a_person_reads_a_known_language")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name


class Post(models.Model):
    """A role in a body, from–to; the body is empty only for roles of the whole programme."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts")
    role = term(Role)
    body = models.ForeignKey("bodies.Body", null=True, blank=True, on_delete=models.PROTECT, related_name="posts")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            one_of("role", Role, "a_post_has_a_known_role"),
            not_before("until", "since", "a_post_ends_after_it_begins"),
            models.UniqueConstraint(fields=["person", "role", "body", "since"], name="a_post_starts_once_a_day"),
        ]


class Key(models.Model):
    """A key with which a person's own program may do what the person may; only its digest is kept, so it is seen once."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="keys")
    name = models.CharField(max_length=80)
    start = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    until = models.DateField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
