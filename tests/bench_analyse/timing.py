"""Whole processes on the clock: seconds and peak memory, ours and the peers' by the same hand; peers in their own environment."""

from __future__ import annotations

import os
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

HOME = Path(__file__).resolve().parents[2]


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
        begun = time.perf_counter()
        with tempfile.TemporaryFile("w+") as faults:  # a pipe that nobody reads could fill up and stop the process
            process = subprocess.Popen(
                [*command],
                cwd=HOME,
                env=_environment(more),
                stdout=subprocess.PIPE,
                stderr=faults,
                text=True,
                preexec_fn=partial(_allow, allowed) if allowed else None,
            )
            assert process.stdout is not None
            said = process.stdout.read()
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode in (-signal.SIGXCPU, -signal.SIGKILL) and allowed:
                raise TooLong(f"not done after {allowed} seconds of processor")
            if process.returncode:
                faults.seek(0)
                raise RuntimeError(f"{' '.join(command)[:200]}: {faults.read()[-2000:]}")
        told.append((time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024))
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


def _allow(seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))


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
