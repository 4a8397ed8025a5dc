"""The secretariat's desk: what must be done by when, how the round stands, what waits."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from klyngeforum.ground.bodies.queries import candidates, unverified
from klyngeforum.quality.labels.queries import cases, expiring
from klyngeforum.quality.labels.terms import CaseState
from klyngeforum.registers.clusters.queries import clusters
from klyngeforum.results.accounts.queries import late, newest, rounds, standing
from klyngeforum.results.accounts.terms import AccountState
from klyngeforum.web.components.cases import label_name
from klyngeforum.web.public.front import bullets
from klyngeforum.web.public.overview import label_words
from klyngeforum.web.serving import me, serves

_OURS = (CaseState.APPLIED, CaseState.ASSIGNING, CaseState.REPORTED)  # what waits for the secretariat, not for experts
_SOON = timedelta(days=180)


@serves("accounts.approve")
def secretariat(request: HttpRequest) -> HttpResponse:
    today, person = timezone.localdate(), me(request)
    newest_round = rounds().first()
    year = newest_round.year if newest_round else None
    words = label_words()
    running_out = [(row, words.get(row.label, row.label)) for row in expiring(on=today, until=today + _SOON)]
    context = {
        "organisations": newest_round is not None or clusters().exists(), "round": newest_round, "year": year, "standing": standing(year) if year else None,
        "waiting": list(newest(year, seen_by=person, on=today).filter(state=AccountState.SUBMITTED)) if year else [],
        "late": list(late(year, on=today)) if year else [],
        "unverified": unverified(seen_by=person, on=today).count(),
        "duplicates": candidates(seen_by=person, on=today).count(),
        "cases": [(one, label_name(one)) for one in cases(seen_by=person, on=today).filter(state__in=_OURS)],
        "running_out": running_out, "bullets": bullets(year) if year else [],
    }  # fmt: skip
    return render(request, "secretariat/home.html", context)
