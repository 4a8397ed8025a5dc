"""Any organisation of the house: finding it, a new one, and one of them with its names, workplaces, successions and protection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.ground.bodies import actions, describing
from klyngeforum.ground.bodies.actions import NewBody
from klyngeforum.ground.bodies.queries import (
    Body,
    find,
    how_many,
    names_of,
    one_body,
    one_name,
    successions_of,
    units_of,
)
from klyngeforum.ground.bodies.terms import BodyKind, KnowledgeKind, Scheme, SuccessionKind
from klyngeforum.ground.trail.queries import of
from klyngeforum.web.acting import attempt
from klyngeforum.web.components.choices import BodyField, DayField, PlaceField, posted_number
from klyngeforum.web.components.organisation_forms import industry_choices
from klyngeforum.web.serving import me, serves

_YES_NO_UNKNOWN = (("", _("Not declared")), ("yes", _("Yes")), ("no", _("No")))


class FindForm(forms.Form):
    q = forms.CharField(label=_("Name or number"), max_length=200, required=False)


class BodyForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"))
    knowledge_kind = forms.ChoiceField(label=_("Kind of knowledge institution"), required=False)
    country = forms.RegexField(r"^[A-Z]{2}$", label=_("Country"), help_text=_("Two letters, such as DK or SE."))
    employees = forms.IntegerField(label=_("Employees"), min_value=0, max_value=2_000_000, required=False, localize=False)  # fmt: skip
    industry_id = forms.TypedChoiceField(label=_("Industry"), coerce=int, empty_value=None, required=False)
    eu_sme = forms.ChoiceField(label=_("SME by the EU's definition"), choices=_YES_NO_UNKNOWN, required=False)
    eu_sme_declared_on = DayField(label=_("Declared on"), required=False)
    place_id = PlaceField(label=_("Municipality"), required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=10, required=False)
    city = forms.CharField(label=_("Town"), max_length=80, required=False)
    founded_on = DayField(label=_("Founded"), required=False)
    ceased_on = DayField(label=_("Ceased"), required=False)
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    protected = forms.BooleanField(label=_("Advertising protection: no mailings"), required=False)

    def __init__(self, data: Any = None, *, one: Body | None = None) -> None:
        initial = {key: getattr(one, key) for key in self.base_fields if hasattr(one, key)}
        initial["place_id"] = one.place.name_da if one and one.place else ""
        initial["eu_sme"] = "" if one is None or one.eu_sme is None else "yes" if one.eu_sme else "no"
        super().__init__(data, initial=initial)
        self.fields["kind"].choices = [(term.value, gettext(term.label)) for term in BodyKind]  # type: ignore[attr-defined]
        self.fields["industry_id"].choices = [("", "–"), *industry_choices()]  # type: ignore[attr-defined]
        self.fields["knowledge_kind"].choices = [(term.value, gettext(term.label)) for term in KnowledgeKind]  # type: ignore[attr-defined]

    def changes(self) -> dict[str, Any]:
        return {**self.cleaned_data, "eu_sme": {"yes": True, "no": False}.get(self.cleaned_data["eu_sme"])}


class NewBodyForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"))
    scheme = forms.ChoiceField(label=_("Register"), required=False)
    number = forms.CharField(label=_("Number"), max_length=24, required=False, help_text=_("Without a number it counts in no target."))  # fmt: skip

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["kind"].choices = [(term.value, gettext(term.label)) for term in BodyKind]  # type: ignore[attr-defined]
        self.fields["scheme"].choices = [(term.value, gettext(term.label)) for term in Scheme]  # type: ignore[attr-defined]


class RenameForm(forms.Form):
    name = forms.CharField(label=_("New name"), max_length=200)
    since = DayField(label=_("From the day"))


class AliasForm(forms.Form):
    name = forms.CharField(label=_("Also called"), max_length=200)


class UnitForm(forms.Form):
    number = forms.CharField(label=_("P-number"), max_length=14)
    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    place_id = PlaceField(label=_("Municipality"), required=False)
    main = forms.BooleanField(label=_("Main workplace"), required=False)
    since = DayField(label=_("First day"), required=False)
    until = DayField(label=_("Last day"), required=False)


class SuccessionForm(forms.Form):
    other = BodyField(label=_("Carries on"), help_text=_("Name or CVR number"))
    kind = forms.ChoiceField(label=_("How"))
    on = DayField(label=_("From the day"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["kind"].choices = [(term.value, gettext(term.label)) for term in SuccessionKind]  # type: ignore[attr-defined]


@serves("bodies.verify")
def bodies(request: HttpRequest) -> HttpResponseBase:
    form = FindForm(request.GET or None)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    context = {"form": form, "text": text, "hits": find(text, limit=50) if text else [], "total": how_many()}
    return render(request, "secretariat/find_body.html", context)


@serves("bodies.verify")
def new_body(request: HttpRequest) -> HttpResponseBase:
    form = NewBodyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        new = NewBody(values["name"], BodyKind(values["kind"]), Scheme(values["scheme"]), values["number"], source="form")  # fmt: skip
        made = attempt(request, lambda: actions.register(by=me(request), at=timezone.now(), body=new), form=form, done=gettext("Registered."))  # fmt: skip
        if made:
            return redirect("body", made.pk)
    return render(request, "secretariat/new_body.html", {"form": form})


def _succeed(one: Body, values: dict[str, Any], common: dict[str, Any]) -> None:
    other = one_body(values["other"])
    if other:
        describing.succeed(predecessor=other, successor=one, kind=SuccessionKind(values["kind"]), on=values["on"], **common)  # fmt: skip


def _done(request: HttpRequest, one: Body, sent: dict[str, forms.Form]) -> bool:
    """Whether the form that was sent is written."""
    common: dict[str, Any] = {"by": me(request), "at": timezone.now()}
    act, name = request.POST.get("act", ""), one_name(posted_number(request, "pk"), one.pk)
    if act == "drop" and name:
        return attempt(request, lambda: (describing.drop_name(name=name, **common),), done=gettext("Saved.")) is not None  # fmt: skip
    form = sent.get(act)
    if form is None or not form.is_valid():
        return False
    values = form.cleaned_data
    verbs: dict[str, Callable[[], object]] = {
        "describe": lambda: describing.describe(body=one, changes=form.changes(), **common),  # type: ignore[attr-defined]
        "rename": lambda: describing.rename(body=one, name=values["name"], since=values["since"], **common),
        "alias": lambda: describing.call_also(body=one, name=values["name"], **common),
        "unit": lambda: describing.note_unit(body=one, **values, **common),
        "succeed": lambda: _succeed(one, values, common),
    }
    return attempt(request, lambda: (verbs[act](),), form=form, done=gettext("Saved.")) is not None


@serves("bodies.verify")
def body(request: HttpRequest, pk: int) -> HttpResponseBase:
    one = one_body(pk)
    if one is None:
        raise Http404
    data = {request.POST.get("act", ""): request.POST} if request.method == "POST" else {}
    sent: dict[str, forms.Form] = {
        "describe": BodyForm(data.get("describe"), one=one), "rename": RenameForm(data.get("rename")), "alias": AliasForm(data.get("alias")),
        "unit": UnitForm(data.get("unit")), "succeed": SuccessionForm(data.get("succeed")),
    }  # fmt: skip
    if request.method == "POST" and _done(request, one, sent):
        return redirect("body", pk)
    context = {
        "one": one_body(pk), "names": list(names_of(pk)), "units": list(units_of(pk)), "successions": list(successions_of(pk)),
        "acts": of("body", pk), **{f"{key}_form": form for key, form in sent.items()},
    }  # fmt: skip
    return render(request, "secretariat/body.html", context)
