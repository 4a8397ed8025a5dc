"""One measured value opened down to the records behind it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from klyngeforum.quality.indicators.terms import MeasuredKey
from klyngeforum.web.components.behind import behind
from klyngeforum.web.serving import serves

from .assessments import own_assessment
from .desk import own_cluster

_OPENS = {"membership": "member", "activity": "activity", "outcome": "outcome", "grant": "grant", "income": "income"}


@serves("assessments.fill")
def measured_value(request: HttpRequest, key: str) -> HttpResponseBase:
    if key not in MeasuredKey.values():
        raise Http404
    wanted = request.GET.get("vurdering", "")
    one = own_assessment(request, int(wanted)) if wanted.isdecimal() and len(wanted) < 18 else None
    cluster = one.cluster if one else own_cluster(request)
    on = one.as_of if one else timezone.localdate()
    context = {"cluster": cluster, "one": one, **behind(cluster.pk, MeasuredKey(key), on, _OPENS)}
    return render(request, "cluster_office/measured.html", context)


@serves("assessments.examine")
def examined_value(request: HttpRequest, pk: int, key: str) -> HttpResponseBase:
    """The same for who examines the organisations: what stands behind the value on the day of the assessment."""
    one = own_assessment(request, pk)
    if key not in MeasuredKey.values():
        raise Http404
    context = {"one": one, "examines": True, **behind(one.cluster_id, MeasuredKey(key), one.as_of, {})}
    return render(request, "cluster_office/measured.html", context)
