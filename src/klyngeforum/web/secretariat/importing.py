"""Taking in a file by a recipe: what it would give first, then for real."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.records.intake.bringing import Brought, take_in_file
from klyngeforum.records.intake.queries import intakes
from klyngeforum.records.intake.recipes import WrongFile, recipes
from klyngeforum.web.acting import attempt
from klyngeforum.web.serving import me, serves

_MOST_BYTES = 25 * 1024 * 1024


class RecipeForm(forms.Form):
    recipe = forms.ChoiceField(label=_("Recipe"))
    file = forms.FileField(label=_("File"), help_text=_("CSV, plain or packed (.gz), at most 25 MB"))
    dry_run = forms.BooleanField(label=_("Only show what would happen"), required=False, initial=True)

    def __init__(self, data: Mapping[str, Any] | None = None, files: MultiValueDict[str, Any] | None = None) -> None:
        super().__init__(data, files)
        language = get_language() or "da"
        self.fields["recipe"].choices = [(one.code, one.name.say(language)) for one in recipes()]  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > _MOST_BYTES:
            raise forms.ValidationError(
                gettext("The file is larger than 25 MB. Take it in at the machine: klyngeforum import.")
            )
        return file


@serves("intake.recipes")
def import_screen(request: HttpRequest) -> HttpResponseBase:
    form = RecipeForm(request.POST, request.FILES) if request.method == "POST" else RecipeForm()
    brought: Brought | None = None
    if request.method == "POST" and form.is_valid():
        values, now = form.cleaned_data, timezone.now()
        try:
            brought = attempt(
                request,
                lambda: take_in_file(
                    by=me(request), at=now, recipe_code=values["recipe"], content=values["file"].read(), name=values["file"].name,
                    dry_run=values["dry_run"],
                ),
                form=form,
            )  # fmt: skip
        except WrongFile as wrong:
            form.add_error("file", gettext(wrong.why) % wrong.values if wrong.values else gettext(wrong.why))
    language = get_language() or "da"
    like = [one for one in brought.compared if one.body] if brought else []
    context = {
        "form": form, "brought": brought, "names": like, "alone": len(brought.compared) - len(like) if brought else 0, "dry": form.is_bound and form.cleaned_data.get("dry_run"), "intakes": intakes()[:20],
        "recipes": [(one.name.say(language), one.source.say(language), one.note.say(language)) for one in recipes()],
    }  # fmt: skip
    return render(request, "secretariat/import.html", context)
