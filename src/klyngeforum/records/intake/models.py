"""Files taken in: all or nothing, repeatable without doubling."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from klyngeforum.ground.fields import one_of, term

from .terms import IntakeState


class Intake(models.Model):
    """One file read by a recipe or a template: what came in, what changed, who did it."""

    OWNER = "body"

    recipe = models.CharField(max_length=60)
    file_name = models.CharField(max_length=200)
    file_digest = models.CharField(max_length=64)
    body = models.ForeignKey("bodies.Body", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    state = term(IntakeState)
    rows = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    errors = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [one_of("state", IntakeState, "an_intake_has_a_known_state")]
