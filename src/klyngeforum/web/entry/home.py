"""The way home: everybody lands at the desk of their post."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from klyngeforum.ground.access.queries import posts_of
from klyngeforum.ground.access.terms import Role
from klyngeforum.web.serving import me, serves

from .forum import awaiting, own_region

DESKS = (
    (Role.SECRETARIAT, "secretariat"),
    (Role.MANAGER, "office"),
    (Role.STAFF, "office"),
    (Role.AUDITOR, "auditor"),
    (Role.ANALYST, "analyst"),
)
FINDERS = {Role.ADVISER, Role.COMPANY, Role.INSTITUTION}


@serves("home.see")
def home(request: HttpRequest) -> HttpResponse:
    """The first desk whose post the person holds; desks without their own screens yet meet the results and the finder."""
    posts = list(posts_of(me(request), timezone.localdate()).select_related("body"))
    held = {post.role for post in posts}
    for role, name in DESKS:
        if role in held:
            return redirect(name)
    own = next((post.body.number for post in posts if post.role == Role.COMPANY and post.body), "")
    context = {
        "posts": [(Role(post.role), post.body) for post in posts],
        "number": own,
        "finds": bool(held & FINDERS),
        "sits": Role.FORUM in held,
    }
    if Role.FORUM in held:
        context |= {"awaiting": awaiting(request), "region": own_region(request, posts)}
    return render(request, "entry/home.html", context)
