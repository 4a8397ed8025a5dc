"""Making the finder's index anew from what registers and records say."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from klyngeforum.ground.industries.queries import titles as industry_titles
from klyngeforum.ground.programme.queries import themes
from klyngeforum.records.activities.queries import titles
from klyngeforum.registers.clusters.queries import clusters
from klyngeforum.registers.memberships.queries import industry_counts

from .models import FinderWord
from .rules import weigh, words
from .terms import WordSource

_BATCH = 5000
_WEIGHTS = {
    WordSource.NAME: 5.0, WordSource.THEME: 4.0, WordSource.PURPOSE: 3.0,
    WordSource.INDUSTRY: 2.5, WordSource.ACTIVITY: 0.8, WordSource.MEMBER: 0.25,
}  # fmt: skip
_MOST_WORDS = 120


def _texts() -> Iterator[tuple[int, WordSource, str, float]]:
    """(cluster, source, text, weight) of everything that speaks for an organisation."""
    names = industry_titles()
    themes_said = {theme.code: f"{theme.name.da} {theme.name.en}" for theme in themes()}
    for one in clusters().prefetch_related("industries"):
        yield one.pk, WordSource.NAME, one.name, 1.0
        yield one.pk, WordSource.PURPOSE, f"{one.purpose_da} {one.purpose_en}", 1.0
        for theme in one.themes.all():
            yield one.pk, WordSource.THEME, themes_said.get(theme.code, theme.name_da), 1.0
        for industry in one.industries.all():
            yield one.pk, WordSource.INDUSTRY, names[industry.pk], 1.0
    for cluster_id, title in titles():
        yield cluster_id, WordSource.ACTIVITY, title, 1.0
    for cluster_id, industry_id, members in industry_counts():
        yield cluster_id, WordSource.MEMBER, names[industry_id], min(members, 40) / 10


@transaction.atomic
def index_clusters() -> int:
    """Every word of every organisation with source and weight; the old index is replaced. Derived, so it leaves no trail."""
    entries: dict[tuple[int, WordSource], list[tuple[str, str, float]]] = {}
    for cluster_id, source, text, weight in _texts():
        place = entries.setdefault((cluster_id, source), [])
        place += [(token, word, weight * _WEIGHTS[source]) for token, word in words(text)]
    FinderWord.objects.all().delete()
    rows = []
    for (cluster_id, source), said in entries.items():
        heaviest = sorted(weigh(said).items(), key=lambda item: -item[1][1])[:_MOST_WORDS]
        rows += [
            FinderWord(cluster_id=cluster_id, source=source, token=token, word=word[:80], weight=weight)
            for token, (word, weight) in heaviest
        ]
    FinderWord.objects.bulk_create(rows, batch_size=_BATCH)
    return len(rows)
