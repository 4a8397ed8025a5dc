"""Memberships of bodies in cluster organisations."""

from __future__ import annotations

from django.db import models

from klyngeforum.ground.fields import not_before, one_of, term

from .terms import Commitment, MemberRole


class Membership(models.Model):
    """A body belongs to a cluster organisation from–to (both days included)."""

    OWNER = "cluster__body"

    cluster = models.ForeignKey("clusters.Cluster", on_delete=models.PROTECT, related_name="memberships")
    body = models.ForeignKey("bodies.Body", on_delete=models.PROTECT, related_name="memberships")
    role = term(MemberRole, default=MemberRole.MEMBER.value)
    commitment = term(Commitment, default=Commitment.PARTICIPANT.value)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            one_of("role", MemberRole, "a_member_has_a_known_role"),
            one_of("commitment", Commitment, "a_member_has_a_known_commitment"),
            not_before("until", "since", "a_membership_ends_after_it_begins"),
            models.UniqueConstraint(fields=["cluster", "body", "since"], name="a_membership_starts_once_a_day"),
        ]
