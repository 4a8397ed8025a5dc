"""Reading a protocol, what a result may be called, and what of it may be shown. Pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from klyngeforum.ground.bilingual import Bilingual
from klyngeforum.ground.verdict import YES, Verdict, no
from klyngeforum.ground.words import mark

from .terms import Claim, Limits, Line, Outcome, Protocol, Treatment

FORMS = ("per_cent", "log_points", "per_cent_of_log", "percentage_points")
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DECIDED_BEFORE = ("question", "population", "stop_rules")
_KNOWN = {
    "code", "question", "population", "stop_rules", "treatment", "organisation", "horizon", "causal", "counts_to_target", "extract", "outcome", "names",
}  # fmt: skip
_LONGEST = 40_000


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
        return None, [no(mark("The protocol cannot be read as TOML: %(why)s."), on="text", why=str(error))]
    about = raw.get("study")
    if not isinstance(about, dict):
        return None, [no(mark("The protocol has no part [study]. Begin with a line [study] and its values below it."), on="text")]  # fmt: skip
    return _Reader(text, raw, about).protocol()


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
        made = Protocol(
            code=self.code(), question=texts["question"], population=texts["population"], treatment=treatment, organisation=organisation,
            outcomes=self.outcomes(), horizon=self.whole("horizon", 1, 10), causal=self.yes_no("causal"),
            counts_to_target=self.yes_no("counts_to_target"), stop_rules=texts["stop_rules"], extract=self.whole("extract", 1, 10**6),
            names=self.names(), methods=self.methods(), text=self.text, digest=digest_of_text(self.text),
        )  # fmt: skip
        if made.counts_to_target and not made.causal:
            self.say(mark("Only a study that is causal by its protocol can count to the target. Write causal = true with the reasons, or counts_to_target = false."))  # fmt: skip
        return (None if self.wrong else made), self.wrong

    def code(self) -> str:
        code = self.about.get("code")
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
        for nth, one in enumerate(found, 1):
            column, form = one.get("column"), one.get("form", "per_cent")
            named = isinstance(one.get("da"), str) and isinstance(one.get("en"), str)
            if not (isinstance(column, str) and re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", column) and named):
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
        said = self.about.get("names", {})
        own = {one["column"]: one for one in self.about.get("outcome", []) if isinstance(one, dict) and "column" in one}
        both = {**(said if isinstance(said, dict) else {}), **own}
        return {
            column: Bilingual(one["da"], one["en"]) for column, one in both.items()
            if isinstance(one, dict) and isinstance(one.get("da"), str) and isinstance(one.get("en"), str)
        }  # fmt: skip

    def methods(self) -> Mapping[str, Any]:
        value = self.raw.get("effects", {})
        return value if isinstance(value, dict) else {}


def parts_of(protocol: Protocol) -> tuple[str, ...]:
    """What a study is counted in, part by part: the effects, each declared specification, the matching."""
    ways = protocol.methods.get("specifications", ())
    return ("effects", *(f"specification:{nth}" for nth in range(len(ways))), *(("matching",) if "match" in protocol.methods else ()))  # fmt: skip


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


def shown_rows(
    rows: list[dict[str, Any]], least: float, counted: str = "n_treated"
) -> tuple[list[dict[str, Any]], int]:
    """Rows that rest on at least so many participants, and how many were left out."""
    kept = [one for one in rows if one.get(counted) is None or one[counted] >= least]
    return kept, len(rows) - len(kept)


def inputs_of(protocol: str, extract: str, participants: str, library: str) -> str:
    """The same inputs, the same digest."""
    return sha256("\n".join((protocol, extract, participants, library)).encode()).hexdigest()
