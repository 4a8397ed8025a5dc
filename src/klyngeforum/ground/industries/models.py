"""Industry codes as text, one row a version and code."""

from __future__ import annotations

from django.db import models


class Industry(models.Model):
    """A code of one version (DB07, DB25): levels 1 section, 2 division, 3 group, 4 class, 5 subclass."""

    version = models.CharField(max_length=8)
    code = models.CharField(max_length=8)
    level = models.PositiveSmallIntegerField()
    title_da = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="a_code_stands_once_a_version")]

    def __str__(self) -> str:
        return f"{self.code} {self.title_da}"
