"""Effect studies for everybody: what was asked beforehand, what came out, and everything that speaks against it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext

from klyngeforum.ground.access.queries import may
from klyngeforum.ground.bilingual import Bilingual
from klyngeforum.results.effects.queries import (
    Study,
    limits,
    matched_effects,
    protocol_of,
    reviews,
    studies,
    study,
    told,
)
from klyngeforum.results.effects.rules import called
from klyngeforum.results.effects.terms import (  # fmt: skip
    Claim,
    Judgement,
    Line,
    Point,
    Protocol,
    StudyState,
    Told,
)
from klyngeforum.web.components.downloads import FORMATS, download
from klyngeforum.web.components.intervals import Intervals, LovePlot, intervals, love_plot
from klyngeforum.web.components.numbers import grouped
from klyngeforum.web.components.protocols import own_words, protocol_parts
from klyngeforum.web.components.refusals import refusal_line, refusals_shown
from klyngeforum.web.components.study_names import covariate_said
from klyngeforum.web.serving import me, serves

from .effect_groups import groups_shown, names_in
from .saying import number, p_said, relative_said

HEADER = ("study", "part", "outcome", "key", "estimate", "low", "high", "said")


@dataclass(frozen=True, slots=True)
class Answer:
    """One outcome as the page tells it."""

    line: Line
    name: str
    called: str
    p: str
    headline: str
    said: str
    claim: str
    gate: bool
    events: Intervals | None
    rows: tuple[Point, ...]
    breakdown: str
    matched: Point | None

    @property
    def years(self) -> list[tuple[str, Point]]:
        """The years of the table beside the picture, with the signs that the picture writes."""
        return [(since(at), at) for at in self.rows]

    @property
    def scale(self) -> str:
        """What the picture, its table and the smallest effect are counted in, where the headline is told in something else."""
        if self.line.relative is None:
            return ""
        return {
            "per_cent": gettext("The headline is a share of the level without participation; the picture, its table and the smallest effect are in the outcome's own unit."),
            "percentage_points": gettext("In the picture, its table and the smallest effect, 0.010 is 1 percentage point."),
            "log_points": gettext("In the picture, its table and the smallest effect, 0.010 is 1 log point."),
        }.get(self.line.outcome.form, gettext("The picture, its table and the smallest effect are in logarithms: 0.010 is about 1 per cent."))  # fmt: skip


def since(at: Point) -> str:
    """Years since the first participation, with their sign."""
    key = at.key
    return f"{'−' if key.startswith('-') else '+' if key != '0' else ''}{key.lstrip('-')}"


def events_label(name: str) -> str:
    return gettext("%(name)s by years since the first participation, with intervals") % {"name": name}


def _headline(line: Line, word: str) -> tuple[str, str]:
    low, high = (
        relative_said(line.relative_low, line.outcome.form),
        relative_said(line.relative_high, line.outcome.form),
    )
    if line.relative is None:
        middle, low, high = number(line.estimate), number(line.low), number(line.high)
    else:
        middle = relative_said(line.relative, line.outcome.form)
    values = {"low": low, "high": high, "word": word}
    if not line.found:
        said = gettext("The estimate is %(middle)s, and its interval from %(low)s to %(high)s holds zero.")
        return gettext("No %(word)s found") % values, said % {**values, "middle": middle}
    return middle, gettext("The %(word)s lies between %(low)s and %(high)s with 95 per cent certainty.") % values


def _answer(line: Line, protocol: Protocol, found: Told, matched: dict[str, Point], language: str) -> Answer:
    word = gettext(called(protocol.causal, line.claim))
    name, column = line.outcome.name.say(language), line.outcome.column
    headline, said = _headline(line, word)
    rows = found.events.get(column, ())
    drawn = intervals(rows, since, number, label=events_label(name), later=lambda one: int(one.key) >= 0)
    held = found.sensitivity.get(column)
    breakdown = "–" if held is None else grouped(held, 2)
    return Answer(line, name, word, p_said(line.p_adjusted), headline, said, gettext(line.claim.label), line.claim is Claim.FULL, drawn, rows, breakdown, matched.get(column))  # fmt: skip


def failure_said(code: str, names: Mapping[str, Bilingual], language: str) -> str:
    """What speaks against the study, in words."""
    kind, *rest = code.split(":")
    column = rest[-1]
    name = names[column].say(language) if column in names else column
    if kind == "placebo":
        return gettext("An effect was found where there can be none (%(kind)s): %(name)s") % {"kind": placebo_kind(rest[0]), "name": name}  # fmt: skip
    if kind == "pretrend":
        return gettext("Participants and the others did not move alike before: %(name)s") % {"name": name}
    return gettext("Matching left the arms more than 0.10 standard deviations apart: %(name)s") % {
        "name": covariate_said(column, names, language)
    }


def way_of(protocol: Protocol, language: str) -> Callable[[Point], str]:
    """What a specification is called."""
    return lambda point: protocol.way(point.key, language)


def placebo_kind(kind: str) -> str:
    return {"date": gettext("false date"), "outcome": gettext("outcome out of reach"), "group": gettext("false group")}.get(kind, kind)  # fmt: skip


def placebo_name(point: Point, names: Mapping[str, Bilingual], language: str) -> str:
    kind, _, column = point.key.partition(":")
    name = names[column].say(language) if column in names else column
    return f"{placebo_kind(kind)}: {name}"


def balance_label() -> str:
    return gettext("How far participants and the others lie apart before and after matching")


def curve_label() -> str:
    return gettext("Every declared specification, from the lowest to the highest")


def _love(found: Told, names: Mapping[str, Bilingual], language: str) -> tuple[LovePlot | None, list[tuple[str, str, str]]]:  # fmt: skip
    named = {covariate_said(key, names, language): pair for key, pair in found.balance.items()}
    plot = love_plot(named, number, label=balance_label())
    return plot, [(row.name, row.before_said, row.after_said) for row in plot.rows] if plot else []


def _rows(one: Study, protocol: Protocol, found: Told, language: str) -> list[tuple[object, ...]]:
    """Everything that the page draws, as rows; the last column in the reader's words: a name, or why there is no number."""
    rows: list[tuple[object, ...]] = [HEADER]
    for line in found.lines:
        column, name = line.outcome.column, line.outcome.name.say(language)
        rows.append((one.code, "overall", column, "", line.estimate, line.low, line.high, name))
        rows += [(one.code, "event", column, int(at.key), at.estimate, at.low, at.high, name) for at in found.events.get(column, ())]  # fmt: skip
    rows += [(one.code, "specification", "", at.key, at.estimate, at.low, at.high, protocol.way(at.key, language)) for at in found.specifications]  # fmt: skip
    for part in found.by:
        column, names = part.outcome.column, names_in(part, language)
        for group in part.groups:
            rows += [(one.code, f"{word} by {part.column}", column, at.key, at.estimate, at.low, at.high, names.get(at.key, at.key)) for word, at in (("own", group.own), ("shrunk", group.shrunk))]  # fmt: skip
        if part.refused:
            rows.append((one.code, f"refused by {part.column}", column, "", None, None, None, refusal_line(part.refused, protocol.names, language)))  # fmt: skip
    rows += [(one.code, "placebo", *reversed(at.key.split(":")), at.estimate, at.low, at.high, placebo_name(at, protocol.names, language)) for at in found.placebos]  # fmt: skip
    shown = refusals_shown(found.refused, protocol, language)
    return rows + [(one.code, "refused", "", raw.part, None, None, None, f"{said.part}: {said.line}") for raw, said in zip(found.refused, shown, strict=True)]  # fmt: skip


def answers_of(one: Study, protocol: Protocol, language: str) -> list[Answer]:
    """What a study answered, outcome by outcome; nothing before it was counted."""
    found = told(one)
    return [_answer(line, protocol, found, {}, language) for line in found.lines] if found else []


@serves("effects.see")
def effects(request: HttpRequest) -> HttpResponse:
    """Every published study, whatever it found."""
    language, shown = get_language() or "da", []
    for one in studies(seen_by=me(request), on=timezone.localdate()).filter(state=StudyState.PUBLISHED):
        protocol, found = protocol_of(one), told(one)
        if protocol and found:
            answers = [_answer(line, protocol, found, {}, language) for line in found.lines]
            shown.append((one, protocol.question.say(language), answers))
    makes = may(me(request), "effects.see_all", on=timezone.localdate())
    return render(request, "public/effects.html", {"studies": shown, "makes": makes, "fewest": limits().fewest, "preliminary": limits().preliminary})  # fmt: skip


@serves("effects.see")
def effect_study(request: HttpRequest, code: str) -> HttpResponseBase:
    """One study whole: the protocol's words first, then what came out."""
    language = get_language() or "da"
    one = study(code, seen_by=me(request), on=timezone.localdate())
    protocol, found = (protocol_of(one), told(one)) if one else (None, None)
    if one is None or protocol is None or found is None:
        raise Http404
    wanted = request.GET.get("hent", "")
    if wanted == "toml":
        return own_words(one)
    if wanted in FORMATS:
        return download(_rows(one, protocol, found, language), name=f"effektstudie-{one.code}", fmt=wanted)
    love, balance = _love(found, protocol.names, language)
    context = {
        "study": one, "protocol": protocol, "question": protocol.question.say(language), "parts": protocol_parts(protocol, language), "found": found,
        "answers": [_answer(line, protocol, found, matched_effects(one), language) for line in found.lines], "love": love, "balance": balance,
        "groups": groups_shown(found, protocol, language), "fewest": limits().fewest,
        "curve": intervals(found.specifications, way_of(protocol, language), number, label=curve_label()),
        "ways": [(protocol.way(at.key, language), at) for at in found.specifications], "refused": refusals_shown(found.refused, protocol, language),
        "placebos": [(placebo_name(at, protocol.names, language), at) for at in found.placebos],
        "failures": [failure_said(code, protocol.names, language) for code in found.failures],
        "reviews": [(row, Judgement(row.verdict)) for row in reviews(one)], "published": one.state == StudyState.PUBLISHED, "exports": list(FORMATS.items()),
    }  # fmt: skip
    return render(request, "public/effect_study.html", context)
