"""Answering what no record says, and handing a report in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from klyngeforum.ground.access.queries import Actor, may
from klyngeforum.ground.figure import digest_of
from klyngeforum.ground.period import date_of
from klyngeforum.ground.programme.actions import mark_used
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import YES, Refused, Verdict, no, require
from klyngeforum.ground.words import mark

from .models import Answer, Report, ReportValue
from .queries import filled_now, handed_in, owes
from .rules import may_answer, may_hand_in

if TYPE_CHECKING:
    from klyngeforum.ground.programme.reporting import ReportForm
    from klyngeforum.registers.clusters.models import Cluster


def _owed(cluster: Cluster, form: ReportForm, year: int) -> Verdict:
    if owes(cluster.pk, form, year):
        return YES
    return no(mark("No grant of this funder ran in the year, so no report is due."))


@transaction.atomic
def answer(*, by: Actor, at: datetime, cluster: Cluster, form: ReportForm, year: int, given: Mapping[str, str]) -> int:
    """Field -> text, kept by what the field means, so that every form that asks the same is answered. Returns how many changed."""
    fields = {one.code: one for one in form.fields}
    require(
        may(by, "reports.fill", cluster, on=date_of(at)), _owed(cluster, form, year),
        *(may_answer(fields.get(code), text.strip()) for code, text in given.items()),
    )  # fmt: skip
    standing = dict(Answer.objects.filter(cluster=cluster, year=year).values_list("meaning", "text"))
    wanted = {fields[code].meaning: text.strip() for code, text in given.items()}
    changed = {meaning: text for meaning, text in wanted.items() if text != standing.get(meaning, "")}
    for meaning, text in changed.items():
        if text:
            Answer.objects.update_or_create(cluster=cluster, year=year, meaning=meaning, defaults={"text": text})
        else:
            Answer.objects.filter(cluster=cluster, year=year, meaning=meaning).delete()
    if changed:
        before = {meaning: standing[meaning] for meaning in changed if meaning in standing}
        record(by=by, at=at, verb="reports.answer", thing="report", body_id=cluster.body_id, before=before, after={"year": year, **changed})  # fmt: skip
    return len(changed)


@transaction.atomic
def hand_in(*, by: Actor, at: datetime, cluster: Cluster, form: ReportForm, year: int) -> Report:
    """The report as it is filled now goes to the funder and stays so; handed in again it is a new edition."""
    require(may(by, "reports.hand_in", cluster, on=date_of(at)), _owed(cluster, form, year))
    rows = filled_now(cluster, form, year)
    require(*may_hand_in(rows, year, at.year))
    standing = handed_in(cluster.pk, form.code, year)
    digest = digest_of([form.code, form.version, cluster.pk, year, [[row.field.code, row.text, str(row.origin)] for row in rows]])  # fmt: skip
    if standing is not None and standing.digest == digest:
        raise Refused(no(mark("It is handed in already just as it stands.")))
    edition = standing.edition + 1 if standing else 1
    try:
        with transaction.atomic():
            made = Report.objects.create(cluster=cluster, form=form.code, version=form.version, year=year, edition=edition, digest=digest, handed_in_at=at, handed_in_by=by)  # fmt: skip
    except IntegrityError as error:
        raise Refused(no(mark("Somebody else handed it in at the same moment. Look again."))) from error
    ReportValue.objects.bulk_create(
        ReportValue(report=made, nth=nth, code=row.field.code, origin=row.origin, value=row.text)
        for nth, row in enumerate(rows, start=1)
    )
    mark_used(kind="report", versions={form.code: form.version}, at=at)
    after = {"form": form.code, "year": year, "edition": edition, "digest": digest}
    record(by=by, at=at, verb="reports.hand_in", thing="report", thing_id=made.pk, body_id=cluster.body_id, after=after)
    return made
