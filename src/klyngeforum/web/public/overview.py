"""The cluster organisations as every public list, map and league shows them: one row each, gathered when somebody has acted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from klyngeforum.ground.counts.queries import whole
from klyngeforum.ground.counts.terms import Heavy
from klyngeforum.ground.danish import danish_key
from klyngeforum.ground.keeping import kept
from klyngeforum.ground.places.queries import areas, names_of, parent_map
from klyngeforum.ground.places.terms import AreaKind
from klyngeforum.ground.programme.queries import labels, leagues, themes
from klyngeforum.ground.trail.queries import done_since
from klyngeforum.quality.labels.queries import best_of
from klyngeforum.registers.clusters.queries import Cluster, counted
from klyngeforum.registers.memberships.queries import sizes
from klyngeforum.results.landscape.standing import touched
from klyngeforum.steering.leagues.queries import league_of, organisations_resting

_RESTS_ON = frozenset({"cluster", "membership", "body", "label", "placement", "programme"})
_WHOLE = frozenset({"label", "placement", "programme"})  # acts after which all are gathered anew
_FEW = 50


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
    place_en: str = ""

    @property
    def href(self) -> str:
        return reverse("cluster", args=[self.slug])

    @property
    def name_sorted(self) -> str:
        return danish_key(self.name)

    @property
    def place_sorted(self) -> str:
        return danish_key(self.place_said)

    @property
    def place_said(self) -> str:
        return self.place_en if _language().startswith("en") else self.place

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


class _Country:
    """What the rows are made of beside the register of organisations."""

    def __init__(self, on: date) -> None:
        self.regions = {one.pk: one.name_da for one in areas(AreaKind.REGION, on=on)}
        self.region_of = parent_map(AreaKind.REGION, on=on)

    def row(self, one: Cluster, members: int, *, league: str, label: str, guessed: bool) -> ClusterRow:
        place = one.place
        region_id = self.region_of.get(place.pk, 0) if place else 0
        point = (
            (place.longitude, place.latitude)
            if place and place.longitude is not None and place.latitude is not None
            else None
        )
        return ClusterRow(
            one.pk, one.slug, one.name, one.kind, one.level, place.name_da if place else "", self.regions.get(region_id, ""), region_id,
            tuple(theme.code for theme in one.themes.all()), league, label, members, point, guessed, place.name_en if place else "",
        )  # fmt: skip


def _gathered(on: date) -> list[ClusterRow]:
    league, label, members, guessed = league_of(on=on), best_of(on=on), sizes(on), organisations_resting(on=on)
    country = _Country(on)
    return [
        country.row(
            one, members.get(one.pk, 0), league=league.get(one.pk, ""), label=label.get(one.pk, ""), guessed=one.pk in guessed,
        )
        for one in counted(on=on)
    ]  # fmt: skip


def _amended(on: date, before: list[ClusterRow], act: int) -> list[ClusterRow] | None:
    """Only the organisations that were touched; everything where somebody came, went, or is called something else."""
    acts = [one for one in done_since(act) if one[1] in _RESTS_ON]
    changed = None if any(thing in _WHOLE for _, thing, _ in acts) else touched(acts)
    if changed is None or len(changed) > _FEW:
        return None
    now = {one.pk: one for one in counted(on=on).filter(pk__in=changed)}
    stood = {row.pk: row for row in before if row.pk in changed}
    if now.keys() != stood.keys() or any(one.name != stood[pk].name for pk, one in now.items()):
        return None
    members, country = sizes(on, frozenset(now)), _Country(on)
    new = {
        pk: country.row(
            one, members.get(pk, 0), league=stood[pk].league, label=stood[pk].label, guessed=stood[pk].guessed,
        )
        for pk, one in now.items()
    }  # fmt: skip
    return [new.get(row.pk, row) for row in before]


ORGANISATIONS = Heavy("organisations", _RESTS_ON, _gathered, lambda rows: 700 * len(rows), amend=_amended)


def overview(on: date | None = None) -> list[ClusterRow]:
    """Every organisation that counts on the day (today if none is named), by name."""
    return whole(ORGANISATIONS, on or timezone.localdate())


def by_name(on: date) -> list[ClusterRow]:
    """The same without how many take part: for pages that stand while somebody joins."""
    return kept(
        ("organisations by name", on),
        lambda: [replace(row, members=0) for row in overview(on)],
        of=_RESTS_ON,
        same=True,
    )


def regions_of(rows: list[ClusterRow]) -> list[tuple[str, str]]:
    """The regions that occur, as choices of a filter."""
    found = {(str(row.region_id), row.region) for row in in_language(rows) if row.region_id}
    return sorted(found, key=lambda pair: danish_key(pair[1]))


def in_language(rows: list[ClusterRow]) -> list[ClusterRow]:
    """The rows with their regions as the reader calls them; what is kept is in Danish."""
    if not _language().startswith("en"):
        return rows
    names = names_of({row.region_id for row in rows if row.region_id}, _language())
    return [replace(row, region=names.get(row.region_id, row.region)) for row in rows]
