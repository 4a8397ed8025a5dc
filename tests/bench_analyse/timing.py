"""Whole processes on the clock: seconds and peak memory, ours and the peers' by the same hand; peers in their own environment."""

from __future__ import annotations

import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

HOME = Path(__file__).resolve().parents[2]
RUNNER = Path(__file__).with_name("_runner.py")


@dataclass(frozen=True)
class Run:
    """Medians over the runs: seconds on the clock, seconds of processor, peak megabytes; what the last one printed."""

    seconds: float
    processor: float
    megabytes: float
    said: str


class TooLong(RuntimeError):
    """The process was stopped: it had used more seconds of processor than it was given."""


def run(
    command: Sequence[str], times: int = 3, more: Mapping[str, str] | None = None, allowed: int | None = None
) -> Run:
    """Runs a command some times; raises with what it said if it fails, or `TooLong` after `allowed` seconds of processor."""
    told: list[tuple[float, float, float]] = []
    said = ""
    for _ in range(times):
        with tempfile.TemporaryDirectory() as folder:
            tells = Path(folder) / "told.json"
            runner = [sys.executable, "-I", "-S", str(RUNNER), str(allowed or 0), *command]
            environment = {**_environment(more), "RUNNER_TELLS": str(tells)}
            process = subprocess.run(runner, cwd=HOME, env=environment, capture_output=True, text=True, check=True)
            said, found = process.stdout, json.loads(tells.read_text())
        if found["exit"] in (-signal.SIGXCPU, -signal.SIGKILL) and allowed:
            raise TooLong(f"not done after {allowed} seconds of processor")
        if found["exit"]:
            raise RuntimeError(f"{' '.join(command)[:200]}: {process.stderr[-2000:]}")
        told.append((found["seconds"], found["processor"], found["megabytes"]))
    seconds, processor, megabytes = (statistics.median(one[nth] for one in told) for nth in range(3))
    return Run(seconds, processor, megabytes, said)


def _environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    return {**surroundings(), "PYTHONPATH": "src:.", **(more or {})}


def warmed(python: str | Path, modules: str) -> None:
    """Imports the modules once, uncounted, so that they are compiled and lie in the system's cache for whoever is measured."""
    subprocess.run([str(python), "-c", f"import {modules}"], cwd=HOME, env=_environment(), check=True)


def surroundings() -> dict[str, str]:
    """As it is for a user: where PYTHONDONTWRITEBYTECODE is set, every process would compile NumPy and the peers anew."""
    return {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


def ours(code: str, times: int = 3) -> Run:
    return run([sys.executable, "-c", code], times)


def peers(area: str) -> Path | None:
    """The Python of the area's peers, made on demand from requirements/peers-AREA.txt; None where they cannot be had."""
    folder = HOME / ".venv-peers" / area
    python = folder / "bin" / "python"
    if not (folder / ".ready").exists():
        wanted = HOME / "requirements" / f"peers-{area}.txt"
        made = subprocess.run([sys.executable, "-m", "venv", str(folder)], capture_output=True, text=True, check=False)
        got = subprocess.run(
            [str(python), "-m", "pip", "install", "-q", "-r", str(wanted)], capture_output=True, text=True, check=False
        )
        if made.returncode or got.returncode:
            return None
        (folder / ".ready").touch()
    return python


def against(goal: float, found: float, unit: str = "x") -> str:
    """
    >>> against(5, 7.26), against(5, 2.4)
    ('reached: 7.3x', 'not reached: 2.4x, goal 5x')
    """
    return f"reached: {found:.1f}{unit}" if found >= goal else f"not reached: {found:.1f}{unit}, goal {goal:g}{unit}"
