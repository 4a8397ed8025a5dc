"""People and their posts: welcome somebody, give a post, end it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import django_tables2 as tables
from django import forms
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, FilterSet

from klyngeforum.ground.access import actions
from klyngeforum.ground.access.queries import Post, one_post, people
from klyngeforum.ground.access.terms import Language, Role
from klyngeforum.ground.bodies.queries import find
from klyngeforum.ground.fields import danish_order
from klyngeforum.web.acting import attempt
from klyngeforum.web.components.choices import DayField
from klyngeforum.web.components.listing import show_list
from klyngeforum.web.components.numbers import day
from klyngeforum.web.serving import me, serves


class PostTable(tables.Table):  # type: ignore[misc]
    person = tables.Column(accessor="person__name", verbose_name=_("Name"))
    email = tables.Column(accessor="person__email", verbose_name=_("E-mail"))
    role = tables.Column(verbose_name=_("Post"))
    body = tables.Column(accessor="body__name", order_by="body__sorted_as", verbose_name=_("Organisation"), default="–")
    since = tables.Column(verbose_name=_("Since"))
    until = tables.Column(verbose_name=_("Until"), default="–")

    class Meta:
        caption = _("People and posts")

    def render_person(self, record: Post) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("post", args=[record.pk]), record.person.name)

    def order_person(self, rows: QuerySet[Post], is_descending: bool) -> tuple[QuerySet[Post], bool]:
        key = danish_order("person__name")
        return rows.order_by(key.desc() if is_descending else key.asc(), "pk"), True

    def value_person(self, record: Post) -> str:
        return record.person.name

    def render_role(self, value: str) -> str:
        return gettext(value)

    def render_since(self, record: Post) -> str:
        return day(record.since)

    def render_until(self, record: Post) -> str:
        return day(record.until)


class PostFilter(FilterSet):  # type: ignore[misc]
    q = CharFilter(field_name="person__name", lookup_expr="icontains", label=_("Name"))


class AppointForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"))
    role = forms.ChoiceField(label=_("Post"))
    body = forms.CharField(
        label=_("Organisation"), help_text=_("Name or CVR number; leave empty for auditors."), required=False
    )
    since = DayField(label=_("From"))
    language = forms.ChoiceField(
        label=_("Language of mails"),
        choices=settings.LANGUAGES,
        required=False,
        help_text=_("Of a person who is new here."),
    )

    def __init__(self, data: Mapping[str, Any] | None) -> None:
        super().__init__(data)
        choices = [(one.value, gettext(one.label)) for one in Role if one is not Role.PUBLIC]
        self.fields["role"].choices = choices  # type: ignore[attr-defined]

    def clean_body(self) -> int | None:
        text = self.cleaned_data["body"].strip()
        if not text:
            return None
        hits = find(text, limit=5)
        if len(hits) == 1 or (hits and hits[0].score >= 95):
            return hits[0].body.pk
        if not hits:
            raise forms.ValidationError(gettext("No organisation is called so. Register it first."))
        raise forms.ValidationError(
            gettext("Several fit; write the whole name: %(names)s")
            % {"names": "; ".join(hit.body.name for hit in hits)}
        )


class EndForm(forms.Form):
    until = DayField(label=_("Last day"))


@serves("people.see")
def people_screen(request: HttpRequest) -> HttpResponseBase:
    rows = people(seen_by=me(request), on=timezone.localdate())
    return show_list(
        request,
        template="secretariat/people.html",
        rows=rows,
        table_class=PostTable,
        filter_class=PostFilter,
        name="personer",
    )


@serves("people.appoint")
def appoint(request: HttpRequest) -> HttpResponseBase:
    form = AppointForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values, now = form.cleaned_data, timezone.now()

        def both() -> object:
            with transaction.atomic():
                person = actions.welcome(
                    by=me(request),
                    at=now,
                    email=values["email"],
                    name=values["name"],
                    language=Language(values["language"] or Language.DANISH),
                )
                return actions.appoint(
                    by=me(request), at=now, person=person, role=Role(values["role"]), body_id=values["body"], since=values["since"],
                )  # fmt: skip

        if attempt(request, both, form=form, done=gettext("%(name)s has the post.") % {"name": values["name"]}):
            return redirect("people")
    return render(request, "secretariat/appoint.html", {"form": form})


@serves("people.appoint")
def post(request: HttpRequest, pk: int) -> HttpResponseBase:
    one = one_post(pk)
    if one is None:
        raise Http404
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        day_off = form.cleaned_data["until"]
        done = attempt(
            request,
            lambda: actions.end_post(by=me(request), at=timezone.now(), post=one, on=day_off),
            form=form, done=gettext("The post ends on that day."),
        )  # fmt: skip
        if done:
            return redirect("people")
    return render(request, "secretariat/post.html", {"post": one, "role": Role(one.role), "form": form})
