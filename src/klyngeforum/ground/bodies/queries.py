"""Finding bodies by number, name or part of a name; who is the same as whom; what waits for a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db import connection
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from rapidfuzz import fuzz, process

from klyngeforum.ground.access.queries import Actor, reach_of
from klyngeforum.ground.words import mark

from .models import Body, BodyName, Candidate, Merge, ProductionUnit, Succession
from .rules import name_key, names_the_same, normal_number
from .terms import BodyKind, CandidateState, NameKind, Scheme

CERTAIN, UNCERTAIN = 97, 82
_CHUNK = 900  # below SQLite's limit of variables in a statement
_MANY = connection.features.max_query_params or 20_000


@dataclass(frozen=True, slots=True)
class Hit:
    """A body that fits what was typed, how well (0–100) and why."""

    body: Body
    score: int
    reason: str


@dataclass(frozen=True, slots=True)
class Match:
    """A name of a list and the body it names: certain, uncertain (a person decides) or none."""

    name: str
    body_id: int | None
    score: int
    reason: str

    @property
    def certain(self) -> bool:
        return self.body_id is not None and self.score >= CERTAIN


def bodies() -> QuerySet[Body]:
    """Bodies as they stand for themselves: not those merged into another."""
    return Body.objects.filter(merged_into__isnull=True).select_related("place", "industry")


def by_number(scheme: Scheme, text: str) -> Body | None:
    """The body of the number, followed to what it was merged into."""
    body = Body.objects.select_related("merged_into").filter(scheme=scheme, number=normal_number(scheme, text)).first()
    return (body.merged_into or body) if body else None


def called(name: str) -> list[Body]:
    """The bodies of exactly that name, as it is written in any letters; none that was merged into another."""
    return list(Body.objects.filter(name_key=name_key(name), merged_into__isnull=True).order_by("pk"))


def find(text: str, *, limit: int = 20) -> list[Hit]:
    """Bodies by number, by the beginning of a name or alias, then by the likeness of the whole name."""
    digits = "".join(c for c in text if c.isdigit())
    if len(digits) >= 8 and (body := by_number(Scheme.CVR, digits)):
        return [Hit(body, 100, mark("same number"))]
    key = name_key(text)
    if not key:
        return []
    last = key + "\U0010ffff"
    ids = list(Body.objects.filter(name_key__gte=key, name_key__lt=last).values_list("id", flat=True)[:limit])
    ids += BodyName.objects.filter(name_key__gte=key, name_key__lt=last).values_list("body_id", flat=True)[:limit]
    reason = mark("name begins alike")
    if not ids:
        ids, reason = [match.body_id for match in match_names([text]) if match.body_id], mark("name is alike")
    found = Body.objects.filter(id__in=ids).select_related("merged_into", "place")
    unique = {(body.merged_into or body).pk: body.merged_into or body for body in found}
    hits = [Hit(body, round(fuzz.WRatio(key, body.name_key)), reason) for body in unique.values()]
    return sorted(hits, key=lambda hit: (-hit.score, hit.body.sorted_as))[:limit]


@dataclass(frozen=True, slots=True)
class _Known:
    """A body that stands under a key: by its own name or by an alias."""

    root: int
    name: str
    country: str
    scheme: str

    def fits(self, written: str) -> tuple[bool, bool, bool, bool]:
        """The better, the greater: surely the same, at home, by the Danish register, with any number."""
        sure = names_the_same(written, self.name, self.country)
        return sure, self.country == "DK", self.scheme == Scheme.CVR, self.scheme != Scheme.NONE


def _known_keys(keys: Iterable[str], numbered: bool) -> dict[str, list[_Known]]:
    """Key -> the bodies that stand exactly so, by name or alias."""
    wanted, found = sorted(set(keys)), defaultdict(list)
    for start in range(0, len(wanted), _CHUNK):
        part = wanted[start : start + _CHUNK]
        names = BodyName.objects.filter(name_key__in=part).order_by("id")
        own = Body.objects.filter(name_key__in=part).order_by("id")
        if numbered:
            names, own = names.exclude(body__scheme=Scheme.NONE), own.exclude(scheme=Scheme.NONE)
        aliases = names.values_list(
            "name_key", "body_id", "body__merged_into_id", "name", "body__country", "body__scheme"
        )
        selves = own.values_list("name_key", "id", "merged_into_id", "name", "country", "scheme")
        for key, body_id, merged, name, country, scheme in [*selves, *aliases]:
            found[key].append(_Known(merged or body_id, name, country, scheme))
    return found


def _alike(keys: Sequence[str], numbered: bool) -> dict[str, tuple[int, int]]:
    """Key -> (body, likeness) for keys without an exact match, compared within blocks of the same first three letters."""
    found: dict[str, tuple[int, int]] = {}
    blocks: dict[str, list[str]] = {}
    for key in keys:
        blocks.setdefault(key[:3], []).append(key)
    for start, block in blocks.items():
        rows = Body.objects.filter(name_key__gte=start, name_key__lt=start + "\U0010ffff").order_by("scheme")
        rows = rows.exclude(scheme=Scheme.NONE) if numbered else rows
        choices = dict(rows.values_list("id", "name_key"))
        for key in block:
            best = process.extractOne(key, choices, scorer=fuzz.token_sort_ratio, score_cutoff=UNCERTAIN)
            if best:
                found[key] = (best[2], round(best[1]))
    return found


def match_names(names: Sequence[str], *, numbered: bool = False) -> list[Match]:
    """Each name of a list with the body that it most likely names (``numbered``: among those with a number); the same key is the same body."""
    keys = {name: name_key(name) for name in names}
    exact = _known_keys((key for key in keys.values() if key), numbered)
    alike = _alike(sorted({key for key in keys.values() if key and key not in exact}), numbered)
    roots = roots_of([body_id for body_id, _ in alike.values()])
    matches = []
    for name in names:
        key = keys[name]
        if key in exact:
            best = max(exact[key], key=lambda known: known.fits(name))
            sure = best.fits(name)[0]
            why = mark("same name") if sure else mark("same name, but another legal form or country")
            matches.append(Match(name, best.root, 100 if sure else CERTAIN - 1, why))
        elif key in alike:
            body_id, score = alike[key]
            matches.append(Match(name, roots[body_id], min(score, CERTAIN - 1), mark("name is alike")))
        else:
            matches.append(Match(name, None, 0, mark("no body is called so")))
    return matches


def noted_names(source: str) -> dict[str, int]:
    """Name key -> body, as a source's names were understood when it was taken in before (bodies of its own, and names noted)."""
    own = Body.objects.filter(source=source).order_by("-id").values_list("name_key", "id", "merged_into_id")
    noted = BodyName.objects.filter(source=source).order_by("-id")
    aliases = noted.values_list("name_key", "body_id", "body__merged_into_id")
    return {key: merged or pk for key, pk, merged in [*own, *aliases]}


def roots_of(ids: Iterable[int]) -> dict[int, int]:
    """Body id -> id of what it counts as (itself, or what it was merged into)."""
    wanted, found = sorted(set(ids)), {}
    for start in range(0, len(wanted), _CHUNK):
        rows = Body.objects.filter(id__in=wanted[start : start + _CHUNK]).values_list("id", "merged_into_id")
        found.update({body_id: merged or body_id for body_id, merged in rows})
    return found


def merged() -> dict[int, int]:
    """Every body that a person merged into another, and which (few: fits in memory)."""
    return dict(Body.objects.filter(merged_into__isnull=False).values_list("id", "merged_into_id"))


def _whole(seen_by: Actor, on: date) -> bool:
    return reach_of(seen_by, "bodies.verify", on)[0]


def unverified(*, seen_by: Actor, on: date) -> QuerySet[Body]:
    """Bodies without a number: they count in no target; most used first."""
    rows = bodies().filter(scheme=Scheme.NONE) if _whole(seen_by, on) else Body.objects.none()
    own = (
        Body.objects.filter(pk=OuterRef("pk")).order_by().values("pk")
    )  # counted body by body: the many others are not read
    uses = Subquery(own.annotate(n=Count("participations")).values("n"))
    return rows.annotate(uses=uses).order_by("-uses", "sorted_as")


def candidates(*, seen_by: Actor, on: date) -> QuerySet[Candidate]:
    """Pairs that may be the same body and wait for a person, likeliest first."""
    rows = Candidate.objects.filter(state=CandidateState.WAITING) if _whole(seen_by, on) else Candidate.objects.none()
    return rows.select_related("left__place", "right__place").order_by("-score", "left__sorted_as")


def merges(*, seen_by: Actor, on: date) -> QuerySet[Merge]:
    """Merges that stand, newest first: each can be undone."""
    rows = Merge.objects.filter(undone_at__isnull=True) if _whole(seen_by, on) else Merge.objects.none()
    return rows.select_related("kept", "absorbed", "by").order_by("-at")


FactsRow = TypeVar("FactsRow")


def facts(ids: Iterable[int], row: Callable[..., FactsRow]) -> dict[int, FactsRow]:
    """Body id -> what accounts copy of it, as rows of the caller's own kind."""
    columns = ("id", "kind", "scheme", "country", "size_band", "eu_sme", "industry_id", "place_id", "knowledge_kind")
    wanted, found = sorted(set(ids)), {}
    for start in range(0, len(wanted), _MANY):
        for values in Body.objects.filter(id__in=wanted[start : start + _MANY]).values_list(*columns):
            found[values[0]] = row(*values)
    return found


def standing(ids: Iterable[int] | None = None) -> Iterator[QuerySet[Body]]:
    """Every body that is not another one (or of those), not in order, for counting; those that are named in several parts."""
    rows = Body.objects.filter(merged_into__isnull=True).order_by()
    if ids is None:
        yield rows
        return
    asked = sorted(set(ids))
    for start in range(0, len(asked), _MANY):
        yield rows.filter(id__in=asked[start : start + _MANY])


def places_of(ids: Iterable[int]) -> list[int | None]:
    """The place of each of the bodies that is not another one."""
    return [place for rows in standing(ids) for place in rows.values_list("place_id", flat=True)]


def company_cells(day: date) -> list[tuple[int, int, int]]:
    """(place, industry, companies) of every company of the register that has both and had not ceased on the day."""
    rows = Body.objects.filter(
        merged_into__isnull=True, kind=BodyKind.COMPANY, place__isnull=False, industry__isnull=False
    ).exclude(ceased_on__lte=day)
    return list(rows.order_by().values_list("place_id", "industry_id").annotate(n=Count("id")))


def ceased_by(day: date) -> list[int]:
    """Ids of every body that had ceased on the day."""
    return list(Body.objects.filter(ceased_on__lte=day).order_by().values_list("id", flat=True))


def ever_one_with(ids: Iterable[int]) -> frozenset[int]:
    """The bodies and all that a person ever said to be the same as one of them, merges that were undone included."""
    found, asked = frozenset[int](), frozenset(ids)
    while asked:
        found |= asked
        pairs = Merge.objects.filter(Q(kept__in=asked) | Q(absorbed__in=asked)).values_list("kept_id", "absorbed_id")
        asked = frozenset(pk for pair in pairs for pk in pair) - found
    return found


def ceased(ids: Iterable[int]) -> dict[int, date]:
    """Body id -> the day it ceased, of those that have."""
    wanted, found = sorted(set(ids)), dict[int, date]()
    for start in range(0, len(wanted), _MANY):
        rows = Body.objects.filter(id__in=wanted[start : start + _MANY], ceased_on__isnull=False)
        found |= {pk: day for pk, day in rows.values_list("id", "ceased_on") if day}
    return found


def waiting_pairs() -> list[tuple[int, int]]:
    """Every pair that looks the same and waits for a person."""
    return list(Candidate.objects.filter(state=CandidateState.WAITING).values_list("left_id", "right_id"))


def some_bodies(ids: Iterable[int], language: str = "da") -> dict[int, tuple[str, str, str]]:
    """Body id -> (name, number, place as the language calls it)."""
    wanted, found = sorted(set(ids)), {}
    called = "place__name_en" if language.startswith("en") else "place__name_da"
    for start in range(0, len(wanted), _MANY):
        rows = Body.objects.filter(id__in=wanted[start : start + _MANY])
        for pk, name, number, place in rows.values_list("id", "name", "number", called):
            found[pk] = (name, number, place or "")
    return found


def kinds_of(ids: Iterable[int]) -> dict[int, str]:
    """Body -> its kind."""
    return dict(Body.objects.filter(pk__in=set(ids)).values_list("id", "kind"))


def among(ids: Iterable[int]) -> QuerySet[Body]:
    """These bodies, those that are another one included."""
    return Body.objects.filter(pk__in=list(ids))


def one_body(pk: int) -> Body | None:
    return bodies().filter(pk=pk).first()


def one_candidate(pk: int) -> Candidate | None:
    return Candidate.objects.select_related("left", "right").filter(pk=pk, state=CandidateState.WAITING).first()


def one_merge(pk: int) -> Merge | None:
    return Merge.objects.filter(pk=pk).first()


def by_numbers(scheme: Scheme, numbers: Iterable[str]) -> dict[str, int]:
    """Number -> id of what the body counts as, for those that stand."""
    wanted, found = sorted(set(numbers)), {}
    for start in range(0, len(wanted), _CHUNK):
        rows = Body.objects.filter(scheme=scheme, number__in=wanted[start : start + _CHUNK])
        found.update(
            {number: merged or pk for number, pk, merged in rows.values_list("number", "id", "merged_into_id")}
        )
    return found


def names_of(body_id: int) -> QuerySet[BodyName]:
    """What the body is or was called beside its name now: registered names newest first, then other names."""
    return BodyName.objects.filter(body_id=body_id).order_by("-kind", "-valid_to", "name")


def name_on(body: Body, day: date) -> str:
    """The registered name that the body had on the day."""
    then = BodyName.objects.filter(body=body, kind=NameKind.LEGAL, valid_to__gte=day).order_by("valid_to").first()
    return then.name if then else body.name


def units_of(body_id: int) -> QuerySet[ProductionUnit]:
    """Its workplaces, the main one first."""
    return ProductionUnit.objects.filter(body_id=body_id).select_related("place").order_by("-main", "number")


def successions_of(body_id: int) -> QuerySet[Succession]:
    """What the body carried on and what carried it on, oldest first."""
    own = Q(predecessor_id=body_id) | Q(successor_id=body_id)
    return Succession.objects.filter(own).select_related("predecessor", "successor").order_by("on")


def one_name(pk: int, body_id: int) -> BodyName | None:
    return BodyName.objects.select_related("body").filter(pk=pk, body_id=body_id).first()


def how_many() -> int:
    return Body.objects.count()
