"""The organisation's participants: list, enrol, make dedicated, end."""

from __future__ import annotations

from datetime import date

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
from django_filters import CharFilter, ChoiceFilter, FilterSet

from klyngeforum.ground.bodies.queries import find
from klyngeforum.ground.bodies.terms import BodyKind, SizeBand
from klyngeforum.registers.memberships import actions
from klyngeforum.registers.memberships.actions import NewMember
from klyngeforum.registers.memberships.queries import Membership, memberships
from klyngeforum.registers.memberships.terms import Commitment, MemberRole
from klyngeforum.web.acting import attempt
from klyngeforum.web.components.choices import BodyField, DayField
from klyngeforum.web.components.listing import Empty, show_list
from klyngeforum.web.components.numbers import day
from klyngeforum.web.components.places import PlaceColumn
from klyngeforum.web.serving import me, serves

from .desk import own_cluster

_NOBODY = Empty(_("No participants yet"), _("Add the first, or fill the Excel sheet and take it in."))


class MemberTable(tables.Table):  # type: ignore[misc]
    name = tables.Column(accessor="body__name", order_by="body__sorted_as", verbose_name=_("Name"))
    number = tables.Column(accessor="body__number", verbose_name=_("Number"), empty_values=())
    kind = tables.Column(accessor="body__kind", verbose_name=_("Kind"))
    size = tables.Column(accessor="body__size_band", verbose_name=_("Size"), empty_values=())
    place = PlaceColumn("body__place")
    role = tables.Column(verbose_name=_("Role"))
    commitment = tables.Column(verbose_name=_("Commitment"))
    since = tables.Column(verbose_name=_("Since"))
    until = tables.Column(verbose_name=_("Until"), default="–")
    protected = tables.Column(accessor="body__protected", verbose_name=_("Advertising protection"), default="")

    class Meta:
        caption = _("Participants")

    def render_name(self, record: Membership) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("member", args=[record.pk]), record.body.name)

    def value_name(self, record: Membership) -> str:
        return record.body.name

    def render_number(self, record: Membership) -> str:
        return record.body.number or gettext("Unverified")

    def value_number(self, record: Membership) -> str:
        return record.body.number

    def render_kind(self, value: str) -> str:
        return gettext(value)

    def render_size(self, record: Membership) -> str:
        return gettext(SizeBand(record.body.size_band).label)

    def render_role(self, value: str) -> str:
        return gettext(value)

    def render_protected(self, value: bool) -> str:
        return gettext("Yes: no mailings") if value else ""

    def render_commitment(self, value: str) -> str:
        return gettext(value)

    def render_since(self, record: Membership) -> str:
        return day(record.since)

    def value_since(self, record: Membership) -> object:
        return record.since

    def render_until(self, record: Membership) -> str:
        return day(record.until)

    def value_until(self, record: Membership) -> object:
        return record.until


class MemberFilter(FilterSet):  # type: ignore[misc]
    q = CharFilter(field_name="body__name", lookup_expr="icontains", label=_("Name"))
    kind = ChoiceFilter(field_name="body__kind", label=_("Kind"), empty_label=_("All"))
    commitment = ChoiceFilter(label=_("Commitment"), empty_label=_("All"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.filters["kind"].extra["choices"] = [(one.value, gettext(one.label)) for one in BodyKind]
        self.filters["commitment"].extra["choices"] = [(one.value, gettext(one.label)) for one in Commitment]


class EnrolForm(forms.Form):
    body = BodyField(label=_("Organisation"), help_text=_("Name or CVR number"))
    since = DayField(label=_("From"))
    until = DayField(label=_("Last day"), required=False)
    role = forms.ChoiceField(label=_("Role"), required=False)
    dedicated = forms.BooleanField(label=_("Dedicated: a formal agreement stands"), required=False)

    def __init__(self, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["role"].choices = [(one.value, gettext(one.label)) for one in MemberRole]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object]:
        values: dict[str, object] = super().clean() or {}
        since, until = values.get("since"), values.get("until")
        if isinstance(since, date) and isinstance(until, date) and until < since:
            self.add_error("until", gettext("It cannot end before it begins."))
        return values


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, data: object = None, *, one: Membership) -> None:
        super().__init__(data, initial={"role": one.role})  # type: ignore[arg-type]
        self.fields["role"].choices = [(term.value, gettext(term.label)) for term in MemberRole]  # type: ignore[attr-defined]


class EndForm(forms.Form):
    until = DayField(label=_("Last day"))


@serves("memberships.edit")
def members(request: HttpRequest) -> HttpResponseBase:
    cluster = own_cluster(request)
    rows = memberships(seen_by=me(request), on=timezone.localdate()).filter(cluster=cluster).order_by("body__sorted_as")
    return show_list(
        request, template="cluster_office/members.html", rows=rows, table_class=MemberTable, filter_class=MemberFilter,
        empty=_NOBODY, name="deltagere", context={"cluster": cluster},
    )  # fmt: skip


@serves("memberships.edit")
def enrol(request: HttpRequest) -> HttpResponseBase:
    cluster = own_cluster(request)
    form = EnrolForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        commitment = Commitment.DEDICATED if values["dedicated"] else Commitment.PARTICIPANT
        new = NewMember(
            cluster.pk,
            values["body"],
            values["since"],
            values["until"],
            commitment,
            MemberRole(values["role"] or "member"),
        )
        done = attempt(
            request, lambda: actions.enrol(by=me(request), at=timezone.now(), cluster=cluster, new=new), form=form,
            done=gettext("Enrolled."),
        )  # fmt: skip
        if done:
            return redirect("members")
    return render(request, "cluster_office/enrol.html", {"form": form, "cluster": cluster})


@serves("memberships.edit")
def member(request: HttpRequest, pk: int) -> HttpResponseBase:
    one = memberships(seen_by=me(request), on=timezone.localdate()).filter(pk=pk).first()
    if one is None:
        raise Http404
    ending = request.method == "POST" and request.POST.get("act") == "end"
    form, roles = EndForm(request.POST if ending else None), RoleForm(request.POST if request.POST.get("act") == "role" else None, one=one)  # fmt: skip
    if ending and form.is_valid():
        last = form.cleaned_data["until"]
        attempt(request, lambda: actions.end(by=me(request), at=timezone.now(), membership=one, on=last), form=form, done=gettext("The membership ends on that day."))  # fmt: skip
    elif roles.is_bound and roles.is_valid():
        attempt(request, lambda: actions.amend(by=me(request), at=timezone.now(), membership=one, until=one.until, commitment=Commitment(one.commitment), role=MemberRole(roles.cleaned_data["role"])), form=roles, done=gettext("Saved."))  # fmt: skip
    elif request.method == "POST" and request.POST.get("act") == "commit":
        wish = Commitment.PARTICIPANT if one.commitment == Commitment.DEDICATED else Commitment.DEDICATED
        attempt(request, lambda: actions.commit(by=me(request), at=timezone.now(), membership=one, commitment=wish), done=gettext("Saved."))  # fmt: skip
    if request.method == "POST" and not form.errors and not roles.errors:
        return redirect("member", pk)
    alike = [hit for hit in find(one.body.name, limit=5) if hit.body.verified] if not one.body.verified else []
    return render(request, "cluster_office/member.html", {"one": one, "form": form, "roles": roles, "alike": alike, "is_dedicated": one.commitment == Commitment.DEDICATED})  # fmt: skip
