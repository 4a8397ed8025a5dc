"""A filled sheet on its way in, at whatever desk: size first, then what it would do or did, with every problem in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext

from klyngeforum.ground.tables.actions import with_problems
from klyngeforum.ground.tables.queries import MOST_BYTES, NotATable
from klyngeforum.ground.tables.terms import DryRun, Format, Outcome, Problem, Schema
from klyngeforum.web.acting import attempt
from klyngeforum.web.components.downloads import file_response

_MOST_SHOWN, _MOST_SPANS = 100, 20


class SheetField(forms.FileField):
    """A file that is small enough to be read."""

    def __init__(self, *, too_large: Any = "", **options: Any) -> None:
        super().__init__(**options)
        self.too_large = too_large

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if file is not None and file.size > MOST_BYTES:
            raise forms.ValidationError(
                self.too_large or gettext("The file is larger than 25 MB. Split it into smaller files.")
            )
        return file


def said(problem: Problem) -> tuple[int, str, str, str, str, str]:
    """Row, column, value, why and mend in the reader's language, and the sheet."""
    why, mend, values = gettext(problem.why), gettext(problem.mend), problem.values
    words = (why % values if values else why, mend % values if values else mend)
    return (problem.row, problem.column, problem.value, *words, problem.sheet)


@dataclass(frozen=True, slots=True)
class PartRow:
    """One sheet of what was read: how many rows are new, changed, unchanged or in error, and which."""

    name: str
    counts: list[tuple[str, int, str]]


def spans(rows: Iterable[int]) -> str:
    """2–4, 7, 9–12; a long list ends with dots."""
    found: list[list[int]] = []
    for row in sorted(set(rows)):
        if found and row == found[-1][1] + 1:
            found[-1][1] = row
        else:
            found.append([row, row])
    words = [str(first) if first == last else f"{first}–{last}" for first, last in found[:_MOST_SPANS]]
    return ", ".join(words) + (" …" if len(found) > _MOST_SPANS else "")


def part_rows(run: DryRun, names: Mapping[str, str]) -> list[PartRow]:
    parts = run.parts or {"": run}
    late = any(part.waits for part in parts.values())
    return [
        PartRow(
            names.get(name, name),
            [
                *((gettext(one.label), getattr(part, one.value), spans(part.at.get(one.value, ()))) for one in Outcome),
                (gettext("In error"), len(part.wrong_rows), spans(part.wrong_rows)),
                *([(gettext("Waits for a row in error"), len(part.waits), spans(part.waits))] if late else []),
            ],
        )
        for name, part in parts.items()
    ]


def marked(content: bytes, run: DryRun, schemas: Sequence[Schema], name: str) -> HttpResponse:
    """The same workbook with what is wrong written in it."""
    words = [said(problem)[3:5] for problem in run.problems]
    told = with_problems(content, run.problems, [(why, mend) for why, mend in words], schemas, language=get_language() or "da")  # fmt: skip
    return file_response(told, name=name, fmt=Format.XLSX)


def taken(request: HttpRequest, form: forms.Form, take: Callable[[dict[str, Any]], DryRun]) -> dict[str, Any]:
    """What came of the sheet, for the page: the run, its problems and notes in words."""
    run: DryRun | None = None
    if request.method == "POST" and form.is_valid():
        try:
            run = attempt(request, lambda: take(form.cleaned_data), form=form)
        except NotATable as wrong:
            values = wrong.values
            words = [gettext(text) % values if values else gettext(text) for text in (wrong.why, wrong.mend)]
            form.add_error("file", " ".join(words))
    return {
        "form": form, "run": run, "sheets": len(run.parts) if run else 0, "dry": form.is_bound and form.is_valid() and form.cleaned_data.get("dry_run"),
        "problems": [said(problem) for problem in run.problems[:_MOST_SHOWN]] if run else [],
        "notes": [said(problem) for problem in run.notes[:_MOST_SHOWN]] if run else [],
    }  # fmt: skip
