"""The organisation itself: what it is for, whom to call, staff, board and groups."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render

from klyngeforum.web.components.organisation_forms import Entering, OrganisationForm
from klyngeforum.web.serving import serves

from .desk import own_cluster


@serves("memberships.edit")
def organisation(request: HttpRequest) -> HttpResponseBase:
    entering = Entering(request, own_cluster(request), OrganisationForm)
    if entering.done():
        return redirect("organisation")
    return render(request, "cluster_office/organisation.html", entering.context())
