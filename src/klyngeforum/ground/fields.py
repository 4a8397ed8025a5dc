"""Columns and constraints that read as sentences."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower, Replace

from .danish import REPLACED
from .words import Term


def term(terms: type[Term], **options: object) -> models.CharField[str, str]:
    """A text column that holds one of the terms; pair it with ``one_of``."""
    longest = max(len(value) for value in terms.values())
    return models.CharField(max_length=max(longest, 8), choices=terms.choices(), **options)  # type: ignore[arg-type]


def one_of(column: str, terms: type[Term], name: str) -> models.CheckConstraint:
    """The database keeps the column to the terms."""
    return models.CheckConstraint(condition=models.Q(**{f"{column}__in": terms.values()}), name=name)


def not_before(later: str, earlier: str, name: str) -> models.CheckConstraint:
    """The later day is empty or not before the earlier one."""
    empty = models.Q(**{f"{later}__isnull": True})
    return models.CheckConstraint(condition=empty | models.Q(**{f"{later}__gte": models.F(earlier)}), name=name)


def danish_order(column: str) -> models.Expression:
    """What the database sorts a name by: the order of the Danish alphabet (``danish_key``), for short lists."""
    key: models.Expression = Lower(column)
    for letter, place in REPLACED:
        key = Replace(key, models.Value(letter), models.Value(place))
    return key


def danish(column: str) -> models.GeneratedField:
    """The same kept beside the name, for long lists."""
    return models.GeneratedField(expression=danish_order(column), output_field=models.TextField(), db_persist=True)
