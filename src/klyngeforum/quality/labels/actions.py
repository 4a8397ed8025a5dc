"""Noting labels that an external issuer awarded."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from klyngeforum.ground.access.queries import Actor, may
from klyngeforum.ground.holding import once
from klyngeforum.ground.period import date_of
from klyngeforum.ground.programme.queries import labels
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import YES, no, require
from klyngeforum.ground.words import mark

from .models import LabelRecord

if TYPE_CHECKING:
    from klyngeforum.registers.clusters.models import Cluster


@transaction.atomic
def note(
    *,
    by: Actor,
    at: datetime,
    cluster: Cluster,
    label: str,
    issuer: str,
    valid_from: date,
    valid_to: date,
    certificate: str = "",
    source: str = "",
) -> LabelRecord:
    """Record a label with its dates as the issuer decided them."""
    known = (
        YES
        if label in {one.code for one in labels()}
        else no(mark("There is no label “%(label)s” in the programme."), on="label", label=label)
    )
    ordered = YES if valid_from <= valid_to else no(mark("A label cannot end before it begins."), on="valid_to")
    require(may(by, "labels.record", on=date_of(at)), known, ordered)
    row = LabelRecord(
        cluster=cluster,
        label=label,
        issuer=issuer,
        certificate=certificate,
        valid_from=valid_from,
        valid_to=valid_to,
        source=source,
    )
    with once(lambda: no(mark("The label is noted from that day already."), on="valid_from")):
        row.save()
    after = {"label": label, "valid_from": valid_from, "valid_to": valid_to, "issuer": issuer}
    record(by=by, at=at, verb="labels.note", thing="label", thing_id=row.pk, body_id=cluster.body_id, after=after)
    return row
