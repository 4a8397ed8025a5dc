"""The merger simulator: organisations as if they were one, on any day; the registers are only read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.ground.industries.queries import sections_said
from klyngeforum.ground.keeping import kept
from klyngeforum.ground.places.queries import names_of
from klyngeforum.ground.programme.queries import small_cells
from klyngeforum.registers.clusters.queries import Cluster, clusters, counted, lineage
from klyngeforum.results.landscape import actions
from klyngeforum.results.landscape.between import opened_to
from klyngeforum.results.landscape.mergers import accounts_together, measured_merged, merger, standing_scenarios
from klyngeforum.results.landscape.standing import day_shown
from klyngeforum.results.landscape.terms import FEWEST_PARTS, MOST_PARTS, Merger
from klyngeforum.web.acting import attempt
from klyngeforum.web.components.choices import DayField, day_asked
from klyngeforum.web.components.landscape import MARKS, judged, marks_said, parts_said
from klyngeforum.web.components.merged import Once, account_said, measured_rows, standing_rows
from klyngeforum.web.components.numbers import day as day_said
from klyngeforum.web.serving import me, serves

_FIELD_MARKS = ("strong_companies", "covered")


class ChoiceForm(forms.Form):
    """Names (or addresses) of up to five organisations, and a day."""

    dag = DayField(label=_("As of"), required=False)

    def __init__(self, data: Any, known: Mapping[str, int], day: date) -> None:
        super().__init__(data)
        self.known, self.day = known, day
        asked = self.fields.pop("dag")
        for nth in range(1, MOST_PARTS + 1):
            self.fields[f"org{nth}"] = forms.CharField(
                label=gettext("Organisation %(nth)s") % {"nth": nth}, required=False, max_length=200,
                widget=forms.TextInput(attrs={"list": "organisations", "autocomplete": "off"}),
            )  # fmt: skip
        self.fields["dag"] = asked

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        named: set[int] = set()
        for name in (one for one in self.fields if one.startswith("org")):
            text = (found.get(name) or "").strip().casefold()
            if text and text not in self.known:
                self.add_error(name, _why_not(text, self.day))
            elif text and self.known[text] in named:
                self.add_error(name, gettext("This organisation is chosen already. Choose another, or leave the field empty."))  # fmt: skip
            elif text:
                named.add(self.known[text])
        return found

    @property
    def chosen(self) -> list[Cluster]:
        """Those that were named, each once, in their order."""
        texts = [str(self.cleaned_data.get(f"org{nth}") or "").strip().casefold() for nth in range(1, MOST_PARTS + 1)]
        ids = dict.fromkeys(self.known[text] for text in texts if text in self.known)
        rows = clusters().in_bulk(ids)
        return [rows[pk] for pk in ids]


class KeepForm(forms.Form):
    name = forms.CharField(label=_("Name of the scenario"), max_length=120)
    note = forms.CharField(label=_("What it is for"), max_length=300, required=False, help_text=_("Such as the meeting of the forum that it is brought to."))  # fmt: skip


def _known(day: date | None) -> tuple[Mapping[str, int], list[str]]:
    """Name (small letters) or address of every organisation that counts on the day (or on any) -> its id; and the names in order."""

    def read() -> tuple[Mapping[str, int], list[str]]:
        rows = list(counted(on=day).values_list("pk", "slug", "name"))
        named = {slug: pk for pk, slug, _name in rows} | {name.casefold(): pk for pk, _slug, name in rows}
        return named, sorted({name for _pk, _slug, name in rows})

    return kept(("organisations as they are named", day), read, of=frozenset({"cluster"}), weigh=lambda found: 300 * len(found[0]))  # fmt: skip


def _why_not(text: str, day: date) -> str:
    """Why nobody is called so on the day: unknown, not begun yet, or closed, and then what it went on in."""
    one = clusters().filter(pk=_known(None)[0].get(text, 0)).first()
    if one is None:
        return gettext("No organisation is called so on this day. Choose one from the list.")
    if one.closed_on is None or one.closed_on > day:
        return gettext("Begins on %(day)s. Choose a later day.") % {"day": day_said(one.founded_on)}
    after = [row.successor.name for row in lineage(one.pk) if row.predecessor_id == one.pk]
    closed = {"day": day_said(one.closed_on), "names": ", ".join(after)}
    if after:
        return gettext("Closed on %(day)s and went on in %(names)s. Choose that, or an earlier day.") % closed
    return gettext("Closed on %(day)s. Choose an earlier day.") % closed


def opened_for(request: HttpRequest, chosen: Sequence[Cluster]) -> bool:
    """Whether the reader may see the participants of all of these."""
    everywhere = opened_to(me(request), timezone.localdate())
    return all(everywhere(chosen[0].pk, one.pk) for one in chosen)


def result_of(chosen: Sequence[Cluster], day: date, *, opened: bool) -> dict[str, Any]:
    """Everything that the page says of these as one, in the reader's language."""
    language, ids = get_language() or "da", [one.pk for one in chosen]
    found: Merger = merger(ids, day)
    areas = {one.core.place for one in (*found.parts, found.after) if one.core}
    areas |= {area for area, _n in found.after.regions} | {one.region for one in found.fields.closed}
    places = names_of(areas, language)
    industries = sections_said({one.industry for one in found.fields.closed}, language)
    accounts = [
        (one.name.say(language), [(row.year, *account_said(row.once, row.total)) for row in rows])
        for one, rows in accounts_together(ids, day)
    ]
    return {
        "merger": found, "chosen": chosen, "rows": standing_rows(found, places, opened), "judged": judged(found.after, day), "places": places,
        "once": Once(found.memberships, found.after.companies, opened), "regions": parts_said(found.after.regions, places), "accounts": accounts,
        "account_years": [year for year, *_rest in accounts[0][1]] if accounts else [], "measured": measured_rows(measured_merged(ids, day)),
        "closed": [(places.get(one.region, ""), industries.get(one.industry, ""), one) for one in found.fields.closed[:25]],
        "fields": list(zip(chosen, found.fields.parts, strict=True)), "marks": marks_said((*MARKS, *_FIELD_MARKS), day), "opened": opened,
    }  # fmt: skip


def _kept(request: HttpRequest, form: KeepForm, chosen: Sequence[Cluster], day: date) -> HttpResponseBase | None:
    """The way to the scenario that was kept; None where it was refused."""
    if not form.is_valid():
        return None
    said, now, person = form.cleaned_data, timezone.now(), me(request)
    made = attempt(
        request,
        lambda: actions.keep_scenario(by=person, at=now, name=said["name"], note=said["note"], day=day, clusters=[one.pk for one in chosen]),
        form=form, done=gettext("The scenario is kept. Nothing has changed in the registers."),
    )  # fmt: skip
    return redirect("scenario", made.pk) if made else None


@serves("landscape.merge")
def simulate(request: HttpRequest) -> HttpResponseBase:
    today = timezone.localdate()
    day = day_asked(request) or day_shown(today)
    known, names = _known(day)
    form = ChoiceForm(request.GET if any(name.startswith("org") for name in request.GET) else None, known, day)
    chosen = form.chosen if form.is_bound and form.is_valid() else []
    keep = KeepForm(request.POST if request.method == "POST" else None)
    enough = len(chosen) >= FEWEST_PARTS
    if request.method == "POST" and enough and (way := _kept(request, keep, chosen, day)):
        return way
    context = {
        "form": form, "keep": keep, "day": day, "names": names, "few": small_cells().least, "enough": enough,
        "scenarios": standing_scenarios(seen_by=me(request), on=today)[:50], "one_only": form.is_bound and form.is_valid() and len(chosen) < FEWEST_PARTS,
        **(result_of(chosen, day, opened=opened_for(request, chosen)) if enough else {}),
    }  # fmt: skip
    return render(request, "public/merger.html", context)


def way_to(slugs: Sequence[str], day: date) -> str:
    """The simulator with these organisations chosen."""
    chosen = [(f"org{nth}", slug) for nth, slug in enumerate(slugs, 1)]
    return f"{reverse('merger')}?{urlencode([*chosen, ('dag', day.isoformat())])}"
