"""Extracts of the company register, studies with their frozen protocols, results and reviews."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from klyngeforum.ground.fields import one_of, term

from .terms import Judgement, StudyState


class Extract(models.Model):
    """A numbered file of companies by year. The file stays outside the database; its checksum says that it is still the same."""

    number = models.PositiveIntegerField(unique=True)
    file = models.CharField(max_length=120)
    checksum = models.CharField(max_length=64, unique=True)
    rows = models.PositiveIntegerField()
    companies = models.PositiveIntegerField()
    first_year = models.PositiveSmallIntegerField()
    last_year = models.PositiveSmallIntegerField()
    columns = models.TextField()
    source = models.CharField(max_length=300)
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey("access.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(condition=Q(first_year__lte=models.F("last_year")), name="an_extract_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(companies__lte=models.F("rows")), name="an_extract_has_a_row_for_each_company"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number}: {self.file}"


class Study(models.Model):
    """A study: its protocol in words of TOML, frozen before any result can be seen."""

    code = models.CharField(max_length=60, unique=True)
    state = term(StudyState, default=StudyState.DRAFT.value)
    protocol = models.TextField()
    digest = models.CharField(max_length=64)
    extract = models.ForeignKey(Extract, null=True, blank=True, on_delete=models.PROTECT, related_name="studies")
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey("access.Person", null=True, on_delete=models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField(null=True, blank=True)
    frozen_by = models.ForeignKey("access.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "studies"
        ordering = ["-begun_at", "-id"]
        constraints = [
            one_of("state", StudyState, "a_study_has_a_known_state"),
            models.CheckConstraint(
                condition=Q(state__in=[StudyState.DRAFT, StudyState.WITHDRAWN]) | Q(frozen_at__isnull=False),
                name="a_study_is_frozen_before_it_has_a_result",
            ),
            models.CheckConstraint(
                condition=~Q(state=StudyState.PUBLISHED) | Q(published_at__isnull=False), name="a_published_study_has_its_day"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.code


class Result(models.Model):
    """What a study answered: counted over companies, with what it rests on. There is one; it is never counted again."""

    study = models.OneToOneField(Study, on_delete=models.PROTECT, related_name="result")
    inputs = models.CharField(max_length=64)  # digest of protocol, extract, participants and library
    told = models.TextField()
    digest = models.CharField(max_length=64)
    library = models.CharField(max_length=60)
    counted_at = models.DateTimeField()
    counted_by = models.ForeignKey("access.Person", null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.study_id}: {self.digest[:12]}"


class Bundle(models.Model):
    """A frozen study as it was sent to where the register is; an answer is taken in for the bundle that it names."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="bundles")
    digest = models.CharField(max_length=64, unique=True)
    participants = models.CharField(max_length=64)  # digest of who began when
    companies = models.PositiveIntegerField()
    least = models.DecimalField(max_digits=7, decimal_places=2)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("access.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"{self.study_id}: {self.digest[:12]}"


class Review(models.Model):
    """What somebody who had no part in the study says of it; the newest counts, the earlier ones stay."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="reviews")
    verdict = term(Judgement)
    text = models.TextField()
    reviewed_at = models.DateTimeField()
    reviewed_by = models.ForeignKey("access.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-reviewed_at", "-id"]
        constraints = [one_of("verdict", Judgement, "a_review_has_a_known_verdict")]

    def __str__(self) -> str:
        return f"{self.study_id}: {self.verdict}"
