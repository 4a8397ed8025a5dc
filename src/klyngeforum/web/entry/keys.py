"""The keys of one's own programs: made here, seen once, withdrawn here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.ground.access.keys import MOST_DAYS, key_of, keys_of, make_key, opens, withdraw_key
from klyngeforum.ground.access.queries import Person, posts_of
from klyngeforum.registers.clusters.queries import of_bodies
from klyngeforum.web.acting import attempt
from klyngeforum.web.components.choices import DayField, posted_number
from klyngeforum.web.serving import me, serves


class KeyForm(forms.Form):
    name = forms.CharField(label=_("What the key is for"), max_length=80, help_text=_("For example: our CRM, every night"))  # fmt: skip
    until = DayField(label=_("Good until"))

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"until": timezone.localdate() + timedelta(days=MOST_DAYS - 1)})


def _own(person: Person) -> str:
    """The address of the organisation that the person keeps records for, or a word in its place."""
    held = of_bodies(post.body_id for post in posts_of(person, timezone.localdate()) if post.body_id)
    return next(iter(held.values()), gettext("your-organisation"))


@serves("keys.hold")
def keys(request: HttpRequest) -> HttpResponse:
    """The list of one's keys, and a new one: its text is shown on this answer and nowhere again."""
    person, today, token = me(request), timezone.localdate(), ""
    form = KeyForm(request.POST if request.method == "POST" and request.POST.get("act") == "make" else None)
    if request.method == "POST" and request.POST.get("act") == "withdraw":
        key = key_of(person, posted_number(request, "pk"))
        if key is None:
            raise Http404
        attempt(request, lambda: withdraw_key(by=person, at=timezone.now(), key=key), done=gettext("The key opens nothing any more."))  # fmt: skip
        return redirect("keys")
    if form.is_bound and form.is_valid():
        values = form.cleaned_data
        made = attempt(request, lambda: make_key(by=person, at=timezone.now(), name=values["name"], until=values["until"]), form=form)  # fmt: skip
        if made:
            token, form = made[1], KeyForm()
    rows = [(one, opens(one, on=today), timezone.localdate(one.withdrawn_at) if one.withdrawn_at else one.until) for one in keys_of(person)]  # fmt: skip
    return render(request, "entry/keys.html", {"form": form, "rows": rows, "token": token, "address": request.build_absolute_uri(f"/api/records/rows/{_own(person)}")})  # fmt: skip
