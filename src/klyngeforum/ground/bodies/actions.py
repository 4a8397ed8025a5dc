"""Registering bodies, giving them numbers, saying that two are one, and taking that back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from klyngeforum.ground.access.queries import Actor, may
from klyngeforum.ground.figure import digest_of
from klyngeforum.ground.holding import held, held_all, once
from klyngeforum.ground.period import date_of
from klyngeforum.ground.pouring import Plain, first_free, pour, stock_of
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import YES, Refused, Verdict, no, require
from klyngeforum.ground.words import mark

from .models import Body, BodyName, Candidate, Merge
from .queries import match_names
from .rules import check_number, name_key, normal_number, size_band
from .terms import BodyKind, CandidateState, KnowledgeKind, NameKind, Scheme, SizeBand

PLAIN = (
    "name",
    "kind",
    "knowledge_kind",
    "scheme",
    "number",
    "employees",
    "size_band",
    "industry_id",
    "place_id",
    "protected",
)
_BATCH = 2000


@dataclass(slots=True)
class NewBody:
    """What is known of a body that comes in; ``aliases`` are other spellings seen."""

    name: str
    kind: BodyKind = BodyKind.COMPANY
    scheme: Scheme = Scheme.NONE
    number: str = ""
    knowledge_kind: KnowledgeKind = KnowledgeKind.NONE
    country: str = "DK"
    employees: int | None = None
    size_band: SizeBand | None = None
    industry_id: int | None = None
    place_id: int | None = None
    postcode: str = ""
    city: str = ""
    protected: bool = False
    eu_sme: bool | None = None
    founded_on: date | None = None
    ceased_on: date | None = None
    source: str = ""
    aliases: list[str] = field(default_factory=list)

    def row(self) -> Body:
        return Body(
            kind=self.kind, knowledge_kind=self.knowledge_kind, country=self.country, scheme=self.scheme,
            number=normal_number(self.scheme, self.number), name=self.name.strip()[:200], name_key=name_key(self.name),
            employees=self.employees, size_band=self.size_band if self.size_band is not None else size_band(self.employees),
            industry_id=self.industry_id, place_id=self.place_id, postcode=self.postcode, city=self.city[:80],
            protected=self.protected, eu_sme=self.eu_sme, founded_on=self.founded_on, ceased_on=self.ceased_on, source=self.source[:60],
        )  # fmt: skip


def _sound(body: NewBody) -> list[Verdict]:
    named = YES if body.name.strip() else no(mark("The name is missing."), on="name")
    return [named, check_number(body.scheme, normal_number(body.scheme, body.number))]


def _number_free(scheme: str, number: str) -> Verdict:
    holder = Body.objects.filter(scheme=scheme, number=number).first() if number else None
    if holder is None:
        return YES
    why = mark("The number %(number)s is already registered as “%(name)s”.")
    return no(why, on="number", number=number, name=holder.name)


@transaction.atomic
def register(*, by: Actor, at: datetime, body: NewBody) -> Body:
    """One new body; a number that is registered already is refused with the name that holds it."""
    require(may(by, "bodies.register", on=date_of(at)), *_sound(body))
    row = body.row()
    require(_number_free(row.scheme, row.number))
    with once(lambda: _number_free(row.scheme, row.number)):
        row.save()
    record(
        by=by,
        at=at,
        verb="bodies.register",
        thing="body",
        thing_id=row.pk,
        body_id=row.pk,
        after={"name": row.name, "scheme": row.scheme, "number": row.number},
    )
    return row


def _identity(body: NewBody) -> tuple[str, str, str]:
    """What makes two incoming bodies the same: the number, or else name, country and city."""
    if body.scheme is not Scheme.NONE:
        return body.scheme.value, normal_number(body.scheme, body.number), ""
    return "", name_key(body.name), body.country + name_key(body.city)


def _standing(incoming: Iterable[NewBody]) -> dict[tuple[str, str, str], int]:
    """Identity -> id of bodies that stand already, read in batches by number and by name key."""
    numbers = {normal_number(b.scheme, b.number) for b in incoming if b.scheme is not Scheme.NONE}
    keys = {name_key(b.name) for b in incoming if b.scheme is Scheme.NONE}
    found: dict[tuple[str, str, str], int] = {}
    for start in range(0, len(part := sorted(numbers)), 900):
        for pk, scheme, number in Body.objects.filter(number__in=part[start : start + 900]).values_list(
            "id", "scheme", "number"
        ):
            found[(scheme, number, "")] = pk
    for start in range(0, len(part := sorted(keys)), 900):
        rows = Body.objects.filter(scheme=Scheme.NONE, name_key__in=part[start : start + 900])
        for pk, key, country, city in rows.values_list("id", "name_key", "country", "city"):
            found[("", key, country + name_key(city))] = pk
    return found


@transaction.atomic
def register_many(*, by: Actor, at: datetime, bodies: Sequence[NewBody], trusted: bool = False) -> list[int]:
    """Ids of all bodies in the order given, registering those that do not stand yet; again changes nothing.

    ``trusted`` skips the check digits where the source has checked them (bulk paths).
    """
    require(may(by, "bodies.register", on=date_of(at)))
    if not trusted:
        require(*(verdict for body in bodies for verdict in _sound(body)))
    standing = _standing(bodies)
    fresh: dict[tuple[str, str, str], Body] = {}
    for body in bodies:
        identity = _identity(body)
        if identity not in standing and identity not in fresh:
            fresh[identity] = body.row()
    with once():
        made = Body.objects.bulk_create(fresh.values(), batch_size=_BATCH)
    standing |= {identity: row.pk for identity, row in zip(fresh, made, strict=True)}
    ids = [standing[_identity(body)] for body in bodies]
    aliases = [
        BodyName(body_id=pk, kind=NameKind.FREETEXT, name=alias[:250], name_key=name_key(alias), source=body.source[:60])
        for pk, body in zip(ids, bodies, strict=True) for alias in body.aliases if name_key(alias)
    ]  # fmt: skip
    BodyName.objects.bulk_create(aliases, batch_size=_BATCH, ignore_conflicts=True)
    stock_of(len(fresh), Body, BodyName)
    if fresh:
        after = {"new": len(fresh), "of": len(bodies), "digest": digest_of(sorted(fresh))}
        record(by=by, at=at, verb="bodies.register_many", thing="body", after=after)
    return ids


@transaction.atomic
def note_names(*, by: Actor, at: datetime, names: Mapping[str, int], source: str) -> int:
    """How a source writes bodies that stand already (name -> body): next time the source's name is known; returns how many are new."""
    require(may(by, "bodies.register", on=date_of(at)))
    before = BodyName.objects.filter(source=source[:60]).count()
    rows = [
        BodyName(body_id=pk, kind=NameKind.FREETEXT, name=name[:250], name_key=name_key(name), source=source[:60])
        for name, pk in names.items() if name_key(name)
    ]  # fmt: skip
    BodyName.objects.bulk_create(rows, batch_size=_BATCH, ignore_conflicts=True)
    new = BodyName.objects.filter(source=source[:60]).count() - before
    if new:
        record(by=by, at=at, verb="bodies.note_names", thing="body", after={"new": new, "source": source})
    return new


@transaction.atomic
def take_over(*, by: Actor, at: datetime, rows: Iterable[tuple[Plain, ...]], source: str) -> range:
    """A whole register at once, as plain rows (PLAIN); returns their ids. The numbers must be new here and checked at the source."""
    require(may(by, "bodies.register", on=date_of(at)))
    first = first_free(Body)
    keyed = ((first + n, name_key(str(row[0])), source, *row) for n, row in enumerate(rows))
    count = pour(Body, ("id", "name_key", "source", *PLAIN), keyed, register=True)
    after = {"new": count, "first": first, "source": source}
    record(by=by, at=at, verb="bodies.take_over", thing="body", after=after)
    return range(first, first + count)


@transaction.atomic
def verify(*, by: Actor, at: datetime, body: Body, scheme: Scheme, number: str) -> Body:
    """Give an unverified body its number; where another body holds the number, the two are merged."""
    number = normal_number(scheme, number)
    require(may(by, "bodies.verify", on=date_of(at)), check_number(scheme, number))
    holder = Body.objects.filter(scheme=scheme, number=number).first()
    kept = holder and (holder.merged_into or holder)
    held_all(body, *([kept] if kept and kept.pk != body.pk else ()))
    if body.verified:
        raise Refused(no(mark("“%(name)s” already has a number."), on="number", name=body.name))
    if kept:
        return merge(by=by, at=at, kept=kept, absorbed=body).kept
    before = {"scheme": body.scheme, "number": body.number}
    body.scheme, body.number = scheme, number
    with once(lambda: _number_free(scheme, number)):
        body.save(update_fields=["scheme", "number"])
    record(
        by=by,
        at=at,
        verb="bodies.verify",
        thing="body",
        thing_id=body.pk,
        body_id=body.pk,
        before=before,
        after={"scheme": scheme, "number": number},
    )
    return body


def _mergeable(kept: Body, absorbed: Body) -> list[Verdict]:
    same = no(mark("A body cannot be merged into itself."), on="kept")
    gone = no(mark("“%(name)s” is already merged into another body."), on="absorbed", name=absorbed.name)
    two = no(
        mark("Both have a register number: two numbers are two bodies. Record a succession instead."), on="absorbed"
    )
    return [
        same if kept.pk == absorbed.pk else YES,
        gone if absorbed.merged_into_id or kept.merged_into_id else YES,
        two if kept.verified and absorbed.verified and kept.scheme == absorbed.scheme else YES,
    ]


@transaction.atomic
def merge(*, by: Actor, at: datetime, kept: Body, absorbed: Body) -> Merge:
    """Say that two bodies are one: counts follow ``kept``; nothing is moved, so nothing can be lost."""
    held_all(kept, absorbed)  # of two who merge the same pair the other way round at once one is told
    require(may(by, "bodies.merge", on=date_of(at)), *_mergeable(kept, absorbed))
    Body.objects.filter(merged_into=absorbed).update(merged_into=kept)
    absorbed.merged_into = kept
    absorbed.save(update_fields=["merged_into"])
    made = Merge.objects.create(kept=kept, absorbed=absorbed, by=by, at=at)
    Candidate.objects.filter(left__in=[kept, absorbed], right__in=[kept, absorbed]).update(state=CandidateState.MERGED)
    record(
        by=by,
        at=at,
        verb="bodies.merge",
        thing="body",
        thing_id=kept.pk,
        body_id=kept.pk,
        after={"absorbed": absorbed.pk, "name": absorbed.name},
    )
    return made


def _root(body_id: int, links: dict[int, int]) -> int | None:
    """Where the links that stand lead from a body; None if it stands for itself."""
    here = body_id
    while here in links:
        here = links[here]
    return here if here != body_id else None


@transaction.atomic
def undo_merge(*, by: Actor, at: datetime, merge: Merge) -> None:
    """Take a merge back: each body stands again as the merges that remain say."""
    undone = no(mark("This merge is already undone."))
    held_all(merge.kept, merge.absorbed)
    require(may(by, "bodies.merge", on=date_of(at)), undone if held(merge).undone_at else YES)
    merge.undone_by, merge.undone_at = by, at
    merge.save(update_fields=["undone_by", "undone_at"])
    links = dict(Merge.objects.filter(undone_at__isnull=True).values_list("absorbed_id", "kept_id"))
    for body in Body.objects.filter(merged_into_id=merge.kept_id) | Body.objects.filter(pk=merge.absorbed_id):
        body.merged_into_id = _root(body.pk, links)
        body.save(update_fields=["merged_into"])
    pair = sorted((merge.kept_id, merge.absorbed_id))
    asked = Candidate.objects.filter(left=pair[0], right=pair[1], state=CandidateState.MERGED)
    asked.update(state=CandidateState.WAITING)
    record(
        by=by,
        at=at,
        verb="bodies.undo_merge",
        thing="body",
        thing_id=merge.kept_id,
        body_id=merge.kept_id,
        before={"absorbed": merge.absorbed_id},
    )


@transaction.atomic
def set_apart(*, by: Actor, at: datetime, candidate: Candidate) -> None:
    """Say that the two are not the same: the pair is not proposed again."""
    merged = no(mark("The two are merged. Undo the merge first."))
    require(may(by, "bodies.merge", on=date_of(at)), merged if held(candidate).state == CandidateState.MERGED else YES)
    candidate.state = CandidateState.DIFFERENT
    candidate.save(update_fields=["state"])
    record(
        by=by,
        at=at,
        verb="bodies.set_apart",
        thing="candidate",
        thing_id=candidate.pk,
        after={"left": candidate.left_id, "right": candidate.right_id},
    )


@transaction.atomic
def look_for_candidates(*, by: Actor, at: datetime) -> int:
    """Compare every unverified body with those that have a number, and keep likely pairs with score and reason."""
    require(may(by, "bodies.merge", on=date_of(at)))
    waiting = list(Body.objects.filter(scheme=Scheme.NONE, merged_into__isnull=True).values_list("id", "name"))
    found = []
    for (pk, _), match in zip(waiting, match_names([name for _, name in waiting], numbered=True), strict=True):
        if match.body_id and match.body_id != pk:
            left, right = sorted((pk, match.body_id))
            found.append(Candidate(left_id=left, right_id=right, score=match.score, reason=match.reason, found_at=at))
    before = Candidate.objects.count()
    Candidate.objects.bulk_create(found, ignore_conflicts=True, batch_size=_BATCH)
    new = Candidate.objects.count() - before
    if new:
        record(by=by, at=at, verb="bodies.look_for_candidates", thing="candidate", after={"new": new})
    return new
