"""Label records: what an external issuer awarded, from–to as decided by the issuer."""

from __future__ import annotations

from django.db import models

from klyngeforum.ground.fields import not_before


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
