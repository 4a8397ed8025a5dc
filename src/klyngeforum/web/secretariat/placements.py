"""What the rules of placement propose, why, and what the forum decides: nothing moves without a decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby

import django_tables2 as tables
from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.ground.access.queries import may
from klyngeforum.ground.programme.queries import leagues
from klyngeforum.registers.clusters.queries import Cluster
from klyngeforum.registers.clusters.queries import cluster as cluster_of
from klyngeforum.steering.leagues import actions
from klyngeforum.steering.leagues.exhibits import shown
from klyngeforum.steering.leagues.queries import (
    Placement,
    exhibits,
    history,
    notices,
    proposal,
    proposals,
    rules_and_version,
)  # fmt: skip
from klyngeforum.steering.leagues.rules import changed
from klyngeforum.steering.leagues.terms import Direction, Proposal, Shown
from klyngeforum.web.acting import attempt
from klyngeforum.web.components.explained import told
from klyngeforum.web.components.listing import Empty, show_list
from klyngeforum.web.components.rowfilter import RowFilter
from klyngeforum.web.public.overview import league_words
from klyngeforum.web.serving import me, serves

_DATE = {"type": "date"}
_NOBODY = Empty(
    _("Nothing is proposed"), _("Rules of placement are not in force yet, or no organisation is registered.")
)


class ProposalTable(tables.Table):  # type: ignore[misc]
    name = tables.Column(verbose_name=_("Cluster organisation"))
    current = tables.Column(verbose_name=_("Plays in"), default="–")
    proposed = tables.Column(verbose_name=_("The rules say"), default="–")
    direction = tables.Column(verbose_name=_("Move"))
    notes = tables.Column(verbose_name=_("Note"), empty_values=(), orderable=False)

    class Meta:
        caption = _("Proposals for the leagues")

    def render_name(self, record: Proposal) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("proposal", args=[record.slug]), record.name)

    def value_name(self, record: Proposal) -> str:
        return record.name

    def render_current(self, value: str) -> str:
        return league_words().get(value, value)

    def render_proposed(self, value: str) -> str:
        return league_words().get(value, value)

    def render_direction(self, record: Proposal) -> str:
        return gettext(record.direction.label)

    def render_notes(self, record: Proposal) -> str:
        said = [gettext("rests on an expired label")] * record.expired_label
        return ", ".join(said + [gettext("rests on placeholder values")] * record.placeholder)


class ProposalFilter(forms.Form):
    q = forms.CharField(label=_("Name"), required=False)
    move = forms.ChoiceField(label=_("Move"), required=False)

    def __init__(self, data: object) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        choices = [("", gettext("All")), *((one.value, gettext(one.label)) for one in Direction)]
        self.fields["move"].choices = self.fields["move"].widget.choices = choices  # type: ignore[attr-defined]


class PlaceForm(forms.Form):
    league = forms.ChoiceField(label=_("League"))
    on = forms.DateField(label=_("From"), widget=forms.DateInput(attrs=_DATE))
    decision = forms.CharField(
        label=_("The forum's decision"),
        max_length=300,
        help_text=_("Meeting and item, for example: steering group 3 June, item 4"),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choices = [(one.code, league_words()[one.code]) for one in leagues()]
        self.fields["league"].choices = self.fields["league"].widget.choices = choices  # type: ignore[attr-defined]


class WarnForm(PlaceForm):
    on = None  # type: ignore[assignment]
    decision = None  # type: ignore[assignment]
    deadline = forms.DateField(label=_("The organisation has until"), widget=forms.DateInput(attrs=_DATE))
    reason = forms.CharField(label=_("What must be mended"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, below: list[str], data: object = None, initial: object = None) -> None:
        super().__init__(data, initial=initial)
        choices = [(code, league_words()[code]) for code in below]
        self.fields["league"].choices = self.fields["league"].widget.choices = choices  # type: ignore[attr-defined]


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("Why the warning is withdrawn"), max_length=1000)


@serves("leagues.see_proposals")
def proposal_list(request: HttpRequest) -> HttpResponseBase:
    today = timezone.localdate()
    rows = proposals(on=today)
    tests = {
        "q": lambda row, value: value.casefold() in row.name.casefold(),
        "move": lambda row, value: row.direction == value,
    }
    context = {"notices": list(notices(seen_by=me(request), on=today)), "rules": rules_and_version(today)[0]}
    return show_list(
        request, template="secretariat/proposals.html", rows=rows, table_class=ProposalTable,
        row_filter=RowFilter(ProposalFilter(request.GET), rows, tests), empty=_NOBODY, name="ligaforslag", context=context,
    )  # fmt: skip


def _decide(request: HttpRequest, one: Cluster, found: Proposal, form: PlaceForm) -> object:
    values, now = form.cleaned_data, timezone.now()
    return attempt(
        request, lambda: actions.place(by=me(request), at=now, cluster=one, league=values["league"], on=values["on"],
        decision=values["decision"], judged=found.judged, exhibits=shown(found.judged)), form=form, done=gettext("Placed; what the forum had before it is kept with the decision."),
    )  # fmt: skip


def _warn(request: HttpRequest, one: Cluster, form: WarnForm) -> object:
    values, now = form.cleaned_data, timezone.now()
    return attempt(
        request, lambda: actions.warn(by=me(request), at=now, cluster=one, to=values["league"], deadline=values["deadline"],
        reason=values["reason"]), form=form, done=gettext("The organisation is warned."),
    )  # fmt: skip


def _below(today: date, current: str) -> list[str]:
    """The leagues that an organisation can be warned of."""
    rules = rules_and_version(today)[0]
    if rules is None or not current:
        return []
    return [one.code for one in rules.leagues if rules.rank(one.code) > rules.rank(current)]


def _changed_since(
    placements: Sequence[Placement], lines: Sequence[Shown], words: Mapping[str, str]
) -> dict[str, object]:
    """What is answered otherwise than when the forum placed the organisation last; nothing where it had no explanation before it."""
    standing = next((row for row in placements if row.until is None), None)
    before = exhibits(standing.pk) if standing else []
    if standing is None or not before:
        return {"since": None}
    danish = (get_language() or "da") == "da"

    def said(one: Shown | None) -> str:
        return "" if one is None else one.said_da if danish else one.said_en

    rows = [(words.get(one.league, one.league), said(one.before), said(one.now)) for one in changed(before, lines)]
    return {"since": standing, "changes": rows}


@serves("leagues.see_proposals")
def proposal_screen(request: HttpRequest, slug: str) -> HttpResponseBase:
    today, one = timezone.localdate(), cluster_of(slug)
    found = proposal(one, on=today) if one else None
    if one is None or found is None:
        raise Http404
    act = request.POST.get("act", "")
    place = PlaceForm(
        request.POST if act == "place" else None, initial={"league": found.proposed, "on": today.isoformat()}
    )
    below = _below(today, found.current)
    warn = WarnForm(below, request.POST if act == "warn" else None, {"league": found.proposed})
    withdraw = WithdrawForm(request.POST if act == "withdraw" else None)
    notice = notices(seen_by=me(request), on=today).filter(cluster=one).first()
    if act == "place" and place.is_valid() and _decide(request, one, found, place):
        return redirect("proposal", slug)
    if act == "warn" and warn.is_valid() and _warn(request, one, warn):
        return redirect("proposal", slug)
    if act == "withdraw" and notice and withdraw.is_valid():
        reason, now = withdraw.cleaned_data["reason"], timezone.now()
        attempt(request, lambda: actions.withdraw(by=me(request), at=now, notice=notice, reason=reason), form=withdraw, done=gettext("The warning is withdrawn."))  # fmt: skip
        if not withdraw.errors:
            return redirect("proposal", slug)
    rules, words = rules_and_version(today)[0], league_words()
    lines = shown(found.judged)
    placements = list(history(one.pk))
    answers = [(code, words[code], told(part)) for code, part in groupby(lines, key=lambda line: line.league)]
    context = {
        "one": one, "found": found, "answers": answers, "place": place, "warn": warn if below else None, "withdraw": withdraw, "notice": notice, "rules": rules,
        "current": words.get(found.current, ""), "proposed": words.get(found.proposed, ""), "open": words.get(found.judged.highest_open, ""),
        "placements": [(row, words.get(row.league, row.league)) for row in placements], **_changed_since(placements, lines, words),
        "may_place": bool(may(me(request), "leagues.place", on=today)), "support": rules.support.say(get_language() or "da") if rules else "",
    }  # fmt: skip
    return render(request, "secretariat/proposal.html", context)
