"""Two people at the same moment: an act holds what it is about, as it stands now, before it judges; and what can stand once stands once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, connection, models, transaction

from .verdict import YES, Refused, Verdict, no
from .words import mark

Row = TypeVar("Row", bound=models.Model)
_TRAIL = 4_711_001  # any fixed number: one writer at a time may extend the chain on PostgreSQL
_UNIQUE = "23505"  # PostgreSQL's number for it; SQLite says it in words


def held(one: Row) -> Row:
    """The row itself, read anew and held until the act is done (SQLite's IMMEDIATE transaction already holds the whole file): whoever else
    holds it is waited for. A page read it some moments ago, and somebody may have acted since."""
    rows = one._meta.base_manager.select_for_update(no_key=True)
    try:
        one.refresh_from_db(from_queryset=rows)
    except ObjectDoesNotExist as error:
        raise Refused(no(mark("It is gone: somebody took it out meanwhile. Look again."))) from error
    return one


def held_all(*several: Row) -> None:
    """Several rows of one table, in the order of their ids, so that no two acts wait for each other."""
    for one in sorted(several, key=lambda row: row.pk):
        held(one)


def alone_with(one: models.Model) -> None:
    """Hold a row that others hang on (an organisation, a person) without reading it anew: who writes what hangs on it by such an act waits.
    First of all that an act holds, so that an act and a whole sheet of acts do not wait for each other."""
    one._meta.base_manager.select_for_update(no_key=True).filter(pk=one.pk).values_list("pk").first()


def take_turn() -> None:
    """Nobody else writes to the trail until the caller's transaction ends (SQLite's IMMEDIATE already serialises writers): for each act's
    own words in it, and for a whole file that is compared with everything that stands."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TRAIL])


@contextmanager
def once(again: Callable[[], Verdict] = lambda: YES) -> Iterator[None]:
    """What is written inside can stand once: of two who write it at the same moment the second is refused, with what ``again`` says now."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if getattr(error.__cause__, "sqlstate", None) != _UNIQUE and "UNIQUE" not in str(error):
            raise
        why = again()
        raise Refused(no(mark("Somebody did the same at the same moment. Look again.")) if why else why) from error
