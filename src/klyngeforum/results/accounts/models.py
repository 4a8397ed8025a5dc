"""Rounds, accounts (one a cluster, year and edition), booked lines, figures and messages."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from klyngeforum.ground.bodies.terms import KnowledgeKind, SizeBand
from klyngeforum.ground.fields import not_before, one_of, term

from .terms import About, AccountState, CountsAs, Move, Section


class Round(models.Model):
    """The round of one data year: when accounts open and when they are due; the edition year is the data year + 1."""

    year = models.PositiveSmallIntegerField(unique=True)
    opens_on = models.DateField()
    due_on = models.DateField()

    class Meta:
        constraints = [not_before("due_on", "opens_on", "a_round_is_due_after_it_opens")]


class Account(models.Model):
    """One cluster organisation's account of a year in one edition; ``turn`` grows with every change (two people at once)."""

    OWNER = "cluster__body"

    cluster = models.ForeignKey("clusters.Cluster", on_delete=models.PROTECT, related_name="accounts")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="accounts")
    year = models.PositiveSmallIntegerField()
    edition = models.PositiveSmallIntegerField(default=1)
    state = term(AccountState, default=AccountState.OPEN.value)
    due_on = models.DateField()  # the round's deadline, until more time is given or an answer is asked for
    comment = models.TextField(blank=True)
    opened_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    digest = models.CharField(max_length=64, blank=True)
    turn = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            one_of("state", AccountState, "an_account_has_a_known_state"),
            models.UniqueConstraint(fields=["cluster", "year", "edition"], name="an_edition_stands_once"),
            models.UniqueConstraint(
                fields=["cluster", "year"], condition=~Q(state="approved"), name="one_edition_is_in_work_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(approved_at__isnull=False), name="approved_has_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(submitted_at__isnull=False), name="submitted_has_a_time"
            ),
        ]
        indexes = [models.Index(fields=["year", "state"], name="accounts_by_year_and_state")]

    @property
    def booked(self) -> bool:
        """Whether its figures are copies of the day it was handed in; otherwise they are what the records say now."""
        return self.state in (AccountState.SUBMITTED, AccountState.APPROVED)


class Extension(models.Model):
    """More time for one account: until when, why, and who gave it."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="extensions")
    before = models.DateField()
    until = models.DateField()
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=models.F("before")), name="an_extension_gives_more_time"),
            models.CheckConstraint(condition=~Q(reason=""), name="an_extension_has_a_reason"),
        ]


class Line(models.Model):
    """What the account says of one body: booked at submission, so later corrections of records cannot move it.

    ``records`` names the records behind it (``participation:12 outcome:7``): opened, never counted.
    ``current`` is true for lines of the newest approved edition of an account: the lines that national figures count.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="lines")
    year = models.PositiveSmallIntegerField()
    body = models.ForeignKey("bodies.Body", on_delete=models.PROTECT, related_name="+")
    counts_as = term(CountsAs)
    size_band = term(SizeBand, default="", blank=True)
    eu_sme = models.BooleanField(null=True, blank=True)
    industry = models.ForeignKey(
        "industries.Industry", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    place = models.ForeignKey("places.Area", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    participated = models.BooleanField(default=False)
    dedicated = models.BooleanField(default=False)
    started = models.BooleanField(default=False)
    started_first_time = models.BooleanField(default=False)
    new_here = models.BooleanField(default=False)
    step = models.PositiveSmallIntegerField(default=0)
    activities = models.PositiveIntegerField(default=0)
    hours = models.DecimalField(max_digits=11, decimal_places=2, default=0)
    current = models.BooleanField(default=False)
    records = models.TextField(blank=True)
    knowledge_kind = term(KnowledgeKind, default="", blank=True)
    near = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints = [
            one_of("counts_as", CountsAs, "a_line_counts_as_something_known"),
            one_of("size_band", SizeBand, "a_line_has_a_known_size_band"),
            one_of("knowledge_kind", KnowledgeKind, "a_line_has_a_known_kind_of_knowledge"),
            models.UniqueConstraint(fields=["account", "body"], name="a_body_stands_once_in_an_account"),
            models.CheckConstraint(condition=Q(step__lte=3), name="the_ladder_has_three_steps"),
        ]
        indexes = [models.Index(fields=["year", "body"], condition=Q(current=True), name="current_lines_by_year")]


class BookedFigure(models.Model):
    """A figure of one account as booked: measure, definition version, value, digest of the lines behind it."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="figures")
    measure = models.CharField(max_length=60)
    version = models.CharField(max_length=20)
    value = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "measure"], name="a_figure_stands_once_in_an_account")
        ]


class BookedUnit(models.Model):
    """A department or institute that the account counts, by its key; without one the institution itself, of which no unit is recorded."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="units")
    body = models.ForeignKey("bodies.Body", on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "body", "key"], name="a_unit_stands_once_in_an_account")
        ]


class Message(models.Model):
    """What the secretariat asked of the account, one of its sections or one of its figures, and what was answered.

    While it is not resolved, what it asks about is open and everything that no message asks about is locked.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="messages")
    measure = models.CharField(max_length=60, blank=True)
    section = term(Section, default="", blank=True)
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answer = models.TextField(blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(section="") | Q(section__in=Section.values(), measure=""),
                name="a_message_is_of_a_figure_or_a_known_section",
            )
        ]


class Remark(models.Model):
    """One thing typed in an account, saved by itself: nothing of it is demanded before handing in; ``turn`` tells two writers apart."""

    OWNER = "account__cluster__body"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="remarks")
    about = term(About)
    key = models.CharField(max_length=120, blank=True)
    text = models.TextField(blank=True)
    turn = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            one_of("about", About, "a_remark_is_about_something_known"),
            models.UniqueConstraint(fields=["account", "about", "key"], name="a_thing_is_remarked_on_once"),
        ]


class Submission(models.Model):
    """One handing in of an account; what moved since the one before stands beside it, the lines themselves in the account.

    ``sections`` names what could move (``participation outcomes``); empty is everything.
    """

    OWNER = "account__cluster__body"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="submissions")
    nth = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    comment = models.TextField(blank=True)
    sections = models.CharField(max_length=120, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "nth"], name="a_submission_stands_once")]


class MovedFigure(models.Model):
    """A figure that a submission changed."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="figures")
    measure = models.CharField(max_length=60)
    before = models.DecimalField(max_digits=16, decimal_places=4)
    after = models.DecimalField(max_digits=16, decimal_places=4)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "measure"], name="a_figure_moves_once_in_a_submission"),
            models.CheckConstraint(condition=~Q(before=models.F("after")), name="a_figure_that_moved_differs"),
        ]


class MovedBody(models.Model):
    """A body that came, went or changed with a submission; ``what`` shows how (``step:1>2 hours:4.00>6.00``), it is never counted."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="bodies")
    body = models.ForeignKey("bodies.Body", on_delete=models.PROTECT, related_name="+")
    move = term(Move)
    what = models.TextField(blank=True)

    class Meta:
        constraints = [
            one_of("move", Move, "a_body_moves_in_a_known_way"),
            models.UniqueConstraint(fields=["submission", "body"], name="a_body_moves_once_in_a_submission"),
        ]
