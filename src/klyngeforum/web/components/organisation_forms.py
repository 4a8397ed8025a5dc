"""What is entered about a cluster organisation, at its own desk and at the secretariat's: the same forms, the same acts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.ground.industries.queries import every_version, industries
from klyngeforum.registers.clusters import actions
from klyngeforum.registers.clusters.actions import NewSeat
from klyngeforum.registers.clusters.queries import Cluster, board_of, groups_of, one_group, one_seat, staff_of, themes
from klyngeforum.registers.clusters.terms import ClusterKind, Level
from klyngeforum.web.acting import attempt
from klyngeforum.web.components.places import place_said
from klyngeforum.web.serving import me

from .choices import BodyField, DayField, PlaceField, posted_number

Data = Mapping[str, Any] | None
_DIVISIONS = 2


def theme_choices() -> list[tuple[str, str]]:
    english = (get_language() or "da").startswith("en")
    return [(one.code, one.name_en if english else one.name_da) for one in themes()]


def industry_choices() -> list[tuple[str, list[tuple[int, str]]]]:
    english = (get_language() or "da").startswith("en")
    return [
        (version, [(one.pk, f"{one.code} {one.title_en if english else one.title_da}") for one in industries(version, _DIVISIONS)])
        for version in every_version()
    ]  # fmt: skip


class OrganisationForm(forms.Form):
    """What the organisation says of itself."""

    name = forms.CharField(label=_("Name"), max_length=160)
    purpose_da = forms.CharField(label=_("Purpose, in Danish"), widget=forms.Textarea, required=False, max_length=2000)
    purpose_en = forms.CharField(label=_("Purpose, in English"), widget=forms.Textarea, required=False, max_length=2000)
    level = forms.ChoiceField(label=_("Reach"))
    place_id = PlaceField(label=_("Municipality"), required=False)
    themes = forms.MultipleChoiceField(label=_("Fields"), required=False, widget=forms.SelectMultiple(attrs={"size": 5}), help_text=_("Hold Ctrl to choose several."))  # fmt: skip
    industries = forms.TypedMultipleChoiceField(label=_("Industries"), coerce=int, required=False, widget=forms.SelectMultiple(attrs={"size": 7}), help_text=_("All from the same version."))  # fmt: skip
    contact_name = forms.CharField(label=_("Contact person"), max_length=120, required=False)
    contact_email = forms.EmailField(label=_("E-mail"), required=False)
    contact_phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")

    def __init__(self, data: Data = None, *, one: Cluster | None = None) -> None:
        initial: dict[str, Any] = {}
        if one is not None:
            initial = {key: getattr(one, key) for key in self.base_fields if hasattr(one, key)}
            initial |= {
                "place_id": place_said(one.place), "host_id": (one.host.number or one.host.name) if one.host else "",
                "themes": [theme.code for theme in one.themes.all()], "industries": [row.pk for row in one.industries.all()],
            }  # fmt: skip
        super().__init__(data, initial=initial)
        choices: dict[str, Any] = {
            "level": [(term.value, gettext(term.label)) for term in Level], "themes": theme_choices(), "industries": industry_choices(),
            "kind": [(term.value, gettext(term.label)) for term in ClusterKind],
        }  # fmt: skip
        for key in choices.keys() & self.fields.keys():
            self.fields[key].choices = choices[key]  # type: ignore[attr-defined]

    def changes(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        return {**values, "themes": sorted(values["themes"]), "industries": sorted(values["industries"])}


class RegisterForm(OrganisationForm):
    """What the register says besides: type, host and the days of founding and closing."""

    kind = forms.ChoiceField(label=_("Type"))
    host_id = BodyField(label=_("Host"), required=False, help_text=_("Name or CVR number"))
    founded_on = DayField(label=_("Founded"), required=False)
    closed_on = DayField(label=_("Closed"), required=False)


class StaffForm(forms.Form):
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100, localize=False)
    full_time = forms.DecimalField(label=_("Full-time staff in the secretariat"), min_value=0, max_value=500, decimal_places=2, localize=True)  # fmt: skip


class SeatForm(forms.Form):
    person_name = forms.CharField(label=_("Name"), max_length=120)
    body_id = BodyField(label=_("From"), required=False, help_text=_("Name or CVR number of the organisation"))
    chair = forms.BooleanField(label=_("Chairs the board"), required=False)
    since = DayField(label=_("First day"))
    until = DayField(label=_("Last day"), required=False)


class GroupForm(forms.Form):
    name = forms.CharField(label=_("Name of the group"), max_length=120)
    since = DayField(label=_("First day"))
    until = DayField(label=_("Last day"), required=False)


class StopForm(forms.Form):
    on = DayField(label=_("Last day"))


class Entering:
    """The forms of one organisation and what was done with the one that was sent."""

    def __init__(self, request: HttpRequest, one: Cluster, form_class: type[OrganisationForm]) -> None:
        self.request, self.one, self.act = request, one, request.POST.get("act", "")
        data = {self.act: request.POST} if request.method == "POST" else {}
        self.form = form_class(data.get("describe"), one=one)
        self.staff, self.seat, self.group = StaffForm(data.get("staff")), SeatForm(data.get("seat")), GroupForm(data.get("group"))  # fmt: skip
        self.stop = StopForm(data.get("unseat") or data.get("end_group"))

    def done(self) -> bool:
        """Whether the form that was sent is written."""
        acts = {
            "describe": (self.form, self._describe), "staff": (self.staff, self._staff), "seat": (self.seat, self._seat),
            "group": (self.group, self._group), "unseat": (self.stop, self._unseat), "end_group": (self.stop, self._end_group),
        }  # fmt: skip
        form, act = acts.get(self.act, (None, None))
        if form is None or act is None or not form.is_valid():
            return False
        answer = attempt(self.request, lambda: (act(form.cleaned_data),), form=form, done=gettext("Saved."))
        return answer is not None

    def _common(self) -> dict[str, Any]:
        return {"by": me(self.request), "at": timezone.now()}

    def _describe(self, _values: dict[str, Any]) -> None:
        actions.edit(cluster=self.one, changes=self.form.changes(), **self._common())

    def _staff(self, values: dict[str, Any]) -> None:
        actions.note_staff(cluster=self.one, year=values["year"], full_time=values["full_time"], **self._common())

    def _seat(self, values: dict[str, Any]) -> None:
        actions.seat(cluster=self.one, new=NewSeat(**values), **self._common())

    def _group(self, values: dict[str, Any]) -> None:
        actions.form_group(cluster=self.one, **values, **self._common())

    def _unseat(self, values: dict[str, Any]) -> None:
        row = one_seat(posted_number(self.request, "pk"), self.one.pk)
        if row:
            actions.unseat(seat=row, on=values["on"], **self._common())

    def _end_group(self, values: dict[str, Any]) -> None:
        row = one_group(posted_number(self.request, "pk"), self.one.pk)
        if row:
            actions.end_group(group=row, on=values["on"], **self._common())

    def context(self) -> dict[str, Any]:
        pk = self.one.pk
        return {
            "one": self.one, "form": self.form, "staff_form": self.staff, "seat_form": self.seat, "group_form": self.group, "stop_form": self.stop,
            "staff": list(staff_of(pk)), "board": list(board_of(pk)), "groups": list(groups_of(pk)),
        }  # fmt: skip
