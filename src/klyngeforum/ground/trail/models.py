"""The trail: one row an act, chained by hashes; the database refuses to change or remove a row."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Act(models.Model):
    """Who did what to which thing when, with the values before and after (JSON, for reading, never counted)."""

    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=120)
    verb = models.CharField(max_length=60)
    thing = models.CharField(max_length=60)
    thing_id = models.BigIntegerField(null=True, blank=True)
    body = models.ForeignKey("bodies.Body", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["previous"], name="an_act_follows_one_act")]
        indexes = [models.Index(fields=["thing", "thing_id"], name="acts_by_thing")]
