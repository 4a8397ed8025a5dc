"""Which cluster organisation the person at this desk works for."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.utils import timezone

from klyngeforum.ground.access.queries import reach_of
from klyngeforum.registers.clusters.queries import Cluster, of_body
from klyngeforum.web.serving import me


def own_cluster(request: HttpRequest) -> Cluster:
    """The first of the person's own organisations; nobody else's, ever."""
    _, bodies = reach_of(me(request), "memberships.edit", timezone.localdate())
    for body_id in sorted(bodies):
        if cluster := of_body(body_id):
            return cluster
    raise Http404
