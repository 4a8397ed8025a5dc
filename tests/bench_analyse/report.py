"""The page of one area: which machine, which versions, then what its module measured."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

HOME = Path(__file__).resolve().parents[2]
PAGES = HOME / "docs" / "benchmarks"


def machine() -> str:
    """Processors, memory and the libraries that do the work, in one line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    found = []
    for name in ("numpy", "scipy", "duckdb", "pyarrow"):
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} absent")
    return f"{os.cpu_count()} processors, {memory:.0f} GB, Python {platform.python_version()}, {', '.join(found)}"


def written(area: str, lines: Sequence[str]) -> Path:
    PAGES.mkdir(parents=True, exist_ok=True)
    path = PAGES / f"{area}.md"
    head = () if lines and lines[0].startswith("# ") else (f"# Benchmarks: {area}", "")
    path.write_text(
        "\n".join([*head, *lines, "", f"Machine: {machine()}. Renewed by `make bench-analyse AREA={area}`."]) + "\n",
        encoding="utf-8",
    )
    return path
