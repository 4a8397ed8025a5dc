"""Rounds, who is asked, what is asked, and why somebody is left out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from klyngeforum.ground.bilingual import Bilingual
from klyngeforum.ground.words import Term, mark


class Kind(Term):
    YEARLY = "yearly", mark("Every year")
    AFTER_PROJECT = "after_project", mark("After a project")


class RoundState(Term):
    PREPARED = "prepared", mark("Being prepared")
    OPEN = "open", mark("Open for answers")
    CLOSED = "closed", mark("Closed")
    PUBLISHED = "published", mark("Published")


MOVES: dict[RoundState, dict[str, RoundState]] = {
    RoundState.PREPARED: {"open_round": RoundState.OPEN},
    RoundState.OPEN: {"close": RoundState.CLOSED},
    RoundState.CLOSED: {"publish": RoundState.PUBLISHED},
    RoundState.PUBLISHED: {},
}


class LeftOut(Term):
    """Why a company of the round is not asked; it stays in the population."""

    NO = "", mark("Asked")
    NO_CONTACT = "no_contact", mark("No contact person is known")
    PROTECTED = "protected", mark("Protected against advertising, and no lawful basis is recorded")
    RESTING = "resting", mark("Was asked not long ago")
    CEASED = "ceased", mark("Has ceased")


class AnswerState(Term):
    WAITING = "waiting", mark("Not begun")
    BEGUN = "begun", mark("Begun")
    HANDED_IN = "handed_in", mark("Handed in")


class BasisKind(Term):
    """On what a company that is protected against advertising is asked all the same."""

    CONSENT = "consent", mark("The company consented")
    AGREEMENT = "agreement", mark("It follows from the company's own agreement on taking part")
    DUTY = "duty", mark("The law demands the survey")


class Said(Term):
    """What the company says of what was reported about it."""

    NOTHING = "", mark("Not answered")
    RIGHT = "right", mark("Right")
    WRONG = "wrong", mark("Not right")


class CompanyStep(Term):
    """The highest step by the company's own account; "0" is an answer too."""

    NOT_SAID = "", mark("Not answered")
    NONE = "0", mark("None of these")
    COMPETENCE = "1", mark("New competences and tools that markedly improve the ability to innovate")
    IDEA = "2", mark("New ideas that can become new products, services or processes")
    INNOVATION = "3", mark("New products, services or processes as a result of taking part")


class QuestionKind(Term):
    CONFIRM = "confirm", mark("Confirm what was reported")
    CHOICE = "choice", mark("One answer")
    SEVERAL = "several", mark("Several answers")
    SCALE = "scale", mark("A scale")
    NUMBER = "number", mark("A number")
    TEXT = "text", mark("Text")


@dataclass(frozen=True, slots=True)
class Question:
    """One question; ``when`` and ``being`` say after which answer to another question it is asked."""

    code: str
    kind: QuestionKind
    text: Bilingual
    options: tuple[tuple[str, Bilingual], ...] = ()
    lowest: int = 0
    highest: int = 0
    low: Bilingual = Bilingual("")
    high: Bilingual = Bilingual("")
    when: str = ""
    being: tuple[str, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(code for code, _ in self.options)


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """A questionnaire of the programme with its limits."""

    code: str
    version: str
    kind: Kind
    name: Bilingual
    source: str
    source_da: str
    placeholder: bool
    since: date
    months: tuple[int, ...]
    open_days: int
    reminder_days: tuple[int, ...]
    rest_days: int
    least_answers: int
    smallest: int
    questions: tuple[Question, ...]
