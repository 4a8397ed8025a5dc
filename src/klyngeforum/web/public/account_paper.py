"""The national performance account of a year as PDF, in the reader's language; kept until a figure moves."""

from __future__ import annotations

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language

from klyngeforum.ground.figure import digest_of
from klyngeforum.results.accounts.nation import national
from klyngeforum.results.accounts.queries import published_years, standing
from klyngeforum.web.papers.national_account import national_account
from klyngeforum.web.serving import serves

_KEPT_SECONDS = 600


@serves("results.see")
def account_paper(request: HttpRequest, year: int) -> HttpResponse:
    if year not in published_years():
        raise Http404
    language = get_language() or "da"
    stand = standing(year)
    key = digest_of([language, year, stand and stand.counts, *(one.digest for one in national(year))])
    paper = cache.get(f"paper:{key}") or national_account(year, language=language, at=timezone.now())
    if paper is None:
        raise Http404
    cache.set(f"paper:{key}", paper, _KEPT_SECONDS)
    name = f"{'klyngeregnskab' if language == 'da' else 'cluster-account'}-{year}.pdf"
    return HttpResponse(
        paper, content_type="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
