"""Write what `mutmut run` found into docs/mutation.md between its marks: python tools/mutants.py.

`python tools/mutants.py fresh` goes before a run: mutmut copies a file once and never again, so tests written since would not be run.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]
FILE, GOAL = HOME / "docs" / "mutation.md", 0.9
BEGINS, ENDS = "<!-- mutants -->", "<!-- /mutants -->"
SURVIVED = (0,)


def rows() -> list[tuple[str, int, int, int]]:
    """(module, tried, noticed by a test, not yet tried) of every module that has been mutated."""
    found = []
    for path in sorted((HOME / "mutants" / "src").rglob("*.py.meta")):
        codes = list(json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"].values())
        tried = [code for code in codes if code is not None]
        if codes:
            name = path.relative_to(HOME / "mutants" / "src" / "klyngeforum").with_suffix("").as_posix()
            found.append((name, len(tried), sum(code not in SURVIVED and code != 33 for code in tried), len(codes) - len(tried)))  # fmt: skip
    return found


def fresh() -> int:
    """Take away what was copied and not mutated; mutmut copies it anew. What was found so far stays."""
    for path in (HOME / "mutants" / "src").rglob("*"):
        if path.is_file() and path.suffix != ".meta" and not path.with_name(f"{path.name}.meta").exists():
            path.unlink()
    return 0


def table(found: list[tuple[str, int, int, int]]) -> list[str]:
    tried, noticed, waiting = (sum(row[nth] for row in found) for nth in (1, 2, 3))
    lines = [
        f"Measured {date.today().isoformat()}.",  # noqa: DTZ011
        "",
        "| module | mutants | noticed | share | not tried |",
        "|---|---:|---:|---:|---:|",
    ]
    for name, one, seen, open_ones in [*found, ("**together**", tried, noticed, waiting)]:
        lines.append(f"| {name} | {one} | {seen} | {100 * seen / max(1, one):.1f} % | {open_ones} |")
    return lines


def main() -> int:
    """1 when fewer than nine of ten mutants are noticed."""
    found = rows()
    lines = table(found)
    text = FILE.read_text(encoding="utf-8")
    before, after = text.split(BEGINS)[0], text.split(ENDS)[1]
    FILE.write_text(f"{before}{BEGINS}\n" + "\n".join(lines) + f"\n{ENDS}{after}", encoding="utf-8")
    print("\n".join(lines))
    tried, noticed = (sum(row[nth] for row in found) for nth in (1, 2))
    return 0 if tried and noticed / tried >= GOAL else 1


if __name__ == "__main__":
    sys.exit(fresh() if "fresh" in sys.argv[1:] else main())
