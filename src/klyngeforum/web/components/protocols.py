"""A protocol read like a document: what is asked, how it is counted, what is matched on, and what is tried beside it; nothing of it is left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext

from klyngeforum.ground.words import mark
from klyngeforum.registers.clusters.queries import names_by_slug
from klyngeforum.results.effects.queries import Study
from klyngeforum.results.effects.terms import BY_ORGANISATION, OUTSIDE, Protocol, Treatment
from klyngeforum.results.effects.writing import Controls, Estimator

from .numbers import grouped

FORMS_SAID = {
    "per_cent": mark("told in per cent of those who did not"), "per_cent_of_log": mark("a logarithm, told in per cent"),
    "log_points": mark("told in log points"), "percentage_points": mark("told in percentage points"),
}  # fmt: skip
_VALUES: dict[str, dict[str, str]] = {
    "controls": dict(Controls.choices()),
    "base": {"varying": mark("the year before, year by year"), "universal": mark("the last year before the participation")},
    "method": {
        **dict(Estimator.choices()), "nearest": mark("the nearest companies"), "kernel": mark("all near companies, weighted (kernel)"),
        "coarsened": mark("coarsened exact matching"), "balancing": mark("entropy balancing"),
    },
    "distance": {"propensity": mark("the propensity to take part"), "mahalanobis": mark("Mahalanobis distance")},
    "kind": {
        "simple": mark("all years together"), "group": mark("by the year of beginning, then together"), "calendar": mark("by calendar year, then together"),
        "dynamic": mark("by years since the beginning, then together"),
    },
    "support": {"treated": mark("participants outside the others' range are left out"), "both": mark("both are left out beyond the other's range"), "none": mark("nobody is left out")},
}  # fmt: skip
_COLUMNS = {"industry": mark("industry"), "size_band": mark("size"), "region": mark("region")}
_KEYS = {
    "controls": mark("Compared with"), "base": mark("Years are compared with"), "anticipation": mark("Years before in which an effect may already show"),
    "method": mark("Method"), "covariates": mark("Adjusted for"), "codes": mark("Adjusted for (codes)"), "cluster": mark("Errors are clustered by"),
    "trim": mark("Left out above a propensity of"), "level": mark("Level of the intervals"), "exact": mark("Alike exactly in"), "levels": mark("Alike in level and growth before of"),
    "neighbours": mark("Companies to each participant"), "lag": mark("Measured so many years before"), "span": mark("Growth over so many years before"),
    "horizon": mark("Followed for so many years"), "distance": mark("Nearness is measured by"), "caliper": mark("Furthest distance allowed"),
    "support": mark("Beyond common support"), "kind": mark("Drawn together"), "outcome": mark("Which outcome"),
}  # fmt: skip
_APART = ("design", "match", "specifications", "by", "false_years", "false_draws", "beyond")


@dataclass(frozen=True, slots=True)
class ProtocolPart:
    """One part of the document: its heading, and what it says of each thing; ``raw`` where the protocol's own words stand."""

    name: str
    rows: list[tuple[str, list[str], bool]]


def protocol_parts(one: Protocol, language: str) -> list[ProtocolPart]:
    """The whole protocol in the reader's language, in the order in which it is asked."""
    said = _Said(one, language)
    parts = [
        ProtocolPart(gettext("What is asked"), said.asked()),
        ProtocolPart(gettext("How it is counted"), [*said.table(one.methods.get("design", {})), *said.grouping(), *said.unknown()]),
        ProtocolPart(gettext("Matching beside it"), said.table(one.methods.get("match", {}))),
        ProtocolPart(gettext("What is tried beside it"), said.robust()),
        ProtocolPart(gettext("When it says nothing"), [(gettext("Stop rules"), [one.stop_rules.say(language)], False)]),
    ]  # fmt: skip
    return [part for part in parts if part.rows]


def own_words(one: Study) -> HttpResponse:
    """The protocol as it was written, as a file; its fingerprint is of these words."""
    heads = {"Content-Disposition": f'attachment; filename="{one.code}.toml"'}
    return HttpResponse(one.protocol.encode(), content_type="application/toml; charset=utf-8", headers=heads)


def _pairs(said: object) -> Iterable[tuple[str, Any]]:
    return said.items() if isinstance(said, Mapping) else ()


class _Said:
    def __init__(self, one: Protocol, language: str) -> None:
        self.one, self.language = one, language

    def column(self, name: object) -> str:
        """A column of the extract by the name that the protocol gives it."""
        text = str(name)
        if text == BY_ORGANISATION:
            return gettext("the organisation where each company first took part")
        known = self.one.names.get(text)
        if known is None and text in _COLUMNS:
            return f"{gettext(_COLUMNS[text])} ({text})"
        return f"{known.say(self.language)} ({text})" if known else text

    def value(self, key: str, value: object) -> list[str]:
        if isinstance(value, bool):
            return [gettext("Yes") if value else gettext("No")]
        if isinstance(value, int | float):
            return [grouped(value, None if isinstance(value, int) else 2)]
        if isinstance(value, str):
            words = _VALUES.get(key, {}).get(value)
            return [gettext(words) if words else self.column(value)]
        return [self.column(part) for part in value] if isinstance(value, Sequence) else [str(value)]

    def table(self, said: object) -> list[tuple[str, list[str], bool]]:
        return [(gettext(_KEYS.get(key, key)), self.value(key, value), key not in _KEYS) for key, value in _pairs(said)]

    def asked(self) -> list[tuple[str, list[str], bool]]:
        one = self.one
        did = gettext(Treatment(one.treatment).label)
        name = names_by_slug([one.organisation]).get(one.organisation, one.organisation) if one.organisation else ""
        extract = gettext("The register stays where it is; the study is counted there.") if one.extract == OUTSIDE else gettext("Extract %(number)s") % {"number": one.extract}  # fmt: skip
        outcomes = [
            f"{out.name.say(self.language)} ({out.column}): {gettext(FORMS_SAID[out.form])}" for out in one.outcomes
        ]
        may_say = gettext("“effect”: the design is argued to be causal") if one.causal else gettext("“association”: nothing is said of a cause")  # fmt: skip
        return [
            (gettext("Question"), [one.question.say(self.language)], False), (gettext("Population"), [one.population.say(self.language)], False),
            (gettext("What companies did"), [f"{did}: {name}" if name else did], False), (gettext("What is measured of companies"), outcomes, False),
            (gettext("Years after"), [grouped(one.horizon)], False), (gettext("What an answer is called"), [may_say], False),
            (gettext("Counts to the target of documented effects"), [gettext("Yes") if one.counts_to_target else gettext("No")], False),
            (gettext("Extract"), [extract], False),
        ]  # fmt: skip

    def grouping(self) -> list[tuple[str, list[str], bool]]:
        return [(gettext("Also asked group by group"), [self.column(part) for part in self.one.by], False)] if self.one.by else []  # fmt: skip

    def unknown(self) -> list[tuple[str, list[str], bool]]:
        return [(key, [str(value)], True) for key, value in self.one.methods.items() if key not in _APART]

    def robust(self) -> list[tuple[str, list[str], bool]]:
        methods, rows = self.one.methods, []
        years, draws, beyond = methods.get("false_years", 1), methods.get("false_draws", 0), methods.get("beyond", ())
        if years:
            rows.append((gettext("False date: years earlier than it was"), self.value("", years), False))
        if draws:
            rows.append((gettext("False group: companies drawn by chance, times"), self.value("", draws), False))
        if beyond:
            rows.append((gettext("Outcomes out of reach, where nothing should be found"), self.value("", beyond), False))  # fmt: skip
        ways = [self.way(way) for way in methods.get("specifications", ()) if isinstance(way, Mapping)]
        return [*rows, *([(gettext("Specifications"), ways, False)] if ways else [])]

    def way(self, said: Mapping[str, Any]) -> str:
        """One declared way of estimating: its name, and in what it differs."""
        parts = [
            f"{gettext(_KEYS.get(key, key))}: {', '.join(self.value(key, value))}" for key, value in said.items() if key != "name"
        ]  # fmt: skip
        as_declared = gettext("as declared above")
        name = self.one.way(str(said.get("name", "")), self.language)
        return f"{name}: {'; '.join(parts) or as_declared}"
