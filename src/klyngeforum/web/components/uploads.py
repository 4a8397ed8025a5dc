"""A filled sheet on its way in, at whatever desk: size first, then what it would do or did, with every problem in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext

from klyngeforum.ground.tables.queries import MOST_BYTES, NotATable
from klyngeforum.ground.tables.terms import DryRun, Problem
from klyngeforum.web.acting import attempt

_MOST_SHOWN = 100


class SheetField(forms.FileField):
    """A file that is small enough to be read."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if file is not None and file.size > MOST_BYTES:
            raise forms.ValidationError(gettext("The file is larger than 25 MB. Split it into smaller files."))
        return file


def said(problem: Problem) -> tuple[int, str, str, str, str]:
    """Row, column, value, why and mend in the reader's language."""
    why, mend, values = gettext(problem.why), gettext(problem.mend), problem.values
    words = (why % values if values else why, mend % values if values else mend)
    return (problem.row, problem.column, problem.value, *words)


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
        "form": form, "run": run, "dry": form.is_bound and form.is_valid() and form.cleaned_data.get("dry_run"),
        "problems": [said(problem) for problem in run.problems[:_MOST_SHOWN]] if run else [],
        "notes": [said(problem) for problem in run.notes[:_MOST_SHOWN]] if run else [],
    }  # fmt: skip
