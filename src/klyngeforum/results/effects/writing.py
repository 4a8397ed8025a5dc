"""A protocol from answers to questions, and back: the text is the protocol, so whoever answers freezes the same words as whoever writes
TOML. What the questions cannot say is written as text, and such a text is not squeezed into them. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import tomli_w

from klyngeforum.ground.bilingual import Bilingual
from klyngeforum.ground.words import Term, mark

from .terms import OUTSIDE, Outcome, Treatment

_HEAD = "# Protokol, skrevet ved at svare på spørgsmål. · Protocol, written by answering questions.\n"


class Controls(Term):
    """Whom participants are compared with."""

    NOT_YET = "not_yet", mark("companies that never take part, and those that have not begun yet")
    NEVER = "never", mark("companies that never take part")


class Estimator(Term):
    """How differences between the two are adjusted for."""

    DOUBLY_ROBUST = "dr", mark("doubly robust")
    REGRESSION = "or", mark("outcome regression")
    WEIGHTING = "ipw", mark("weights by the propensity")


class Beside(Term):
    """A way of counting that is tried beside the declared one."""

    OTHER_CONTROLS = "other-controls", mark("With the other companies to compare with")
    COHORTS = "cohorts", mark("Per cohort, the year in which companies began")
    CALENDAR = "calendar", mark("Per calendar year")
    LAST_YEAR = "last-year-before", mark("Always against the last year before participation")
    EARLIER = "a-year-earlier", mark("As if an effect could show a year before participation")
    UNADJUSTED = "unadjusted", mark("Without what is adjusted for")


_CALLED = {
    Beside.OTHER_CONTROLS: Bilingual("Andre at sammenligne med", "Others to compare with"),
    Beside.COHORTS: Bilingual("Pr. årgang", "Per cohort"),
    Beside.CALENDAR: Bilingual("Pr. år", "Per calendar year"),
    Beside.LAST_YEAR: Bilingual("Mod sidste år før", "Against the last year before"),
    Beside.EARLIER: Bilingual("Et år tidligere", "A year earlier"),
    Beside.UNADJUSTED: Bilingual("Uden justering", "Without adjustment"),
}
_DECLARED = Bilingual("Som besluttet", "As declared")


@dataclass(frozen=True, slots=True)
class Matched:
    """Matching beside the estimate: the columns that must be equal, the levels that are looked at before participation, how many neighbours."""

    exact: tuple[str, ...]
    levels: tuple[str, ...]
    neighbours: int


@dataclass(frozen=True, slots=True)
class Answers:
    """Everything that the questions ask. ``names``: of columns that are no outcomes, kept as they were."""

    code: str
    question: Bilingual
    population: Bilingual
    stop_rules: Bilingual
    treatment: Treatment
    organisation: str
    horizon: int
    causal: bool
    counts_to_target: bool
    extract: int
    outcomes: tuple[Outcome, ...]
    controls: Controls
    method: Estimator
    covariates: tuple[str, ...]
    codes: tuple[str, ...]
    matched: Matched | None
    by: tuple[str, ...]
    beside: tuple[Beside, ...]
    false_years: int
    names: Mapping[str, Bilingual]


def _both(words: Bilingual) -> dict[str, str]:
    return {"da": words.da, "en": words.en}


def _design(one: Answers) -> dict[str, Any]:
    adjusted = {"covariates": list(one.covariates), "codes": list(one.codes)}
    found = {key: value for key, value in adjusted.items() if value}
    return {"controls": one.controls.value, **({"method": one.method.value, **found} if found else {})}


def _way(one: Answers, way: Beside) -> dict[str, Any]:
    other = Controls.NEVER if one.controls is Controls.NOT_YET else Controls.NOT_YET
    changed: dict[Beside, dict[str, Any]] = {
        Beside.OTHER_CONTROLS: {"controls": other.value}, Beside.COHORTS: {"kind": "group"}, Beside.CALENDAR: {"kind": "calendar"},
        Beside.LAST_YEAR: {"base": "universal"}, Beside.EARLIER: {"anticipation": 1}, Beside.UNADJUSTED: {"covariates": [], "codes": []},
    }  # fmt: skip
    return {"name": way.value, **_both(_CALLED[way]), **changed[way]}


def _effects(one: Answers) -> dict[str, Any]:
    told: dict[str, Any] = {"by": list(one.by)} if one.by else {}
    told["false_years"] = one.false_years
    told["design"] = _design(one)
    if one.matched:
        told["match"] = {
            "exact": list(one.matched.exact),
            "levels": list(one.matched.levels),
            "neighbours": one.matched.neighbours,
        }
    if one.beside:
        told["specifications"] = [{"name": "declared", **_both(_DECLARED)}, *(_way(one, way) for way in one.beside)]
    return told


def text_of(one: Answers) -> str:
    """The protocol's words: TOML, the same for the same answers."""
    study: dict[str, Any] = {"code": one.code, "treatment": one.treatment.value}
    if one.treatment is Treatment.ORGANISATION:
        study["organisation"] = one.organisation
    study |= {
        "horizon": one.horizon, "causal": one.causal, "counts_to_target": one.counts_to_target, "extract": "outside" if one.extract == OUTSIDE else one.extract,
        "question": _both(one.question), "population": _both(one.population), "stop_rules": _both(one.stop_rules),
        "outcome": [{"column": out.column, **_both(out.name), "form": out.form} for out in one.outcomes],
    }  # fmt: skip
    if one.names:
        study["names"] = {column: _both(words) for column, words in one.names.items()}
    return _HEAD + tomli_w.dumps({"study": study, "effects": _effects(one)})


def _words(said: Any) -> Bilingual:
    return Bilingual(str(said["da"]), str(said["en"]))


def _listed(said: Any) -> tuple[str, ...]:
    return tuple(str(one) for one in said)


def _read(raw: Mapping[str, Any]) -> Answers:
    study, effects = raw["study"], raw.get("effects", {})
    design, match = effects.get("design", {}), effects.get("match")
    ways = _listed(one["name"] for one in effects.get("specifications", ()))
    extract = OUTSIDE if study["extract"] == "outside" else int(study["extract"])
    return Answers(
        code=str(study["code"]), question=_words(study["question"]), population=_words(study["population"]), stop_rules=_words(study["stop_rules"]),
        treatment=Treatment(study["treatment"]), organisation=str(study.get("organisation", "")), horizon=int(study["horizon"]), causal=bool(study["causal"]),
        counts_to_target=bool(study["counts_to_target"]), extract=extract,
        outcomes=tuple(Outcome(str(out["column"]), _words(out), str(out.get("form", "per_cent"))) for out in study["outcome"]),
        controls=Controls(design.get("controls", "never")), method=Estimator(design.get("method", "dr")),
        covariates=_listed(design.get("covariates", ())), codes=_listed(design.get("codes", ())),
        matched=None if match is None else Matched(_listed(match["exact"]), _listed(match["levels"]), int(match["neighbours"])),
        by=_listed(effects.get("by", ())), beside=tuple(Beside(name) for name in ways if name != "declared"), false_years=int(effects["false_years"]),
        names={str(column): _words(words) for column, words in study.get("names", {}).items()},
    )  # fmt: skip


def answers_of(text: str) -> Answers | None:
    """What the questions would have been answered; None where the text says anything that they cannot say."""
    try:
        raw = tomllib.loads(text)
        found = _read(raw)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):  # a TOML error is a ValueError
        return None
    return found if tomllib.loads(text_of(found)) == raw else None


def columns_of(one: Answers) -> list[str]:
    """Every column of the extract that the answers name, each once, in order."""
    matched = (*one.matched.exact, *one.matched.levels) if one.matched else ()
    named = (*(out.column for out in one.outcomes), *one.covariates, *one.codes, *matched, *one.by)
    return list(dict.fromkeys(named))


def absent(one: Answers, held: Iterable[str], organisation: str) -> list[str]:
    """The columns that the answers name and an extract does not hold; the grouping by organisation is no column."""
    known = {*held, organisation}
    return [name for name in columns_of(one) if name not in known]
