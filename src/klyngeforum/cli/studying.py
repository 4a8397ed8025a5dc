"""study: extracts of the company register, and effect studies counted by their frozen protocols."""

from __future__ import annotations

import json
from pathlib import Path

from django.utils import timezone

from klyngeforum.ground.period import date_of
from klyngeforum.results.effects import actions, outside
from klyngeforum.results.effects.queries import Study, extracts, protocol_of, studies, told
from klyngeforum.results.effects.rules import called, digest_of_text, read
from klyngeforum.results.effects.terms import Grouped, Line, StudyState

from .printing import Row, show
from .stopping import Options, Stop
from .working import heard


def study(options: Options) -> int:
    """0 when done; 1 when the protocol is refused (every mistake in a line of its own)."""
    what, thing = str(options["what"]), options["thing"]
    if what == "list":
        show([_row(one) for one in studies(seen_by=None, on=timezone.localdate())], str(options["format"]))
        return 0
    if not thing:
        raise Stop(f"name a file after klyngeforum study {what}")
    if what == "extract":
        return _extract(options, Path(str(thing)))
    if what == "take-in":
        return _take_in(options, Path(str(thing)))
    return _bundle(options, str(thing)) if what == "bundle" else _run(options, str(thing))


def _row(one: Study) -> Row:
    protocol = protocol_of(one)
    return {
        "study": one.code, "state": one.state, "question": protocol.question.say("en") if protocol else "", "frozen": one.frozen_at and date_of(one.frozen_at),
        "extract": one.extract.number if one.extract else None, "digest": one.digest[:16],
    }  # fmt: skip


def _extract(options: Options, path: Path) -> int:
    """Number the file; the same file again is the extract that it was."""
    one = actions.take_in_extract(by=None, at=timezone.now(), path=path, source=str(options["source"] or ""))
    shown = [
        {"extract": row.number, "rows": row.rows, "companies": row.companies, "from": row.first_year, "to": row.last_year, "checksum": row.checksum}
        for row in extracts().filter(pk=one.pk)
    ]  # fmt: skip
    show(shown, str(options["format"]))
    return 0


def _named(thing: str) -> Study:
    """A study by its code, or by its protocol's file: written and frozen when it is new."""
    known = studies(seen_by=None, on=timezone.localdate())
    found = known.filter(code=thing).first()
    if found is not None:
        return found
    path = Path(thing)
    if not path.is_file():
        raise Stop(f"there is no study {thing!r} and no file of that name; klyngeforum study list shows the studies")
    text, now = path.read_text(encoding="utf-8"), timezone.now()
    protocol, _ = read(text)
    found = known.filter(code=protocol.code).first() if protocol else None
    if found is None:
        return actions.write(by=None, at=now, text=text)
    if found.digest != digest_of_text(text):
        raise Stop(f"study {found.code!r} stands with other words; give the protocol in {thing} another code")
    return found


def _frozen(thing: str) -> Study:
    one = _named(thing)
    return actions.freeze(by=None, at=timezone.now(), study=one) if one.state == StudyState.DRAFT else one


def _bundle(options: Options, thing: str) -> int:
    one = _frozen(thing)
    row, content = outside.bundle(by=None, at=timezone.now(), study=one)
    path = Path(str(options["out"] or f"{one.code}.zip"))
    path.write_bytes(content)
    show(
        [{"study": one.code, "file": str(path), "companies": row.companies, "bundle": row.digest}],
        str(options["format"]),
    )
    return 0


def _take_in(options: Options, path: Path) -> int:
    if not path.is_file():
        raise Stop(f"there is no file {path}; send the result.json that klyngeanalyse study wrote")
    result = outside.take_in_answer(by=None, at=timezone.now(), content=path.read_bytes())
    show([{"study": result.study.code, "state": result.study.state, "inputs": result.inputs, "digest": result.digest}], str(options["format"]))  # fmt: skip
    return 0


def _run(options: Options, thing: str) -> int:
    one, now = _frozen(thing), timezone.now()
    result = actions.run(by=None, at=now, study=one, during=heard)
    one = studies(seen_by=None, on=date_of(now)).get(pk=one.pk)
    protocol, found = protocol_of(one), told(one)
    if options["format"] == "json":
        whole = {
            "study": one.code,
            "state": one.state,
            "inputs": result.inputs,
            "digest": result.digest,
            "result": json.loads(result.told),
        }
        print(json.dumps(whole, ensure_ascii=False, indent=1))
        return 0
    word = protocol.causal if protocol else False
    show([_line(line, word) for line in (found.lines if found else ())], "table")
    for part in found.by if found else ():
        print(f"\n{part.outcome.column} by {part.column}, in {part.outcome.form.replace('_', ' ')}")
        show(_groups(part, word), "table")
        if part.refused:
            print(f"could not be answered: {part.refused}")
        if part.unnamed:
            print(f"{part.unnamed} more: too few participants to be named")
    return 0


def _line(line: Line, causal: bool) -> Row:
    return {
        "outcome": line.outcome.column, "called": called(causal, line.claim), "estimate": round(line.estimate, 4),
        "low": round(line.low, 4), "high": round(line.high, 4), "relative": line.relative and round(line.relative, 4),
        "participants": line.participants, "claim": line.claim.value,
    }  # fmt: skip


def _groups(part: Grouped, causal: bool) -> list[Row]:
    """Every group with its own answer and the one drawn towards the common; then those of which nothing is told, and why."""
    rows: list[Row] = [
        {
            "group": one.key, "called": called(causal, one.claim), "own": round(one.own.estimate, 4), "drawn": round(one.shrunk.estimate, 4),
            "low": round(one.shrunk.low, 4), "high": round(one.shrunk.high, 4), "p": round(one.p, 4), "participants": one.participants, "told": "yes",
        }
        for one in part.groups
    ]  # fmt: skip
    nothing = dict.fromkeys(("called", "own", "drawn", "low", "high", "p", "participants"))
    reasons = (("too few participants", part.few), ("nobody to compare with", part.unfit))
    return rows + [{"group": key, **nothing, "told": why} for why, keys in reasons for key in keys]
