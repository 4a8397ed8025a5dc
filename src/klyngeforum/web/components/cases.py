"""A case of certification as every desk shows it: the label's name, the areas with their steps, the report as a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language

from klyngeforum.quality.indicators.queries import version
from klyngeforum.quality.labels.queries import Area, Case, Step, areas, steps_of
from klyngeforum.quality.labels.rules import step_state
from klyngeforum.quality.labels.terms import StepState
from klyngeforum.web.papers.audit_report import audit_report
from klyngeforum.web.public.overview import label_words
from klyngeforum.web.serving import me


def label_name(case: Case) -> str:
    """The label's name by the case's version, else by the programme."""
    found = version(case.scheme, case.version)
    label = found.label(case.label) if found else None
    return label.name.say(get_language() or "da") if label else label_words().get(case.label, case.label)


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step as of a day; with its area's name where it does not stand under it."""

    step: Step
    state: StepState
    area: str = ""


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One area of the report with its plan."""

    area: Area
    name: str
    steps: list[StepRow]


def _area_name(area: Area, case: Case) -> str:
    found = version(case.scheme, case.version)
    what = found.indicator(area.indicator) if found else None
    return what.name.say(get_language() or "da") if what else ""


def area_rows(case: Case, on: date) -> list[AreaRow]:
    rows = []
    for area in areas(case.pk):
        steps = sorted(area.steps.all(), key=lambda one: (one.done_on is not None, one.due_on))
        shown = [StepRow(one, step_state(one.due_on, one.done_on, on)) for one in steps]
        rows.append(AreaRow(area, _area_name(area, case), shown))
    return rows


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an organisation's follow-up has come."""

    done: int
    late: int
    all: int
    next: list[StepRow]


def progress_of(cluster_id: int, on: date) -> Progress | None:
    """None where nothing is planned."""
    rows = [
        StepRow(one, step_state(one.due_on, one.done_on, on), _area_name(one.area, one.area.case))
        for one in steps_of(cluster_id)
    ]
    if not rows:
        return None
    left = sorted((row for row in rows if row.state is not StepState.DONE), key=lambda row: row.step.due_on)
    return Progress(len(rows) - len(left), sum(row.state is StepState.LATE for row in left), len(rows), left[:4])


def report_response(request: HttpRequest, case: Case) -> HttpResponse:
    """The report as PDF in the reader's language, for whoever may see the case; never kept for others."""
    language = "en" if (get_language() or "da").startswith("en") else "da"
    paper = audit_report(case, seen_by=me(request), language=language, at=timezone.now())
    if paper is None:
        raise Http404
    name = f"{'auditrapport' if language == 'da' else 'audit-report'}-{case.cluster.slug}-{case.pk}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(paper, content_type="application/pdf", headers=headers)
