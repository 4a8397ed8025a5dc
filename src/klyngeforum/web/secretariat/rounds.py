"""The round of a year: who has handed in, who is late; opening the next one."""

from __future__ import annotations

import django_tables2 as tables
from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet

from klyngeforum.ground.period import date_of
from klyngeforum.results.accounts.actions import open_round
from klyngeforum.results.accounts.queries import Account, newest, rounds, standing
from klyngeforum.results.accounts.terms import AccountState
from klyngeforum.web.acting import attempt
from klyngeforum.web.components.choices import DayField
from klyngeforum.web.components.listing import show_list
from klyngeforum.web.components.numbers import day
from klyngeforum.web.components.places import PlaceColumn
from klyngeforum.web.serving import me, serves

LATE = "late"


class AccountTable(tables.Table):  # type: ignore[misc]
    cluster = tables.Column(
        accessor="cluster__name", order_by="cluster__sorted_as", verbose_name=_("Cluster organisation")
    )
    place = PlaceColumn("cluster__place")
    state = tables.Column(verbose_name=_("State"))
    due_on = tables.Column(verbose_name=_("Due"))
    edition = tables.Column(verbose_name=_("Edition"), attrs={"td": {"class": "num"}, "th": {"class": "num"}})
    submitted_at = tables.Column(verbose_name=_("Handed in"), default="–")
    submitted_by = tables.Column(accessor="submitted_by__name", verbose_name=_("By"), default="–")

    class Meta:
        caption = _("Accounts")

    def render_cluster(self, record: Account) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("review", args=[record.pk]), record.cluster.name)

    def value_cluster(self, record: Account) -> str:
        return record.cluster.name

    def render_state(self, record: Account) -> str:
        return gettext(AccountState(record.state).label)

    def render_due_on(self, record: Account) -> str:
        late = record.state in (AccountState.OPEN, AccountState.RETURNED) and record.due_on < timezone.localdate()
        if late:
            return format_html('{} <span class="badge badge-warning">{}</span>', day(record.due_on), gettext("Late"))
        return day(record.due_on)

    def value_due_on(self, record: Account) -> object:
        return record.due_on

    def render_submitted_at(self, record: Account) -> str:
        return day(date_of(record.submitted_at) if record.submitted_at else None)

    def value_submitted_at(self, record: Account) -> object:
        return date_of(record.submitted_at) if record.submitted_at else None


class AccountFilter(FilterSet):  # type: ignore[misc]
    q = CharFilter(field_name="cluster__name", lookup_expr="icontains", label=_("Cluster organisation"))
    state = ChoiceFilter(method="standing", choices=[], label=_("State"), empty_label=_("All"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        states = [(one.value, gettext(one.label)) for one in AccountState]
        self.filters["state"].extra["choices"] = [*states, (LATE, gettext("Late"))]

    def standing(self, rows: QuerySet[Account], _name: str, value: str) -> QuerySet[Account]:
        if value != LATE:
            return rows.filter(state=value)
        return rows.filter(state__in=(AccountState.OPEN, AccountState.RETURNED), due_on__lt=timezone.localdate())


class OpenForm(forms.Form):
    year = forms.IntegerField(label=_("Data year"), min_value=2000, max_value=2100, localize=False)
    due_on = DayField(label=_("To be handed in by"))


@serves("accounts.approve")
def newest_round(request: HttpRequest) -> HttpResponseBase:
    """The newest round; before the first, the screen that opens one."""
    first = rounds().first()
    return redirect("round", first.year) if first else redirect("open_round")


@serves("accounts.approve")
def round_screen(request: HttpRequest, year: int) -> HttpResponseBase:
    stand = standing(year)
    if stand is None:
        raise Http404
    rows = newest(year, seen_by=me(request), on=timezone.localdate())
    return show_list(
        request, template="secretariat/round.html", rows=rows, table_class=AccountTable, filter_class=AccountFilter,
        name=f"regnskaber-{year}", context={"standing": stand, "year": year, "rounds": list(rounds())},
    )  # fmt: skip


@serves("accounts.open_round")
def open_screen(request: HttpRequest) -> HttpResponseBase:
    form = OpenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        opened = attempt(
            request,
            lambda: open_round(by=me(request), at=timezone.now(), year=values["year"], due_on=values["due_on"]),
            form=form,
            done=gettext("The round is open; every cluster organisation has its account."),
        )
        if opened:
            return redirect("round", opened.year)
    return render(request, "secretariat/open_round.html", {"form": form})
