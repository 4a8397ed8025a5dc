"""What changed in an account since it was handed in before: figures, and every organisation that came, went or changed."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from klyngeforum.results.accounts.queries import account_opened
from klyngeforum.results.accounts.terms import AccountState
from klyngeforum.results.accounts.working import standing_work, submissions
from klyngeforum.web.components.account_sheet import way_back
from klyngeforum.web.components.choices import whole_number
from klyngeforum.web.components.differences import answer_rows, bodies_of, body_moves, figure_moves, figures_of
from klyngeforum.web.serving import me, serves

_MOST = 500


@serves("figures.open_records")
def account_difference(request: HttpRequest, pk: int) -> HttpResponseBase:
    account = account_opened(pk, seen_by=me(request), on=timezone.localdate())
    if account is None:
        raise Http404
    every, wanted = submissions(account), whole_number(request.GET.get("indlevering", ""))
    one = next((row for row in every if row.nth == wanted), None)
    in_work = account.state == AccountState.RETURNED and one is None
    if in_work:
        work = standing_work(account)
        figures, bodies = [(code, *pair) for code, pair in work.figures.items()], work.bodies
    else:
        one = one or next(iter(every), None)
        figures, bodies = (figures_of(one), bodies_of(one)) if one else ([], [])
    newest = not in_work and bool(every) and one == every[0]
    context = {
        "account": account, "back": way_back(me(request), account, on=timezone.localdate()), "one": one, "in_work": in_work, "figures": figure_moves(figures), "moved": body_moves(bodies[:_MOST]),
        "bodies": len(bodies), "shown": min(len(bodies), _MOST), "answers": answer_rows(account) if newest else [], "every": every,
    }  # fmt: skip
    return render(request, "public/account_difference.html", context)
