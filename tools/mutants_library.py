"""How many small changes of the analysis library's numerical modules its tests notice: python tools/mutants_library.py [MODULE ...].

mutmut says what may be changed; each change is tried in a fork of a process that has NumPy and DuckDB loaded already, with the tests of the
module's room that import it, until the first one fails. Of a module with many mutants a seeded sample is tried. What was
found goes into docs/mutation.md between its marks, and what lives on is printed. Hypothesis neither shrinks nor remembers.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from difflib import unified_diff
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from math import sqrt
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb  # noqa: F401 (loaded before the forks; no connection is opened)
import hypothesis
import numpy as np  # noqa: F401
import pyarrow.parquet  # noqa: F401
import pytest
import scipy.optimize
import scipy.stats  # noqa: F401
from mutmut.mutation.file_mutation import create_mutations

HOME = Path(__file__).resolve().parents[1]
LIBRARY, FILE = HOME / "src" / "klyngeanalyse", HOME / "docs" / "mutation.md"
BEGIN, END = "<!-- library begin -->", "<!-- library end -->"
SAMPLE, JOBS, SEED, SLACK = int(os.environ.get("SAMPLE", "60")), int(os.environ.get("JOBS", "2")), 5, 8.0
LOOK = 0.02  # seconds between two looks whether the tests have ended
NUMERICAL = (
    "effects/aggregates", "effects/bands", "effects/cells", "effects/conditional", "effects/influence", "effects/matched", "effects/ordered",
    "effects/pretrend", "effects/relative", "effects/scores", "effects/sensitivity", "effects/twoway", "matching/balance", "matching/balancing",
    "matching/coarsened", "matching/effect", "matching/held", "matching/kernel", "matching/mahalanobis", "matching/nearest", "matching/paired", "matching/propensity",
    "strengths/agglomeration", "strengths/emerging", "strengths/growth", "strengths/quotients", "strengths/strong", "relatedness/complexity",
    "relatedness/entry", "relatedness/space", "geography/medoid", "geography/radius", "geography/spread", "landscape/counting",
    "landscape/dependence", "landscape/masks", "landscape/mass", "landscape/merging", "landscape/overlap", "landscape/sharing", "schedule/bound",
)  # fmt: skip
# what is drawn, listed or said in words decides no number
SHOWN = {"rows", "chart", "as_dict", "tables", "text", "words", "__repr__", "__str__", "charts"}


@dataclass(frozen=True)
class Found:
    module: str
    mutants: int
    tried: int
    noticed: int
    alive: tuple[str, ...]

    def row(self) -> str:
        share = self.noticed / max(self.tried, 1)
        apart = 1.96 * sqrt(share * (1 - share) / max(self.tried, 1)) * sqrt(1 - self.tried / max(self.mutants, 1))
        near = f" ± {100 * apart:.0f}" if self.tried < self.mutants else ""
        return f"| `{self.module}` | {self.mutants} | {self.tried} | {self.noticed} | {100 * share:.0f} %{near} |"


class _Changed(MetaPathFinder, Loader):
    """Gives one module of the library from a source of its own."""

    def __init__(self, name: str, code: str, path: Path) -> None:
        self.name, self.code, self.path = name, code, path

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        return spec_from_loader(name, self, origin=str(self.path)) if name == self.name else None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.code, str(self.path), "exec"), module.__dict__)  # noqa: S102 (our own code, changed)


def mutants(path: Path) -> list[str]:
    """The module's source with each change by itself."""
    tree, changes, _, _ = create_mutations(str(path), path.read_text())
    return [_replaced(tree, one) for one in changes if _name(one.contained_by_top_level_function) not in {"", *SHOWN}]


def _name(function: Any) -> str:
    return str(function.name.value) if hasattr(function, "name") else ""


def _replaced(tree: Any, one: Any) -> str:
    changed = tree.deep_replace(one.original_node, one.mutated_node)
    return str(changed.code)


def tests_of(module: str) -> list[str]:
    """The room's test files that import the module, or else a module that imports it (all of them where none does): more tests could only
    notice more."""
    room, name = module.split("/")
    files = sorted((LIBRARY / room / "tests").glob("test_*.py"))
    said = f"klyngeanalyse.{room}.{name} import"
    users = (one.stem for one in sorted((LIBRARY / room).glob("*.py")) if said in one.read_text())
    direct = [str(one) for one in files if said in one.read_text()]
    return (
        direct or sorted({one for user in users for one in tests_of(f"{room}/{user}")}) or [str(one) for one in files]
    )


def _tried(name: str, code: str, path: Path, tests: list[str]) -> None:
    """In the fork: 0 where the tests passed."""
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    sys.meta_path.insert(0, _Changed(name, code, path))
    hypothesis.settings.register_profile("mutants", max_examples=25, deadline=None, database=None, derandomize=True, phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate], suppress_health_check=list(hypothesis.HealthCheck))  # fmt: skip
    options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:django", f"--confcutdir={LIBRARY}", "--hypothesis-profile=mutants", "-m", "not slow and not spark"]  # fmt: skip
    os._exit(int(pytest.main([*options, *tests])))


def verdict(name: str, code: str, path: Path, tests: list[str], limit: float) -> tuple[bool, float]:
    """Whether the tests pass within the limit, and the seconds; the limit is of looks, so that a paused machine is no hang."""
    began, looks, child = time.monotonic(), 0, os.fork()
    if child == 0:
        try:
            _tried(name, code, path, tests)
        finally:
            os._exit(9)
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status) == 0, time.monotonic() - began
        looks += 1
        if looks * LOOK > limit:
            os.kill(child, 9)
            os.waitpid(child, 0)
            return False, limit
        time.sleep(LOOK)


def measured(module: str) -> Found:
    path, name = LIBRARY / f"{module}.py", "klyngeanalyse." + module.replace("/", ".")
    source, tests = path.read_text(), tests_of(module)
    passed, took = verdict(name, source, path, tests, 300)
    if not passed:
        raise SystemExit(f"{module}: its tests do not pass as it stands")
    every = mutants(path)
    some = sorted(random.Random(SEED).sample(range(len(every)), min(SAMPLE, len(every))))
    limit = SLACK + 3 * took
    with ThreadPoolExecutor(JOBS) as hands:
        lives = list(hands.map(lambda nth: verdict(name, every[nth], path, tests, limit)[0], some))
    alive = tuple(_said(source, every[nth], nth) for nth, lived in zip(some, lives, strict=True) if lived)
    return Found(module, len(every), len(some), len(some) - len(alive), alive)


def _said(before: str, after: str, nth: int) -> str:
    lines = unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return f"#{nth} " + " ".join(line.strip() for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---"))


def written(found: Iterable[Found]) -> None:
    """The rows of these modules in the table; those of others stay."""
    text = FILE.read_text()
    begin, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    rows = {line.split("`")[1]: line for line in text[begin:end].splitlines() if line.startswith("| `")}
    rows |= {one.module: one.row() for one in found}
    tried, noticed = (sum(int(row.split("|")[column]) for row in rows.values()) for column in (3, 4))
    head = ["", "| module | mutants | tried | noticed | share |", "|---|---:|---:|---:|---:|"]
    last = f"| together | | {tried} | {noticed} | **{100 * noticed / max(tried, 1):.1f} %** |"
    FILE.write_text(text[:begin] + "\n".join([*head, *(rows[key] for key in sorted(rows)), last, ""]) + text[end:])


def main(modules: list[str]) -> int:
    for module in modules or NUMERICAL:
        began, found = time.monotonic(), measured(module)
        print(
            f"{module}: {found.noticed} of {found.tried} noticed ({found.mutants} mutants), {time.monotonic() - began:.0f} s",
            flush=True,
        )
        print("".join(f"  lives on {one}\n" for one in found.alive), end="", flush=True)
        written([found])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
