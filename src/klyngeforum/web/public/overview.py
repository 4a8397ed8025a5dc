"""The cluster organisations as every public list, map and league shows them: one row each, gathered when somebody has acted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from klyngeforum.ground.danish import danish_key
from klyngeforum.ground.keeping import kept
from klyngeforum.ground.places.queries import areas, parent_map
from klyngeforum.ground.places.terms import AreaKind
from klyngeforum.ground.programme.queries import labels, leagues, themes
from klyngeforum.quality.labels.queries import best_of
from klyngeforum.registers.clusters.queries import counted
from klyngeforum.registers.memberships.queries import sizes
from klyngeforum.steering.leagues.queries import league_of, organisations_resting

_RESTS_ON = frozenset({"cluster", "membership", "body", "label", "placement", "programme"})


@dataclass(frozen=True, slots=True)
class ClusterRow:
    """What lists show of one organisation; ``region`` is the one that its municipality lies in on the day, ``guessed``: the league rests on
    placeholder values."""

    pk: int
    slug: str
    name: str
    kind: str
    level: str
    place: str
    region: str
    region_id: int
    themes: tuple[str, ...]
    league: str
    label: str
    members: int
    point: tuple[float, float] | None
    guessed: bool = False

    @property
    def href(self) -> str:
        return reverse("cluster", args=[self.slug])

    @property
    def name_sorted(self) -> str:
        return danish_key(self.name)

    @property
    def place_sorted(self) -> str:
        return danish_key(self.place)

    @property
    def region_sorted(self) -> str:
        return danish_key(self.region)

    @property
    def themes_said(self) -> str:
        words = theme_words()
        return ", ".join(words.get(code, code) for code in self.themes)

    @property
    def league_said(self) -> str:
        return league_words().get(self.league, "")

    @property
    def label_said(self) -> str:
        return label_words().get(self.label, "")


def _language() -> str:
    return get_language() or "da"


def league_words() -> dict[str, str]:
    return {one.code: one.name.say(_language()) for one in leagues()}


def label_words() -> dict[str, str]:
    return {one.code: one.short.say(_language()) or one.name.say(_language()) for one in labels()}


def theme_words() -> dict[str, str]:
    return {one.code: one.name.say(_language()) for one in themes()}


def _gathered(on: date) -> list[ClusterRow]:
    league, label, members = league_of(on=on), best_of(on=on), sizes(on)
    regions = {one.pk: one.name_da for one in areas(AreaKind.REGION, on=on)}
    region_of, guessed = parent_map(AreaKind.REGION, on=on), organisations_resting(on=on)
    rows = []
    for one in counted(on=on):
        place = one.place
        region_id = region_of.get(place.pk, 0) if place else 0
        point = (
            (place.longitude, place.latitude)
            if place and place.longitude is not None and place.latitude is not None
            else None
        )
        rows.append(
            ClusterRow(
                one.pk, one.slug, one.name, one.kind, one.level, place.name_da if place else "", regions.get(region_id, ""),
                region_id, tuple(theme.code for theme in one.themes.all()), league.get(one.pk, ""), label.get(one.pk, ""),
                members.get(one.pk, 0), point, one.pk in guessed,
            )
        )  # fmt: skip
    return rows


def overview(on: date | None = None) -> list[ClusterRow]:
    """Every organisation that counts on the day (today if none is named), by name."""
    day = on or timezone.localdate()
    return kept(("overview", day), lambda: _gathered(day), of=_RESTS_ON)


def regions_of(rows: list[ClusterRow]) -> list[tuple[str, str]]:
    """The regions that occur, as choices of a filter."""
    return sorted(
        {(str(row.region_id), row.region) for row in rows if row.region_id}, key=lambda pair: danish_key(pair[1])
    )
