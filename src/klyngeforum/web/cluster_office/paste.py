"""Who took part: paste the list, see who is meant, decide the doubtful, done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from klyngeforum.ground.bodies.queries import Hit, Match, by_number, find, match_names
from klyngeforum.ground.bodies.rules import legal_form
from klyngeforum.ground.bodies.terms import Scheme
from klyngeforum.records.activities.queries import activity as activity_of
from klyngeforum.records.activities.queries import participants
from klyngeforum.records.activities.terms import PartRole
from klyngeforum.records.intake.actions import Decided, take_pasted
from klyngeforum.records.intake.rules import MOST_LINES, PastedLine, pasted
from klyngeforum.web.acting import attempt
from klyngeforum.web.components.choices import posted_number, whole_number
from klyngeforum.web.serving import me, serves

NEW, SKIP = "new", "skip"
_MOST = Decimal(10_000_000)  # more than any rule allows: it is refused with the line's name


@dataclass(frozen=True, slots=True)
class Proposal:
    """One organisation of the list: as pasted, the candidates for it, and which choice is made beforehand."""

    index: int
    line: PastedLine
    hits: list[Hit]
    chosen: str
    certain: bool
    on_list: bool


def _read(lines: list[PastedLine]) -> list[tuple[PastedLine, Match]]:
    """Each line by the reading that fits the register best: "Hanne Jensen, Bruun It P/S" is Bruun It P/S."""
    matches = {match.name: match for match in match_names(list({name for line in lines for name in line.readings}))}
    found = []
    for line in lines:
        best = max(line.readings, key=lambda name: (matches[name].certain, matches[name].score, bool(legal_form(name))))
        found.append(
            (replace(line, name=best, others=tuple(name for name in line.readings if best not in name)), matches[best])
        )
    return found


def _together(read: list[tuple[PastedLine, Match]]) -> list[tuple[PastedLine, Match]]:
    """Two persons of one organisation are one participant with two persons."""
    found: dict[object, tuple[PastedLine, Match]] = {}
    for line, match in read:
        key = (match.body_id if match.certain else None) or line.number or line.name.casefold()
        if key in found:
            known = found[key][0]
            line = replace(known, persons=known.persons + line.persons, hours=known.hours + line.hours)
        found[key] = (line, match)
    return list(found.values())


def proposals(lines: list[PastedLine], standing: set[int]) -> list[Proposal]:
    """A certain match is taken; an uncertain one stands first, with its candidates, and waits for a decision."""
    found = []
    for index, (line, match) in enumerate(_together(_read(lines))):
        body = by_number(Scheme.CVR, line.number) if line.number else None
        if body is not None:
            hits, certain = [Hit(body, 100, gettext("same number"))], True
        else:
            hits = find(line.name, limit=5)
            certain = match.certain and not line.number
        chosen = str(hits[0].body.pk) if certain and hits else NEW
        if certain and match.body_id and body is None:
            chosen = str(match.body_id)
        found.append(Proposal(index, line, hits, chosen, certain, whole_number(chosen) in standing))
    return sorted(found, key=lambda one: one.certain)


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text.strip().replace(",", ".") or "0")
    except InvalidOperation:
        return Decimal(0)
    return max(amount.quantize(Decimal("0.01")), Decimal(0)) if amount.is_finite() and amount < _MOST else _MOST


def _plain(request: HttpRequest, name: str) -> str:
    """A text without the zero characters that no database takes."""
    return request.POST.get(name, "").strip()[:200]


def _decided(request: HttpRequest) -> list[Decided]:
    """The lines as the person left them; skipped ones are gone."""
    role = request.POST.get("role", "")
    as_what = PartRole(role) if role in PartRole.values() else PartRole.PARTICIPANT
    lines = []
    for index in range(min(posted_number(request, "count"), MOST_LINES)):
        choice, name = request.POST.get(f"choice_{index}", SKIP), _plain(request, f"name_{index}")
        if choice == SKIP or not name:
            continue
        lines.append(
            Decided(
                name, whole_number(choice, -1) if choice != NEW else None, _plain(request, f"number_{index}")[:24] if choice == NEW else "",
                whole_number(request.POST.get(f"persons_{index}", "1"), 1), _amount(request.POST.get(f"hours_{index}", "0")), as_what,
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
        request,
        "cluster_office/paste.html",
        {
            "one": one,
            "proposals": shown,
            "text": text,
            "waiting": waiting,
            "roles": [(role.value, gettext(role.label)) for role in PartRole],
        },
    )
