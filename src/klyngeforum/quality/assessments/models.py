"""Assessments with their answers by seat, the evidence, statements of eligibility, the experts' seats and who is where."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from klyngeforum.ground.fields import not_before, one_of, term
from klyngeforum.quality.indicators.terms import AnswerState

from .terms import Ask, AssessmentKind, AssessmentState, Part, Seat


def _person(**options: object) -> models.ForeignKey[object, object]:
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", **options)  # type: ignore[arg-type]


class Assessment(models.Model):
    """One organisation assessed by one version of a scheme; the checksum pins the version that was used."""

    OWNER = "cluster__body"

    cluster = models.ForeignKey("clusters.Cluster", on_delete=models.PROTECT, related_name="assessments")
    kind = term(AssessmentKind)
    state = term(AssessmentState, default=AssessmentState.OPEN.value)
    scheme = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    checksum = models.CharField(max_length=64)
    as_of = models.DateField()
    previous = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="later")
    begun_at = models.DateTimeField()
    begun_by = _person(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    completed_by = _person(null=True, blank=True)

    class Meta:
        constraints = [
            one_of("kind", AssessmentKind, "an_assessment_has_a_known_kind"),
            one_of("state", AssessmentState, "an_assessment_has_a_known_state"),
            not_before("completed_at", "begun_at", "an_assessment_is_completed_after_it_began"),
            models.CheckConstraint(
                condition=~Q(state__in=("completed", "agreed")) | Q(completed_at__isnull=False),
                name="a_completed_assessment_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(kind="audit") | Q(state__in=("open", "completed")), name="only_audits_are_scored_by_experts"
            ),
            models.CheckConstraint(
                condition=~Q(kind="audit") | ~Q(state="completed"), name="an_audit_ends_with_agreement"
            ),
            models.UniqueConstraint(
                fields=["cluster", "kind", "scheme"],
                condition=~Q(state__in=("completed", "agreed")),
                name="one_assessment_of_a_kind_is_in_work_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["scheme", "state", "as_of"], name="assessments_by_scheme_and_day")]


class Answer(models.Model):
    """What one seat says of one indicator; ``answered_on`` is when it was last said, ``ask`` why it is asked for (again)."""

    OWNER = "assessment__cluster__body"

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="answers")
    indicator = models.CharField(max_length=20)
    seat = term(Seat, default=Seat.OWN.value)
    state = term(AnswerState, default=AnswerState.UNKNOWN.value)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    justification = models.TextField(blank=True)
    differs_because = models.TextField(blank=True)
    ask = term(Ask, default=Ask.NEW.value, blank=True)
    answered_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            one_of("seat", Seat, "an_answer_is_from_a_known_seat"),
            one_of("state", AnswerState, "an_answer_has_a_known_state"),
            one_of("ask", Ask, "an_answer_is_asked_for_a_known_reason"),
            models.CheckConstraint(
                condition=Q(state="scored", level__isnull=False) | (~Q(state="scored") & Q(level__isnull=True)),
                name="a_scored_answer_has_a_level_and_no_other",
            ),
            models.UniqueConstraint(
                fields=["assessment", "indicator", "seat"], name="a_seat_answers_an_indicator_once"
            ),
        ]


class Turn(models.Model):
    """How often a part of an answer was written, last by whom and when: what tells two writers apart."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="turns")
    part = term(Part)
    turn = models.PositiveIntegerField(default=0)
    by = _person(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            one_of("part", Part, "a_turn_is_of_a_known_part"),
            models.UniqueConstraint(fields=["answer", "part"], name="a_part_has_one_turn"),
        ]


class Stated(models.Model):
    """What the organisation states of an eligibility fact that no register holds, or differs from it and says why."""

    OWNER = "assessment__cluster__body"

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="stated")
    fact = models.CharField(max_length=40)
    number = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    yes = models.BooleanField(null=True, blank=True)
    because = models.TextField(blank=True)
    turn = models.PositiveIntegerField(default=1)
    by = _person(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "fact"], name="a_fact_is_stated_once"),
            models.CheckConstraint(
                condition=Q(number__isnull=True) | Q(yes__isnull=True), name="a_fact_is_a_number_or_a_yes"
            ),
        ]


class Document(models.Model):
    """A file that evidence rests on, kept once by its digest."""

    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, unique=True)
    content = models.BinaryField()


class Evidence(models.Model):
    """What an answer rests on: a file or a link, dated; ``kind`` is a code of the scheme and says when it is stale."""

    OWNER = "assessment__cluster__body"

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="evidence")
    indicator = models.CharField(max_length=20)
    kind = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=200)
    dated = models.DateField()
    link = models.URLField(max_length=500, blank=True)
    document = models.ForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    by = _person(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(document__isnull=True) & ~Q(link="")) | (Q(document__isnull=False) & Q(link="")),
                name="evidence_is_a_link_or_a_file",
            )
        ]
        indexes = [models.Index(fields=["assessment", "indicator"], name="evidence_by_indicator")]


class Chair(models.Model):
    """Which expert sits in which seat of an audit, and when their scores were handed in."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="chairs")
    seat = term(Seat)
    person = _person()
    since = models.DateTimeField()
    handed_in_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(seat__in=("expert_a", "expert_b")), name="an_expert_sits_in_an_experts_seat"
            ),
            models.UniqueConstraint(fields=["assessment", "seat"], name="a_seat_holds_one_expert"),
            models.UniqueConstraint(fields=["assessment", "person"], name="an_expert_sits_once"),
        ]


class Presence(models.Model):
    """Who looked at which group of an assessment, and when: shown to the others for a moment, never kept as a record."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="presence")
    person = _person()
    group = models.CharField(max_length=20, blank=True)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assessment", "person"], name="a_person_is_in_one_place")]


class Consent(models.Model):
    """The organisation lets others see its name beside its values, from–to; without it, it is only counted."""

    OWNER = "cluster__body"

    cluster = models.ForeignKey("clusters.Cluster", on_delete=models.PROTECT, related_name="consents")
    given_at = models.DateTimeField()
    given_by = _person(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cluster"], condition=Q(withdrawn_at__isnull=True), name="one_consent_stands_at_a_time"
            ),
            not_before("withdrawn_at", "given_at", "a_consent_is_withdrawn_after_it_was_given"),
        ]
