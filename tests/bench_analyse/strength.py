"""Strengths, relatedness, geography and counting beside their peers: whole processes, seconds and peak memory, the same answers."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from tests.bench_analyse import strength_data as data
from tests.bench_analyse.timing import peers, surroundings

HOME = Path(__file__).resolve().parents[2]
SCRIPT = HOME / "tests" / "bench_analyse" / "strength_runs.py"
PINS = HOME / "requirements" / "peers-strength.txt"
FOLDER = Path(os.environ.get("KLYNGEANALYSE_BENCH", "/tmp/klyngeanalyse-bench-strength"))  # noqa: S108  made-up data, made again where absent
LONG = 20.0  # seconds from which a peer runs once


@dataclass(frozen=True)
class Job:
    """`make` writes the input; `peers` are who else answers; `ratio`, `seconds` the goals against the first of them."""

    name: str
    kind: str
    file: str
    make: Callable[[Path], None]
    peers: tuple[str, ...]
    ratio: float | None
    seconds: float | None = None
    memory: float | None = None
    who: str = "ours"


JOBS = (
    Job("quotients, proximity, density, complexity: 300 x 600 x 10", "space", "space-300.parquet", lambda p: data.space(p, 300, 600, 10), ("ecomplexity",), 5),
    Job("the same: 1,165 x 615 x 10", "space", "space-1165.parquet", lambda p: data.space(p, 1165, 615, 10), ("ecomplexity",), 7),
    Job("the same: 230 x 5,000 x 1", "space", "space-230.parquet", lambda p: data.space(p, 230, 5000, 1), ("ecomplexity",), 50),
    Job("medoid and radius: 3,000 organisations, 1 M memberships", "radius", "places.parquet", lambda p: data.places(p, 3000, 1_000_000), ("sklearn", "all_pairs"), 7, 4),
    Job("overlap of all pairs: 3,000 organisations, 1 M memberships of 10,000 companies", "overlap", "members.parquet", lambda p: data.members(p, 3000, 1_000_000, 10_000), ("duckdb", "pandas"), 2.5, 1.2),
    Job("distinct counts of every cube cell: 10 M rows", "count", "count-10m.parquet", lambda p: data.participations(p, 10_000_000), ("duckdb", "polars"), 5, memory=5),
    Job("the same from a stored mask table", "count", "count-10m.parquet", lambda p: data.participations(p, 10_000_000), (), None, 1, who="refresh"),
    Job("the same, both on Spark: 10 M rows", "count", "count-10m.parquet", lambda p: data.participations(p, 10_000_000), ("spark_distinct",), 9, who="spark"),
    Job("the same: 100 M rows", "count", "count-100m.parquet", lambda p: data.participations(p, 100_000_000), ("duckdb",), 5, memory=5),
)  # fmt: skip


@dataclass(frozen=True)
class Run:
    seconds: float
    processor: float
    megabytes: float


def run(kind: str, who: str, source: Path, answer: str) -> Run | str:
    """One process; the reason where it could not be run."""
    area = "spark" if who.startswith("spark") else "strength"
    mine = who in ("ours", "refresh", "all_pairs") or (area == "spark" and find_spec("pyspark") is not None)
    python = Path(sys.executable) if mine else peers(area)
    if python is None:
        return f"no .venv-peers/{area}"
    begun = time.perf_counter()
    child = subprocess.Popen(
        [str(python), str(SCRIPT), kind, who, str(source), answer],
        env={**surroundings(), "PYTHONPATH": str(HOME / "src")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    said, faults = child.stdout.read() if child.stdout else b"", child.stderr.read() if child.stderr else b""
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        return f"failed: {faults.decode(errors='replace').strip().splitlines()[-1:]}"
    return Run(time.perf_counter() - begun, used.ru_utime + used.ru_stime, int(said.split()[-1]) / 1024)


def _prepared(job: Job) -> Path:
    FOLDER.mkdir(parents=True, exist_ok=True)
    source = FOLDER / job.file
    if not source.exists():
        part = source.with_suffix(".part")
        job.make(part)
        part.rename(source)
    masks = source.with_suffix(".masks.parquet")
    if job.who == "refresh" and not masks.exists():
        words = [
            str(Path(sys.executable)),
            "-m",
            "klyngeanalyse",
            "count",
            str(source),
            "--store-masks",
            str(masks),
            "--out",
            str(FOLDER / "out"),
            "--quiet",
        ]
        subprocess.run(words, check=True, env={**os.environ, "PYTHONPATH": str(HOME / "src")})
    return source


def _median(runs: list[Run]) -> Run:
    return Run(
        *(statistics.median(getattr(one, name) for one in runs) for name in ("seconds", "processor", "megabytes"))
    )


def _difference(job: Job, peer: str) -> str:
    """The largest difference of any number in the two answers."""
    with np.load(FOLDER / "ours.npz") as ours, np.load(FOLDER / f"{peer}.npz") as theirs:
        largest = 0.0
        for name in ours.files:
            if ours[name].shape != theirs[name].shape:
                return f"{name}: other shape"
            gap = np.abs(ours[name].astype(float) - theirs[name].astype(float))
            largest = max(largest, float(np.nanmax(gap, initial=0.0)))
            if not np.array_equal(np.isnan(ours[name].astype(float)), np.isnan(theirs[name].astype(float))):
                return f"{name}: other gaps"
    return f"{largest:.1e}"


def measured(job: Job) -> list[str]:
    source = _prepared(job)
    ours: list[Run] = []
    theirs: dict[str, list[Run] | str] = {peer: [] for peer in job.peers}
    for turn in range(3):
        # the answers of the first turn are kept and compared: small beside what was counted
        answer = str(FOLDER / "{}.npz") if turn == 0 else "-"
        one = run(job.kind, job.who, source, answer.format("ours"))
        if isinstance(one, str):
            return [f"| {job.name} | {job.who} | {one} | | | | |"]
        ours.append(one)
        for peer, found in theirs.items():
            if isinstance(found, str) or (found and found[0].seconds > LONG):
                continue
            other = run(job.kind, peer, source, answer.format(peer))
            theirs[peer] = other if isinstance(other, str) else [*found, other]
    own = _median(ours)
    goal = (
        ""
        if job.seconds is None
        else _verdict(own.seconds <= job.seconds, f"{own.seconds:.2f} s", f"{job.seconds:g} s")
    )
    lines = [
        f"| {job.name} | klyngeanalyse{' on Spark' if job.who == 'spark' else ''} | {own.seconds:.2f} | {own.processor:.2f} | {own.megabytes:,.0f} | | {goal} |"
    ]
    for nth, (peer, found) in enumerate(theirs.items()):
        if isinstance(found, str):
            lines.append(f"| | {peer} | {found} | | | | |")
            continue
        other = _median(found)
        ratio = other.seconds / own.seconds
        said = (
            _verdict(ratio >= job.ratio, f"{ratio:.1f}x", f"{job.ratio:g}x")
            if nth == 0 and job.ratio
            else f"{ratio:.1f}x"
        )
        if nth == 0 and job.memory:
            less = other.megabytes / own.megabytes
            said += "; memory " + _verdict(less >= job.memory, f"1/{less:.1f}", f"1/{job.memory:g}")
        lines.append(
            f"| | {peer} | {other.seconds:.2f} | {other.processor:.2f} | {other.megabytes:,.0f} | {_difference(job, peer)} | {said} |"
        )
    return lines


def _verdict(reached: bool, found: str, goal: str) -> str:
    return f"{found}, goal {goal}: reached" if reached else f"**not reached: {found}, goal {goal}**"


def told(only: tuple[str, ...] = ()) -> Iterator[str]:
    """The table as lines of Markdown, each as soon as it is known; `only` names kinds or files of jobs."""
    peers("strength")
    named = ", ".join(f"{one} {version(one)}" for one in ("duckdb", "numpy", "scipy", "pyarrow"))
    yield f"Python {platform.python_version()}, {named}; peers: {', '.join(PINS.read_text().split())}. {os.cpu_count()} cores."
    yield "Whole processes with reading the Parquet file and all imports; medians of three runs, one of peers over 20 s."
    yield "On Spark the memory is that of the Python process alone; Java has 2 GB."
    yield "`difference` is the largest between any two numbers of the two answers (km for distances)."
    yield ""
    yield "| job | who | seconds | processor seconds | peak MB | difference | times ours |"
    yield "|---|---|---:|---:|---:|---:|---|"
    for job in JOBS:
        if not only or job.kind in only or job.file in only:
            yield from measured(job)


def measure() -> list[str]:
    return list(told())


if __name__ == "__main__":
    for line in told(tuple(sys.argv[1:])):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
