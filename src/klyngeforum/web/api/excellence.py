"""Labels, leagues, proposals and distances, read by programs: what rests on a placeholder value says so."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from ninja.errors import HttpError
from ninja.security import django_auth

from klyngeforum.ground.access.queries import may
from klyngeforum.quality.assessments.queries import version_of
from klyngeforum.quality.labels.queries import best_of, held
from klyngeforum.quality.labels.telling import newest_scored, told
from klyngeforum.registers.clusters.queries import cluster as cluster_of
from klyngeforum.steering.leagues.queries import placements, proposals, resting
from klyngeforum.web.serving import me

from .keys import ByKey

public = Router()
own = Router(auth=[ByKey(), django_auth])


class LabelOut(Schema):
    """A label held on the day, as its issuer decided; ``counts`` is the organisation's highest, as the targets count."""

    cluster: str
    name: str
    label: str
    valid_from: date
    valid_to: date
    issuer: str
    certificate: str
    counts: bool


class LeagueOut(Schema):
    """Where the forum has placed an organisation; ``placeholder``: what it was told rested on placeholder values."""

    cluster: str
    name: str
    league: str
    since: date
    decision: str
    placeholder: bool


class ProposalOut(Schema):
    """What the rules would have the forum decide; ``cannot_be_told`` is the highest league that is undetermined."""

    cluster: str
    name: str
    league: str
    since: date | None
    rules_say: str
    move: str
    cannot_be_told: str
    expired_label: bool
    placeholder: bool


class ConditionOut(Schema):
    truth: str
    what: str
    kind: str
    key: str
    indicator: str
    placeholder: bool
    parts: list[ConditionOut]


class ImprovementOut(Schema):
    """One indicator raised; ``placeholders`` names the values of it that are not the official ones."""

    indicator: str
    from_level: int | None
    to_level: int
    points: float | None
    days: int
    evidence: list[str]
    help: list[str]
    placeholders: list[str]


class PathOut(Schema):
    """The cheapest improvements in person-days; ``waits`` are conditions that time or others must settle."""

    reachable: bool
    days: int
    days_on_placeholders: int
    points_after: float | None
    improvements: list[ImprovementOut]
    waits: list[str]
    unsettled: list[str]


class DistanceOut(Schema):
    """How far it is to the label: ``truth`` is yes, no or undetermined; ``placeholder``: other values could make it another one."""

    cluster: str
    label: str
    scheme: str
    version: str
    checksum: str
    assessment: str
    as_of: date
    state: str
    on: date
    truth: str
    placeholder: bool
    points: float | None
    most: float | None
    maximum: float | None
    share: float | None
    unknown: list[str]
    explanation: ConditionOut
    path: PathOut


@public.get("/labels", response=list[LabelOut])
def labels(request: HttpRequest, as_of: date | None = None) -> list[dict[str, Any]]:
    """Every label valid on the day; today when none is named."""
    on = as_of or timezone.localdate()
    best = best_of(on=on)
    return [
        {
            "cluster": one.cluster.slug, "name": one.cluster.name, "label": one.label, "valid_from": one.valid_from, "valid_to": one.valid_to,
            "issuer": one.issuer, "certificate": one.certificate, "counts": best[one.cluster_id] == one.label,
        }
        for one in held(on=on).order_by("cluster__sorted_as", "label")
    ]  # fmt: skip


@public.get("/leagues", response=list[LeagueOut])
def leagues(request: HttpRequest, as_of: date | None = None) -> list[dict[str, Any]]:
    """Where the forum had placed each organisation on the day; today when none is named."""
    on = as_of or timezone.localdate()
    rests = resting(on=on)
    return [
        {
            "cluster": one.cluster.slug, "name": one.cluster.name, "league": one.league, "since": one.since, "decision": one.decision,
            "placeholder": one.pk in rests,
        }
        for one in placements(on=on)
    ]  # fmt: skip


@own.get("/proposals", response=list[ProposalOut])
def proposed(request: HttpRequest, as_of: date | None = None) -> list[dict[str, Any]]:
    """What the rules say of every organisation, moves first: for those who may see the proposals."""
    today = timezone.localdate()
    if not may(me(request), "leagues.see_proposals", on=today):
        raise HttpError(404, "there is nothing here for you")
    return [
        {
            "cluster": one.slug, "name": one.name, "league": one.current, "since": one.since, "rules_say": one.proposed, "move": one.direction.value,
            "cannot_be_told": one.judged.highest_open, "expired_label": one.expired_label, "placeholder": one.placeholder,
        }
        for one in proposals(on=as_of or today)
    ]  # fmt: skip


def _path(found: dict[str, Any]) -> dict[str, Any]:
    steps = [{**one, "from_level": one["from"], "to_level": one["to"]} for one in found["improvements"]]
    return {**found, "improvements": steps}


@own.get("/distance/{slug}/{label}", response=DistanceOut)
def distance(request: HttpRequest, slug: str, label: str, on: date | None = None, language: str = "da") -> dict[str, Any]:  # fmt: skip
    """How far the organisation is from the label by its newest assessment that you may see, why, and the cheapest path there."""
    person, day = me(request), on or timezone.localdate()
    organisation = cluster_of(slug)
    one = newest_scored(organisation, seen_by=person, on=day) if organisation else None
    if organisation is None or one is None:
        raise HttpError(404, "no assessment of an organisation called so is open to you")
    version = version_of(one)
    wanted = version.label(label)
    if wanted is None:
        known = ", ".join(known.code for known in version.labels)
        raise HttpError(
            404, f"version {version.version} of {version.scheme} has no label {label!r}; there are: {known}"
        )
    _, found = told(one, wanted, seen_by=person, on=day, language=language)
    return {**found, "path": _path(found["path"])}  # type: ignore[arg-type]  # data of the shape that DistanceOut says
