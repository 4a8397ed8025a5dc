"""What stands beside the answers: eligibility facts, evidence, and consent to being named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING

from django.db import transaction

from klyngeforum.ground.access.queries import Actor, may
from klyngeforum.ground.holding import alone_with, held
from klyngeforum.ground.period import date_of
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import YES, Refused, Verdict, no, require
from klyngeforum.ground.words import mark
from klyngeforum.quality.indicators.terms import Fact, FactKind, Version

from .holding import FILLS, taken, trailed
from .measured import measured
from .models import Assessment, Consent, Document, Evidence, Stated
from .queries import version_of
from .rules import may_write, readable, same_turn, short_enough
from .terms import AssessmentKind, Seat

if TYPE_CHECKING:
    from klyngeforum.registers.clusters.models import Cluster


def _fact_value(fact: Fact, value: str) -> tuple[Decimal | None, bool | None]:
    text = value.strip()
    if fact.kind is FactKind.YES_NO:
        if text not in ("yes", "no", ""):
            raise Refused(no(mark("Answer yes or no."), on="value"))
        return None, (text == "yes") if text else None
    if not text:
        return None, None
    try:
        number = Decimal(text.replace(",", "."))
    except ArithmeticError as error:
        raise Refused(no(mark("“%(value)s” is not a number."), on="value", value=text)) from error
    if not number.is_finite() or not 0 <= number < 10**9:
        raise Refused(no(mark("“%(value)s” is not a number."), on="value", value=text))
    return number, None


@transaction.atomic
def state(
    *, by: Actor, at: datetime, assessment: Assessment, fact: str, value: str, turn: int, because: str = ""
) -> Stated:
    """State an eligibility fact; who differs from what registers hold says why."""
    one = taken(assessment)
    require(
        may(by, FILLS[AssessmentKind(one.kind)], one, on=date_of(at)),
        may_write(one.state, Seat.OWN),
        short_enough(because),
    )
    what = next((entry for entry in version_of(one).facts if entry.code == fact), None)
    if what is None:
        raise Refused(no(mark("The scheme does not ask for “%(fact)s”."), on="fact", fact=fact))
    number, yes = _fact_value(what, value)
    held = measured(one.cluster_id, one.as_of)[what.measured].value if what.measured else None
    if number is not None and held is not None and number != held and not because.strip():
        raise Refused(no(mark("The registers hold %(held)s. Say why yours is another."), on="because", held=held))
    row = Stated.objects.select_related("by").filter(assessment=one, fact=fact).first()
    if row is None:
        row = Stated(assessment=one, fact=fact, turn=0)
    who = row.by.name if row.by else ""  # type: ignore[attr-defined]
    require(same_turn(turn, row.turn, who, str(row.number if row.number is not None else row.yes)))
    row.number, row.yes, row.because, row.turn, row.by, row.at = number, yes, because.strip(), row.turn + 1, by, at
    row.save()
    trailed(one, by=by, at=at, verb="state", fact=fact, value=value.strip())
    return row


@dataclass(frozen=True, slots=True)
class NewEvidence:
    """A link or a file (name, content type, content) with its date and kind."""

    indicator: str
    title: str
    dated: date
    kind: str = ""
    link: str = ""
    file: tuple[str, str, bytes] | None = None


def _evident(new: NewEvidence, version: Version, on: date) -> Verdict:
    if version.indicator(new.indicator) is None:
        return no(mark("The scheme has no indicator %(code)s."), on="indicator", code=new.indicator)
    if not new.title.strip():
        return no(mark("Write what the evidence is."), on="title")
    if new.kind and new.kind not in {one.code for one in version.evidence}:
        return no(mark("The scheme does not know this kind of evidence."), on="kind")
    if new.dated > on:
        return no(mark("Evidence cannot be dated in the future."), on="dated")
    if bool(new.link) == (new.file is not None):
        return no(mark("Give a link or a file, one of the two."), on="link")
    if new.link and not new.link.startswith(("https://", "http://")):
        return no(mark("A link begins with https:// or http://."), on="link")
    return readable(new.file[0], new.file[1], len(new.file[2])) if new.file else YES


@transaction.atomic
def attach(*, by: Actor, at: datetime, assessment: Assessment, new: NewEvidence) -> Evidence:
    """Lay evidence beside an answer."""
    one = taken(assessment)
    require(
        may(by, FILLS[AssessmentKind(one.kind)], one, on=date_of(at)), may_write(one.state, Seat.OWN),
        _evident(new, version_of(one), date_of(at)),
    )  # fmt: skip
    kept = None
    if new.file is not None:
        name, kind, content = new.file
        digest = sha256(content).hexdigest()
        kept, _ = Document.objects.get_or_create(
            digest=digest, defaults={"name": name[-160:], "kind": kind, "size": len(content), "content": content}
        )
    row = Evidence.objects.create(
        assessment=one, indicator=new.indicator, kind=new.kind, title=new.title.strip()[:200], dated=new.dated,
        link=new.link, document=kept, by=by, at=at,
    )  # fmt: skip
    trailed(
        one, by=by, at=at, verb="attach", indicator=new.indicator, evidence=row.pk, title=row.title, dated=new.dated
    )
    return row


@transaction.atomic
def detach(*, by: Actor, at: datetime, evidence: Evidence) -> None:
    """Take evidence off; the trail keeps what it was."""
    one = taken(evidence.assessment)
    require(may(by, FILLS[AssessmentKind(one.kind)], one, on=date_of(at)), may_write(one.state, Seat.OWN))
    held(evidence)
    trailed(one, by=by, at=at, verb="detach", indicator=evidence.indicator, evidence=evidence.pk, title=evidence.title)
    Evidence.objects.filter(pk=evidence.pk).delete()


@transaction.atomic
def consent(*, by: Actor, at: datetime, cluster: Cluster, to_be_named: bool) -> None:
    """Let others see the organisation's name beside its values, or no longer."""
    require(may(by, "assessments.consent", cluster, on=date_of(at)))
    alone_with(cluster)
    stands = Consent.objects.filter(cluster=cluster, withdrawn_at__isnull=True)
    if to_be_named == stands.exists():
        return
    if to_be_named:
        Consent.objects.create(cluster=cluster, given_at=at, given_by=by)
    else:
        stands.update(withdrawn_at=at)
    record(
        by=by, at=at, verb="assessments.consent", thing="consent", thing_id=cluster.pk, body_id=cluster.body_id,
        after={"named": to_be_named},
    )  # fmt: skip
