"""What a scale question of a round says, of the country and of each organisation; never without how many were asked and answered."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from klyngeforum.ground.keeping import kept

from .models import Asked, Part, Round
from .questionnaires import version_of
from .results import cell_of, result
from .suppression import shown, table
from .terms import AnswerState, QuestionKind
from .weights import means, weights

SAID, SILENT = "said", "silent"


@dataclass(frozen=True, slots=True)
class Scale:
    """Of the country (no organisation) or of one organisation: companies in the round, how many answered, the mean and the weighted mean.

    Few answers are held back, and as many more as it takes that they cannot be worked out: then no number is told at all.
    """

    cluster: int | None
    companies: int
    answered: int | None = None
    plain: float | None = None
    weighted: float | None = None

    @property
    def held_back(self) -> bool:
        return self.plain is None

    @property
    def rate(self) -> float | None:
        return None if not self.companies or self.answered is None else 100 * self.answered / self.companies


def scales(one: Round, code: str) -> list[Scale]:
    """The country first, then every organisation of the round by its name; nothing where the round does not ask it."""
    return kept(("scales", one.pk, one.state, code), lambda: _scales(one, code), of=frozenset({"survey", "programme"}))


def _scales(one: Round, code: str) -> list[Scale]:
    survey = version_of(one.code, one.version)
    if not any(question.code == code and question.kind is QuestionKind.SCALE for question in survey.questions):
        return []
    found = result(one)
    told = next(question for question in found.questions if question.question.code == code)
    nation = Scale(None, found.companies)
    if found.answered is not None and told.answered is not None and told.mean is not None:
        nation = Scale(None, found.companies, found.answered, told.mean, told.weighted_mean)
    rows: dict[int, list[Asked]] = defaultdict(list)
    for part in Part.objects.filter(asked__round=one).select_related("asked").order_by("cluster__sorted_as", "asked"):
        rows[part.cluster_id].append(part.asked)
    back = _held_back(rows, code, survey.smallest)
    return [nation, *(_own(cluster, own, code, survey.least_answers, cluster in back) for cluster, own in rows.items())]


def _own(cluster: int, rows: Sequence[Asked], code: str, least: int, held_back: bool) -> Scale:
    """Weighted to the organisation's own companies."""
    said = [(cell_of(row), int(row.answers[code])) for row in rows if _said(row, code)]
    if held_back or not said:
        return Scale(cluster, len(rows), None if held_back else 0)
    both = means(said, weights(Counter(map(cell_of, rows)), Counter(cell for cell, _ in said), least))
    answered = sum(row.state == AnswerState.HANDED_IN for row in rows)
    return Scale(cluster, len(rows), answered, round(float(both[0]), 2), round(float(both[1]), 2)) if both else Scale(cluster, len(rows))  # fmt: skip


def _said(row: Asked, code: str) -> bool:
    return row.state == AnswerState.HANDED_IN and code in row.answers


def _held_back(rows: dict[int, list[Asked]], code: str, smallest: int) -> set[int]:
    """Organisations where few answered, or answered this question, or whose number would give another's away."""
    back = set()
    for told in (lambda row: row.state == AnswerState.HANDED_IN, lambda row: _said(row, code)):
        counts: Counter[tuple[str, ...]] = Counter(
            (str(cluster), SAID if told(row) else SILENT) for cluster, own in rows.items() for row in own
        )
        seen = shown(table(counts, [[str(cluster) for cluster in rows], (SAID, SILENT)]), smallest)
        back |= {cluster for cluster in rows if seen[str(cluster), SAID] is None or seen[str(cluster), None] is None}
    return back
