"""An exhibit and a whole meeting of the forum as PDF, in the reader's language, as it was laid."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language

from klyngeforum.steering.meetings.queries import laid, meeting
from klyngeforum.web.papers.exhibits import one_exhibit, whole_meeting
from klyngeforum.web.serving import me, serves


def _paper(content: bytes, name: str) -> HttpResponse:
    heads = {"Content-Disposition": f'attachment; filename="{name}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=heads)


def _language() -> str:
    return "en" if (get_language() or "da").startswith("en") else "da"


@serves("meetings.see")
def exhibit_paper(request: HttpRequest, pk: int) -> HttpResponse:
    one, language = laid(pk, seen_by=me(request), on=timezone.localdate()), _language()
    if one is None:
        raise Http404
    return _paper(one_exhibit(one, language), f"{'bilag' if language == 'da' else 'exhibit'}-{one.pk}")


@serves("meetings.see")
def meeting_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Every exhibit in its order; the list says what was taken back."""
    one, language = meeting(pk, seen_by=me(request), on=timezone.localdate()), _language()
    if one is None:
        raise Http404
    name = f"{'forummoede' if language == 'da' else 'forum-meeting'}-{one.held_on.isoformat()}"
    return _paper(whole_meeting(one, one.laid.all(), language), name)
