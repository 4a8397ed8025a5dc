"""The cluster office's desk: what is due, this year so far, what waits."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext

from klyngeforum.ground.keeping import reads_only
from klyngeforum.ground.programme.queries import measure
from klyngeforum.quality.indicators.validity import months_later
from klyngeforum.quality.labels.queries import of_cluster as labels_of
from klyngeforum.quality.labels.queries import open_cases
from klyngeforum.quality.labels.reading import certification
from klyngeforum.records.activities.queries import activities, activity_counts, effort_of
from klyngeforum.registers.clusters.queries import Cluster, own
from klyngeforum.registers.memberships.queries import makeup
from klyngeforum.results.accounts.queries import Account, of_cluster, open_messages, series
from klyngeforum.results.accounts.sheets import sheet
from klyngeforum.results.accounts.terms import AccountState
from klyngeforum.results.reports.queries import waiting
from klyngeforum.steering.leagues.queries import notices
from klyngeforum.web.components.cases import label_name, progress_of
from klyngeforum.web.components.figures import FigureTile
from klyngeforum.web.components.numbers import grouped
from klyngeforum.web.components.report_fields import form_name
from klyngeforum.web.public.cluster import SHOWN
from klyngeforum.web.public.overview import label_words, league_words
from klyngeforum.web.serving import me, serves

from .desk import own_cluster

_WITH_US = (AccountState.OPEN, AccountState.RETURNED)


def _tiles(cluster: Cluster, account: Account | None) -> list[FigureTile]:
    """The figures that count in the targets: of the account in work, with the booked years before as a trend."""
    if account is None:
        return []
    language, booked = get_language() or "da", series(cluster.pk)
    values = {row.measure: row for row in sheet(account).rows}
    found = []
    for code in SHOWN:
        entry, row = measure(code), values.get(code)
        if entry is None or row is None:
            continue
        years = {**booked.get(code, {}), account.year: row.value}
        note = f"{account.year - 1}: {grouped(row.last_year)}" if row.last_year is not None else ""
        trend = tuple(float(years[year]) for year in sorted(years))
        found.append(
            FigureTile(
                entry.name.say(language), grouped(row.value), entry.unit.say(language), f"{cluster.name}, {account.year}", note,
                reverse("account_lines", args=[account.pk, code]), trend,
                provisional=account.state != AccountState.APPROVED,
            )
        )  # fmt: skip
    return found


def _quality(request: HttpRequest, cluster: Cluster, today: date) -> dict[str, object]:
    """What quality asks of the organisation now: warnings, labels that run out, cases under way, the follow-up plan."""
    words, leagues, horizon = (
        label_words(),
        league_words(),
        months_later(today, max(certification().reminders, default=0)),
    )
    held = [row for row in labels_of(cluster.pk) if row.valid_from <= today <= row.valid_to]
    newest = {
        row.label: row.valid_to for row in sorted(labels_of(cluster.pk), key=lambda row: row.valid_to)
    }  # a renewal may be ahead
    return {
        "warnings": [(one, leagues.get(one.to_league, gettext("no league"))) for one in notices(seen_by=me(request), on=today).filter(cluster=cluster)],
        "ending": [(row, words.get(row.label, row.label)) for row in held if row.valid_to <= horizon and newest[row.label] == row.valid_to],
        "cases": [(one, label_name(one)) for one in open_cases(seen_by=me(request), on=today).filter(cluster=cluster)],
        "progress": progress_of(cluster.pk, today), "labels": [(row, words.get(row.label, row.label)) for row in held],
    }  # fmt: skip


@serves("memberships.edit")
def office(request: HttpRequest) -> HttpResponse:
    cluster, today = own_cluster(request), timezone.localdate()
    reads_only(own(cluster.pk))
    accounts = of_cluster(cluster.pk)
    due = [account for account in accounts if account.state in _WITH_US]
    newest = due[0] if due else (accounts[0] if accounts else None)
    year = newest.year if newest else today.year
    context = {
        "cluster": cluster, "due": [(account, list(open_messages(account)), account.due_on < today) for account in due],
        "accounts": accounts, "tiles": _tiles(cluster, newest), "year": year, "makeup": makeup(cluster.pk, min(today, date(year, 12, 31))),
        "effort": effort_of(cluster.pk, year), "kinds": activity_counts(cluster.pk, year),
        "recent": activities(seen_by=me(request), on=today).filter(cluster=cluster)[:6],
        "reports": [(form_name(form), form.code, year, day, day < today) for form, year, day in waiting(cluster, on=today)],
        **_quality(request, cluster, today),
    }  # fmt: skip
    return render(request, "cluster_office/home.html", context)
