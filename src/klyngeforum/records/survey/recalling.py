"""All links of a round at once: taken back with a reason, and new ones sent to those who have not handed in."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max, QuerySet

from klyngeforum.ground.access.queries import Actor, may
from klyngeforum.ground.period import date_of
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import require

from .drawing import with_basis
from .links import token
from .models import Asked, Round, Written
from .rules import fingerprint, may_recall, may_renew
from .terms import AnswerState

_BATCH = 500


@transaction.atomic
def recall(*, by: Actor, at: datetime, one: Round, reason: str, sure: bool) -> int:
    """Every link of the round is worthless from now on, also those that open a copy; what companies have saved stands. How many there were."""
    one = Round.objects.select_for_update().get(pk=one.pk)
    rows = list(Asked.objects.select_for_update().filter(round=one, link__isnull=False).order_by("id"))
    require(may(by, "survey.hold", on=date_of(at)), *may_recall(state=one.state, links=len(rows), reason=reason, sure=sure))  # fmt: skip
    for row in rows:
        row.recalled, row.recalled_at, row.turn = row.link or "", at, row.turn + 1
        row.link = fingerprint(token(row.pk, row.turn))  # nobody has it until a letter is written
    columns = ["recalled", "recalled_at", "turn", "link"]
    Asked.objects.bulk_create(rows, batch_size=_BATCH, update_conflicts=True, unique_fields=["id"], update_fields=columns)  # fmt: skip
    record(by=by, at=at, verb="survey.recall", thing="survey", thing_id=one.pk, reason=reason.strip(), after={"links": len(rows)})  # fmt: skip
    return len(rows)


def by_old_link(token: str) -> Asked | None:
    """The company whose link this was until all of the round's were taken back."""
    return Asked.objects.select_related("round").filter(recalled=fingerprint(token)).first()


def waiting_count(one: Round, *, on: date) -> int:
    return waiting(one, with_basis(on)).count() if recalled_at(one) else 0


def waiting(one: Round, bases: set[int]) -> QuerySet[Asked]:
    """Companies whose link was taken back, that have not handed in and for whom no letter with a new one was laid out since."""
    rows = Asked.objects.filter(round=one, recalled_at__isnull=False, revoked=False).exclude(state=AnswerState.HANDED_IN)  # fmt: skip
    rows = rows.exclude(body__protected=True) | rows.filter(body__in=bases)
    later = Written.objects.filter(asked__round=one, asked__recalled_at__isnull=False, queued_at__gt=recalled_at(one))
    unsent = Written.objects.filter(asked__round=one, sent_at__isnull=True)
    return rows.exclude(pk__in=later.values("asked")).exclude(pk__in=unsent.values("asked")).order_by("id")


def recalled_at(one: Round) -> datetime | None:
    """When the round's links were last taken back."""
    found: datetime | None = Asked.objects.filter(round=one).aggregate(at=Max("recalled_at"))["at"]
    return found


@transaction.atomic
def renew(*, by: Actor, at: datetime, one: Round) -> int:
    """Lay out a letter with a new link for everybody who waits for one; it goes out with the next letters."""
    one = Round.objects.select_for_update().get(pk=one.pk)
    rows = list(waiting(one, with_basis(date_of(at)))) if recalled_at(one) else []
    require(may(by, "survey.hold", on=date_of(at)), may_renew(state=one.state, waiting=len(rows)))
    last = dict(Written.objects.filter(asked__in=rows).order_by().values_list("asked").annotate(n=Max("number")))
    Written.objects.bulk_create(
        [Written(asked=row, number=last.get(row.pk, -1) + 1, queued_at=at) for row in rows], batch_size=_BATCH
    )
    record(by=by, at=at, verb="survey.renew", thing="survey", thing_id=one.pk, after={"letters": len(rows)})
    return len(rows)
