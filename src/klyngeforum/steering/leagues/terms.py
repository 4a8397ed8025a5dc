"""Rules of placement, what they make of an organisation, and what the forum is asked to decide."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from klyngeforum.ground.bilingual import Bilingual
from klyngeforum.ground.programme.terms import Provenance
from klyngeforum.ground.words import Term, mark
from klyngeforum.quality.indicators.terms import Explained, Fact, Rule, Truth


class Direction(Term):
    """Where an organisation would go from where it plays."""

    UP = "up", mark("Up")
    DOWN = "down", mark("Down")
    STAY = "stay", mark("Stays")
    ENTER = "enter", mark("Enters")
    OUT = "out", mark("Out of the leagues")
    OPEN = "open", mark("Cannot be told yet")


class NoticeState(Term):
    STANDING = "standing", mark("Standing")
    WITHDRAWN = "withdrawn", mark("Withdrawn")
    CARRIED_OUT = "carried_out", mark("Carried out")


# state -> verb -> state: how a warning before a move down goes
MOVES: dict[NoticeState, dict[str, NoticeState]] = {
    NoticeState.STANDING: {"withdraw": NoticeState.WITHDRAWN, "place": NoticeState.CARRIED_OUT},
    NoticeState.WITHDRAWN: {},
    NoticeState.CARRIED_OUT: {},
}


@dataclass(frozen=True, slots=True)
class Offered:
    """What organisations of a league are offered."""

    text: Bilingual
    source: str


@dataclass(frozen=True, slots=True)
class LeagueRule:
    """What a league asks for; ``code`` is that of the programme's leagues."""

    code: str
    requires: Rule
    offers: tuple[Offered, ...]


@dataclass(frozen=True, slots=True)
class LeagueRules:
    """One version of the rules, the highest league first."""

    version: str
    since: date
    until: date | None
    scheme: str
    source: str
    provenance: Provenance
    warning_months: int
    warning_provenance: Provenance
    support: Bilingual
    facts: tuple[Fact, ...]
    leagues: tuple[LeagueRule, ...]

    def league(self, code: str) -> LeagueRule | None:
        return next((one for one in self.leagues if one.code == code), None)

    def rank(self, code: str) -> int:
        """1 for the highest; outside the leagues is below the last."""
        return next((nth for nth, one in enumerate(self.leagues, 1) if one.code == code), len(self.leagues) + 1)


@dataclass(frozen=True, slots=True)
class Judged:
    """What the rules make of one organisation on a day: each league's answer, highest first.

    ``league`` is the highest that is met, empty if none is; ``highest_open`` the highest above it that cannot be told yet.
    """

    league: str
    highest_open: str
    answers: tuple[tuple[str, Explained], ...]

    def answer(self, code: str) -> Explained | None:
        return next((answer for one, answer in self.answers if one == code), None)

    @property
    def placeholder(self) -> bool:
        """Whether other values in place of placeholders could give another league: one above that is not met counts as well."""
        met = next((nth for nth, (one, _) in enumerate(self.answers) if one == self.league), len(self.answers))
        return any(answer.placeholder for _, answer in self.answers[: met + 1])

    @property
    def truth(self) -> Truth:
        return Truth.YES if self.league else (Truth.UNDETERMINED if self.highest_open else Truth.NO)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the rules say against where the organisation plays; nothing moves before the forum decides."""

    cluster_id: int
    name: str
    slug: str
    current: str
    judged: Judged
    direction: Direction
    expired_label: bool
    placeholder: bool
    since: date | None = None
    changed: tuple[str, ...] = field(default=())

    @property
    def proposed(self) -> str:
        return self.judged.league


@dataclass(frozen=True, slots=True)
class Shown:
    """One line of an explanation in both languages: what the forum has before it, and later the exhibit."""

    league: str
    depth: int
    truth: str
    placeholder: bool
    said_da: str
    said_en: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A condition that is answered otherwise than when the forum decided; nothing on one side where the rules did not ask it."""

    league: str
    before: Shown | None
    now: Shown | None
