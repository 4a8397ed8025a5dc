"""Regional tables: what was taken in, from whom and when, and taking another in, looked at first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.ground.tables.queries import NotATable
from klyngeforum.results.strengths.actions import take_in_table
from klyngeforum.results.strengths.queries import tables
from klyngeforum.results.strengths.recipes import table_recipe, table_recipes
from klyngeforum.results.strengths.terms import FileRead, TableRun
from klyngeforum.web.acting import attempt
from klyngeforum.web.components.uploads import SheetField, said
from klyngeforum.web.serving import me, serves

_MOST_SHOWN = 100


class RegionalTableForm(forms.Form):
    recipe = forms.ChoiceField(label=_("Recipe"))
    file = SheetField(label=_("File"), too_large=_("The file is larger than 25 MB. Pack it (.gz), or take it in at the machine: klyngeforum import --recipe …"), help_text=_("CSV, TSV or Parquet, plain or packed (.gz), at most 25 MB. Larger ones at the machine: klyngeforum import --recipe …"))  # fmt: skip
    source = forms.CharField(label=_("Where it was fetched"), required=False, max_length=300, help_text=_("Table and day, such as “StatBank, table and day of the extract”. Empty: the recipe's own source."))  # fmt: skip
    dry_run = forms.BooleanField(label=_("Only show what would happen"), required=False, initial=True)

    def __init__(self, data: object = None, files: object = None) -> None:
        super().__init__(data, files)  # type: ignore[arg-type]
        language = get_language() or "da"
        self.fields["recipe"].choices = [(one.code, one.name.say(language)) for one in table_recipes()]  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class ReadSaid:
    """What a file holds, in numbers and words."""

    rows: int
    used: int
    cells: int
    regions: int
    industries: int
    years: str
    withheld: int
    some_regions: str


def read_said(read: FileRead) -> ReadSaid:
    years = read.years
    across = "" if not years else str(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}"
    names = [name or code for code, name in read.regions.items()]
    shown = ", ".join(names[:6]) + (" …" if len(names) > 6 else "")
    return ReadSaid(read.rows, read.rows - read.left_out, len(read.cells), len(read.regions), len(read.industries), across, read.withheld, shown)  # fmt: skip


def _taken(request: HttpRequest, form: RegionalTableForm) -> TableRun | None:
    values = form.cleaned_data
    try:
        return attempt(
            request,
            lambda: take_in_table(
                by=me(request), at=timezone.now(), recipe_code=values["recipe"], content=values["file"].read(), file_name=values["file"].name,
                source=values["source"], dry_run=values["dry_run"],
            ),
            form=form,
        )  # fmt: skip
    except NotATable as wrong:
        words = [gettext(text) % wrong.values if wrong.values else gettext(text) for text in (wrong.why, wrong.mend)]
        form.add_error("file", " ".join(words))
        return None


@serves("strengths.take_in")
def regional_tables(request: HttpRequest) -> HttpResponseBase:
    form = RegionalTableForm(request.POST, request.FILES) if request.method == "POST" else RegionalTableForm()
    run = _taken(request, form) if request.method == "POST" and form.is_valid() else None
    language = get_language() or "da"
    context: dict[str, Any] = {
        "form": form, "run": run, "read": read_said(run.read) if run else None, "dry": form.is_bound and form.is_valid() and form.cleaned_data["dry_run"],
        "problems": [said(problem) for problem in run.read.problems[:_MOST_SHOWN]] if run else [], "n_problems": len(run.read.problems) if run else 0,
        "tables": [(one, recipe.name.say(language) if (recipe := table_recipe(one.recipe)) else one.recipe) for one in tables()],
        "recipes": [(one.name.say(language), one.sourced(language), one.note.say(language), gettext(one.provenance.label)) for one in table_recipes()],
    }  # fmt: skip
    return render(request, "analyst/regional_tables.html", context)
