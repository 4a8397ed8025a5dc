"""What a member of the forum meets: the exhibits that await the coming meetings, and the own region's strengths with who serves them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from klyngeforum.ground.access.queries import Post
from klyngeforum.ground.access.terms import Role
from klyngeforum.ground.places.queries import by_code, names_of
from klyngeforum.ground.places.terms import AreaKind
from klyngeforum.steering.meetings.queries import Laid, Meeting, coming
from klyngeforum.web.public.overview import overview
from klyngeforum.web.public.region_strengths import FieldRow, page_of
from klyngeforum.web.public.strengths import view_asked
from klyngeforum.web.serving import me

_MOST, _MEETINGS = 6, 3


@dataclass(frozen=True, slots=True)
class OwnRegion:
    """The region that the person's authority is: its strongest fields, how many are strong, how many of them nobody serves, and its organisations."""

    code: str
    area: int
    name: str
    rows: list[FieldRow]
    strong: int
    unserved: int
    organisations: int


def _region(posts: Iterable[Post]) -> tuple[str, int] | None:
    """(code, area) of the region whose own authority the person sits for; a ministry is of no region."""
    regions = {pk: code for code, pk in by_code(AreaKind.REGION).items()}
    places = (post.body.place_id for post in posts if post.role == Role.FORUM and post.body)
    return next(((regions[pk], pk) for pk in places if pk in regions), None)


def own_region(request: HttpRequest, posts: Iterable[Post]) -> OwnRegion | None:
    """Nothing for whoever sits for no region."""
    found = _region(posts)
    if found is None:
        return None
    code, area = found
    view = view_asked(request)
    page = page_of(view, code) if view else None
    strong = [page.row(field) for field in page.standing.fields if field.strong] if page else []
    there = sum(row.region_id == area for row in overview(timezone.localdate()))
    name = names_of([area], get_language() or "da").get(area, "")
    return OwnRegion(code, area, name, strong[:_MOST], len(strong), sum(not row.organisations for row in strong), there)  # fmt: skip


def awaiting(request: HttpRequest) -> list[tuple[Meeting, list[Laid]]]:
    """The coming meetings, the next first, each with what lies before it."""
    found = coming(seen_by=me(request), on=timezone.localdate())[:_MEETINGS]
    return [(one, [row for row in one.laid.all() if not row.taken_back_at]) for one in found]
