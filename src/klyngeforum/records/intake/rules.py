"""What a pasted participant list says, line by line; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

MOST_LINES = 500
_CVR = re.compile(r"(?<!\d)(?:DK[ -]?)?(\d{2}[ .]?\d{2}[ .]?\d{2}[ .]?\d{2})(?!\d)")
_HOURS = re.compile(r"(?<![\w,.])(\d{1,5}(?:[.,]\d{1,2})?)\s*(?:t|timer|h|hours?)\b\.?", re.IGNORECASE)
_PERSONS = re.compile(r"(?<![\w,.])(\d{1,4})\s*(?:pers\.?|personer|persons?|deltagere)(?!\w)", re.IGNORECASE)
_CLOCK = re.compile(r"\b\d{1,2}[:.]\d{2}(?::\d{2})?\b")


@dataclass(frozen=True, slots=True)
class PastedLine:
    """One participant as pasted: a name, and a CVR number, persons and hours where the line holds them."""

    name: str
    number: str = ""
    persons: int = 1
    hours: Decimal = Decimal(0)


def _hours(text: str) -> Decimal:
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        return Decimal(0)


def pasted_line(line: str) -> PastedLine | None:
    """Read one line: cells by tab or semicolon, or plain text; sign-in times are left out. A line without a name is none."""
    text = line.strip()
    number = _CVR.search(text)
    text = _CVR.sub(" ", text)
    hours, persons = _HOURS.search(text), _PERSONS.search(text)
    text = _CLOCK.sub(" ", _PERSONS.sub(" ", _HOURS.sub(" ", text)))
    cells = [cell.strip(" ,.-") for cell in re.split(r"[\t;]", text)]
    name = next((cell for cell in cells if re.search(r"[^\W\d_]", cell)), "")
    bare = [cell for cell in cells if re.fullmatch(r"\d{1,4}", cell)]
    if not name:
        return None
    return PastedLine(
        " ".join(name.split())[:200],
        re.sub(r"\D", "", number.group(1)) if number else "",
        int(persons.group(1)) if persons else int(bare[0]) if bare else 1,
        _hours(hours.group(1)) if hours else _hours(bare[1]) if len(bare) > 1 else Decimal(0),
    )


def pasted(text: str) -> list[PastedLine]:
    """Every participant of the pasted text in order; the same number or name twice is one, with the larger figures."""
    found: dict[str, PastedLine] = {}
    for raw in text.splitlines()[:MOST_LINES]:
        line = pasted_line(raw)
        if line is None:
            continue
        key = line.number or line.name.casefold()
        known = found.get(key)
        if known:
            line = PastedLine(known.name, known.number, max(known.persons, line.persons), max(known.hours, line.hours))
        found[key] = line
    return list(found.values())
