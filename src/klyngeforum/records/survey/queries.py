"""Rounds, who is asked and who not, differences, contacts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from klyngeforum.ground.access.queries import Actor, reach_of, within

from .models import Asked, Basis, Contact, Part, Round, Written
from .rules import differs
from .terms import AnswerState, LeftOut, RoundState, Said


@dataclass(frozen=True, slots=True)
class Standing:
    """A round in numbers: how many companies there are, how many were asked, have begun, have handed in."""

    companies: int
    asked: int
    begun: int
    handed_in: int


def rounds(*, seen_by: Actor, on: date) -> QuerySet[Round]:
    """Every round, the newest first, for whoever may see any of it."""
    everything, bodies = reach_of(seen_by, "survey.see", on)
    rows = Round.objects.order_by("-year", "code", "months")
    return rows if everything or bodies else rows.none()


def published() -> QuerySet[Round]:
    return Round.objects.filter(state=RoundState.PUBLISHED).order_by("-year", "code", "months")


def one_round(pk: int, *, seen_by: Actor, on: date) -> Round | None:
    return rounds(seen_by=seen_by, on=on).filter(pk=pk).first()


def round_named(code: str, year: int, months: int) -> Round | None:
    return Round.objects.filter(code=code, year=year, months=months).first()


def standing(one: Round, cluster_id: int | None = None) -> Standing:
    rows = Asked.objects.filter(round=one)
    rows = rows if cluster_id is None else rows.filter(parts__cluster_id=cluster_id)
    handed, out = Q(state=AnswerState.HANDED_IN), Q(link__isnull=False)
    found = rows.aggregate(
        companies=Count("pk"), asked=Count("pk", filter=out), handed_in=Count("pk", filter=handed),
        begun=Count("pk", filter=Q(state=AnswerState.BEGUN)),
    )  # fmt: skip
    return Standing(**found)


def left_out_counts(one: Round, cluster_id: int | None = None) -> list[tuple[LeftOut, int]]:
    """Why companies are not asked, and how many for each reason."""
    rows = Asked.objects.filter(round=one).exclude(left_out=LeftOut.NO)
    rows = rows if cluster_id is None else rows.filter(parts__cluster_id=cluster_id)
    counts = dict(rows.order_by().values_list("left_out").annotate(n=Count("pk")))
    return [(why, counts[why.value]) for why in LeftOut if why.value in counts]


def parts_of(one: Round, *, seen_by: Actor, on: date) -> QuerySet[Part]:
    """The companies of the round with what was reported of them; what they answered otherwise stands elsewhere."""
    rows = Part.objects.filter(asked__round=one).select_related("asked__body", "cluster")
    return within(rows, seen_by, "survey.see", on=on).order_by("asked__body__sorted_as")


def left_out(one: Round) -> QuerySet[Asked]:
    """Companies that are not asked, with the reason, by name."""
    rows = Asked.objects.filter(round=one).exclude(left_out=LeftOut.NO).select_related("body")
    return rows.order_by("left_out", "body__sorted_as")


def differences(*, seen_by: Actor, on: date, one: Round | None = None, year: int | None = None) -> list[Part]:
    """What handed-in companies say otherwise than was reported, those not looked at first."""
    rows = Part.objects.filter(said=Said.WRONG, asked__state=AnswerState.HANDED_IN)
    rows = rows.select_related("asked__body", "asked__round", "cluster", "activity")
    rows = rows if one is None else rows.filter(asked__round=one)
    rows = rows if year is None else rows.filter(asked__round__year=year, asked__round__months=0)
    seen = within(rows, seen_by, "survey.office", on=on).order_by("looked_at", "asked__body__sorted_as")
    return [row for row in seen if differs(row.said, row.said_step, row.reported, row.said_took_part)]


def part(pk: int, *, seen_by: Actor, on: date) -> Part | None:
    return within(Part.objects.select_related("asked__round", "cluster"), seen_by, "survey.office", on=on).filter(pk=pk).first()  # fmt: skip


def parts_asked(asked: Asked) -> QuerySet[Part]:
    """The parts of one company's form, by the organisations' names."""
    return Part.objects.filter(asked=asked).select_related("cluster", "activity").order_by("cluster__sorted_as")


def contacts_of(cluster_id: int) -> QuerySet[Contact]:
    return Contact.objects.filter(cluster_id=cluster_id).select_related("body").order_by("body__sorted_as")


def bases() -> QuerySet[Basis]:
    return Basis.objects.filter(until__isnull=True).select_related("body", "noted_by").order_by("body__sorted_as")


def consenting(one: Round) -> QuerySet[Asked]:
    """Answers of companies that said that the secretariat may see them with their name."""
    rows = Asked.objects.filter(round=one, consent=True, state=AnswerState.HANDED_IN)
    return rows.select_related("body").order_by("body__sorted_as")


def written_counts(one: Round) -> tuple[int, int, int]:
    """Letters of the round: sent, waiting, waiting with a problem; nothing goes out to who has handed in or whose link is worthless."""
    rows = Written.objects.filter(asked__round=one)
    sent = Q(sent_at__isnull=False)
    waiting = ~sent & Q(asked__revoked=False) & ~Q(asked__state=AnswerState.HANDED_IN)
    found = rows.aggregate(sent=Count("pk", filter=sent), waits=Count("pk", filter=waiting), ill=Count("pk", filter=waiting & ~Q(problem="")))  # fmt: skip
    return found["sent"], found["waits"], found["ill"]


def open_rounds() -> QuerySet[Round]:
    return Round.objects.filter(state=RoundState.OPEN).order_by("id")


def asked_of(one: Round, body_id: int) -> Asked | None:
    return Asked.objects.filter(round=one, body_id=body_id).select_related("round", "body").first()


def with_link(one: Round) -> QuerySet[Asked]:
    """Companies that were given a link, in the order in which they were drawn."""
    return Asked.objects.filter(round=one, link__isnull=False).order_by("id")
