"""Who took part: paste the list, see who is meant, decide the doubtful, done."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from klyngeforum.ground.bodies.queries import Hit, by_number, find, match_names
from klyngeforum.ground.bodies.terms import Scheme
from klyngeforum.records.activities.queries import activity as activity_of
from klyngeforum.records.activities.queries import participants
from klyngeforum.records.intake.actions import Decided, take_pasted
from klyngeforum.records.intake.rules import MOST_LINES, PastedLine, pasted
from klyngeforum.web.acting import attempt
from klyngeforum.web.serving import me, serves

NEW, SKIP = "new", "skip"


@dataclass(frozen=True, slots=True)
class Proposal:
    """One pasted line, the candidates for it, and which choice is made beforehand."""

    index: int
    line: PastedLine
    hits: list[Hit]
    chosen: str
    certain: bool
    on_list: bool


def proposals(lines: list[PastedLine], standing: set[int]) -> list[Proposal]:
    """A certain match is taken; an uncertain one is shown with its candidates and waits for a decision."""
    matches = match_names([line.name for line in lines])
    found = []
    for index, (line, match) in enumerate(zip(lines, matches, strict=True)):
        body = by_number(Scheme.CVR, line.number) if line.number else None
        if body is not None:
            hits, certain = [Hit(body, 100, gettext("same number"))], True
        else:
            hits = find(line.name, limit=5)
            certain = match.certain and not line.number
        chosen = str(hits[0].body.pk) if certain and hits else NEW
        if certain and match.body_id and body is None:
            chosen = str(match.body_id)
        found.append(Proposal(index, line, hits, chosen, certain, chosen.isdigit() and int(chosen) in standing))
    return found


def _amount(text: str) -> Decimal:
    try:
        return max(Decimal(text.replace(",", ".") or "0"), Decimal(0))
    except InvalidOperation:
        return Decimal(0)


def _decided(request: HttpRequest) -> list[Decided]:
    """The lines as the person left them; skipped ones are gone."""
    count = request.POST.get("count", "0")
    lines = []
    for index in range(min(int(count) if count.isdigit() else 0, MOST_LINES)):
        choice, name = request.POST.get(f"choice_{index}", SKIP), request.POST.get(f"name_{index}", "").strip()[:200]
        if choice == SKIP or not name:
            continue
        persons = request.POST.get(f"persons_{index}", "1")
        lines.append(
            Decided(
                name, int(choice) if choice.isdigit() else None, request.POST.get(f"number_{index}", "") if choice == NEW else "",
                int(persons) if persons.isdigit() else 1, _amount(request.POST.get(f"hours_{index}", "0")),
            )
        )  # fmt: skip
    return lines


@serves("activities.edit")
def paste(request: HttpRequest, pk: int) -> HttpResponseBase:
    one = activity_of(pk, seen_by=me(request), on=timezone.localdate())
    if one is None:
        raise Http404
    if request.method == "POST" and "count" in request.POST:
        lines = _decided(request)
        done = attempt(request, lambda: (take_pasted(by=me(request), at=timezone.now(), activity=one, lines=lines),), done=gettext("%(count)s are on the list.") % {"count": len(lines)})  # fmt: skip
        if done:
            return redirect("activity", pk)
    text = request.POST.get("list", "")
    standing = set(participants(one.pk).values_list("body_id", flat=True))
    shown = proposals(pasted(text), standing) if text.strip() else []
    waiting = sum(not proposal.certain for proposal in shown)
    return render(
        request, "cluster_office/paste.html", {"one": one, "proposals": shown, "text": text, "waiting": waiting}
    )
