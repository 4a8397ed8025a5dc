"""Writes the answers of a run: result.json for machines, CSV for spreadsheets, SVG charts and a page for people.

The same input, options and seed give the same bytes: no dates, no order by chance.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from klyngeanalyse.cli.page import Shown, page
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.results import Chart, Result, Row, plain

RECORD = "result.json"
PAGE = "index.html"
_JSON = json.JSONEncoder(ensure_ascii=False, allow_nan=False)
_NOT_SAID = {"input", "out", "protocol", "quiet", "verb", "seed", "settings"}


def write(out: Path, said: argparse.Namespace, results: Mapping[str, Result]) -> Path:
    """Every result's files and the page into `out`; what an earlier run left there is taken away first. Gives the page."""
    for name in results:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
            raise ValueError(f"a result is called {name!r}: use small letters, digits and _")
    out.mkdir(parents=True, exist_ok=True)
    _clear(out)
    shown = [_write_one(out, name, result) for name, result in results.items()]
    record = _record(said)
    files = sorted([*(file for one in shown for file in one.files), RECORD, PAGE])
    (out / PAGE).write_text(page(said.verb, record, shown), encoding="utf-8", newline="\n")
    del shown  # tables may be large
    # last, and whole or not at all: a folder with a record is a folder where everything was written
    part = out / f"{RECORD}.part"
    try:
        with part.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(_told({**plain(record), "files": files, "results": results}))
            file.write("\n")
        part.replace(out / RECORD)
    finally:
        part.unlink(missing_ok=True)
    return out / PAGE


def _told(value: Any, deep: int = 0) -> Iterator[str]:
    """JSON piece by piece: a result only when its turn comes, each entry of an object and each row of a list on a line of its own."""
    said = value.as_dict() if isinstance(value, Result) else value
    if not said or not isinstance(said, Mapping | list | tuple):
        yield _JSON.encode(said)
        return
    named, begin, end = (
        (said.items(), "{", "}") if isinstance(said, Mapping) else (((None, one) for one in said), "[", "]")
    )
    for nth, (name, one) in enumerate(named):
        yield f"{',' if nth else begin}\n{' ' * (deep + 1)}"
        if name is None:
            yield _JSON.encode(one)
        else:
            yield f"{_JSON.encode(str(name))}: "
            yield from _told(one, deep + 1)
    yield f"\n{' ' * deep}{end}"


def _clear(out: Path) -> None:
    """Takes away the files that the record of an earlier run names, and nothing else."""
    record = out / RECORD
    if not record.exists():
        return
    try:
        earlier = json.loads(record.read_text(encoding="utf-8"))
        files = [str(name) for name in earlier["files"]]
    except (ValueError, KeyError, TypeError):
        raise Unfit(
            f"{record} was not written by klyngeanalyse", where="--out", mend="give another folder or move that file"
        ) from None
    for name in files:
        if Path(name).name == name:
            (out / name).unlink(missing_ok=True)


def _write_one(out: Path, name: str, result: Result) -> Shown:
    rows = list(result.rows())
    heads = list(dict.fromkeys(head for row in rows for head in row))
    _csv(out / f"{name}.csv", heads, rows)
    files, chart = [f"{name}.csv"], result.chart()
    drawn = ""
    if chart is not None:
        (out / f"{name}.vl.json").write_text(
            json.dumps(plain(chart), ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n"
        )
        files.append(f"{name}.vl.json")
        if svg := _svg(chart):
            (out / f"{name}.svg").write_text(svg, encoding="utf-8", newline="\n")
            files.append(f"{name}.svg")
            drawn = f"{name}.svg"
    return Shown(name, heads, rows, tuple(files), drawn, _described(chart), chart is not None)


def _csv(path: Path, heads: Sequence[str], rows: Sequence[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file, lineterminator="\n")
        sheet.writerow(heads)
        sheet.writerows([_cell(row.get(head)) for head in heads] for row in rows)


def _cell(value: Any) -> Any:
    said = plain(value)
    if said is True or said is False:
        return "true" if said else "false"
    return json.dumps(said, ensure_ascii=False) if isinstance(said, list | dict) else said


def _svg(chart: Chart) -> str:
    """The chart as SVG, or nothing where the drawing library is not installed: the page says so then."""
    try:
        drawer = import_module("vl_convert")
    except ImportError:
        return ""
    return str(drawer.vegalite_to_svg(plain(chart)))


def _described(chart: Chart | None) -> str:
    title = (chart or {}).get("title", "")
    text = (chart or {}).get("description") or (title.get("text", "") if isinstance(title, Mapping) else title)
    return " ".join(text) if isinstance(text, list) else str(text)


def _record(said: argparse.Namespace) -> dict[str, Any]:
    """What was asked of which data by which version: enough to ask it again."""
    options = {key: value for key, value in sorted(vars(said).items()) if key not in _NOT_SAID}
    return {
        "klyngeanalyse": _version(),
        "verb": said.verb,
        "input": {"name": Path(said.input).name.split("?")[0], "sha256": _digest(Path(said.input))},
        "protocol": plain(said.settings) or None,
        "options": {key: str(value) if isinstance(value, Path) else plain(value) for key, value in options.items()},
        "seed": said.seed,
    }


def _version() -> str:
    for distribution in ("klyngeanalyse", "klyngeforum"):
        try:
            return version(distribution)
        except PackageNotFoundError:
            continue
    return "source"


def _digest(path: Path) -> str | None:
    """The digest of a file; of something else than a file (an address of a database) there is none."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
