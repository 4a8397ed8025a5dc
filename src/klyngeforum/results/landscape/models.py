"""The finder's index: which words speak for which cluster organisation, and where they stand."""

from __future__ import annotations

from django.db import models

from klyngeforum.ground.fields import one_of, term

from .terms import WordSource


class FinderWord(models.Model):
    """A word (token) of a cluster organisation, where it comes from and how much it weighs there."""

    cluster = models.ForeignKey("clusters.Cluster", on_delete=models.CASCADE, related_name="+")
    token = models.CharField(max_length=60)
    source = term(WordSource)
    word = models.CharField(max_length=80)
    weight = models.FloatField()

    class Meta:
        constraints = [
            one_of("source", WordSource, "a_word_has_a_known_source"),
            models.UniqueConstraint(fields=["token", "cluster", "source"], name="a_word_stands_once_a_source"),
        ]


class Scenario(models.Model):
    """A merger that somebody thought through and kept: which organisations, as of which day, and what they came to then."""

    name = models.CharField(max_length=120)
    note = models.CharField(max_length=300, blank=True)
    day = models.DateField()
    participants = models.PositiveIntegerField()
    companies = models.PositiveIntegerField()
    kept_at = models.DateTimeField()
    kept_by = models.ForeignKey("access.Person", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-kept_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="a_scenario_has_a_name"),
            models.CheckConstraint(condition=models.Q(companies__lte=models.F("participants")), name="companies_of_a_scenario_are_participants"),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=True, withdrawn_because="")
                | (models.Q(withdrawn_at__isnull=False) & ~models.Q(withdrawn_because="")),
                name="a_scenario_is_withdrawn_for_a_reason",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class ScenarioPart(models.Model):
    """One of the organisations of a scenario."""

    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="parts")
    cluster = models.ForeignKey("clusters.Cluster", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["scenario", "cluster"], name="a_part_stands_once_in_a_scenario")]


class FinderMark(models.Model):
    """Up to which act of the trail the index has been made (one row)."""

    upto = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="the_index_has_one_mark")]
