"""A study's answers by groups of companies: organisations, regions, or whatever its protocol declared beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from klyngeforum.ground.danish import danish_key
from klyngeforum.ground.places.queries import by_code, names_of
from klyngeforum.ground.places.terms import AreaKind
from klyngeforum.registers.clusters.queries import names_by_slug
from klyngeforum.results.effects.terms import BY_ORGANISATION, Claim, Group, Grouped, Protocol, Told
from klyngeforum.web.components.intervals import Forest, forest
from klyngeforum.web.components.refusals import Words, refusal_said

from .saying import p_said, relative_said, signed, unit_said

BY_REGION = "region"


@dataclass(frozen=True, slots=True)
class GroupRow:
    name: str
    participants: int
    own: str
    own_reach: str
    shrunk: str
    shrunk_reach: str
    p: str
    claim: str  # where it is not whole


@dataclass(frozen=True, slots=True)
class GroupsShown:
    """One outcome by one grouping, as the page tells it."""

    anchor: str
    heading: str
    outcome: str
    how: str
    between: str
    drawn: Forest | None
    rows: list[GroupRow]
    few: list[str]
    unfit: list[str]
    unnamed: int
    refused: tuple[Words, ...]


def names_of_groups(column: str, keys: set[str], language: str) -> Mapping[str, str]:
    """What the groups are called; one that nobody knows keeps its own word."""
    if column == BY_ORGANISATION:
        return names_by_slug(keys)
    if column == BY_REGION:
        ids = {code: pk for code, pk in by_code(AreaKind.REGION).items() if code in keys}
        names = names_of(ids.values(), language)
        return {code: names[pk] for code, pk in ids.items()}
    return {}


def _heading(column: str, protocol: Protocol, language: str) -> str:
    if column == BY_ORGANISATION:
        return gettext("By organisation")
    if column in protocol.names:
        return gettext("By %(column)s") % {"column": protocol.names[column].say(language)}
    return gettext("By region") if column == BY_REGION else gettext("By %(column)s") % {"column": column}


def _how(column: str) -> str:
    if column == BY_ORGANISATION:
        return gettext("A company counts with the organisation in whose activities it first took part, and is compared with all companies that never took part.")  # fmt: skip
    return gettext("A company counts where it stood in its first year of the extract, and is compared with others of the same group that did not take part.")  # fmt: skip


def _between(one: Grouped) -> str:
    form, told = one.outcome.form, len(one.groups)
    if told < 2:
        return ""
    common = relative_said(one.mean, form)
    if one.spread <= 0:
        return gettext("What they have in common is %(common)s; the differences between them are no larger than chance makes them.") % {"common": common}  # fmt: skip
    return gettext("What they have in common is %(common)s; beyond chance they differ by about %(spread)s (standard deviation).") % {"common": common, "spread": relative_said(one.spread, form).lstrip("+")}  # fmt: skip


def _row(one: Group, form: str, names: Mapping[str, str]) -> GroupRow:
    def reach(low: float, high: float) -> str:
        return gettext("%(low)s to %(high)s") % {"low": signed(low), "high": relative_said(high, form)}

    return GroupRow(
        names.get(one.key, one.key), one.participants, relative_said(one.own.estimate, form), reach(one.own.low, one.own.high),
        relative_said(one.shrunk.estimate, form), reach(one.shrunk.low, one.shrunk.high), p_said(one.p), "" if one.claim is Claim.FULL else gettext(one.claim.label),
    )  # fmt: skip


def answers_in(found: Told, region: str, language: str) -> list[str]:
    """What a study found in a region, one line an outcome; nothing where it did not ask, or too few took part."""
    said = []
    for one in found.by:
        for group in one.groups:
            if one.column == BY_REGION and group.key == region:
                row = _row(group, one.outcome.form, {})
                values = {
                    "name": one.outcome.name.say(language),
                    "middle": row.shrunk,
                    "reach": row.shrunk_reach,
                    "own": row.own,
                }
                said.append(gettext("%(name)s: %(middle)s (%(reach)s); own answer %(own)s") % values)
    return said


def groups_shown(found: Told, protocol: Protocol, language: str) -> list[GroupsShown]:
    """Every declared grouping of every outcome; none of a protocol that declared none."""
    return [_shown(one, protocol, language) for one in found.by]


def names_in(one: Grouped, language: str) -> Mapping[str, str]:
    """What the groups of one grouping are called."""
    return names_of_groups(one.column, {group.key for group in one.groups} | {*one.few, *one.unfit}, language)


def label_of(one: Grouped, protocol: Protocol, language: str) -> str:
    heading = _heading(one.column, protocol, language).lower()
    return gettext("%(name)s: %(heading)s, each with its interval") % {"name": one.outcome.name.say(language), "heading": heading}  # fmt: skip


def _shown(one: Grouped, protocol: Protocol, language: str) -> GroupsShown:
    names = names_in(one, language)
    heading, outcome = _heading(one.column, protocol, language), one.outcome.name.say(language)
    drawn = forest(
        [(names.get(group.key, group.key), group.own, group.shrunk) for group in one.groups], one.mean, lambda value: signed(value, 0 if value == round(value) else 1),
        label=label_of(one, protocol, language), unit=unit_said(one.outcome.form),
    )  # fmt: skip
    few, unfit = (sorted((names.get(key, key) for key in some), key=danish_key) for some in (one.few, one.unfit))
    return GroupsShown(
        f"{one.column}-{one.outcome.column}", heading, outcome, _how(one.column), _between(one), drawn,
        [_row(group, one.outcome.form, names) for group in one.groups], few, unfit, one.unnamed, refusal_said(one.refused, protocol.names, language) if one.refused else (),
    )  # fmt: skip
