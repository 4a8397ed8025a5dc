"""Which case is on the assessor's desk, and which audit they sit in."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.utils import timezone

from klyngeforum.quality.assessments.queries import Assessment, seat_of
from klyngeforum.quality.assessments.terms import Seat
from klyngeforum.quality.labels.assigned import Assigned, one_assigned
from klyngeforum.web.serving import me


def my_case(request: HttpRequest, pk: int) -> Assigned:
    """A case in which this person is asked; no other exists at this desk."""
    found = one_assigned(pk, me(request), on=timezone.localdate())
    if found is None:
        raise Http404
    return found


def my_audit(request: HttpRequest, pk: int) -> tuple[Assigned, Assessment, Seat]:
    """The case's audit and the seat in it; before the audit has begun there is none."""
    found = my_case(request, pk)
    seat = seat_of(found.case.audit, me(request)) if found.case.audit else None
    if found.case.audit is None or seat is None:
        raise Http404
    return found, found.case.audit, seat
