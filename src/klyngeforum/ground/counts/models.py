"""The last result of each heavy count. Derived: nothing is lost with it, and it leaves no trail."""

from __future__ import annotations

from django.db import models


class Count(models.Model):
    """``act`` and ``hash`` name the newest act that it knows, ``code`` the program that counted; ``told`` is the result, sealed."""

    name = models.CharField(max_length=60)
    day = models.DateField()
    act = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    code = models.CharField(max_length=64)
    told = models.BinaryField()
    took = models.FloatField()  # seconds, counted whole
    counted_at = models.DateTimeField()
    wanted_at = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["name", "day"], name="a_count_is_stored_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.day}"
