"""Effects at the size of Europe, side by side with diff-diff: whole-process seconds and peak memory, in one run.

`python tests/bench_analyse/effects_own.py PANEL JOB` is our side alone. The peer lives in `.venv-peers/effects`
(requirements/peers-effects.txt); where it cannot be had the page says so.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet

from tests.bench_analyse.timing import peers, run, warmed

HERE = Path(__file__).parent
FOLDER = Path(os.environ.get("KLYNGEANALYSE_BENCH", Path(tempfile.gettempdir()) / "klyngeanalyse-bench"))
YEARS, TREATED, EFFECT, SEED = np.arange(2010, 2020), 10_000, 0.08, 7
# two BLAS threads on a shared machine wait for each other; the same for both sides
JOBS = ("plain", "codes", "codes-small", "numbers", "four", "shuffled", "large")
QUIET = {"OPENBLAS_NUM_THREADS": "1"}


def panel(companies: int, name: str, *, slim: bool = False, shuffled: bool = False) -> Path:
    """companies × 10 years in Parquet: 10,000 (1 % of the large one) take part from 2013 to 2019, effect 0.08, growth leaning on x1.

    slim: one outcome and no covariates; shuffled: rows in random order within each 250,000 companies.
    """
    path = FOLDER / f"{name}.parquet"
    if path.exists():
        return path
    FOLDER.mkdir(parents=True, exist_ok=True)
    chance = np.random.default_rng(SEED)
    first = np.zeros(companies, dtype=np.int32)
    treated = max(TREATED, companies // 100)
    first[chance.choice(companies, treated, replace=False)] = 2013 + np.arange(treated) % 7
    half = path.with_suffix(".part")
    writer = None
    for start in range(0, companies, 250_000):
        table = _part(chance, first[start : start + 250_000], start, slim)
        if shuffled:
            table = table.take(pa.array(chance.permutation(table.num_rows)))
        writer = writer or pyarrow.parquet.ParquetWriter(half, table.schema)
        writer.write_table(table)
    assert writer is not None
    writer.close()
    half.rename(path)
    return path


def _part(chance: np.random.Generator, first: np.ndarray, start: int, slim: bool) -> pa.Table:
    n, t = len(first), len(YEARS)
    x1, x2 = chance.normal(size=n), chance.normal(size=n)
    size, export = chance.integers(0, 3, n), chance.integers(0, 2, n)
    columns: dict[str, np.ndarray] = {
        "company": np.repeat(np.arange(start, start + n, dtype=np.int32), t),
        "year": np.tile(YEARS.astype(np.int16), n),
        "first": np.repeat(first, t),
    }
    for name in ("y",) if slim else ("y", "y2", "y3", "y4"):
        y = chance.normal(size=n)[:, None] + 0.05 * (1 + 0.3 * x1[:, None]) * np.arange(t)
        y += chance.normal(scale=0.25, size=(n, t)).cumsum(axis=1)
        y += np.where((first[:, None] > 0) & (first[:, None] <= YEARS), EFFECT, 0.0)
        columns[name] = y.ravel()
    if not slim:
        columns |= {"x1": np.repeat(x1, t), "x2": np.repeat(x2, t)}
        columns |= {"size": np.repeat(size.astype(np.int8), t), "export": np.repeat(export.astype(np.int8), t)}
        columns |= {"medium": np.repeat((size == 1) * 1.0, t), "large": np.repeat((size == 2) * 1.0, t)}
    return pa.table(columns)


class Table:
    """Lines of the page, and what was measured of each job."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.seconds: dict[str, float] = {}

    def ours(self, name: str, path: Path, job: str, times: int) -> dict[str, Any]:
        return self._row(name, [sys.executable, str(HERE / "effects_own.py"), str(path), job], times)

    def theirs(self, name: str, python: Path, path: Path, job: str, times: int) -> dict[str, Any]:
        return self._row(name, [str(python), str(HERE / "effects_peer.py"), str(path), job], times)

    def _row(self, name: str, command: list[str], times: int) -> dict[str, Any]:
        found = run(command, times, QUIET)
        self.seconds |= {name: found.seconds, name + "/cpu": found.processor, name + "/mb": found.megabytes}
        self.lines.append(
            f"| {name} | {found.seconds:.2f} | {found.processor:.2f} | {found.megabytes:,.0f} | {times} |"
        )
        sys.stderr.write(self.lines[-1] + "\n")
        told: dict[str, Any] = json.loads(found.said.splitlines()[-1])
        return told

    def goal(self, what: str, reached: float, goal: float, *, at_least: bool = True, unit: str = "x") -> None:
        met = reached >= goal if at_least else reached <= goal
        said = "" if met else "not reached: "
        self.lines.append(f"* {what}: {said}**{reached:.3g}{unit}** (goal {'≥' if at_least else '≤'} {goal:g}{unit})")
        sys.stderr.write(self.lines[-1] + "\n")


def apart(a: dict[str, Any], b: dict[str, Any]) -> float:
    """Largest difference of any ATT(g, t), error or the simple aggregate."""
    if set(a["cells"]) != set(b["cells"]):
        raise RuntimeError(f"not the same pairs: {sorted(set(a['cells']) ^ set(b['cells']))}")
    pairs = [(a["cells"][key], b["cells"][key]) for key in a["cells"]] + [(a["simple"], b["simple"])]
    return max(abs(float(x) - float(y)) for one, other in pairs for x, y in zip(one, other, strict=True))


def _beside(table: Table, python: Path | None, job: str, goal: float | None, what: str, path: Path, times: int) -> None:
    """One job of ours and of the peer, and how they compare."""
    ours, other = f"{what}: klyngeanalyse", f"{what}: diff-diff"
    mine = table.ours(ours, path, job, times)
    if python is None:
        return
    theirs = table.theirs(other, python, path, job, min(times, 2))
    faster = table.seconds[other] / table.seconds[ours]
    if goal is None:
        table.lines.append(f"* {what}, times faster: {faster:.3g}x")
    else:
        table.goal(f"{what}, times faster", faster, goal)
    busy = table.seconds[other + "/cpu"] / table.seconds[ours + "/cpu"]
    table.lines.append(f"* {what}, times less processor time: {busy:.3g}x")
    table.goal(f"{what}, largest difference", apart(mine, theirs), 1e-8, at_least=False, unit="")
    share = table.seconds[ours + "/mb"] / table.seconds[other + "/mb"]
    table.lines.append(f"* {what}, share of its memory: {share:.2f}")


def measure(jobs: tuple[str, ...] = JOBS, times: int = 3) -> list[str]:
    python, table = peers("effects"), Table()
    warmed(sys.executable, "tests.bench_analyse.effects_own")
    if python:
        warmed(python, "diff_diff, pandas, pyarrow.parquet")
    million = panel(1_000_000, "million")
    for name, job, goal, what, path in (
        ("plain", "plain", 15, "no covariates, 1 M × 10", million),
        ("codes", "codes", 35, "doubly robust, codes, 1 M × 10", million),
        ("codes-small", "codes", None, "doubly robust, codes, 100,000 × 10", panel(100_000, "hundred-thousand")),
        ("numbers", "numbers", 8, "doubly robust, numbers, 1 M × 10", million),
    ):
        if name in jobs:
            _beside(table, python, job, goal, what, path, times)
    if "four" in jobs:
        if "plain" not in jobs:
            table.ours("no covariates, 1 M × 10: klyngeanalyse", million, "plain", times)
        table.ours("four outcomes at once", million, "four", times)
        table.goal("four outcomes against one", table.seconds["four outcomes at once"] / table.seconds["no covariates, 1 M × 10: klyngeanalyse"], 3, at_least=False)  # fmt: skip
    if "shuffled" in jobs:
        table.ours(
            "no covariates, rows in no order",
            panel(1_000_000, "million-shuffled", slim=True, shuffled=True),
            "plain",
            times,
        )
    if "large" in jobs:
        large = panel(10_000_000, "ten-million", slim=True)
        table.ours("100 million rows (10 M × 10)", large, "large", max(1, times - 1))
        table.goal(
            "100 million rows, seconds", table.seconds["100 million rows (10 M × 10)"], 10, at_least=False, unit=" s"
        )
        table.goal(
            "100 million rows, memory",
            table.seconds["100 million rows (10 M × 10)/mb"],
            512,
            at_least=False,
            unit=" MB",
        )
    return [*_head(python), *table.lines]


def _head(python: Path | None) -> list[str]:
    versions = f"Python {platform.python_version()}, DuckDB {duckdb.__version__}, NumPy {np.__version__}"
    peer = "no peer: `.venv-peers/effects` could not be made (requirements/peers-effects.txt)"
    if python:
        asked = "import diff_diff, numpy; print('diff-diff', diff_diff.__version__, '· NumPy', numpy.__version__)"
        peer = subprocess.run([str(python), "-c", asked], capture_output=True, text=True, check=True).stdout.strip()
    return [
        "# Effects: group-time ATT of a staggered panel",
        "",
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start. {versions}; {peer}. Whole processes, medians; {QUIET} for both.",
        "Commands: `python tests/bench_analyse/effects_own.py PANEL JOB` and `python tests/bench_analyse/effects_peer.py PANEL JOB`.",
        "R's did 2.x took 106 s / 6,090 MB without covariates and 198 s / 9,015 MB doubly robust on a made-up panel of this shape, recorded",
        "earlier on the same type of machine (not measured today).",
        "",
        "| job | seconds | processor seconds | peak MB | runs |",
        "|---|---|---|---|---|",
    ]


if __name__ == "__main__":
    sys.stdout.write("\n".join(measure(tuple(sys.argv[1:]) or JOBS)) + "\n")
