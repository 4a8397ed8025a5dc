"""What was measured, gathered into docs/benchmarks.md between its marks; the prose around them is written by hand."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

FILE = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"


def write(part: str, lines: list[str]) -> None:
    """Replace what stands between ``<!-- part -->`` and ``<!-- /part -->``."""
    text = FILE.read_text(encoding="utf-8")
    begins, ends = f"<!-- {part} -->", f"<!-- /{part} -->"
    before, rest = text.split(begins)
    _, after = rest.split(ends)
    body = "\n".join([f"Measured {date.today().isoformat()}.", "", *lines])  # noqa: DTZ011
    FILE.write_text(f"{before}{begins}\n{body}\n{ends}{after}", encoding="utf-8")
    sys.stdout.write(f"\n{body}\n")
