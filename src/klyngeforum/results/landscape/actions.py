"""The finder's index, kept up with what the trail says was done; and scenarios of mergers that somebody keeps."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime

from django.db import transaction

from klyngeforum.ground.access.queries import Actor, Person, may
from klyngeforum.ground.holding import held
from klyngeforum.ground.industries.queries import titles as industry_titles
from klyngeforum.ground.period import date_of
from klyngeforum.ground.programme.queries import themes
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.trail.queries import done_since, newest_act
from klyngeforum.ground.verdict import YES, no, require
from klyngeforum.ground.words import mark
from klyngeforum.records.activities.queries import titles
from klyngeforum.registers.clusters.queries import clusters, ids_of_bodies
from klyngeforum.registers.clusters.terms import ClusterKind
from klyngeforum.registers.memberships.queries import industry_counts, joined_by

from .mergers import merger
from .models import FinderMark, FinderWord, Scenario, ScenarioPart
from .rules import may_amend, may_merge, weigh, words
from .terms import WordSource

_BATCH = 5000
_WEIGHTS = {
    WordSource.NAME: 5.0, WordSource.THEME: 4.0, WordSource.PURPOSE: 3.0,
    WordSource.INDUSTRY: 2.5, WordSource.ACTIVITY: 0.8, WordSource.MEMBER: 0.25,
}  # fmt: skip
_MOST_WORDS = 120


# acts that may change an organisation's words: those that name no body concern everybody, except for bodies, who speak first as participants
_SPEAKING = frozenset({"cluster", "membership", "activity", "programme"})


def _texts(only: Collection[int] | None) -> Iterator[tuple[int, WordSource, str, float]]:
    """(cluster, source, text, weight) of everything that speaks for an organisation (for those of ``only``)."""
    names = industry_titles()
    themes_said = {theme.code: " ".join((theme.name.da, theme.name.en, *theme.words)) for theme in themes()}
    rows = clusters() if only is None else clusters().filter(pk__in=only)
    for one in rows.prefetch_related("industries"):
        yield one.pk, WordSource.NAME, one.name, 1.0
        yield one.pk, WordSource.PURPOSE, f"{one.purpose_da} {one.purpose_en}", 1.0
        for theme in one.themes.all():
            yield one.pk, WordSource.THEME, themes_said.get(theme.code, theme.name_da), 1.0
        for industry in one.industries.all():
            yield one.pk, WordSource.INDUSTRY, names[industry.pk], 1.0
    for cluster_id, title in titles(only):
        yield cluster_id, WordSource.ACTIVITY, title, 1.0
    for cluster_id, industry_id, members in industry_counts(only):
        yield cluster_id, WordSource.MEMBER, names[industry_id], min(members, 40) / 10


@transaction.atomic
def index_clusters(*, only: Collection[int] | None = None) -> int:
    """Every word of every organisation (or of those) with source and weight; the old index is replaced. Derived, so it leaves no trail."""
    entries: dict[tuple[int, WordSource], list[tuple[str, str, float]]] = {}
    for cluster_id, source, text, weight in _texts(only):
        place = entries.setdefault((cluster_id, source), [])
        place += [(token, word, weight * _WEIGHTS[source]) for token, word in words(text)]
    old = FinderWord.objects.all() if only is None else FinderWord.objects.filter(cluster__in=only)
    old.delete()
    rows = []
    for (cluster_id, source), said in entries.items():
        heaviest = sorted(weigh(said).items(), key=lambda item: -item[1][1])[:_MOST_WORDS]
        rows += [
            FinderWord(cluster_id=cluster_id, source=source, token=token, word=word[:80], weight=weight)
            for token, (word, weight) in heaviest
        ]
    FinderWord.objects.bulk_create(rows, batch_size=_BATCH)
    FinderMark.objects.update_or_create(pk=1, defaults={"upto": newest_act()})
    return len(rows)


@transaction.atomic
def follow() -> int:
    """Index anew the organisations whose words were touched since last time; call it in the transaction of the act, so that nobody
    finds by the words of yesterday. Returns how many words were written."""
    stands = FinderMark.objects.filter(pk=1).first()
    if stands is None:
        return index_clusters()
    done = done_since(stands.upto)
    if not done:
        return 0
    if any(thing in _SPEAKING and body_id is None for _, thing, body_id in done):
        return index_clusters()
    touched = {body_id for _, thing, body_id in done if thing in _SPEAKING and body_id}
    bodies = {body_id for _, thing, body_id in done if thing == "body" and body_id}
    only = {*ids_of_bodies(touched | bodies, ClusterKind.values()).values(), *joined_by(bodies)}
    if only:
        return index_clusters(only=only)
    stands.upto = done[-1][0]
    stands.save(update_fields=["upto"])
    return 0


@transaction.atomic
def keep_scenario(*, by: Actor, at: datetime, name: str, note: str, day: date, clusters: Sequence[int]) -> Scenario:
    """Keep a merger that was thought through: which organisations, as of which day. The registers are only read."""
    require(
        may(by, "landscape.merge", on=date_of(at)), may_merge(clusters),
        YES if name.strip() else no(mark("Give the scenario a name."), on="name"),
    )  # fmt: skip
    after = merger(clusters, day).after
    row = Scenario.objects.create(
        name=name.strip(), note=note.strip(), day=day, participants=after.members, companies=after.companies, kept_at=at,
        kept_by=by if isinstance(by, Person) else None,
    )  # fmt: skip
    ScenarioPart.objects.bulk_create([ScenarioPart(scenario=row, cluster_id=pk) for pk in clusters])
    said = {"name": row.name, "day": day.isoformat(), "of": len(clusters)}
    record(by=by, at=at, verb="landscape.keep_scenario", thing="scenario", thing_id=row.pk, after=said)
    return row


def _amendable(scenario: Scenario, by: Actor, at: datetime) -> None:
    office = bool(may(by, "landscape.amend", on=date_of(at)))
    own = isinstance(by, Person) and scenario.kept_by_id == by.pk
    require(
        may(by, "landscape.merge", on=date_of(at)), may_amend(own=own, office=office, withdrawn=scenario.withdrawn_at is not None)
    )  # fmt: skip


@transaction.atomic
def rename_scenario(*, by: Actor, at: datetime, scenario: Scenario, name: str, note: str) -> None:
    """Call it otherwise, or say otherwise what it is for; what it is of stays."""
    held(scenario)
    _amendable(scenario, by, at)
    require(YES if name.strip() else no(mark("Give the scenario a name."), on="name"))
    before = {"name": scenario.name, "note": scenario.note}
    scenario.name, scenario.note = name.strip(), note.strip()
    scenario.save(update_fields=["name", "note"])
    record(
        by=by, at=at, verb="landscape.rename_scenario", thing="scenario", thing_id=scenario.pk, before=before,
        after={"name": scenario.name, "note": scenario.note},
    )  # fmt: skip


@transaction.atomic
def withdraw_scenario(*, by: Actor, at: datetime, scenario: Scenario, because: str) -> None:
    """It no longer stands on the list; its address still shows it, marked, and what was laid before a meeting stays."""
    held(scenario)
    _amendable(scenario, by, at)
    require(YES if because.strip() else no(mark("Say why the scenario is withdrawn."), on="because"))
    scenario.withdrawn_at, scenario.withdrawn_because = at, because.strip()[:300]
    scenario.save(update_fields=["withdrawn_at", "withdrawn_because"])
    record(
        by=by, at=at, verb="landscape.withdraw_scenario", thing="scenario", thing_id=scenario.pk, reason=scenario.withdrawn_because
    )  # fmt: skip
