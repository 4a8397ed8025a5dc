"""Meetings beside OR-Tools CP-SAT, and the nearest texts beside scikit-learn: whole processes on the same files."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import numpy as np

from klyngeanalyse.recommend.evaluation import Held, evaluate
from klyngeanalyse.recommend.tests.cordis import FOLDER, cordis
from klyngeanalyse.recommend.tests.test_recommend import zipf_rows
from klyngeanalyse.schedule.tests.made_up import away, made_up
from tests.bench_analyse.timing import HOME, Run, against, peers, run

RUNS = str(HOME / "tests" / "bench_analyse" / "meet_runs.py")
# name, people, slots, wishes a person, share of slots they are there, tables, two sides, goal seconds, goal share, beside CP-SAT
SEMINARS = (
    ("200 × 20, all there", 200, 20, 25, 1.0, None, False, 3, 0.995, True),
    ("200 × 20, there in 9 of 10 slots", 200, 20, 25, 0.9, None, False, 3, 0.995, True),
    ("200 × 20, there in 8 of 10 slots, 60 tables", 200, 20, 25, 0.8, 60, False, 3, 0.995, False),
    (
        "150 clusters × 12, five wishes each, 40 tables (the real day held 433 meetings)",
        150,
        12,
        5,
        1.0,
        40,
        False,
        3,
        0.995,
        True,
    ),
    ("the same, there in 9 of 10 slots", 150, 12, 5, 0.9, 40, False, 3, 0.995, False),
    ("fair 100 + 100 × 20, all there", 200, 20, 25, 1.0, None, True, 3, 1.0, False),
    ("fair 100 + 100 × 20, all there, 70 tables", 200, 20, 25, 1.0, 70, True, 3, 1.0, False),
    ("500 × 20, all there", 500, 20, 25, 1.0, None, False, 20, 0.995, False),
    ("500 × 20, there in 9 of 10 slots", 500, 20, 25, 0.9, None, False, 20, 0.995, False),
)

CHOSEN = (
    "The forms of the parts and how the others are drawn were chosen while looking at the years 2020–2021, so the first table flatters a little; 2018, the second, "
    "was not looked at while choosing."
)


def measure() -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        python = peers("meet")
        return [
            "# Benchmarks: meetings and suggestions",
            "",
            *_schedules(Path(folder), python),
            "",
            *_nearest(Path(folder), python),
            "",
            *_held_out(),
        ]


def _said(done: Run) -> dict[str, float]:
    told: dict[str, float] = json.loads(done.said)
    return told


def _schedules(folder: Path, python: Path | None) -> list[str]:
    lines = [
        "## One-to-one meetings",
        "",
        "Whole process with reading and the start of Python, medians of three: seconds on the clock and of processor (other work on the machine lengthens the first). Share: the sum "
        "of weights over the proven bound, with as few people without a first wish as possible. CP-SAT: a boolean for each pair and slot, 2 workers, 60 s, and no first wishes, which "
        "is easier and may be worth more; its share is of its own bound. `python tests/bench_analyse/meet_runs.py JOB FILE`.",
        "",
        "| seminar | pairs met | share of the bound | goal | seconds | processor | goal | MB | CP-SAT after 60 s |",
        "|---|---:|---:|---|---:|---:|---|---:|---|",
    ]
    for name, n, slots, wished, share, tables, sides, seconds, goal, beside in SEMINARS:
        path = folder / "seminar.json"
        said = {
            "wishes": made_up(n, wished, 1, sides),
            "slots": slots,
            "tables": tables,
            "away": away(n, slots, share, 2),
        }
        path.write_text(json.dumps(said), encoding="utf-8")
        done = run([sys.executable, RUNS, "ours_schedule", str(path)])
        told = _said(done)
        reached = told["value"] / told["bound"]
        peer = "absent" if python is None else "not run"
        if beside and python is not None:
            other = _said(run([str(python), RUNS, "cpsat_schedule", str(path)], times=1))
            peer = f"value {other['value']:.0f} of at most {other['bound']:.0f} ({100 * other['value'] / other['bound']:.1f} %), ours {told['value']:.0f}"
        lines.append(
            f"| {name} | {told['meetings']} | {100 * reached:.2f} % | {_at_least(reached, goal)} | {done.seconds:.2f} | {done.processor:.2f} | "
            f"{_at_most(done.seconds, seconds)} | {done.megabytes:.0f} | {peer} |"
        )
    return lines


def _at_least(found: float, goal: float) -> str:
    return f"≥ {100 * goal:g} %: " + ("reached" if found >= goal - 1e-9 else f"**not reached: {100 * found:.2f} %**")


def _at_most(found: float, goal: float) -> str:
    return f"≤ {goal:g} s: " + ("reached" if found <= goal else f"**not reached: {found / goal:.1f}x the goal**")


def _nearest(folder: Path, python: Path | None) -> list[str]:
    path = folder / "rows.npz"
    asked, offered = zipf_rows(10_000, 2, 50_000, 20), zipf_rows(100_000, 1, 50_000, 20)
    held = {f"{k}{part}": value for k, rows in (("a", asked), ("o", offered)) for part, value in _arrays(rows).items()}
    np.savez(path, **held)
    ours = run([sys.executable, RUNS, "ours_nearest", str(path)], times=1)
    lines = [
        "## The ten nearest of 100,000 for 10,000 askers",
        "",
        "Sparse rows of TF-IDF (20 words each from 50,000 after a heavy-tailed law), cosine, exact; whole process.",
        "",
        "| | seconds | processor | MB |",
        "|---|---:|---:|---:|",
        f"| ours | {ours.seconds:.1f} | {ours.processor:.1f} | {ours.megabytes:.0f} |",
    ]
    if python is None:
        return [*lines, "", "scikit-learn: absent, the peers' environment could not be made."]
    other = run([str(python), RUNS, "sklearn_nearest", str(path)], times=1)
    same = abs(_said(ours)["sum"] - _said(other)["sum"]) < 1e-6 * _said(other)["sum"]
    return [
        *lines,
        f"| scikit-learn brute force | {other.seconds:.1f} | {other.processor:.1f} | {other.megabytes:.0f} |",
        "",
        f"Ratio {against(2, other.seconds / ours.seconds)}, of processor time {other.processor / ours.processor:.1f}x; the same sums of the ten cosines: {'yes' if same else '**no**'}.",
    ]


def _arrays(rows: object) -> dict[str, np.ndarray]:
    return {"d": rows.data, "i": rows.indices, "p": rows.indptr, "s": np.array(rows.shape)}  # type: ignore[attr-defined]


def _held_out() -> list[str]:
    head = ["## Which organisations join a Horizon 2020 project together", ""]
    if not FOLDER.exists():
        return [*head, "Not measured: the real projects are not beside this checkout (KLYNGEFORUM_SHARED_DATA)."]
    told = cordis()
    lines = [*head, CHOSEN]
    for until, last in ((2019, 2021), (2017, 2018)):
        lines += ["", *_split(evaluate(*told, until=until, last=last))]
    return lines


def _split(held: Held) -> list[str]:
    years = "–".join(str(year) for year in sorted(set(held.tested)))
    text = (
        f"Projects that began in {years}: the coordinator asks with title, theme and topic; {held.n_questions:,} projects of three or more "
        f"with a title, {held.mean_joined:.1f} known partners each, {held.n_candidates:,} candidates known by {held.until}. Features from links up to {held.until}; weights "
        f"learned on {held.until} from features up to {held.until - 1}. New partners: those the coordinator had not worked with."
    )
    table = [
        f"| {row['ranking']} | {row['recall_at_10']:.4f} | {row['mrr']:.4f} | {row['new_partners_recall_at_10']:.4f} |"
        for row in held.rows()
    ]
    learned = ", ".join(f"{name} {weight:.2f}" for name, weight in held.weights.items())
    return [
        text, "", "| ranking | recall@10 | MRR | recall@10, new partners |", "|---|---:|---:|---:|", *table, "", f"Weights: {learned}.",
    ]  # fmt: skip
