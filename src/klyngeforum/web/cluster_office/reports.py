"""Funders' reports at the manager's desk: which are due, one of them with every value and where it comes from, typed answers, handing in."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext

from klyngeforum.ground.access.queries import may
from klyngeforum.ground.programme.queries import measures, money_figures, report_form
from klyngeforum.ground.programme.reporting import Comes, ReportForm
from klyngeforum.registers.clusters.queries import Cluster
from klyngeforum.results.accounts.queries import in_force
from klyngeforum.results.accounts.terms import AccountState
from klyngeforum.results.reports import actions, queries
from klyngeforum.results.reports.rules import due_on, may_hand_in, state_of, tallied
from klyngeforum.web.acting import attempt
from klyngeforum.web.components.downloads import FORMATS, download
from klyngeforum.web.components.report_fields import as_table, form_name, rows_of, tally_said
from klyngeforum.web.serving import me, serves

from .desk import own_cluster

Links = dict[tuple[Comes, str], str]


def _links(cluster: Cluster, form: ReportForm, year: int) -> Links:
    """Where each value opens: the figure with its records, the register, the grant."""
    account, grant = in_force(cluster.pk, year), queries.grant_of(cluster.pk, form, year)
    found: Links = {(Comes.FACT, ""): reverse("organisation"), (Comes.FACT, "members"): reverse("members")}
    for fact in ("activities", "projects", "matchmaking", "international", "knowledge_spreading"):
        found[(Comes.FACT, fact)] = f"{reverse('activities')}?aar={year}"
    for one in measures() if account else ():
        found[(Comes.MEASURE, one.code)] = reverse("account_lines", args=[account.pk, one.code]) if account else ""
    for figure in money_figures():
        found[(Comes.ECONOMY, figure.code)] = reverse("money_figure", args=[figure.code, year])
    if grant is not None:
        found[(Comes.GRANT, "")] = reverse("grant", args=[grant.pk])
    return found


@serves("reports.fill")
def reports(request: HttpRequest) -> HttpResponse:
    cluster = own_cluster(request)
    due = queries.due_of(cluster, on=timezone.localdate())
    rows = [(one, form_name(one.form), tally_said(one.tally)) for one in due]
    context = {"cluster": cluster, "rows": rows, "together": tally_said(queries.together(due))}
    return render(request, "cluster_office/reports.html", context)


def _act(request: HttpRequest, cluster: Cluster, form: ReportForm, year: int) -> bool:
    by, at, act = me(request), timezone.now(), request.POST.get("act", "")
    typed = [one.code for one in form.fields if one.comes is Comes.TYPED]
    given = {code: request.POST[code].replace("\r\n", "\n") for code in typed if code in request.POST}  # fmt: skip
    if act == "save":
        return attempt(request, lambda: actions.answer(by=by, at=at, cluster=cluster, form=form, year=year, given=given), done=gettext("Saved.")) is not None  # fmt: skip
    if act == "hand_in":
        return attempt(request, lambda: actions.hand_in(by=by, at=at, cluster=cluster, form=form, year=year), done=gettext("Handed in.")) is not None  # fmt: skip
    return False


@serves("reports.fill")
def report(request: HttpRequest, code: str, year: int) -> HttpResponse:
    cluster, form, today = own_cluster(request), report_form(code), timezone.localdate()
    if form is None or not 2000 <= year < today.year or not queries.owes(cluster.pk, form, year):
        raise Http404
    if request.method == "POST" and _act(request, cluster, form, year):
        return redirect("report", code=code, year=year)
    filled, standing = queries.filled_now(cluster, form, year), queries.handed_in(cluster.pk, code, year)
    since = queries.changed_since(standing) if standing else {}
    rows = rows_of(filled, _links(cluster, form, year), since)
    if (wanted := request.GET.get("hent", "")) in FORMATS:
        return download(as_table(rows, {row.field.code: row.text for row in filled}), name=f"{code}-{year}", fmt=wanted)
    language, account = get_language() or "da", in_force(cluster.pk, year)
    context = {
        "cluster": cluster, "form": form, "name": form_name(form), "year": year, "rows": rows, "tally": tally_said(tallied(row.origin for row in filled)), "standing": standing,
        "since": since, "provisional": account is None or account.state != AccountState.APPROVED, "due_on": due_on(form, year), "state": state_of(form, year, standing is not None, today), "source": form.sourced(language),
        "reasons": [verdict for verdict in may_hand_in(filled, year, today.year) if not verdict],
        "may_hand_in": bool(may(me(request), "reports.hand_in", cluster, on=today)) and (standing is None or bool(since)),
        "formats": FORMATS.items(),
    }  # fmt: skip
    return render(request, "cluster_office/report.html", context)
