"""An assessment as one sheet, out and in: all of it or nothing, and never over what somebody wrote meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from django.db import transaction

from klyngeforum.ground.access.queries import Actor, may
from klyngeforum.ground.bilingual import Bilingual
from klyngeforum.ground.period import date_of
from klyngeforum.ground.tables.actions import template
from klyngeforum.ground.tables.queries import read
from klyngeforum.ground.tables.terms import Column, DryRun, Kind, Problem, Row, Schema, Sheet
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import require
from klyngeforum.ground.words import mark
from klyngeforum.quality.indicators.terms import AnswerState, Indicator, Version

from .actions import answer
from .backing import NewEvidence, attach
from .holding import FILLS, taken
from .models import Assessment
from .queries import Line, lines, version_of
from .rules import LONGEST, fits, may_write
from .terms import AssessmentKind, Part, Seat

_UNKNOWN, _LEFT_OUT = {"ved ikke", "not known", "?"}, {"ikke relevant", "not applicable", "–", "-"}
RESTS = Bilingual(
    "Niveautekster, point og mindsteværdier i denne ordning er pladsholdere, indtil de officielle er taget ind. Arket hviler på dem; kolonnen “Pladsholder” viser hvor.",
    "Level texts, points and minimum values of this scheme are placeholders until the official ones are taken in. This sheet rests on them; the column “Placeholder” shows where.",
)  # fmt: skip
SCHEMA = Schema(
    "assessment", "Vurdering", "Assessment",
    (
        Column("code", "Kode", "Code", required=True, longest=20, hint_da="Indikatorens kode; ret den ikke", hint_en="The indicator's code; do not change it"),
        Column("group", "Gruppe", "Group", longest=200),
        Column("question", "Spørgsmål", "Question", longest=2000),
        Column("levels", "Niveauer", "Levels", longest=4000, hint_da="Hvad hvert niveau betyder", hint_en="What each level means"),
        Column("placeholder", "Pladsholder", "Placeholder", Kind.YES_NO, hint_da="Ja: niveauernes tekst, point eller mindsteværdi er ikke de officielle; ret den ikke", hint_en="Yes: the level texts, points or minimum are not the official ones; do not change it"),
        Column("level", "Niveau", "Level", longest=40, hint_da="Et tal fra niveauerne, “ved ikke” eller “ikke relevant”; tomt ændrer intet", hint_en="A number of the levels, “not known” or “not applicable”; empty changes nothing"),
        Column("justification", "Begrundelse", "Justification", longest=LONGEST),
        Column("differs_because", "Hvorfor det afviger fra det målte", "Why it differs from what is measured", longest=LONGEST),
        Column("link", "Link til dokumentation", "Link to evidence", longest=500, hint_da="Begynder med https://", hint_en="Begins with https://"),
        Column("dated", "Dokumentationens dato", "Date of the evidence", Kind.DATE),
        Column("writes", "Gange skrevet", "Times written", Kind.INTEGER, hint_da="Ret den ikke: den viser, om nogen har skrevet imens", hint_en="Do not change it: it shows whether somebody wrote meanwhile"),
    ),
    ("code",),
)  # fmt: skip


def _writes(line: Line) -> int:
    return sum(line.turns.values())


def _level_words(line: Line, language: str) -> str:
    if line.given.state is AnswerState.SCORED:
        return str(line.given.level)
    if line.given.answered_on is None:
        return ""
    da, en = (
        ("ved ikke", "not known") if line.given.state is AnswerState.UNKNOWN else ("ikke relevant", "not applicable")
    )
    return en if language == "en" else da


def _rests(what: Indicator) -> bool:
    """Whether a level of it, its points or its minimum is something else than the official word for it."""
    return what.placeholder("levels") or what.placeholder("points") or what.minimum.placeholder


def _notices(one: Assessment, language: str) -> list[str]:
    """What the reader of the sheet must know before any of its values."""
    if not any(_rests(what) for what in version_of(one).indicators):
        return []
    return [RESTS.say(language)]


def workbook(one: Assessment, *, seen_by: Actor, language: str) -> bytes:
    """The assessment as a workbook to fill: questions with their level texts and what is answered already."""
    groups = {group.code: group.name.say(language) for group in version_of(one).groups}
    rows: list[Row] = [
        {
            "code": line.indicator.code, "group": groups[line.indicator.group], "question": line.indicator.text.say(language),
            "levels": "\n".join(f"{level.number}: {level.name.say(language)}" for level in line.indicator.levels),
            "placeholder": _rests(line.indicator), "level": _level_words(line, language), "justification": line.given.justification,
            "differs_because": line.given.differs_because, "link": next((found.link for found in line.evidence if found.link), ""),
            "dated": next((found.dated for found in line.evidence if found.link), None), "writes": _writes(line),
        }
        for line in lines(one, seen_by=seen_by)
    ]  # fmt: skip
    return template(SCHEMA, rows, language=language, notices=_notices(one, language))


@dataclass(slots=True)
class _Change:
    """One part of one answer that the sheet says anew."""

    line: Line
    part: Part
    value: str


class _Reader:
    """The sheet against what stands: what would change, and everything that is wrong in it."""

    def __init__(self, sheet: Sheet, version: Version, standing: dict[str, Line], today: date) -> None:
        self.sheet, self.version, self.standing, self.today = sheet, version, standing, today
        self.problems = list(sheet.problems)
        self.changes: list[_Change] = []
        self.evidence: list[NewEvidence] = []
        self.same = 0

    def wrong(self, at: int, column: str, value: object, why: str, mend: str, **values: object) -> None:
        shown = "" if value is None else str(value)[:80]
        self.problems.append(Problem(self.sheet.name, at, SCHEMA.column(column).da, shown, why, mend, values))

    def level(self, at: int, what: Indicator, text: str) -> str | None:
        """The level as an answer takes it; None where it is wrong."""
        state = AnswerState.SCORED
        if text.casefold() in _UNKNOWN:
            return AnswerState.UNKNOWN.value
        if text.casefold() in _LEFT_OUT:
            state = AnswerState.NOT_APPLICABLE
        number = int(text) if text.isdecimal() and len(text) < 4 else None
        verdict = fits(what, state, number)
        if not verdict:
            values = {"level": text, **{key: value for key, value in verdict.values.items() if key != "level"}}
            self.wrong(at, "level", text, verdict.reason, mark("Write a level of the list, “ved ikke” or, where it is allowed, “ikke relevant”."), **values)  # fmt: skip
            return None
        return state.value if state is AnswerState.NOT_APPLICABLE else text

    def row(self, at: int, row: Row) -> None:
        code = str(row.get("code") or "")
        line = self.standing.get(code)
        if line is None:
            self.wrong(at, "code", code, mark("The scheme has no indicator %(code)s."), mark("Write the code as it stood when the sheet was taken out."), code=code)  # fmt: skip
            return
        before = len(self.changes) + len(self.evidence)
        said = str(row.get("level") or "").strip()
        value = self.level(at, line.indicator, said) if said else None
        now = str(line.given.level) if line.given.state is AnswerState.SCORED else line.given.state.value
        if value is not None and (value != now or line.given.answered_on is None):
            self.changes.append(_Change(line, Part.LEVEL, value))
        for key, part, stands in (
            ("justification", Part.JUSTIFICATION, line.given.justification),
            ("differs_because", Part.DIFFERS, line.given.differs_because),
        ):
            text = str(row.get(key) or "").strip()
            if key in row and text and text != stands:
                self.changes.append(_Change(line, part, text))
        self.link(at, row, line)
        changed = len(self.changes) + len(self.evidence) > before
        writes = row.get("writes")
        if changed and isinstance(writes, int) and writes != _writes(line):
            self.wrong(at, "writes", writes, mark("Somebody has written in this answer since the sheet was taken out."), mark("Take the sheet out again and write your changes into the new one."))  # fmt: skip
        self.same += not changed

    def link(self, at: int, row: Row, line: Line) -> None:
        link, dated = str(row.get("link") or "").strip(), row.get("dated")
        if not link or link in {found.link for found in line.evidence}:
            return
        if not link.startswith(("https://", "http://")):
            self.wrong(
                at, "link", link, mark("A link begins with https:// or http://."), mark("Write the whole address.")
            )
        elif not isinstance(dated, date) or dated > self.today:
            self.wrong(at, "dated", dated, mark("The evidence has no date, or one in the future."), mark("Write the day that the evidence is from."))  # fmt: skip
        else:
            title = line.indicator.name.say("da")
            self.evidence.append(NewEvidence(line.indicator.code, title, dated, link=link))


def take_in_sheet(
    *, by: Actor, at: datetime, assessment: Assessment, content: bytes, file_name: str, dry_run: bool = False
) -> DryRun:
    """Read the filled sheet; write it unless something in it is wrong or it is only tried."""
    with transaction.atomic():
        one = taken(assessment)
        require(may(by, FILLS[AssessmentKind(one.kind)], one, on=date_of(at)), may_write(one.state, Seat.OWN))
        standing = {line.indicator.code: line for line in lines(one, seen_by=by)}
        reader = _Reader(read(content, SCHEMA), version_of(one), standing, date_of(at))
        for row_at, row in reader.sheet.rows.items():
            reader.row(row_at, row)
        touched = {change.line.indicator.code for change in reader.changes} | {new.indicator for new in reader.evidence}
        run = DryRun(changed=len(touched), unchanged=reader.same, problems=reader.problems)
        if dry_run or run.problems:
            return run
        for change in reader.changes:
            answer(
                by=by, at=at, assessment=one, indicator=change.line.indicator.code, part=change.part, value=change.value,
                turn=change.line.turns.get(change.part, 0),
            )  # fmt: skip
        for new in reader.evidence:
            attach(by=by, at=at, assessment=one, new=new)
        record(
            by=by, at=at, verb="assessments.take_in_sheet", thing="assessment", thing_id=one.pk, body_id=one.cluster.body_id,
            after={"file": file_name[:120], "digest": sha256(content).hexdigest(), "changed": run.changed},
        )  # fmt: skip
    return run
