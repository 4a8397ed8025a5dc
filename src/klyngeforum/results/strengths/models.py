"""Regional tables taken in: which file, from whom, and its cells with the row that each stands in."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from klyngeforum.ground.fields import one_of, term

from .terms import NameKind, Unit


class RegionalTable(models.Model):
    """A numbered file of employment by region, industry and year. Its checksum says that the same file is not taken in twice."""

    number = models.PositiveIntegerField(unique=True)
    recipe = models.CharField(max_length=60)
    file_name = models.CharField(max_length=200)
    checksum = models.CharField(max_length=64)
    source = models.CharField(max_length=300)
    provenance = models.CharField(max_length=12)
    country = models.CharField(max_length=2, blank=True)
    classification = models.CharField(max_length=20)
    unit = term(Unit)
    made_up = models.BooleanField(default=False)
    rows = models.PositiveIntegerField()
    left_out = models.PositiveIntegerField()
    cells_held = models.PositiveIntegerField()
    withheld = models.PositiveIntegerField()
    regions = models.PositiveIntegerField()
    industries = models.PositiveIntegerField()
    first_year = models.PositiveSmallIntegerField()
    last_year = models.PositiveSmallIntegerField()
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["recipe", "checksum"], name="a_table_is_taken_in_once_by_a_recipe"),
            one_of("unit", Unit, "a_table_counts_something_known"),
            models.CheckConstraint(
                condition=Q(first_year__lte=models.F("last_year")), name="a_table_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.file_name}"


class TableName(models.Model):
    """What a table calls a region or an industry."""

    table = models.ForeignKey(RegionalTable, on_delete=models.CASCADE, related_name="names")
    kind = term(NameKind)
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["table", "kind", "code"], name="a_code_is_named_once_a_table"),
            one_of("kind", NameKind, "a_name_is_of_a_region_or_an_industry"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class RegionalCell(models.Model):
    """One region, industry and year. What the source holds back has no number."""

    table = models.ForeignKey(RegionalTable, on_delete=models.CASCADE, related_name="cells")
    line = models.PositiveIntegerField()
    region = models.CharField(max_length=60)
    industry = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField()
    employment = models.FloatField(null=True)
    workplaces = models.FloatField(null=True)
    withheld = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["table", "region", "industry", "year"], name="a_cell_stands_once_a_table"
            ),
            models.CheckConstraint(condition=Q(employment__isnull=True) | Q(employment__gte=0), name="employment_is_at_least_0"),
            models.CheckConstraint(condition=Q(workplaces__isnull=True) | Q(workplaces__gte=0), name="workplaces_are_at_least_0"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.region} {self.industry} {self.year}"
