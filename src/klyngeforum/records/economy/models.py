"""Grants with budget lines, income, hours with evidence, and claims: an hour is claimed once, whatever the grant."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from klyngeforum.ground.fields import not_before, one_of, term
from klyngeforum.ground.programme.funding import Payer

from .terms import Form, HourEvidence, Standing


class Grant(models.Model):
    """Money granted to a cluster organisation for a period, under a funding scheme of the programme."""

    OWNER = "cluster__body"

    cluster = models.ForeignKey("clusters.Cluster", on_delete=models.PROTECT, related_name="grants")
    reference = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    scheme = models.CharField(max_length=60)
    starts_on = models.DateField()
    ends_on = models.DateField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    own_share = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    closed_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cluster", "reference"], name="a_reference_names_one_grant"),
            not_before("ends_on", "starts_on", "a_grant_ends_after_it_begins"),
            not_before("closed_on", "starts_on", "a_grant_closes_after_it_begins"),
            models.CheckConstraint(condition=Q(amount__gt=0, own_share__gte=0), name="a_grant_is_worth_something"),
        ]

    def __str__(self) -> str:
        return self.title


class BudgetLine(models.Model):
    """One line of a grant's budget."""

    OWNER = "grant__cluster__body"

    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="budget")
    title = models.CharField(max_length=120)
    amount = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["grant", "title"], name="a_budget_line_stands_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="a_budget_line_is_not_negative"),
        ]


class Income(models.Model):
    """Money of a year by source: received, or budgeted. Hours received are counted from the hours themselves, never typed."""

    OWNER = "cluster__body"

    cluster = models.ForeignKey("clusters.Cluster", on_delete=models.PROTECT, related_name="incomes")
    year = models.PositiveSmallIntegerField()
    on = models.DateField(null=True, blank=True)
    standing = term(Standing)
    form = term(Form)
    payer = term(Payer)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    grant = models.ForeignKey(Grant, null=True, blank=True, on_delete=models.PROTECT, related_name="incomes")
    note = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            one_of("standing", Standing, "income_is_budgeted_or_received"),
            one_of("form", Form, "income_is_cash_or_hours"),
            one_of("payer", Payer, "income_has_a_known_payer"),
            models.CheckConstraint(condition=~Q(amount=0), name="income_is_not_nothing"),
            models.CheckConstraint(condition=Q(form=Form.CASH.value) | Q(standing=Standing.BUDGET.value), name="hours_received_are_counted_not_typed"),
        ]  # fmt: skip
        indexes = [models.Index(fields=["cluster", "year"], name="income_by_cluster_and_year")]


class HourEntry(models.Model):
    """Hours that a body gave on a day or over some days, with the evidence for them; those given in an activity are part of its recorded hours."""

    OWNER = "cluster__body"

    cluster = models.ForeignKey("clusters.Cluster", on_delete=models.PROTECT, related_name="hour_entries")
    participation = models.ForeignKey(
        "activities.Participation", null=True, blank=True, on_delete=models.PROTECT, related_name="hour_entries"
    )
    body = models.ForeignKey("bodies.Body", on_delete=models.PROTECT, related_name="hour_entries")
    person = models.CharField(max_length=120, blank=True)
    task = models.CharField(max_length=160, blank=True)
    since = models.DateField()
    until = models.DateField()
    begins = models.TimeField(null=True, blank=True)
    ends = models.TimeField(null=True, blank=True)
    hours = models.DecimalField(max_digits=8, decimal_places=2)
    pay = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    evidence = term(HourEvidence, default="", blank=True)
    evidence_reference = models.CharField(max_length=200, blank=True)
    evidence_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            one_of("evidence", HourEvidence, "an_hour_has_known_evidence"),
            not_before("until", "since", "hours_end_after_they_begin"),
            models.CheckConstraint(condition=Q(hours__gt=0), name="hours_are_more_than_none"),
            models.CheckConstraint(condition=Q(pay__isnull=True) | Q(pay__gt=0), name="pay_is_more_than_nothing"),
            models.CheckConstraint(
                condition=Q(begins__isnull=True, ends__isnull=True) | Q(since=F("until"), begins__lt=F("ends")),
                name="times_are_of_one_day",
            ),
            models.CheckConstraint(
                condition=Q(evidence="", evidence_reference="", evidence_on__isnull=True)
                | (~Q(evidence="") & ~Q(evidence_reference="") & Q(evidence_on__isnull=False)),
                name="evidence_says_where_it_lies_and_from_when",
            ),
        ]
        indexes = [
            models.Index(fields=["cluster", "since"], name="hours_by_cluster_and_day"),
            models.Index(fields=["body", "since"], name="hours_by_body_and_day"),
        ]


class Claim(models.Model):
    """Hours claimed under a grant in a period of reporting; worth what the rate of its scheme said when they were claimed."""

    OWNER = "grant__cluster__body"

    entry = models.ForeignKey(HourEntry, on_delete=models.PROTECT, related_name="claims")
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="claims")
    since = models.DateField()
    until = models.DateField()
    rate = models.CharField(max_length=60)
    per_hour = models.DecimalField(max_digits=10, decimal_places=4)
    worth = models.DecimalField(max_digits=14, decimal_places=2)
    claimed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry"], name="an_hour_is_claimed_once_across_all_grants"),
            not_before("until", "since", "a_claim_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(worth__gte=0), name="a_claim_is_not_negative"),
        ]
        indexes = [models.Index(fields=["grant", "since"], name="claims_by_grant_and_period")]
