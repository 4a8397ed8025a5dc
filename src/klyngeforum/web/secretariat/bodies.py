"""Work lists of the body register: those without a number, likely duplicates, merges that can be undone."""

from __future__ import annotations

from collections.abc import Mapping
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
from django_filters import CharFilter, FilterSet

from klyngeforum.ground.bodies import actions
from klyngeforum.ground.bodies.queries import (
    Body,
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
from klyngeforum.web.components.listing import Empty, show_list
from klyngeforum.web.serving import me, serves

_ALL_NUMBERED = Empty(
    _("Every organisation has a number"), _("Those that come in without one wait here until somebody finds it.")
)


class UnverifiedTable(tables.Table):  # type: ignore[misc]
    name = tables.Column(verbose_name=_("Name"))
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


@serves("bodies.merge")
def duplicates(request: HttpRequest) -> HttpResponseBase:
    person, now = me(request), timezone.now()
    if request.method == "POST":
        _decide(request)
        return redirect("duplicates")
    context = {
        "candidates": candidates(seen_by=person, on=now.date())[:50], "waiting": candidates(seen_by=person, on=now.date()).count(),
        "merges": merges(seen_by=person, on=now.date())[:20],
    }  # fmt: skip
    return render(request, "secretariat/duplicates.html", context)


def _decide(request: HttpRequest) -> None:
    """One decision about one pair, or a merge taken back."""
    person, now, number = me(request), timezone.now(), request.POST.get("pk", "")
    pk = int(number) if number.isdigit() else 0
    act = request.POST.get("act")
    if act == "undo" and (made := one_merge(pk)):
        attempt(
            request, lambda: actions.undo_merge(by=person, at=now, merge=made), done=gettext("The merge is undone.")
        )
    elif pair := one_candidate(pk):
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
