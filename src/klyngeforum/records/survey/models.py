"""Rounds, the companies of a round, what was reported of each, contacts, lawful bases and what was written."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from klyngeforum.ground.fields import not_before, one_of, term

from .terms import AnswerState, BasisKind, CompanyStep, Kind, LeftOut, RoundState, Said


class Round(models.Model):
    """One survey: the yearly one, or what is asked so many months after projects that ended."""

    code = models.CharField(max_length=60)
    version = models.CharField(max_length=20)
    kind = term(Kind)
    year = models.PositiveSmallIntegerField()
    months = models.PositiveSmallIntegerField(default=0)
    state = term(RoundState, default=RoundState.PREPARED.value)
    opened_on = models.DateField(null=True, blank=True)
    closes_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            one_of("kind", Kind, "a_survey_round_has_a_known_kind"),
            one_of("state", RoundState, "a_survey_round_has_a_known_state"),
            models.UniqueConstraint(fields=["code", "year", "months"], name="a_survey_is_held_once_a_year"),
            not_before("closes_on", "opened_on", "a_survey_closes_after_it_opens"),
            models.CheckConstraint(condition=Q(state="prepared") | Q(opened_on__isnull=False), name="an_open_survey_has_a_day"),
        ]  # fmt: skip


class Asked(models.Model):
    """A company of the round, once whatever organisations it belongs to; what it was when the list was drawn up.

    Of the personal link only a fingerprint is kept; ``turn`` counts the links it was given, so that a new one makes the old one worthless.
    ``recalled`` is the fingerprint of the one that was taken back with all others of the round, so that whoever opens it is told so."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="companies")
    body = models.ForeignKey("bodies.Body", on_delete=models.PROTECT, related_name="asked_in")
    left_out = term(LeftOut, default="", blank=True)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=2, default="da")
    size = models.CharField(max_length=8, blank=True)
    industry = models.CharField(max_length=8, blank=True)
    region = models.CharField(max_length=8, blank=True)
    turn = models.PositiveSmallIntegerField(default=0)
    link = models.CharField(max_length=64, null=True, blank=True, unique=True)
    revoked = models.BooleanField(default=False)
    recalled = models.CharField(max_length=64, blank=True, default="", db_index=True)
    recalled_at = models.DateTimeField(null=True, blank=True)
    state = term(AnswerState, default=AnswerState.WAITING.value)
    answers = models.JSONField(default=dict, blank=True)
    consent = models.BooleanField(default=False)
    asked_at = models.DateTimeField(null=True, blank=True)
    handed_in_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "body"], name="a_company_is_asked_once_a_round"),
            one_of("left_out", LeftOut, "a_company_is_left_out_for_a_known_reason"),
            one_of("state", AnswerState, "a_survey_answer_has_a_known_state"),
            models.CheckConstraint(condition=Q(left_out="") | Q(link__isnull=True) | Q(revoked=True), name="who_is_left_out_has_no_link"),
            models.CheckConstraint(condition=~Q(state="handed_in") | Q(handed_in_at__isnull=False), name="a_handed_in_answer_has_a_day"),
            models.CheckConstraint(condition=Q(recalled="") | Q(recalled_at__isnull=False), name="a_link_taken_back_has_a_moment"),
        ]  # fmt: skip


class Part(models.Model):
    """What one organisation reported of the company, what the company says to it, and whether somebody looked at the difference."""

    OWNER = "cluster__body"

    asked = models.ForeignKey(Asked, on_delete=models.CASCADE, related_name="parts")
    cluster = models.ForeignKey("clusters.Cluster", on_delete=models.PROTECT, related_name="+")
    took_part = models.BooleanField(default=True)
    reported = term(CompanyStep, default="", blank=True)
    activity = models.ForeignKey(
        "activities.Activity", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    said = term(Said, default="", blank=True)
    said_took_part = models.BooleanField(default=True)
    said_step = term(CompanyStep, default="", blank=True)
    looked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    looked_at = models.DateTimeField(null=True, blank=True)
    looked_note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["asked", "cluster"], name="an_organisation_is_one_part_of_a_survey"),
            one_of("reported", CompanyStep, "what_was_reported_is_a_known_step"),
            one_of("said", Said, "what_was_said_is_known"),
            one_of("said_step", CompanyStep, "what_was_said_instead_is_a_known_step"),
        ]


class Contact(models.Model):
    """Whom the organisation writes to at a company, and on what the organisation holds the address."""

    OWNER = "cluster__body"

    cluster = models.ForeignKey("clusters.Cluster", on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey("bodies.Body", on_delete=models.PROTECT, related_name="survey_contacts")
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField()
    language = models.CharField(max_length=2, default="da")
    basis = models.CharField(max_length=200)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cluster", "body"], name="an_organisation_has_one_contact_in_a_company"),
            models.CheckConstraint(condition=~Q(basis=""), name="a_contact_is_held_on_a_basis"),
        ]


class Basis(models.Model):
    """On what lawful basis a company that is protected against advertising may be asked; withdrawn, never deleted."""

    body = models.ForeignKey("bodies.Body", on_delete=models.PROTECT, related_name="survey_bases")
    kind = term(BasisKind)
    since = models.DateField()
    source = models.CharField(max_length=200)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    noted_at = models.DateTimeField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            one_of("kind", BasisKind, "a_basis_has_a_known_kind"),
            models.CheckConstraint(condition=~Q(source=""), name="a_basis_has_a_source"),
            not_before("until", "since", "a_basis_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["body"], condition=Q(until__isnull=True), name="a_company_has_one_basis_at_a_time"
            ),
        ]


class Written(models.Model):
    """An invitation (0) or a reminder (1, 2, …) to the company; its text is made when it is sent, so that no link lies in the house."""

    asked = models.ForeignKey(Asked, on_delete=models.CASCADE, related_name="written")
    number = models.PositiveSmallIntegerField()
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["asked", "number"], name="a_company_is_written_to_once_about_it"),
            models.CheckConstraint(condition=Q(sent_at__isnull=True) | Q(sent_at__gte=F("queued_at")), name="an_invitation_is_sent_after_it_was_queued"),
            models.CheckConstraint(condition=Q(sent_at__isnull=True) | Q(problem=""), name="a_sent_invitation_has_no_problem"),
        ]  # fmt: skip
