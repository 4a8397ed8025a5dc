"""From a label's entry to its rule tree and validity; leagues read their own trees with ``rule`` as well."""

from __future__ import annotations

from collections.abc import Callable

from .entries import Entry
from .terms import Granularity, Label, Rule, RuleKind, Validity

Asked = dict[str, object]


def _fact(entry: Entry) -> Asked:
    asks: Asked = {"fact": entry.text("fact")}
    return asks | ({"at_least": entry.number("at_least")} if entry.has("at_least") else {})


def _knock_outs(entry: Entry) -> Asked:
    return {"scope": entry.text("scope", or_else="")}


def _share(entry: Entry) -> Asked:
    return {"at_least": entry.number("at_least", most="1")}


def _points(entry: Entry) -> Asked:
    return {"at_least": entry.number("at_least")}


def _indicator(entry: Entry) -> Asked:
    return {"indicator": entry.text("indicator"), "at_least": entry.whole("at_least")}


def _benchmarkings(entry: Entry) -> Asked:
    gap = entry.numbers("gap_months")
    if gap and (len(gap) != 2 or gap[0] > gap[1]):
        entry.wrong("gap_months", "it is not a shortest and a longest gap; write [18, 24]")
        gap = ()
    asks: Asked = {"at_least": entry.whole("at_least", least=1)}
    return asks | ({"gap_months": (int(gap[0]), int(gap[1]))} if gap else {})


def _areas(entry: Entry) -> Asked:
    reaching = entry.text("reaching", or_else="")
    if reaching not in ("", "excellence", "minimum"):
        entry.wrong("reaching", f"it is {reaching!r}; write excellence, minimum, or leave it out")
    return {"at_least": entry.whole("at_least", least=1), "reaching": reaching}


def _assessors(entry: Entry) -> Asked:
    foreign = entry.whole("foreign") if entry.has("foreign") else 0
    return {"at_least": entry.whole("at_least", least=1), "independent": entry.flag("independent"), "foreign": foreign}


def _holds(entry: Entry) -> Asked:
    found = entry.codes("labels")
    if not found:
        entry.wrong("labels", "it is missing; write the codes of the labels, one of which must be held")
    return {"labels": found}


def _nothing(entry: Entry) -> Asked:
    return {}


ASKS: dict[RuleKind, Callable[[Entry], Asked]] = {
    RuleKind.ALL: _nothing,
    RuleKind.ANY: _nothing,
    RuleKind.FACT: _fact,
    RuleKind.KNOCK_OUTS: _knock_outs,
    RuleKind.SHARE: _share,
    RuleKind.POINTS: _points,
    RuleKind.INDICATOR: _indicator,
    RuleKind.BENCHMARKINGS: _benchmarkings,
    RuleKind.AREAS: _areas,
    RuleKind.ASSESSORS: _assessors,
    RuleKind.HOLDS: _holds,
}
BRANCHES = (RuleKind.ALL, RuleKind.ANY)


def rule(entry: Entry) -> Rule:
    """One rule with its parts."""
    kind = entry.one_of("rule", RuleKind)
    parts = tuple(rule(one) for one in entry.tables("parts", "key")) if kind in BRANCHES else ()
    if kind in BRANCHES and not parts:
        entry.wrong("parts", "it is empty; write the rules that it stands for")
    found = Rule(
        kind=kind,
        key=entry.text("key"),
        provenance=entry.provenance(),
        source=entry.text("source"),
        asks=ASKS[kind](entry),
        parts=parts,
        since=entry.day("from"),
        until=entry.day("to"),
    )
    entry.finish()
    return found


def validity(entry: Entry) -> Validity:
    found = Validity(
        first_months=entry.whole("first_months", least=1),
        renew_window_months=entry.whole("renew_window_months"),
        renewal_months=entry.whole("renewal_months", least=1),
        granularity=entry.one_of("granularity", Granularity),
        provenance=entry.provenance(),
    )
    entry.finish()
    return found


def label(entry: Entry) -> Label:
    """A label; what it requires is one tree that asks for all of its rules."""
    code, source, provenance = entry.text("code"), entry.text("source"), entry.provenance()
    rules = tuple(rule(one) for one in entry.tables("requires", "key"))
    if not rules:
        entry.wrong("requires", "it is empty; write what the label asks for with [[label.requires]]")
    inner = entry.table("validity")
    found = Label(
        code=code,
        rank=entry.whole("rank", least=1),
        name=entry.pair(),
        requires=Rule(RuleKind.ALL, code, provenance, source, parts=rules),
        validity=validity(inner) if inner else Validity(1, 0, 1, Granularity.DAY, provenance),
        provenance=provenance,
        source=source,
    )
    entry.finish()
    return found
