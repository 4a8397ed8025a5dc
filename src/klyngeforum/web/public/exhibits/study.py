"""A published effect study before a meeting: its answers, what speaks against them, who reviewed it, and what was decided beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial

from django.urls import reverse
from django.utils.translation import get_language, gettext

from klyngeforum.ground.access.queries import Actor
from klyngeforum.ground.period import date_of
from klyngeforum.results.effects.queries import Study, limits, protocol_of, reviews, study, told
from klyngeforum.results.effects.terms import Judgement, Protocol, StudyState, Told, Treatment
from klyngeforum.steering.meetings.terms import Kind, Part, Shape
from klyngeforum.web.components.laying import Rows
from klyngeforum.web.components.numbers import day as day_said
from klyngeforum.web.components.numbers import grouped
from klyngeforum.web.components.refusals import line_of, refusals_shown
from klyngeforum.web.components.study_names import covariate_said
from klyngeforum.web.public.effect_groups import groups_shown, label_of, names_in
from klyngeforum.web.public.effects import (
    Answer,
    answers_of,
    balance_label,
    curve_label,
    events_label,
    failure_said,
    placebo_name,
    since,
    way_of,
)
from klyngeforum.web.public.saying import number, unit_said

from .pictures import Sketch, of_balance, of_estimates, of_groups
from .shown import Asked, Shown, Tables, rests, sentences, with_head


def shown(keys: Mapping[str, str], _asked: Asked, by: Actor, on: date) -> Shown | None:
    """Only a study that everybody can read is laid before a meeting."""
    one = study(keys["code"], seen_by=by, on=on)
    protocol, found = (protocol_of(one), told(one)) if one and one.state == StudyState.PUBLISHED else (None, None)
    if one is None or protocol is None or found is None:
        return None
    return Shown(
        Kind.STUDY, reverse("effect_study", args=[one.code]), found.run_on or on,
        lambda: protocol.question.say(get_language() or "da"), lambda: _tables(one, protocol, found),
        lambda: _drawn(one, protocol, found),
    )  # fmt: skip


def _said(row: Answer) -> str:
    headline = f"{row.headline} ({row.called})" if row.line.found else row.headline
    return f"{row.name}: {headline}. {row.said}"


def _tables(one: Study, protocol: Protocol, found: Told) -> Tables:
    language = get_language() or "da"
    answers = answers_of(one, protocol, language)
    return {
        Part.SAID: sentences(*(_said(row) for row in answers)),
        Part.ANSWERS: with_head(
            [gettext("What is measured of companies"), gettext("Answer"), gettext("Participants"), gettext("What may be said"), gettext("p, adjusted for several outcomes")],
            ([row.name, row.headline, grouped(row.line.participants), row.claim, row.p] for row in answers),
        ),
        Part.GROUPS: _groups(protocol, found, language),
        Part.AGAINST: _against(protocol, found, language),
        Part.REVIEWS: with_head(
            [gettext("Verdict"), gettext("By"), gettext("Day"), gettext("What it rests on")],
            ([gettext(Judgement(row.verdict).label), row.reviewed_by.name if row.reviewed_by else "–", day_said(row.reviewed_at), row.text] for row in reviews(one)),
        ),
        Part.BEFOREHAND: _beforehand(one, protocol, language),
        Part.RESTS: _rests(one, found),
    }  # fmt: skip


def _drawn(one: Study, protocol: Protocol, found: Told) -> list[Sketch]:
    """Each outcome by years since the first participation, each declared grouping, every specification, and how alike the arms are."""
    language = get_language() or "da"
    events = [
        of_estimates(Part.ANSWERS, events_label(row.name), row.rows, since, lambda at: int(at.key) < 0)
        for row in answers_of(one, protocol, language) if row.rows
    ]  # fmt: skip
    groups = [
        of_groups(Part.GROUPS, label_of(by, protocol, language), unit_said(by.outcome.form), by, partial(_name, names_in(by, language)))
        for by in found.by if by.groups
    ]  # fmt: skip
    curve = [of_estimates(Part.AGAINST, curve_label(), found.specifications, way_of(protocol, language), lambda _: False, Shape.CURVE)] if found.specifications else []  # fmt: skip
    balance = {covariate_said(key, protocol.names, language): pair for key, pair in found.balance.items()}
    alike = [of_balance(Part.AGAINST, balance_label(), balance)] if balance else []
    return [*events, *groups, *curve, *alike]


def _name(names: Mapping[str, str], key: str) -> str:
    return names.get(key, key)


def _groups(protocol: Protocol, found: Told, language: str) -> Rows:
    """Every group that is told of, then those that are only named."""
    rows = []
    several = len({one.outcome.column for one in found.by}) > 1
    for part in groups_shown(found, protocol, language):
        what = f"{part.heading}: {part.outcome}" if several else part.heading
        rows += [
            [what, row.name, grouped(row.participants), row.shrunk, row.shrunk_reach, row.own]
            for row in part.rows
        ]  # fmt: skip
        fewest, untold = gettext("under %(n)s") % {"n": grouped(limits().fewest)}, gettext("not told")
        rows += [[what, name, fewest, untold, "–", "–"] for name in part.few]
        rows += [[what, name, gettext("nobody like them"), untold, "–", "–"] for name in part.unfit]
    head = [gettext("Answer"), gettext("Group"), gettext("Participants"), gettext("Drawn towards the common"), gettext("Its interval"), gettext("Own answer")]  # fmt: skip
    return with_head(head, rows)


def _against(protocol: Protocol, found: Told, language: str) -> Rows:
    """What failed, what could not be answered, and where nothing should have been found."""
    failed = [failure_said(code, protocol.names, language) for code in found.failures]
    rows = [[one, "", ""] for one in failed or [gettext("None of the declared tests failed.")]]
    refused = [(one.part, one.line) for one in refusals_shown(found.refused, protocol, language)]
    refused += [(f"{by.heading} ({by.outcome})", line_of(by.refused)) for by in groups_shown(found, protocol, language) if by.refused]  # fmt: skip
    rows += [[f"{gettext('Could not be answered')}: {part}", why, ""] for part, why in refused]
    rows += [
        [placebo_name(at, protocol.names, language), number(at.estimate), f"{number(at.low)} – {number(at.high)}"]
        for at in found.placebos
    ]
    return with_head([gettext("Test"), gettext("Estimate"), gettext("Interval")], rows)


def _beforehand(one: Study, protocol: Protocol, language: str) -> Rows:
    counts = gettext("Yes") if protocol.counts_to_target else gettext("No")
    facts = [
        (gettext("Population"), protocol.population.say(language)),
        (gettext("What companies did"), gettext(Treatment(protocol.treatment).label)),
        (gettext("Years after"), grouped(protocol.horizon)),
        (gettext("Stop rules"), protocol.stop_rules.say(language)),
        (gettext("Counts to the target of documented effects"), counts),
        (gettext("Frozen"), f"{day_said(date_of(one.frozen_at)) if one.frozen_at else '–'}, {one.frozen_by.name if one.frozen_by else '–'}"),
    ]  # fmt: skip
    return with_head([gettext("What"), gettext("As it was decided")], ([what, words] for what, words in facts if words))


def _rests(one: Study, found: Told) -> Rows:
    extract = one.extract
    companies = gettext("%(n)s companies in the panel") % {"n": grouped(found.companies)}
    counted = f"{found.outside}: {found.library}" if found.outside else found.library
    return rests([
        (gettext("Extract"), f"{extract.number}: {extract.source}, {extract.first_year}–{extract.last_year}; {extract.checksum[:16]}" if extract else gettext("The register stays where it is; the study was counted there.")),
        (gettext("Companies"), companies),
        (gettext("Counted by"), f"{counted}, {day_said(found.run_on)}"),
        (gettext("Fingerprint of the protocol"), one.digest[:16]),
        (gettext("Fingerprint of the result"), one.result.digest[:16]),
    ])  # fmt: skip
