"""Reports that are due, one of them filled, what was handed in, and how much of it all came from the records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, QuerySet

from klyngeforum.ground.access.queries import Actor, within
from klyngeforum.ground.programme.queries import report_form, report_forms
from klyngeforum.ground.programme.reporting import ReportForm
from klyngeforum.records.economy.queries import Grant, has_grant, under_scheme
from klyngeforum.registers.clusters.queries import Cluster, clusters
from klyngeforum.results.accounts.queries import resting, rounds

from .gathering import held_of
from .models import Answer, Report, ReportValue
from .rules import Filled, Tally, due_on, filled, state_of, tallied
from .terms import Origin, ReportState


@dataclass(frozen=True, slots=True)
class Due:
    """A report that an organisation owes a funder for a year, or has handed in."""

    cluster: Cluster
    form: ReportForm
    year: int
    due_on: date
    state: ReportState
    handed_in: Report | None
    tally: Tally | None  # of the handed in report, or of what fills it now; not worked out in the list of everybody's


def years() -> list[int]:
    """Years that reports are made of: those with a round of accounts, newest first."""
    return list(rounds().values_list("year", flat=True))


def reports(*, seen_by: Actor, on: date) -> QuerySet[Report]:
    rows = Report.objects.select_related("cluster__body", "handed_in_by")
    return within(rows, seen_by, "reports.see", on=on).order_by("-year", "cluster__sorted_as", "form", "-edition")


def newest(rows: QuerySet[Report]) -> QuerySet[Report]:
    """Of each report its newest edition."""
    later = Report.objects.filter(cluster=OuterRef("cluster"), form=OuterRef("form"), year=OuterRef("year"), edition__gt=OuterRef("edition"))  # fmt: skip
    return rows.filter(~Exists(later))


def handed_in(cluster_id: int, form: str, year: int) -> Report | None:
    rows = Report.objects.filter(cluster_id=cluster_id, form=form, year=year).select_related("handed_in_by")
    return rows.order_by("-edition").first()


def values_of(report: Report) -> list[ReportValue]:
    return list(ReportValue.objects.filter(report=report).order_by("nth"))


def grant_of(cluster_id: int, form: ReportForm, year: int) -> Grant | None:
    """The grant that the report is about: the first under the form's scheme that runs in the year."""
    return under_scheme(cluster_id, form.scheme, year).first()


def owes(cluster_id: int, form: ReportForm, year: int) -> bool:
    return grant_of(cluster_id, form, year) is not None


def answers_of(cluster_id: int, year: int) -> dict[str, str]:
    return dict(Answer.objects.filter(cluster_id=cluster_id, year=year).values_list("meaning", "text"))


def filled_now(cluster: Cluster, form: ReportForm, year: int) -> list[Filled]:
    """The form as the records and answers fill it now."""
    held = held_of(cluster, year, grant_of(cluster.pk, form, year))
    return filled(form, held, answers_of(cluster.pk, year))


def tally_now(cluster: Cluster, form: ReportForm, year: int) -> Tally:
    return resting(
        ("report tally", form.code),
        cluster.pk,
        year,
        lambda: tallied(row.origin for row in filled_now(cluster, form, year)),
    )


def _tallies(reports: Iterable[Report]) -> dict[int, Tally]:
    """Report -> how it was filled when it was handed in."""
    rows = ReportValue.objects.filter(report__in=[one.pk for one in reports]).order_by()
    found: dict[int, dict[str, int]] = {}
    for report, origin, n in rows.values_list("report_id", "origin").annotate(n=Count("id")):
        found.setdefault(report, {})[origin] = n
    order = (Origin.RECORDS, Origin.TYPED, Origin.EMPTY)
    return {pk: Tally(*(counts.get(one, 0) for one in order)) for pk, counts in found.items()}


def due_of(cluster: Cluster, *, on: date) -> list[Due]:
    """Every report of the organisation, newest year first, in the order of their days."""
    held = {(one.form, one.year): one for one in newest(Report.objects.filter(cluster=cluster).select_related("handed_in_by"))}  # fmt: skip
    tallies, found = _tallies(held.values()), []
    for year in years():
        for form in report_forms():
            if year < on.year and owes(cluster.pk, form, year):
                one = held.get((form.code, year))
                tally = tallies[one.pk] if one else tally_now(cluster, form, year)
                found.append(Due(cluster, form, year, due_on(form, year), state_of(form, year, one is not None, on), one, tally))  # fmt: skip
    return sorted(found, key=lambda one: (-one.year, one.due_on))


def waiting(cluster: Cluster, *, on: date, years_back: int = 2) -> list[tuple[ReportForm, int, date]]:
    """(form, year, day) of reports of the newest years that are not handed in, the first due first."""
    held = set(Report.objects.filter(cluster=cluster).values_list("form", "year"))
    recent = [year for year in years() if year < on.year][:years_back]
    found = [
        (form, year, due_on(form, year)) for form in report_forms() for year in recent
        if (form.code, year) not in held and owes(cluster.pk, form, year)
    ]  # fmt: skip
    return sorted(found, key=lambda one: one[2])


def due_in(year: int, *, on: date) -> list[Due]:
    """Every report that anybody owes for the year, by funder and organisation."""
    held = {(one.cluster_id, one.form): one for one in newest(Report.objects.filter(year=year).select_related("handed_in_by"))}  # fmt: skip
    tallies, rows, found = _tallies(held.values()), list(clusters()), []
    for form in report_forms():
        owing = has_grant(form.scheme, [year])[year]
        for cluster in rows:
            if cluster.pk in owing:
                one = held.get((cluster.pk, form.code))
                found.append(Due(cluster, form, year, due_on(form, year), state_of(form, year, one is not None, on), one, tallies[one.pk] if one else None))  # fmt: skip
    return found


def together(rows: Iterable[Due]) -> Tally:
    """How many fields came from the records over all these reports."""
    return sum((one.tally for one in rows if one.tally), Tally())


def changed_since(report: Report) -> dict[str, tuple[str, str]]:
    """Field -> (as handed in, as it would be filled now) where they differ."""
    form = report_form(report.form)
    if form is None:
        return {}
    now = {row.field.code: row.text for row in filled_now(report.cluster, form, report.year)}
    return {one.code: (one.value, now.get(one.code, "")) for one in values_of(report) if one.value != now.get(one.code, "")}  # fmt: skip
