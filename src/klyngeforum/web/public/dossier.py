"""The whole case of one account as a file: for those who may open the records behind it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language

from klyngeforum.results.accounts.queries import account_opened
from klyngeforum.web.papers.dossier import FORMS, dossier
from klyngeforum.web.serving import me, serves


@serves("figures.open_records")
def account_dossier(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    account = account_opened(pk, seen_by=me(request), on=timezone.localdate())
    if account is None or ending not in FORMS:
        raise Http404
    make, content_type = FORMS[ending]
    content = make(dossier(account, language=get_language() or "da", at=timezone.now()))
    name = f"{account.cluster.slug}-{account.year}-{account.edition}.{ending}"
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
