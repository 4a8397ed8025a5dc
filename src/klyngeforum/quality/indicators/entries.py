"""Reading one entry of a scheme's files: every problem is noted with file, entry, key and mend, and reading goes on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeVar

from klyngeforum.ground.bilingual import Bilingual
from klyngeforum.ground.programme.terms import Provenance
from klyngeforum.ground.words import Term

T = TypeVar("T", bound=Term)
Raw = Mapping[str, object]
NOTHING = Bilingual("")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong where: one line."""

    where: str
    key: str
    why: str

    def __str__(self) -> str:
        return f"{self.where}, {self.key}: {self.why}" if self.key else f"{self.where}: {self.why}"


@dataclass(slots=True)
class Entry:
    """One table of a file, read key by key; keys that nobody asked for are problems as well (`finish`)."""

    raw: Raw
    where: str
    problems: list[Problem]
    asked: set[str] = field(default_factory=set)

    def wrong(self, key: str, why: str) -> None:
        self.problems.append(Problem(self.where, key, why))

    def has(self, key: str) -> bool:
        self.asked.add(key)
        return self.raw.get(key) not in (None, "")

    def need(self, key: str, example: str) -> object:
        """The value, or None with a problem."""
        if not self.has(key):
            self.wrong(key, f"it is missing; write {key} = {example}")
            return None
        return self.raw[key]

    def text(self, key: str, *, or_else: str | None = None) -> str:
        if or_else is not None and not self.has(key):
            return or_else
        value = self.need(key, '"…"')
        if value is not None and not isinstance(value, str):
            self.wrong(key, f"it is {value}, not a text; put it in quotes")
        return value if isinstance(value, str) else ""

    def pair(self, stem: str = "") -> Bilingual:
        """Both languages are required."""
        return Bilingual(self.text(f"{stem}da"), self.text(f"{stem}en"))

    def number(self, key: str, *, least: str = "0", most: str | None = None) -> Decimal:
        value = self.need(key, "1")
        found = _decimal(value)
        if found is None:
            if value is not None:
                self.wrong(key, f"it is {value!r}, not a number; write it in digits without quotes")
            return Decimal(0)
        if found < Decimal(least) or (most is not None and found > Decimal(most)):
            self.wrong(key, f"it is {found}; write a number {_between(least, most)}")
        return found

    def whole(self, key: str, *, least: int = 0) -> int:
        found = self.number(key, least=str(least))
        if found != int(found):
            self.wrong(key, f"it is {found}; write a whole number")
        return int(found)

    def numbers(self, key: str) -> tuple[Decimal, ...]:
        """A list of numbers; nothing written is an empty one."""
        found = [(value, _decimal(value)) for value in self.list_of(key)]
        for value, number in found:
            if number is None:
                self.wrong(key, f"it holds {value!r}, not a number; write numbers without quotes")
        return tuple(number for _, number in found if number is not None)

    def codes(self, key: str) -> tuple[str, ...]:
        found = self.list_of(key)
        for value in found:
            if not isinstance(value, str) or not value:
                self.wrong(key, f"it holds {value!r}; write codes in quotes")
        return tuple(value for value in found if isinstance(value, str) and value)

    def list_of(self, key: str) -> list[object]:
        if not self.has(key):
            return []
        value = self.raw[key]
        if not isinstance(value, list):
            self.wrong(key, f"it is {value!r}, not a list; put it in [ ]")
            return []
        return value

    def flag(self, key: str, *, or_else: bool = False) -> bool:
        if not self.has(key):
            return or_else
        value = self.raw[key]
        if not isinstance(value, bool):
            self.wrong(key, f"it is {value!r}; write true or false")
        return value is True

    def day(self, key: str, *, required: bool = False) -> date | None:
        if not required and not self.has(key):
            return None
        value = self.need(key, "2013-01-01")
        if value is not None and not isinstance(value, date):
            self.wrong(key, f"it is {value!r}, not a date; write {key} = 2013-01-01 without quotes")
        return value if isinstance(value, date) else None

    def one_of(self, key: str, kind: type[T], *, or_else: T | None = None) -> T:
        if or_else is not None and not self.has(key):
            return or_else
        value = self.need(key, f'"{kind.values()[0]}"')
        if value in kind.values():
            return kind(str(value))
        if value is not None:
            self.wrong(key, f"it is {value!r}; write one of {', '.join(kind.values())}")
        return next(iter(kind))

    def provenance(self) -> Provenance:
        return self.one_of("provenance", Provenance)

    def table(self, key: str) -> Entry | None:
        """A table under a key, or None with a problem."""
        value = self.need(key, "{ … }")
        if value is not None and not isinstance(value, dict):
            self.wrong(key, f"it is {value!r}, not a table; write [{key}] or {key} = {{ … }}")
        return Entry(value, f"{self.where}, {key}", self.problems) if isinstance(value, dict) else None

    def tables(self, key: str, name: str = "code") -> Iterator[Entry]:
        """Tables of a list, each called by its code (or its number where the code is missing)."""
        for nth, value in enumerate(self.list_of(key), start=1):
            if isinstance(value, dict):
                yield Entry(value, f"{self.where}, {key} {value.get(name) or nth}", self.problems)
            else:
                self.wrong(key, f"it holds {value!r}, not a table; write [[{key}]]")

    def finish(self) -> None:
        """What nobody asked for is a slip of the pen."""
        for key in self.raw:
            if key not in self.asked:
                self.wrong(key, f"nothing is called so here; write one of {', '.join(sorted(self.asked))}")


def _decimal(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    found = Decimal(str(value))
    return found if found.is_finite() else None


def _between(least: str, most: str | None) -> str:
    return f"from {least} to {most}" if most is not None else f"of at least {least}"


def twice(codes: Iterable[str]) -> list[str]:
    """Codes that stand more than once, each named once."""
    seen: set[str] = set()
    found: list[str] = []
    for code in codes:
        if code in seen and code not in found:
            found.append(code)
        seen.add(code)
    return found
