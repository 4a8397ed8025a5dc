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


class FinderMark(models.Model):
    """Up to which act of the trail the index has been made (one row)."""

    upto = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="the_index_has_one_mark")]
