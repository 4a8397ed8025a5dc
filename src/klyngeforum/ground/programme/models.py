"""Which version of which programme value was taken in: a version once used cannot change."""

from __future__ import annotations

from django.db import models


class TakenIn(models.Model):
    """One programme file entry by kind, code and version, with the checksum of its content."""

    kind = models.CharField(max_length=40)
    code = models.CharField(max_length=80)
    version = models.CharField(max_length=20)
    checksum = models.CharField(max_length=64)
    taken_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "code", "version"], name="a_version_is_taken_in_once")]
