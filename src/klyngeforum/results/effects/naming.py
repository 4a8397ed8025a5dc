"""What a protocol calls its specifications: one name that stays in the result, and, beside it, what it is called in both languages. Pure.

The library, the result, the curve and the bundle know the name alone; the words are for those who read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from klyngeforum.ground.bilingual import Bilingual
from klyngeforum.ground.verdict import Verdict, no
from klyngeforum.ground.words import mark

SPECIFICATIONS = "specifications"
_LANGUAGES = ("da", "en")


def _declared(methods: Mapping[str, Any]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Every specification that is a table, with its number."""
    said = methods.get(SPECIFICATIONS)
    for nth, one in enumerate(said if isinstance(said, list) else (), 1):
        if isinstance(one, Mapping):
            yield nth, one


def _words(one: Mapping[str, Any]) -> Bilingual | None:
    da, en = (one.get(language) for language in _LANGUAGES)
    return Bilingual(da, en) if isinstance(da, str) and isinstance(en, str) and da.strip() and en.strip() else None


def as_the_library_reads(methods: Mapping[str, Any]) -> Mapping[str, Any]:
    """The methods without the words; those of a protocol that has none are as they were."""
    if not any(language in one for _, one in _declared(methods) for language in _LANGUAGES):
        return methods
    plain = [
        {key: value for key, value in one.items() if key not in _LANGUAGES} if isinstance(one, Mapping) else one
        for one in methods[SPECIFICATIONS]
    ]
    return {**methods, SPECIFICATIONS: plain}


def ways_of(methods: Mapping[str, Any]) -> dict[str, Bilingual]:
    """Name -> what it is called, of those that say so."""
    return {str(one.get("name")): words for _, one in _declared(methods) if (words := _words(one))}


def half_named(methods: Mapping[str, Any]) -> list[Verdict]:
    """Specifications that are called something in one language alone."""
    return [
        no(mark("Specification number %(nth)s (“%(name)s”) lacks da or en. Write both below its name, or neither."), on="text", nth=nth, name=str(one.get("name", "")))
        for nth, one in _declared(methods) if any(language in one for language in _LANGUAGES) and not _words(one)
    ]  # fmt: skip


def half_called(names: object) -> list[Verdict]:
    """Columns, also those grouped by, that are called something in one language alone, or in none."""
    said = names.items() if isinstance(names, Mapping) else ()
    return [
        no(mark("[study.names.%(column)s] lacks da or en. Write both: pages call the column by them."), on="text", column=column)
        for column, one in said if not (isinstance(one, Mapping) and _words(one))
    ]  # fmt: skip


def misnamed(methods: Mapping[str, Any]) -> list[Verdict]:
    """Names that are no text, and two specifications of one name; what was frozen before this was asked is still read."""
    wrong, first = [], dict[tuple[str, str], int]()
    for nth, one in _declared(methods):
        name, words = one.get("name"), _words(one)
        if not isinstance(name, str) or not name.strip():
            wrong.append(no(mark("Specification number %(nth)s: “name” must be a text. Write name = …, and what it is called below it with da = … and en = …."), on="text", nth=nth))  # fmt: skip
            continue
        called = {("name", name), *({("da", words.da), ("en", words.en)} if words else set())}
        for key, text in sorted(called & set(first)):
            wrong.append(no(mark("Specifications number %(first)s and %(nth)s have the same %(key)s, “%(name)s”. Give one of them another."), on="text", first=first[key, text], nth=nth, key=key, name=text))  # fmt: skip
        first |= {one: nth for one in called if one not in first}
    return wrong
