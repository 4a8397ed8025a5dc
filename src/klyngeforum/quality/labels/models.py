"""Label records (what an external issuer awarded, from–to as decided), the cases that lead to them, and the follow-up."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from klyngeforum.ground.fields import not_before, one_of, term
from klyngeforum.quality.assessments.terms import Seat

from .terms import OPEN, CaseState


class LabelRecord(models.Model):
    """A label (code of programme data) held by a cluster organisation; counts are asked for as of a date."""

    OWNER = "cluster__body"

    cluster = models.ForeignKey("clusters.Cluster", on_delete=models.PROTECT, related_name="labels")
    label = models.CharField(max_length=40)
    issuer = models.CharField(max_length=80)
    certificate = models.CharField(max_length=80, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField()
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cluster", "label", "valid_from"], name="a_label_is_awarded_once_a_day"),
            not_before("valid_to", "valid_from", "a_label_ends_after_it_begins"),
        ]


class Case(models.Model):
    """An organisation's way to a label: applied for with the money asked, audited, reported; the approving group decides outside."""

    OWNER = "cluster__body"

    cluster = models.ForeignKey("clusters.Cluster", on_delete=models.PROTECT, related_name="certifications")
    label = models.CharField(max_length=40)
    scheme = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    state = term(CaseState, default=CaseState.APPLIED.value)
    applied_on = models.DateField()
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    money_asked = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)  # kroner
    reason = models.TextField()
    own = models.ForeignKey("assessments.Assessment", on_delete=models.PROTECT, related_name="+")
    audit = models.OneToOneField("assessments.Assessment", null=True, blank=True, on_delete=models.PROTECT, related_name="case")  # fmt: skip
    ended_on = models.DateField(null=True, blank=True)
    decision = models.CharField(max_length=500, blank=True)
    record = models.OneToOneField(LabelRecord, null=True, blank=True, on_delete=models.PROTECT, related_name="case")

    class Meta:
        constraints = [
            one_of("state", CaseState, "a_case_has_a_known_state"),
            models.UniqueConstraint(
                fields=["cluster", "label"], condition=Q(state__in=[one.value for one in OPEN]), name="one_case_a_label_is_open"
            ),
            models.CheckConstraint(
                condition=~Q(state=CaseState.AWARDED) | Q(record__isnull=False), name="an_awarded_case_has_its_label_record"
            ),
            models.CheckConstraint(
                condition=Q(money_asked__isnull=True) | Q(money_asked__gte=0), name="money_asked_is_not_negative"
            ),
        ]  # fmt: skip


class Declaration(models.Model):
    """An assessor asked to take a seat in a case, and what they declare of their independence."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="declarations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="declarations")
    seat = term(Seat)
    asked_on = models.DateField()
    independent = models.BooleanField(null=True, blank=True)  # None: not yet declared
    foreign = models.BooleanField(default=False)
    text = models.TextField(blank=True)
    declared_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "person"], name="an_assessor_is_asked_once_a_case"),
            models.UniqueConstraint(
                fields=["case", "seat"], condition=~Q(independent=False), name="a_seat_is_offered_to_one_at_a_time"
            ),
            models.CheckConstraint(condition=Q(seat__in=("expert_a", "expert_b")), name="an_assessor_is_asked_to_an_experts_seat"),
        ]  # fmt: skip


class Area(models.Model):
    """An improvement area of the report: an indicator, what was found, and what the experts recommend."""

    OWNER = "case__cluster__body"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="areas")
    indicator = models.CharField(max_length=20)
    finding = models.TextField()
    recommendation = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "indicator"], name="an_indicator_is_one_area")]


class Step(models.Model):
    """One step of the follow-up plan: what, who, until when, and when it was done."""

    OWNER = "area__case__cluster__body"

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="steps")
    what = models.CharField(max_length=300)
    owner = models.CharField(max_length=120)
    due_on = models.DateField()
    done_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["area", "what"], name="a_step_is_planned_once")]


class Reminder(models.Model):
    """A reminder that a label runs out: sent once for each number of months."""

    record = models.ForeignKey(LabelRecord, on_delete=models.CASCADE, related_name="reminders")
    months = models.PositiveSmallIntegerField()
    sent_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "months"], name="a_reminder_is_sent_once")]


class Peer(models.Model):
    """A foreign or Danish organisation as a table of European peers lists it: until when its label is valid there, and where a score is
    known its share of the points. Nobody of ours: it is compared with, never counted."""

    country = models.CharField(max_length=2)
    name = models.CharField(max_length=200)
    portfolio = models.CharField(max_length=120, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    share = models.DecimalField(max_digits=5, decimal_places=4, null=True, blank=True)
    source = models.CharField(max_length=250, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["country", "name"], name="a_peer_stands_once_in_its_country"),
            models.CheckConstraint(
                condition=Q(share__isnull=True) | Q(share__gte=0, share__lte=1),
                name="a_share_lies_between_nothing_and_all",
            ),
        ]
