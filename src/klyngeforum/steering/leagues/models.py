"""Placements of cluster organisations in leagues, with history."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from klyngeforum.ground.fields import not_before, one_of, term
from klyngeforum.quality.indicators.terms import Truth

from .terms import NoticeState


class Placement(models.Model):
    """A league (code of programme data) from–to; nothing moves without a decision."""

    OWNER = "cluster__body"

    cluster = models.ForeignKey("clusters.Cluster", on_delete=models.PROTECT, related_name="placements")
    league = models.CharField(max_length=40)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    decision = models.CharField(max_length=300)
    rules_version = models.CharField(max_length=40, blank=True)  # empty: placed before the rules were kept here
    against_rules = models.BooleanField(default=False)  # the forum decided otherwise than the rules say
    digest = models.CharField(max_length=16, blank=True)  # of the exhibits

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cluster"], condition=Q(until__isnull=True), name="a_cluster_plays_in_one_league"
            ),
            models.UniqueConstraint(fields=["cluster", "since"], name="a_placement_starts_once_a_day"),
            not_before("until", "since", "a_placement_ends_after_it_begins"),
        ]


class Exhibit(models.Model):
    """One line of what the forum had before it when it placed an organisation: frozen words, never counted again."""

    OWNER = "placement__cluster__body"

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="exhibits")
    position = models.PositiveSmallIntegerField()
    league = models.CharField(max_length=40)
    depth = models.PositiveSmallIntegerField()
    truth = term(Truth)
    placeholder = models.BooleanField()
    said_da = models.CharField(max_length=500)
    said_en = models.CharField(max_length=500)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["placement", "position"], name="an_exhibit_has_its_place"),
            one_of("truth", Truth, "an_exhibit_says_met_not_met_or_undetermined"),
        ]


class Notice(models.Model):
    """A warning before a move down: from which league to which, why, and until when the organisation has."""

    OWNER = "cluster__body"

    cluster = models.ForeignKey("clusters.Cluster", on_delete=models.PROTECT, related_name="notices")
    from_league = models.CharField(max_length=40)
    to_league = models.CharField(max_length=40, blank=True)  # empty: out of the leagues
    given_on = models.DateField()
    deadline = models.DateField()
    reason = models.CharField(max_length=1000)
    state = term(NoticeState, default=NoticeState.STANDING)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cluster"], condition=Q(state=NoticeState.STANDING), name="one_warning_stands_at_a_time"
            ),
            one_of("state", NoticeState, "a_warning_stands_is_withdrawn_or_carried_out"),
            not_before("deadline", "given_on", "a_warning_leaves_time"),
        ]
