"""Who plays in which league, on a day and over time; what the rules would have the forum decide, and why it decided what it did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, Q, QuerySet

from klyngeforum.ground.access.queries import Actor, reach_of
from klyngeforum.ground.keeping import kept
from klyngeforum.quality.assessments.independent import Found, found_by_others
from klyngeforum.quality.indicators.queries import standing as scheme_version
from klyngeforum.quality.indicators.terms import Situation, Version
from klyngeforum.quality.indicators.validity import months_later
from klyngeforum.quality.labels.queries import ended_by, valid_on
from klyngeforum.records.activities.queries import international_counts
from klyngeforum.registers.clusters.queries import Cluster, counted
from klyngeforum.registers.clusters.terms import ClusterKind

from .models import Exhibit, Notice, Placement
from .reading import rules_on
from .rules import Moves, direction, judge, movements, rests_on_expired
from .terms import Direction, LeagueRules, NoticeState, Proposal, Shown

_YEAR = 12
_NOTHING = Found()


def placements(*, on: date) -> QuerySet[Placement]:
    running = Q(since__lte=on) & (Q(until__isnull=True) | Q(until__gt=on))
    return Placement.objects.select_related("cluster__place").filter(running).order_by("league", "cluster__sorted_as")


def resting(*, on: date) -> set[int]:
    """Ids of the placements of the day that rest on placeholder values: the league's own answer, as the forum was told it, or that of a
    league above, which other values could have opened."""
    shown = Exhibit.objects.filter(placement__in=placements(on=on).order_by(), depth=0)
    own = dict(shown.filter(league=F("placement__league")).values_list("placement_id", "position"))
    guessed = shown.filter(placeholder=True).values_list("placement_id", "position")
    return {pk for pk, position in guessed if position <= own.get(pk, position)}


def organisations_resting(*, on: date) -> set[int]:
    """Ids of the organisations whose league of the day rests on placeholder values."""
    return set(Placement.objects.filter(pk__in=resting(on=on)).values_list("cluster_id", flat=True))


def league_of(*, on: date) -> dict[int, str]:
    """Cluster id -> league on the day."""
    return dict(placements(on=on).values_list("cluster_id", "league"))


def history(cluster_id: int) -> QuerySet[Placement]:
    return Placement.objects.filter(cluster_id=cluster_id).order_by("-since")


def exhibits(placement_id: int) -> list[Shown]:
    """What the forum had before it when it decided, as it was said then."""
    columns = ("league", "depth", "truth", "placeholder", "said_da", "said_en")
    rows = Exhibit.objects.filter(placement_id=placement_id).order_by("position")
    return [Shown(*row) for row in rows.values_list(*columns)]


def notices(*, seen_by: Actor, on: date) -> QuerySet[Notice]:
    """Warnings that stand, the first deadline first."""
    everything, bodies = reach_of(seen_by, "leagues.see_notices", on)
    rows = Notice.objects.filter(state=NoticeState.STANDING)
    rows = rows if everything else rows.filter(cluster__body__in=bodies)
    return rows.select_related("cluster").order_by("deadline", "cluster__name")


def one_placement(pk: int) -> Placement | None:
    return Placement.objects.select_related("cluster").filter(pk=pk).first()


def rules_and_version(on: date) -> tuple[LeagueRules | None, Version | None]:
    """The rules in force on the day and the scheme's version that they read."""
    rules = rules_on(on)
    return rules, scheme_version(rules.scheme, on=on) if rules else None


def first_day() -> date | None:
    """When the first placement began."""
    return Placement.objects.order_by("since").values_list("since", flat=True).first()


def moved(since: date, until: date) -> Moves:
    """(league before, league after, organisations) between two days."""
    return movements(league_of(on=since), league_of(on=until))


@dataclass(frozen=True, slots=True)
class _Standing:
    """Everything that the rules ask about, for all organisations at once."""

    on: date
    valid: Mapping[int, frozenset[str]]
    ended: Mapping[int, frozenset[str]]
    abroad: Mapping[int, int]
    assessed: Mapping[int, Found]
    league: Mapping[int, str]
    since: Mapping[int, date]

    def situation(self, cluster: Cluster) -> Situation:
        own = self.assessed.get(cluster.pk, _NOTHING)
        facts: dict[str, Decimal | bool | None] = {
            "international_activities": Decimal(self.abroad.get(cluster.pk, 0)),
            "emerging": cluster.kind == ClusterKind.EMERGING,
        }
        return Situation(
            self.on,
            answers=own.answers,
            facts=facts,
            benchmarkings=own.benchmarkings,
            labels=self.valid.get(cluster.pk, frozenset()),
        )


def _standing(on: date, scheme: str) -> _Standing:
    rows = placements(on=on).values_list("cluster_id", "league", "since")
    return _Standing(
        on, valid_on(on), ended_by(on), international_counts(months_later(on, -_YEAR), on), found_by_others(scheme, until=on),
        {pk: league for pk, league, _ in rows}, {pk: since for pk, _, since in rows},
    )  # fmt: skip


def _proposal(rules: LeagueRules, version: Version, standing: _Standing, cluster: Cluster) -> Proposal:
    situation, current = standing.situation(cluster), standing.league.get(cluster.pk, "")
    judged = judge(rules, version, situation)
    expired = standing.ended.get(cluster.pk, frozenset()) - (situation.labels or frozenset())
    return Proposal(
        cluster.pk, cluster.name, cluster.slug, current, judged, direction(rules, current, judged),
        rests_on_expired(rules, version, situation, current, expired), judged.placeholder,
        standing.since.get(cluster.pk),
    )  # fmt: skip


def proposals(*, on: date) -> list[Proposal]:
    """Every organisation that counts on the day, with what the rules say of it: moves first."""
    return kept(("proposals", on), lambda: _proposals(on))


def _proposals(on: date) -> list[Proposal]:
    rules, version = rules_and_version(on)
    if rules is None or version is None:
        return []
    standing = _standing(on, rules.scheme)
    found = [_proposal(rules, version, standing, one) for one in counted(on=on)]
    order = list(Direction)
    return sorted(found, key=lambda one: (order.index(one.direction), one.name))


def proposal(cluster: Cluster, *, on: date) -> Proposal | None:
    return next((one for one in proposals(on=on) if one.cluster_id == cluster.pk), None)
