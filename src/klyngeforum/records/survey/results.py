"""What a round says: how many answered, weighted and unweighted, with small numbers hidden. A file of its own because it counts, and nothing else does.

Whatever leaves this file went through ``suppression.shown``: every screen, the terminal and the public page say the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from .models import Asked, Part, Round
from .questionnaires import version_of
from .rules import step_said
from .suppression import Key, Published, linked, shown, table
from .terms import AnswerState, CompanyStep, Question, QuestionKind, Said
from .weights import Cell, means, share, weights

ANSWERED, SILENT = "answered", "silent"
YES, NO = "yes", "no"
STEPS = ("0", "1", "2", "3")
SIDES: dict[str, Callable[[Asked], str]] = {
    "sizes": lambda row: row.size, "industries": lambda row: row.industry, "regions": lambda row: row.region,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of a group answered; None is hidden."""

    group: str
    companies: int | None
    answered: int | None

    @property
    def rate(self) -> float | None:
        if not self.companies or self.answered is None:
            return None
        return 100 * self.answered / self.companies


@dataclass(frozen=True, slots=True)
class Line:
    """One answer: how many gave it, the share of those who answered the question, and the share weighted to the population, in per cent."""

    code: str
    count: int | None
    plain: float | None
    weighted: float | None


@dataclass(frozen=True, slots=True)
class Told:
    """One question: lines for choices, a mean for scales and numbers; ``answered`` is hidden when few."""

    question: Question
    answered: int | None
    lines: tuple[Line, ...] = ()
    mean: float | None = None
    weighted_mean: float | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """At least this step: by the organisations' own accounts, and by the companies that answered."""

    step: str
    reported: int | None
    said: int | None


@dataclass(frozen=True, slots=True)
class Result:
    """Everything that a round may say to anybody."""

    companies: int
    asked: int
    answered: int | None
    sizes: tuple[Rate, ...]
    industries: tuple[Rate, ...]
    regions: tuple[Rate, ...]
    organisations: tuple[Rate, ...]
    questions: tuple[Told, ...]
    steps: tuple[tuple[int | None, ...], ...]
    at_least: tuple[Step, ...]


def _state(row: Asked) -> str:
    return ANSWERED if row.state == AnswerState.HANDED_IN else SILENT


def _rates(one: Round, rows: Sequence[Asked], smallest: int) -> tuple[int | None, dict[str, tuple[Rate, ...]]]:
    """How many answered in all, and by size, industry, region and organisation: published together, so hidden together.

    Organisations share companies, so theirs do not add up to the country's; where nobody is shared they do, and are bound to it."""
    state = {row.pk: _state(row) for row in rows}
    named = Part.objects.filter(asked__round=one).values_list("cluster__name", "asked_id")
    pairs = {name: [(of(row), state[row.pk]) for row in rows] for name, of in SIDES.items()}
    pairs["organisations"] = [(name, state[asked]) for name, asked in named]
    bound = {name for name, found in pairs.items() if len(found) == len(rows)}
    tables = {name: table(Counter((f"{name}:{group}", said) for group, said in found), [sorted({f"{name}:{group}" for group, _ in found}), (ANSWERED, SILENT)]) for name, found in pairs.items()}  # fmt: skip
    together = shown(linked(*[tables[name] for name in tables if name in bound]), smallest)
    found: dict[str, tuple[Rate, ...]] = {}
    for name, own in pairs.items():
        seen = together if name in bound else shown(tables[name], smallest)
        groups = sorted({group for group, _ in own})
        found[name] = tuple(Rate(group, seen[f"{name}:{group}", None], seen[f"{name}:{group}", ANSWERED]) for group in groups)  # fmt: skip
    return together[None, ANSWERED], found


def cell_of(row: Asked) -> Cell:
    return row.size, row.industry, row.region


def _percent(one: Fraction) -> float:
    return round(float(100 * one), 1)


def _several(question: Question, rows: Sequence[Asked], weighed: dict[Cell, Fraction], smallest: int) -> Told:
    """Each answer is yes or no of everybody who answered: tables that share their total."""
    told = [(row, row.answers[question.code]) for row in rows]
    has = {code: [(row, code in given if isinstance(given, list) else given == code) for row, given in told] for code in question.codes}  # fmt: skip
    parts = [
        Published({(None, None): len(told), (code, YES): sum(said for _, said in has[code]), (code, NO): sum(not said for _, said in has[code])}, (((None, None), ((code, YES), (code, NO))),))
        for code in question.codes
    ]  # fmt: skip
    if question.kind is QuestionKind.CHOICE:  # everybody gave exactly one: the yes of all answers add up as well
        cells = {
            key: value for one in parts for key, value in one.cells.items() if key == (None, None) or key[1] == YES
        }
        parts.append(Published(cells, (((None, None), tuple((code, YES) for code in question.codes)),)))
    seen: dict[Key, int | None] = shown(linked(*parts), smallest) if told else {(None, None): 0}
    lines = []
    for code in question.codes:
        count = seen.get((code, YES)) if told else 0
        both = (
            share([(cell_of(row), said) for row, said in has[code]], weighed)
            if count is not None and seen[None, None]
            else None
        )
        lines.append(Line(code, count, _percent(both[0]) if both else None, _percent(both[1]) if both else None))
    return Told(question, seen[None, None], tuple(lines))


def _mean(question: Question, rows: Sequence[Asked], weighed: dict[Cell, Fraction], smallest: int) -> Told:
    """A mean of few is not said; how the answers spread is not said at all, so that nothing can be solved for."""
    both = means([(cell_of(row), int(row.answers[question.code])) for row in rows], weighed)
    if both is None or len(rows) < smallest:
        return Told(question, None if rows else 0)
    return Told(question, len(rows), (), round(float(both[0]), 2), round(float(both[1]), 2))


def _told(question: Question, rows: Sequence[Asked], weighed: dict[Cell, Fraction], smallest: int) -> Told:
    answered = [row for row in rows if question.code in row.answers]
    if question.options:
        return _several(question, answered, weighed, smallest)
    return _mean(question, answered, weighed, smallest)


def _at_least(counts: Published) -> Published:
    """The table with how many reached at least each step, by either side, bound to it: "at least 2" is step 2 and "at least 3"."""
    cells, relations = dict(counts.cells), list(counts.relations)
    for at in range(len(STEPS) - 2, 0, -1):
        step, above = STEPS[at], STEPS[at + 1] if at == len(STEPS) - 2 else f"{STEPS[at + 1]}+"
        for whole, parts in (((f"{step}+", None), ((step, None), (above, None))), ((None, f"{step}+"), ((None, step), (None, above)))):  # fmt: skip
            cells[whole] = sum(cells[part] for part in parts)
            relations.append((whole, parts))
    return Published(cells, tuple(relations))


def _steps(parts: Sequence[Part], smallest: int) -> tuple[tuple[tuple[int | None, ...], ...], tuple[Step, ...]]:
    """Reported against said, step by step with margins; and how many reached at least each step by either side: hidden together."""
    pairs = [(part.reported or CompanyStep.NONE.value, step_said(part.said, part.said_step, part.reported) or CompanyStep.NONE.value) for part in parts]  # fmt: skip
    seen = shown(_at_least(table(Counter(pairs), [STEPS, STEPS])), smallest)
    sides, last = (*STEPS, None), STEPS[-1]
    named = [(step, step if step == last else f"{step}+") for step in STEPS[1:]]
    at_least = tuple(Step(step, seen[name, None], seen[None, name]) for step, name in named)
    return tuple(tuple(seen[row, column] for column in sides) for row in sides), at_least


def result(one: Round) -> Result:
    """The round as anybody may see it."""
    survey = version_of(one.code, one.version)
    rows = list(Asked.objects.filter(round=one).order_by("id"))
    answered, few = [row for row in rows if row.state == AnswerState.HANDED_IN], survey.smallest
    weighed = weights(Counter(map(cell_of, rows)), Counter(map(cell_of, answered)), survey.least_answers)
    parts = list(Part.objects.filter(asked__round=one, asked__state=AnswerState.HANDED_IN).exclude(said=Said.NOTHING))
    steps, at_least = _steps(parts, few)
    counted = (QuestionKind.CHOICE, QuestionKind.SEVERAL, QuestionKind.SCALE, QuestionKind.NUMBER)
    said, rates = _rates(one, rows, few)
    return Result(
        len(rows), sum(row.link is not None for row in rows), said, rates["sizes"], rates["industries"], rates["regions"], rates["organisations"],
        tuple(_told(question, answered, weighed, few) for question in survey.questions if question.kind in counted), steps, at_least,
    )  # fmt: skip
