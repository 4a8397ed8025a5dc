"""Saving one field of the account: htmx gets the saved mark and what is still missing, a plain form goes back to the page."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from klyngeforum.ground.verdict import Refused
from klyngeforum.results.accounts.queries import latest
from klyngeforum.results.accounts.remarks import write
from klyngeforum.results.accounts.terms import About
from klyngeforum.results.accounts.working import remarks, work
from klyngeforum.web.components.choices import posted_number
from klyngeforum.web.components.typed import field_id, typed, what_is_missing
from klyngeforum.web.serving import me, serves
from klyngeforum.web.templatetags.words import said

from .desk import own_cluster


@serves("accounts.prepare")
def account_remark(request: HttpRequest, year: int) -> HttpResponseBase:
    account, about = latest(own_cluster(request).pk, year), request.POST.get("about", "")
    if account is None or request.method != "POST" or about not in About.values():
        raise Http404
    key, text, refused, now = request.POST.get("key", "")[:120], request.POST.get("text", ""), "", timezone.now()
    try:
        write(by=me(request), at=now, account=account, about=About(about), key=key, text=text, turn=posted_number(request, "turn"))  # fmt: skip
    except Refused as refusal:
        refused = " ".join(said(verdict) for verdict in refusal.verdicts)
    back = f"{reverse('own_account', args=[year])}#{field_id(about, key)}"
    if not request.headers.get("HX-Request"):
        if refused:
            return render(request, "cluster_office/answer_refused.html", {"refused": refused, "value": text, "back": back})  # fmt: skip
        return redirect(back)
    field = typed(remarks(account), About(about), key)
    context = {
        "field": field,
        "refused": refused,
        "at": timezone.localtime(now),
        "again": request.path,
        **what_is_missing(work(account)),
    }
    return render(request, "cluster_office/remark_saved.html", context)
