"""Reading a protocol, what a result may be called, and what of it may be shown. Pure."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

from klyngeforum.ground.bilingual import Bilingual
from klyngeforum.ground.verdict import YES, Verdict, no
from klyngeforum.ground.words import mark

from .naming import as_the_library_reads, half_called, half_named, misnamed, ways_of
from .refusals import NO_ANSWER, NO_TOML
from .terms import COLUMN, GROUP_TABLES, OUTSIDE, Claim, Limits, Line, Outcome, Protocol, Treatment

FORMS = ("per_cent", "log_points", "per_cent_of_log", "percentage_points")
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DECIDED_BEFORE = ("question", "population", "stop_rules")
_KNOWN = {
    "code", "question", "population", "stop_rules", "treatment", "organisation", "horizon", "causal", "counts_to_target", "extract", "outcome", "names",
}  # fmt: skip
_METHODS = {"by", "design", "match", "specifications", "false_years", "false_draws", "beyond"}
_LONGEST = 40_000
RESERVED = ("kort", "ny")  # pages beside the studies


def digest_of_text(text: str) -> str:
    """Of the protocol's words; line ends of another machine make no difference."""
    return sha256(text.replace("\r\n", "\n").strip().encode()).hexdigest()


def read(text: str) -> tuple[Protocol | None, list[Verdict]]:
    """The protocol that a text holds, or everything that is wrong with it, each with its place and its mend."""
    if len(text) > _LONGEST:
        return None, [no(mark("The protocol is longer than %(most)s characters."), on="text", most=_LONGEST)]
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return None, [no(NO_TOML, on="text", why=str(error))]
    about = raw.get("study")
    if not isinstance(about, dict):
        return None, [no(mark("The protocol has no part [study]. Begin with a line [study] and its values below it."), on="text")]  # fmt: skip
    return _Reader(text, raw, about).protocol()


def strangers(protocol: Protocol) -> list[Verdict]:
    """Parts and values outside [study] that nobody would read or take for two; what was frozen before this was asked is still read."""
    raw = tomllib.loads(protocol.text)
    parts = sorted(set(raw) - {"study", "effects"})
    wrong = [no(mark("The protocol has no part [%(part)s]. Known are: [study] and [effects]."), on="text", part=part) for part in parts]  # fmt: skip
    wrong += [
        no(mark("[effects] has no value “%(key)s”. Known are: %(known)s."), on="text", key=key, known=", ".join(sorted(_METHODS)))
        for key in sorted(set(protocol.methods) - _METHODS)
    ]  # fmt: skip
    return wrong + _shapeless(raw) + half_called(raw["study"].get("names")) + misnamed(_table(raw.get("effects")))


def _shapeless(raw: Mapping[str, Any]) -> list[Verdict]:
    """Values where a part must stand, and outcomes that are called nothing: read as if they were not there."""
    wrong = []
    if not isinstance(raw.get("effects", {}), dict):
        wrong.append(
            no(mark("“effects” is a value. Begin a line [effects] and write the methods below it."), on="text")
        )
    if not isinstance(raw["study"].get("names", {}), dict):
        wrong.append(no(mark("“names” is a value. Write [study.names.column] with da = … and en = … for each column."), on="text"))  # fmt: skip
    for nth, one in enumerate(raw["study"]["outcome"], 1):
        if not (one["da"].strip() and one["en"].strip()):
            wrong.append(no(mark("Outcome number %(nth)s is called nothing in Danish or English. Write da = … and en = …."), on="text", nth=nth))  # fmt: skip
    return wrong


def _table(said: object) -> Mapping[str, Any]:
    return said if isinstance(said, dict) else {}


class _Reader:
    def __init__(self, text: str, raw: Mapping[str, Any], about: Mapping[str, Any]) -> None:
        self.text, self.raw, self.about = text, raw, about
        self.wrong: list[Verdict] = []

    def say(self, reason: str, **values: object) -> None:
        self.wrong.append(no(reason, on="text", **values))

    def protocol(self) -> tuple[Protocol | None, list[Verdict]]:
        for key in sorted(set(self.about) - _KNOWN):
            self.say(mark("[study] has no value “%(key)s”. Known are: %(known)s."), key=key, known=", ".join(sorted(_KNOWN)))  # fmt: skip
        texts = {key: self.pair(key) for key in _DECIDED_BEFORE}
        treatment, organisation = self.treated()
        methods = self.methods()
        self.wrong += half_named(methods)
        made = Protocol(
            code=self.code(), question=texts["question"], population=texts["population"], treatment=treatment, organisation=organisation,
            outcomes=self.outcomes(), horizon=self.whole("horizon", 1, 10), causal=self.yes_no("causal"),
            counts_to_target=self.yes_no("counts_to_target"), stop_rules=texts["stop_rules"], extract=self.extract(),
            names=self.names(), methods=as_the_library_reads(methods), ways=ways_of(methods), text=self.text, digest=digest_of_text(self.text),
        )  # fmt: skip
        if made.counts_to_target and not made.causal:
            self.say(mark("Only a study that is causal by its protocol can count to the target. Write causal = true with the reasons, or counts_to_target = false."))  # fmt: skip
        return (None if self.wrong else made), self.wrong

    def code(self) -> str:
        code = self.about.get("code")
        if code in RESERVED:
            self.say(mark("“%(code)s” is an address of the house. Give the study another code."), code=code)
        if isinstance(code, str) and _CODE.fullmatch(code) and len(code) <= 60:
            return code
        self.say(mark("“code” must be a short name of small letters, digits and hyphens, such as growth-2012."))
        return ""

    def pair(self, key: str) -> Bilingual:
        value = self.about.get(key)
        if isinstance(value, dict) and all(isinstance(value.get(one), str) and value[one].strip() for one in ("da", "en")):  # fmt: skip
            return Bilingual(value["da"], value["en"])
        self.say(
            mark("“%(key)s” is missing in Danish or English. Write [study.%(key)s] with da = … and en = …."), key=key
        )
        return Bilingual("")

    def treated(self) -> tuple[Treatment, str]:
        value, organisation = self.about.get("treatment"), str(self.about.get("organisation", ""))
        if value not in Treatment.values():
            self.say(mark("“treatment” must be one of: %(known)s."), known=", ".join(Treatment.values()))
            return Treatment.PARTICIPATION, organisation
        if value == Treatment.ORGANISATION and not organisation:
            self.say(mark("“organisation” is missing: write the address of the cluster organisation that the study is about."))  # fmt: skip
        return Treatment(value), organisation

    def whole(self, key: str, least: int, most: int) -> int:
        value = self.about.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.say(mark("“%(key)s” must be a whole number from %(least)s to %(most)s."), key=key, least=least, most=most)
        return least

    def extract(self) -> int:
        """The number of an extract of the house; OUTSIDE: the register never comes here, and the study is counted where it is."""
        return OUTSIDE if self.about.get("extract") == "outside" else self.whole("extract", 1, 10**6)

    def yes_no(self, key: str) -> bool:
        value = self.about.get(key)
        if isinstance(value, bool):
            return value
        self.say(mark("“%(key)s” must be true or false."), key=key)
        return False

    def outcomes(self) -> tuple[Outcome, ...]:
        found = self.about.get("outcome")
        if not isinstance(found, list) or not found:
            self.say(mark("No outcome is named. Write [[study.outcome]] with column, da, en and form for each."))
            return ()
        made = []
        for nth, said in enumerate(found, 1):
            one = _table(said)
            column, form = one.get("column"), one.get("form", "per_cent")
            named = isinstance(one.get("da"), str) and isinstance(one.get("en"), str)
            if not (isinstance(column, str) and COLUMN.fullmatch(column) and named):
                self.say(mark("Outcome number %(nth)s lacks column, da or en."), nth=nth)
            elif form not in FORMS:
                self.say(mark("Outcome “%(column)s”: form must be one of %(known)s."), column=column, known=", ".join(FORMS))  # fmt: skip
            else:
                made.append(Outcome(column, Bilingual(one["da"], one["en"]), form))
        if len({one.column for one in made}) < len(made):
            self.say(mark("An outcome is named twice."))
        return tuple(made)

    def names(self) -> dict[str, Bilingual]:
        """What the columns are called: outcomes have said so themselves, others may."""
        outcomes = self.about.get("outcome")
        tables = [_table(one) for one in outcomes] if isinstance(outcomes, list) else []
        own = {one["column"]: one for one in tables if isinstance(one.get("column"), str)}
        both = {**_table(self.about.get("names")), **own}
        return {
            column: Bilingual(one["da"], one["en"]) for column, one in both.items()
            if isinstance(one, dict) and isinstance(one.get("da"), str) and isinstance(one.get("en"), str)
        }  # fmt: skip

    def methods(self) -> Mapping[str, Any]:
        return _table(self.raw.get("effects"))


def claim_of(participants: float, limits: Limits) -> Claim:
    """What so many participants allow."""
    if participants < limits.fewest:
        return Claim.NONE
    return Claim.PRELIMINARY if participants < limits.preliminary else Claim.FULL


def failures(
    placebos: Iterable[Mapping[str, Any]], lines: Iterable[Line], balance: Iterable[Mapping[str, Any]], limits: Limits
) -> tuple[str, ...]:
    """Codes of what speaks against a study (``kind:what``); the page has the words."""
    found = [f"placebo:{row['kind']}:{row['outcome']}" for row in placebos if row.get("found")]
    found += [
        f"pretrend:{one.outcome.column}"
        for one in lines
        if one.pretrend_p is not None and one.pretrend_p < limits.pretrend
    ]
    apart = [row["covariate"] for row in balance if row["after"] is not None and abs(row["after"]) > limits.balance]
    return (*found, *(f"balance:{name}" for name in apart))


def called(causal: bool, claim: Claim) -> str:
    """What the answer is called: "effect" only where the protocol made it a cause and there were enough participants."""
    return mark("effect") if causal and claim is not Claim.NONE else mark("association")


def documented(causal: bool, counts: bool, claim: Claim, low: float, sound: bool) -> bool:
    """Whether the answer documents a positive effect for the target: decided before, causal, enough participants, above zero, found sound."""
    return causal and counts and claim is Claim.FULL and low > 0 and sound


def may_review(reviewer: int, involved: set[int]) -> Verdict:
    """Peer review (CIM principle 8): by somebody who neither wrote, froze nor ran the study."""
    if reviewer in involved:
        return no(mark("Whoever wrote, froze or ran a study does not review it. Ask somebody else."))
    return YES


def inputs_of(protocol: str, extract: str, participants: str, library: str) -> str:
    """The same inputs, the same digest."""
    return sha256("\n".join((protocol, extract, participants, library)).encode()).hexdigest()


_ANSWER = ("format", "bundle", "study", "protocol", "by", "panel", "library", "told", "signature")
_TOLD = {
    "study", "protocol", "companies", "dropped", "summary", "outcomes", "placebos", "refused", "hidden", "specifications", "matching",
}  # fmt: skip
_TABLES = ("event_study", "by_cohort", "by_year")
_BESIDE = ("pretrend", "sensitivity_relative", "sensitivity_smooth", "two_way")
_MATCHING = {"balance", "summary", "unmatched", "effects"}
_ROWS, _WORDS = 500, 400  # of one table, of one cell


def read_answer(said: object) -> tuple[Mapping[str, Any] | None, Verdict]:
    """The signed answer in what klyngeanalyse wrote: the whole record (result.json), or the answer alone."""
    found = said
    if isinstance(said, dict) and isinstance(said.get("results"), dict):
        found = said["results"].get("answer")
    if not isinstance(found, dict) or set(found) != set(_ANSWER) or not isinstance(found["told"], dict):
        return None, no(
            mark("This is not the answer of a bundle. Send result.json as klyngeanalyse study wrote it."), on="file"
        )
    return found, YES


def _rows(told: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """Every row that rests on participants, with where it stands."""
    found = [("summary", row) for row in told["summary"]] + [("placebos", row) for row in told["placebos"]]
    found += [("specifications", row) for row in told["specifications"] if not row.get("refused")]
    for column, parts in told["outcomes"].items():
        found += [(f"{column}, {part}", row) for part in _TABLES for row in parts[part]]
    found += [(f"by {column}", row) for column, parts in told.get("by", {}).items() for row in parts["groups"]]
    return found + [("matching", row) for row in told["matching"].get("effects", [])]


def _tables(told: Mapping[str, Any]) -> list[tuple[str, Sequence[Mapping[str, Any]]]]:
    found = [(name, told[name]) for name in ("summary", "placebos", "specifications", "refused")]
    found += [(f"{column}, {part}", parts[part]) for column, parts in told["outcomes"].items() for part in _TABLES]
    found += [
        (f"by {column}, {part}", parts[part]) for column, parts in told.get("by", {}).items() for part in GROUP_TABLES
    ]
    return found + [
        (f"matching, {name}", told["matching"][name]) for name in ("balance", "effects") if name in told["matching"]
    ]


def _flat(rows: Sequence[Mapping[str, Any]]) -> bool:
    """No lists in lists, no long words: a table of numbers, not of companies."""
    values = (value for row in rows for value in row.values())
    return len(rows) <= _ROWS and all(
        value is None or isinstance(value, bool | int | float) or (isinstance(value, str) and len(value) <= _WORDS)
        for value in values
    )


def _all_finite(said: object) -> bool:
    if isinstance(said, dict):
        return all(_all_finite(one) for one in said.values())
    if isinstance(said, list):
        return all(_all_finite(one) for one in said)
    return not isinstance(said, float) or math.isfinite(said)


def _left_over(told: Mapping[str, Any], least: float) -> list[str]:
    """Numbers of few among those that were not counted or not matched: told, or left when what is told is subtracted."""
    reasons, counts = told["matching"].get("unmatched", {}), told["matching"].get("summary", {})
    few = [f"matching, {why}" for why, n in reasons.items() if not n >= least]
    few += ["dropped"] if told["dropped"] is not None and 0 < told["dropped"] < least else []
    treated, matched = counts.get("n_treated"), counts.get("n_matched")
    if treated is None or matched is None:
        return few
    left = treated - matched
    return few + [f"matching, {name}" for name, n in (("n_treated", left), ("unmatched", left - sum(reasons.values()))) if 0 < n < least]  # fmt: skip


def _strange_groups(by: Mapping[str, Any], asked: set[str]) -> list[str]:
    """Tables of groups that a study does not make, or rows of an outcome that nobody asked about."""
    found = [f"by {column}" for column, parts in by.items() if set(parts) != {*GROUP_TABLES, "refused"} or not _flat([{"refused": parts["refused"]}])]  # fmt: skip
    for column, parts in by.items():
        for part, held in GROUP_TABLES.items():
            found += [f"by {column}, {part}" for row in parts[part] if set(row) != set(held) or row["outcome"] not in asked]  # fmt: skip
    return list(dict.fromkeys(found))


def may_take_in(told: Mapping[str, Any], protocol: Protocol, least: float) -> list[Verdict]:
    """What is wrong with an answer from outside: something that the protocol did not ask, or a number of too few. Nothing: it may come in."""
    whole = _TOLD | ({"by"} if protocol.by else set())
    if set(told) != whole:
        return [no(mark("The answer holds other things than a study tells: %(what)s."), on="file", what=", ".join(sorted(set(told) - whole) or sorted(whole - set(told))))]  # fmt: skip
    asked, ways = (
        {one.column for one in protocol.outcomes},
        {str(one["name"]) for one in protocol.methods.get("specifications", ())},
    )
    try:
        strange = sorted(set(told.get("by", {})) ^ set(protocol.by)) + _strange_groups(told.get("by", {}), asked)
        strange += sorted(set(told["outcomes"]) ^ asked) + sorted(
            {str(row["name"]) for row in told["specifications"]} ^ ways
        )
        strange += sorted({str(row["outcome"]) for row in told["summary"]} - asked) + sorted(
            set(told["matching"]) - _MATCHING
        )
        strange += sorted(part for parts in told["outcomes"].values() for part in set(parts) - {*_TABLES, *_BESIDE})
        strange += [where for where, rows in _tables(told) if not _flat(rows)]
        if strange:
            return [no(mark("The protocol did not ask for this, or asked for it and it is missing: %(what)s."), on="file", what=", ".join(strange))]  # fmt: skip
        few = [
            where for where, row in _rows(told) if row.get("n_treated") is not None and not row["n_treated"] >= least
        ]
        few += _left_over(told, least)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        return [no(NO_ANSWER, on="file", why=str(error))]
    wrong = [no(mark("A number rests on fewer than %(least)s companies: %(where)s. Nothing was taken in."), on="file", least=f"{least:g}", where="; ".join(dict.fromkeys(few)))] if few else []  # fmt: skip
    return wrong if _all_finite(told) else [*wrong, no(mark("A number of the answer is not a number."), on="file")]
