"""The page for people: one file without scripts that a screen reader, a telephone and a printer can use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any
from xml.etree import ElementTree as Tree

from klyngeanalyse.core.results import Row, plain

MOST_ROWS = 200


@dataclass(frozen=True)
class Shown:
    """What the page knows of one result: its table, its files, and its chart if it was drawn."""

    name: str
    heads: Sequence[str]
    rows: Sequence[Row]
    files: tuple[str, ...]
    drawn: str
    described: str
    has_chart: bool


def page(verb: str, record: Mapping[str, Any], shown: Sequence[Shown]) -> str:
    main = Tree.Element("main")
    _add(main, "h1", f"klyngeanalyse {verb}: {record['input']['name']}")
    if len(shown) > 1:
        listed = Tree.SubElement(Tree.SubElement(main, "nav", {"aria-label": "Results"}), "ul")
        for one in shown:
            _add(Tree.SubElement(listed, "li"), "a", _title(one.name), href=f"#{one.name}")
    for one in shown:
        main.append(_section(one))
    main.append(_origin(record))
    body = Tree.tostring(main, encoding="unicode", method="html")
    skeleton = Template(Path(__file__).with_name("page.html").read_text(encoding="utf-8"))
    title = Tree.Element("t")
    title.text = f"{verb}: {record['input']['name']}"
    return skeleton.substitute(title=Tree.tostring(title, encoding="unicode")[3:-4], body=body)


def _add(parent: Tree.Element, tag: str, text: str, **attributes: str) -> Tree.Element:
    child = Tree.SubElement(parent, tag, attributes)
    child.text = text
    return child


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _section(one: Shown) -> Tree.Element:
    section = Tree.Element("section", {"aria-labelledby": one.name})
    _add(section, "h2", _title(one.name), id=one.name)
    if one.drawn:
        figure = Tree.SubElement(section, "figure")
        Tree.SubElement(
            figure, "img", {"src": one.drawn, "alt": one.described or f"Chart of the table {_title(one.name)}"}
        )
        if one.described:
            _add(figure, "figcaption", one.described)
    elif one.has_chart:
        _add(section, "p", f"The chart is in {one.name}.vl.json; it is drawn here when vl-convert-python is installed.")
    section.append(_table(one))
    line = _add(section, "p", "Files: ")
    for nth, file in enumerate(one.files):
        link = _add(line, "a", file, href=file)
        link.tail = ", " if nth + 1 < len(one.files) else ""
    return section


def _table(one: Shown) -> Tree.Element:
    if not one.rows:
        empty = Tree.Element("p")
        empty.text = "No rows."
        return empty
    box = Tree.Element(
        "div", {"class": "wide", "role": "region", "aria-label": f"Table {_title(one.name)}", "tabindex": "0"}
    )
    table = Tree.SubElement(box, "table")
    rows = [{head: plain(row.get(head)) for head in one.heads} for row in one.rows[:MOST_ROWS]]
    count = f"{len(one.rows)} rows" if len(one.rows) > 1 else "1 row"
    more = f", the first {MOST_ROWS} shown; all are in {one.name}.csv" if len(one.rows) > MOST_ROWS else ""
    _add(table, "caption", f"{_title(one.name)}: {count}{more}")
    numeric = {head for head in one.heads if all(row[head] is None or _is_number(row[head]) for row in rows)}
    top = Tree.SubElement(Tree.SubElement(table, "thead"), "tr")
    for head in one.heads:
        _add(top, "th", head.replace("_", " "), scope="col", **({"class": "n"} if head in numeric else {}))
    body = Tree.SubElement(table, "tbody")
    for row in rows:
        line = Tree.SubElement(body, "tr")
        for nth, head in enumerate(one.heads):
            attributes = {"class": "n"} if head in numeric else {}
            if nth == 0:
                attributes["scope"] = "row"
            _add(line, "th" if nth == 0 else "td", said(row[head]), **attributes)
    return box


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def said(value: Any) -> str:
    """A value as people read it: four significant decimals, lists with commas, nothing for what is missing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return (
            f"{value:.0f}"
            if value.is_integer() and abs(value) < 1e15
            else f"{value:.4g}"
            if abs(value) < 1
            else f"{value:.4f}"
        )
    if isinstance(value, list):
        return ", ".join(said(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} {said(one)}" for key, one in value.items())
    return str(value)


def _origin(record: Mapping[str, Any]) -> Tree.Element:
    section = Tree.Element("section", {"aria-labelledby": "origin"})
    _add(section, "h2", "Where this comes from", id="origin")
    listed = Tree.SubElement(section, "dl")
    lines = {
        "Input": record["input"]["name"],
        "SHA-256 of the input": record["input"]["sha256"] or "not a file",
        "Options": said(record["options"]) or "none",
        "Seed": str(record["seed"]),
        "Version": f"klyngeanalyse {record['klyngeanalyse']}",
        "Everything for machines": "result.json",
    }
    for term, text in lines.items():
        _add(listed, "dt", term)
        _add(listed, "dd", text)
    return section
