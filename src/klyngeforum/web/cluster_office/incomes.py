"""Income by source: the list, a new one, one put right or taken back."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, FilterSet, NumberFilter

from klyngeforum.ground.programme.funding import Payer
from klyngeforum.records.economy import actions, queries
from klyngeforum.records.economy.actions import NewIncome
from klyngeforum.records.economy.queries import Income
from klyngeforum.records.economy.terms import Form, Standing
from klyngeforum.web.acting import attempt
from klyngeforum.web.components.choices import DayField
from klyngeforum.web.components.listing import Empty, show_list
from klyngeforum.web.components.numbers import day, kroner
from klyngeforum.web.serving import me, serves

from .desk import own_cluster

_NUMBER = {"td": {"class": "num"}, "th": {"class": "num"}}
_NONE = Empty(_("No income yet"), _("Book what came in, or what is budgeted, with its source. Hours are counted by themselves."))  # fmt: skip


class IncomeTable(tables.Table):  # type: ignore[misc]
    year = tables.Column(verbose_name=_("Year"))
    what = tables.Column(accessor="note", verbose_name=_("What"), empty_values=())
    payer = tables.Column(verbose_name=_("Source"))
    standing = tables.Column(verbose_name=_("Budgeted or received"))
    form = tables.Column(verbose_name=_("Cash or hours"))
    grant = tables.Column(accessor="grant__title", verbose_name=_("Grant"), default="–")
    on = tables.Column(verbose_name=_("Day"), default="–")
    amount = tables.Column(verbose_name=_("Amount, DKK"), attrs=_NUMBER)

    class Meta:
        caption = _("Income")

    def render_year(self, value: int) -> str:
        return str(value)

    def render_what(self, record: Income) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("income", args=[record.pk]), record.note or gettext("Income"))

    def value_what(self, record: Income) -> str:
        return record.note

    def render_payer(self, value: str) -> str:
        return gettext(value)

    def render_standing(self, value: str) -> str:
        return gettext(value)

    def render_form(self, value: str) -> str:
        return gettext(value)

    def render_on(self, record: Income) -> str:
        return day(record.on)

    def value_on(self, record: Income) -> object:
        return record.on

    def render_amount(self, record: Income) -> str:
        return kroner(record.amount)

    def value_amount(self, record: Income) -> object:
        return record.amount


class IncomeFilter(FilterSet):  # type: ignore[misc]
    aar = NumberFilter(field_name="year", label=_("Year"), min_value=1900, max_value=2100)
    payer = ChoiceFilter(choices=[(one.value, _(one.label)) for one in Payer], label=_("Source"), empty_label=_("All"))
    standing = ChoiceFilter(choices=[(one.value, _(one.label)) for one in Standing], label=_("Budgeted or received"), empty_label=_("All"))  # fmt: skip


def spoken(kind: Any) -> list[tuple[str, str]]:
    return [(one.value, gettext(one.label)) for one in kind]


class IncomeForm(forms.Form):
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100, localize=False)
    on = DayField(label=_("Day received"), required=False)
    standing = forms.ChoiceField(label=_("Budgeted or received"))
    form = forms.ChoiceField(label=_("Cash or hours"), help_text=_("Only a budget names hours; hours given are counted from the hours with evidence."))  # fmt: skip
    payer = forms.ChoiceField(label=_("Source"))
    amount = forms.DecimalField(label=_("Amount, DKK"), max_digits=14, decimal_places=2, localize=True, help_text=_("A repayment is a negative amount."))  # fmt: skip
    grant = forms.ChoiceField(label=_("Belongs to the grant"), required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, data: Any, cluster_id: int, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        grants = [(str(one.pk), one.title) for one in queries.of_cluster(cluster_id)]
        choices = {"standing": spoken(Standing), "form": spoken(Form), "payer": spoken(Payer), "grant": [("", gettext("None")), *grants]}  # fmt: skip
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]

    def new(self) -> NewIncome:
        values = self.cleaned_data
        grant = int(values["grant"]) if values["grant"] else None
        return NewIncome(values["year"], Standing(values["standing"]), Form(values["form"]), Payer(values["payer"]), values["amount"], values["on"], grant, values["note"])  # fmt: skip


@serves("economy.edit")
def income_list(request: HttpRequest) -> HttpResponseBase:
    cluster = own_cluster(request)
    rows = queries.incomes(seen_by=me(request), on=timezone.localdate()).filter(cluster=cluster)
    return show_list(
        request, template="cluster_office/incomes.html", rows=rows, table_class=IncomeTable, filter_class=IncomeFilter,
        empty=_NONE, name="indtaegter", context={"cluster": cluster},
    )  # fmt: skip


@serves("economy.edit")
def income_new(request: HttpRequest) -> HttpResponseBase:
    cluster, now = own_cluster(request), timezone.now()
    form = IncomeForm(request.POST if request.method == "POST" else None, cluster.pk, {"year": now.year, "standing": Standing.RECEIVED})  # fmt: skip
    if request.method == "POST" and form.is_valid():
        made = attempt(request, lambda: actions.book_income(by=me(request), at=now, cluster=cluster, new=form.new()), form=form, done=gettext("Booked."))  # fmt: skip
        if made:
            return redirect("incomes")
    return render(request, "cluster_office/income.html", {"form": form, "cluster": cluster})


@serves("economy.edit")
def income(request: HttpRequest, pk: int) -> HttpResponseBase:
    cluster, now = own_cluster(request), timezone.now()
    one = queries.incomes(seen_by=me(request), on=timezone.localdate()).filter(cluster=cluster, pk=pk).first()
    if one is None:
        raise Http404
    if request.POST.get("act") == "take_back":
        attempt(request, lambda: actions.take_back_income(by=me(request), at=now, income=one) or True, done=gettext("Taken back; the trail keeps it."))  # fmt: skip
        return redirect("incomes")
    stands = {"year": one.year, "on": one.on, "standing": one.standing, "form": one.form, "payer": one.payer, "amount": one.amount, "grant": str(one.grant_id or ""), "note": one.note}  # fmt: skip
    form = IncomeForm(request.POST if request.method == "POST" else None, cluster.pk, stands)
    if request.method == "POST" and form.is_valid():
        made = attempt(request, lambda: actions.amend_income(by=me(request), at=now, income=one, new=form.new()), form=form, done=gettext("Saved."))  # fmt: skip
        if made:
            return redirect("incomes")
    return render(request, "cluster_office/income.html", {"form": form, "cluster": cluster, "one": one})
