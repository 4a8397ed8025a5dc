"""More time for one account: given by the secretariat, with a reason that stands beside the deadline."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from klyngeforum.ground.access.queries import Actor, may
from klyngeforum.ground.period import date_of
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import YES, no, require
from klyngeforum.ground.words import mark

from .models import Account, Extension
from .terms import AccountState


@transaction.atomic
def extend(*, by: Actor, at: datetime, account: Account, until: date, reason: str) -> Extension:
    """Give the organisation more time; reminders follow the new deadline."""
    one = Account.objects.select_for_update(of=("self",)).select_related("cluster").get(pk=account.pk)
    why = reason.strip()[:500]
    require(
        may(by, "accounts.return", one, on=date_of(at)),
        YES if one.state in (AccountState.OPEN, AccountState.RETURNED) else no(mark("The account is handed in; it needs no more time."), on="until"),
        YES if until > one.due_on else no(mark("The deadline is %(day)s already. Choose a later day."), on="until", day=one.due_on),
        YES if until >= date_of(at) else no(mark("The day lies in the past."), on="until"),
        YES if why else no(mark("Write why more time is given."), on="reason"),
    )  # fmt: skip
    row = Extension.objects.create(account=one, before=one.due_on, until=until, reason=why, by=by, at=at)
    before, one.due_on = one.due_on, until
    one.save(update_fields=["due_on"])
    record(
        by=by, at=at, verb="accounts.extend", thing="account", thing_id=one.pk, body_id=one.cluster.body_id, reason=why,
        before={"due_on": before}, after={"due_on": until},
    )  # fmt: skip
    return row
