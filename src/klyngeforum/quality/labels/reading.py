"""How a certification goes, as the programme says: reminders, how long a tie binds, improvement areas of a report."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from klyngeforum.ground.programme.queries import read_toml
from klyngeforum.ground.programme.rules import ProgrammeError
from klyngeforum.ground.programme.terms import Provenance
from klyngeforum.quality.indicators.entries import Entry, Problem

FILE = "certification.toml"
_GROUPS = ("reminders", "independence", "areas")


@dataclass(frozen=True, slots=True)
class Certification:
    """Months before the end at which reminders go out, years for which a tie binds, improvement areas; and where each is from."""

    reminders: tuple[int, ...]
    independence_years: int
    areas: int
    sources: dict[str, tuple[str, Provenance]]

    def placeholder(self, group: str) -> bool:
        return self.sources[group][1] is Provenance.PLACEHOLDER


@lru_cache(maxsize=8)
def certification_in(folder: Path) -> Certification:
    problems: list[Problem] = []
    entry = Entry(read_toml(folder / FILE), FILE, problems)
    found = Certification(
        reminders=tuple(sorted((int(one) for one in entry.numbers("reminders")), reverse=True)),
        independence_years=entry.whole("independence_years"),
        areas=entry.whole("areas", least=1),
        sources={one: (entry.text(f"{one}_source"), entry.one_of(f"{one}_provenance", Provenance)) for one in _GROUPS},
    )
    entry.finish()
    if problems:
        raise ProgrammeError("\n".join(str(one) for one in problems))
    return found


def certification() -> Certification:
    return certification_in(settings.PROGRAMME)
