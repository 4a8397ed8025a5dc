"""Work lists of the body register: those without a number, likely duplicates, merges that can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import django_tables2 as tables
from django import forms
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, FilterSet

from klyngeforum.ground.bodies import actions
from klyngeforum.ground.bodies.queries import (
    Body,
    Candidate,
    candidates,
    find,
    merges,
    one_body,
    one_candidate,
    one_merge,
    unverified,
)
from klyngeforum.ground.bodies.terms import BodyKind, Scheme
from klyngeforum.web.acting import attempt
from klyngeforum.web.components.choices import whole_number
from klyngeforum.web.components.listing import Empty, show_list
from klyngeforum.web.serving import me, serves

_ALL_NUMBERED = Empty(
    _("Every organisation has a number"), _("Those that come in without one wait here until somebody finds it.")
)

_NO_PAIR = Empty(
    _("No pair waits"), _("When names come in that look like others, they are shown here with the reason.")
)


class UnverifiedTable(tables.Table):  # type: ignore[misc]
    name = tables.Column(order_by="sorted_as", verbose_name=_("Name"))
    kind = tables.Column(verbose_name=_("Kind"))
    country = tables.Column(verbose_name=_("Country"))
    uses = tables.Column(verbose_name=_("Participations"), attrs={"td": {"class": "num"}, "th": {"class": "num"}})
    source = tables.Column(verbose_name=_("Source"))

    class Meta:
        caption = _("Organisations without a number")

    def render_name(self, record: Body) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("verify", args=[record.pk]), record.name)

    def value_name(self, record: Body) -> str:
        return record.name

    def render_kind(self, record: Body) -> str:
        return gettext(BodyKind(record.kind).label)


class UnverifiedFilter(FilterSet):  # type: ignore[misc]
    q = CharFilter(field_name="name", lookup_expr="icontains", label=_("Name"))


class NumberForm(forms.Form):
    scheme = forms.ChoiceField(label=_("Register"))
    number = forms.CharField(label=_("Number"), max_length=24)

    def __init__(self, data: Mapping[str, Any] | None) -> None:
        super().__init__(data)
        choices = [(one.value, gettext(one.label)) for one in Scheme if one is not Scheme.NONE]
        self.fields["scheme"].choices = choices  # type: ignore[attr-defined]


@serves("bodies.verify")
def unverified_screen(request: HttpRequest) -> HttpResponseBase:
    rows = unverified(seen_by=me(request), on=timezone.localdate())
    return show_list(
        request, template="secretariat/unverified.html", rows=rows, table_class=UnverifiedTable, filter_class=UnverifiedFilter,
        empty=_ALL_NUMBERED, name="ubekraeftede",
    )  # fmt: skip


@serves("bodies.verify")
def verify_screen(request: HttpRequest, pk: int) -> HttpResponseBase:
    body = one_body(pk)
    if body is None:
        raise Http404
    form = NumberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        scheme = Scheme(form.cleaned_data["scheme"])
        done = attempt(
            request,
            lambda: actions.verify(by=me(request), at=timezone.now(), body=body, scheme=scheme, number=form.cleaned_data["number"]),
            form=form, done=gettext("%(name)s has its number and counts from now on.") % {"name": body.name},
        )  # fmt: skip
        if done:
            return redirect("unverified")
    alike = [hit for hit in find(body.name, limit=6) if hit.body.pk != body.pk]
    return render(request, "secretariat/verify.html", {"body": body, "form": form, "alike": alike})


class PairTable(tables.Table):  # type: ignore[misc]
    left = tables.Column(accessor="left__name", order_by="left__sorted_as", verbose_name=_("Organisation"))
    right = tables.Column(accessor="right__name", order_by="right__sorted_as", verbose_name=_("Is like"))
    score = tables.Column(verbose_name=_("Likeness"), attrs={"td": {"class": "num"}, "th": {"class": "num"}})
    reason = tables.Column(verbose_name=_("Reason"), orderable=False)
    act = tables.Column(verbose_name=_("What is right?"), orderable=False, empty_values=())

    class Meta:
        caption = _("Likely duplicates")

    def render_left(self, record: Candidate) -> SafeString:
        return _said(record.left)

    def render_right(self, record: Candidate) -> SafeString:
        return _said(record.right)

    def value_left(self, record: Candidate) -> str:
        return f"{record.left.name} {record.left.number}".strip()

    def value_right(self, record: Candidate) -> str:
        return f"{record.right.name} {record.right.number}".strip()

    def render_reason(self, value: str) -> str:
        return gettext(value)

    def render_act(self, record: Candidate) -> SafeString:
        button = '<button class="button button-{}" form="decide" name="{}" value="{}">{}<span class="sr-only">: {}</span></button>'
        same = format_html(button, "primary", "merge", record.pk, gettext("The same"), record.left.name)
        apart = format_html(button, "secondary", "apart", record.pk, gettext("Two different"), record.left.name)
        return format_html('<span class="pair-acts">{}{}</span>', same, apart)


def _said(body: Body) -> SafeString:
    place = f" · {body.place.name_da}" if body.place else ""
    return format_html('<span><strong>{}</strong><br><span class="quiet">{} {}{}</span></span>', body.name, gettext(Scheme(body.scheme).label), body.number, place)  # fmt: skip


class PairFilter(FilterSet):  # type: ignore[misc]
    q = CharFilter(method="named", label=_("Name"))

    def named(self, rows: QuerySet[Candidate], _name: str, value: str) -> QuerySet[Candidate]:
        return rows.filter(Q(left__name__icontains=value) | Q(right__name__icontains=value))


@serves("bodies.merge")
def duplicates(request: HttpRequest) -> HttpResponseBase:
    person, today = me(request), timezone.localdate()
    if request.method == "POST":
        _decide(request)
        return redirect(request.get_full_path())
    return show_list(
        request, template="secretariat/duplicates.html", rows=candidates(seen_by=person, on=today), table_class=PairTable, filter_class=PairFilter,
        empty=_NO_PAIR, name="dubletter", context={"merges": merges(seen_by=person, on=today)[:20]},
    )  # fmt: skip


def _decide(request: HttpRequest) -> None:
    """One decision about one pair, or a merge taken back."""
    person, now = me(request), timezone.now()
    act = next((act for act in ("merge", "apart", "undo") if act in request.POST), "")
    number = request.POST.get(act, "")
    pk = whole_number(number)
    if act == "undo" and (made := one_merge(pk)):
        attempt(
            request, lambda: actions.undo_merge(by=person, at=now, merge=made), done=gettext("The merge is undone.")
        )
    elif act and (pair := one_candidate(pk)):
        if act == "apart":
            attempt(
                request,
                lambda: actions.set_apart(by=person, at=now, candidate=pair),
                done=gettext("Noted: two organisations."),
            )
        else:
            kept, absorbed = (pair.left, pair.right) if pair.left.verified else (pair.right, pair.left)
            attempt(
                request,
                lambda: actions.merge(by=person, at=now, kept=kept, absorbed=absorbed),
                done=gettext("Merged: %(name)s. It can be undone below.") % {"name": kept.name},
            )
