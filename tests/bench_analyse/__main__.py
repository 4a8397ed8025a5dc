"""`python -m tests.bench_analyse [AREA ...]`: measures every area beside its peers and writes docs/benchmarks/AREA.md."""

# ruff: noqa: T201  a program for the terminal
from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path

from tests.bench_analyse.report import written


def areas() -> list[str]:
    """The modules here that can be measured."""
    found = []
    for path in sorted(Path(__file__).parent.glob("*.py")):
        if not path.name.startswith("_") and "\ndef measure(" in path.read_text(encoding="utf-8"):
            found.append(path.stem)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("areas", nargs="*", metavar="AREA", help=f"of {', '.join(areas())}; all without it")
    asked = parser.parse_args().areas or areas()
    strange = sorted(set(asked) - set(areas()))
    if strange:
        print(f"bench-analyse: no area {strange[0]}; there are {', '.join(areas())}", file=sys.stderr)
        return 2
    failed = 0
    for area in asked:
        print(f"{area} …", flush=True)
        try:
            lines = import_module(f"tests.bench_analyse.{area}").measure()
        except Exception as error:  # the other areas are still measured; the code says that one failed
            print(f"bench-analyse: {area}: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
            failed += 1
            continue
        print(f"{written(area, lines)}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
