"""An operator's official values laid over a version: each replaces what stood there and is official from then on. Pure."""

from __future__ import annotations

from klyngeforum.ground.programme.terms import Provenance

from .entries import Entry, Problem, Raw
from .reading import Files

# key of an indicator's entry -> the value whose provenance it settles
SETTLES = {
    "da": "name", "en": "name", "text_da": "text", "text_en": "text", "scopes": "scopes", "scopes_unknown": "scopes",
    "levels": "levels", "ladder": "levels", "points": "points", "minimum": "minimum", "excellence": "excellence", "days": "effort",
    "measured": "measured", "measured_from": "measured", "evidence": "evidence", "offers": "offers", "may_be_left_out": "levels",
}  # fmt: skip
OF_VERSION = ("da", "en", "from", "to", "maximum", "indicators_published")
Entries = list[dict[str, object]]


def _entries(raw: Raw, key: str) -> Entries:
    found = raw.get(key)
    return [dict(one) for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _indicator(old: Raw, new: Entry) -> dict[str, object]:
    """The indicator with the new values; levels written out take the place of the ladder, points and steps of the old ones."""
    given = {key: new.raw[key] for key in SETTLES if new.has(key)}
    new.has("code")
    new.finish()
    kept = dict(old)
    if "levels" in given:
        for key in ("ladder", "points", "days", "measured_from"):
            kept.pop(key, None)
    settled: dict[str, object] = {SETTLES[key]: Provenance.OFFICIAL.value for key in given}
    if "levels" in given:
        settled["points"] = Provenance.OFFICIAL.value
    before = old.get("provenance")
    return {**kept, **given, "provenance": {**(before if isinstance(before, dict) else {}), **settled}}


def _rule(old: Raw, new: Entry, source: str) -> dict[str, object]:
    """A rule's values; its kind stays."""
    given = {key: value for key, value in new.raw.items() if key != "key"}
    return {**old, "source": source, **given, "provenance": Provenance.OFFICIAL.value}


def _label(old: Raw, new: Entry, source: str) -> dict[str, object]:
    rules = {str(rule.get("key")): rule for rule in _entries(old, "requires")}
    for one in new.tables("requires", "key"):
        key = one.text("key")
        if key in rules or one.has("rule"):
            rules[key] = _rule(rules.get(key, {}), one, source)
            rules[key]["key"] = key
        else:
            one.wrong("key", f"there is no rule '{key}'; write one of {', '.join(rules)}, or its kind with rule = …")
    found: dict[str, object] = {**old, "requires": list(rules.values())}
    if new.has("validity"):
        before, given = old.get("validity"), new.raw["validity"]
        found["validity"] = {
            **(before if isinstance(before, dict) else {}),
            **(given if isinstance(given, dict) else {}),
            "provenance": Provenance.OFFICIAL.value,
        }
    new.has("code")
    new.finish()
    return found


def _laid_over(entry: Entry, kind: str, old: Entries, source: str) -> Entries:
    found = {str(one.get("code")): one for one in old}
    for new in entry.tables(kind):
        code = new.text("code")
        if code not in found:
            new.wrong("code", f"version to build on has no {kind} '{code}'; mend the code")
        elif kind == "label":
            found[code] = _label(found[code], new, source)
        else:
            found[code] = _indicator(found[code], new)
    return list(found.values())


def merged(base: Files, official: Raw, where: str) -> tuple[dict[str, Raw], list[Problem]]:
    """The base's files with the official values in their places."""
    problems: list[Problem] = []
    entry = Entry(official, where, problems)
    source = entry.text("source")
    scheme: dict[str, object] = {**base.get("scheme", {}), "version": entry.text("version"), "source": source}
    scheme |= {key: official[key] for key in OF_VERSION if entry.has(key)}
    indicators, labels = dict(base.get("indicators", {})), dict(base.get("labels", {}))
    indicators["indicator"] = _laid_over(entry, "indicator", _entries(indicators, "indicator"), source)
    labels["label"] = _laid_over(entry, "label", _entries(labels, "label"), source)
    for key in ("scheme", "based_on"):
        entry.text(key)
    entry.finish()
    return {"scheme": scheme, "indicators": indicators, "labels": labels}, problems


def names(official: Raw, where: str) -> tuple[str, str, str, list[Problem]]:
    """(scheme, version, the version that it builds on, problems)."""
    problems: list[Problem] = []
    entry = Entry(official, where, problems)
    return entry.text("scheme"), entry.text("version"), entry.text("based_on"), problems
