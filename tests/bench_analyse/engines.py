"""The relational half from 10⁴ to 10⁷ companies of ten years, on DuckDB held to a memory limit and on Spark of this machine."""

from __future__ import annotations

import math
import os
import platform
import sys
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import vl_convert

from tests.bench_analyse.timing import HOME, Run, ours

DATA, PICTURE = HOME / "var" / "bench", HOME / "docs" / "pictures" / "scaling.svg"
SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
SPARK = (10_000, 100_000, 1_000_000)
LIMIT, GIGABYTE = "600MB", 1000.0

QUESTIONS = {
    "sums by cohort and year": "select first_year, year, count(*) as n, sum(turnover) as total, sum(turnover * turnover) as squares "
    "from panel group by first_year, year",
    "distinct companies by year, industry, size and region": "select year, industry, size, region, count(distinct company) as n "
    "from panel where year = 2005 group by year, industry, size, region",
    "change of each company, by cohort and cell": "select first_year, industry, size, region, count(*) as n, sum(after - before) as gap, "
    "sum((after - before) * (after - before)) as squares from (select company, first_year, industry, size, region, "
    "max(case when year = 2002 then turnover end) as before, max(case when year = 2007 then turnover end) as after "
    "from panel where year = 2002 or year = 2007 group by company, first_year, industry, size, region) as wide "
    "where before is not null and after is not null group by first_year, industry, size, region",
}


def panel(companies: int) -> Path:
    """Made-up companies of ten years in a Parquet file, one in a hundred taking part from some year on."""
    path = DATA / f"panel_{companies}.parquet"
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with duckdb.connect(config={"memory_limit": "900MB", "threads": 2, "preserve_insertion_order": False}) as made:
        made.execute("set enable_progress_bar = false")
        made.execute(
            f"copy (select cast(i as int) as company, cast(2000 + t as smallint) as year, "
            "cast(case when i % 100 = 0 then 2003 + (i // 100) % 7 end as smallint) as first_year, cast(i % 20 as tinyint) as industry, "
            "cast((i // 20) % 5 as tinyint) as size, cast((i // 100) % 5 as tinyint) as region, "
            "cast(10 + sin(i) + 0.1 * t + 0.3 * sin(i * 7.0 + t * 13.0) as float) as turnover "
            f"from range({companies}) as a(i), range(10) as b(t)) to '{part}' (format parquet, compression zstd)"
        )
    part.rename(path)
    return path


def asked(engine: str, path: Path, question: str, times: int) -> Run:
    """One process that opens the file, asks the question and prints the seconds of the answer and its check sum."""
    made = {
        "duckdb": f"from klyngeanalyse.core.engines import DuckEngine as E\ne = E(memory={LIMIT!r}, threads=2)\n",
        "spark": "from klyngeanalyse.core.spark import SparkEngine as E\ne = E(memory='2g', cores=2)\n",
    }[engine]
    return ours(
        f"import time\n{made}e.open('panel', {str(path)!r})\nt = time.perf_counter()\na = e.arrow({question!r})\n"
        "print(time.perf_counter() - t, a.num_rows, sum(a['n'].to_pylist()))\ne.close()",
        times,
    )


def exponent(points: list[tuple[int, float]]) -> float:
    """Slope of the logarithms by least squares.

    >>> round(exponent([(10, 1.0), (100, 10.0), (1000, 100.0)]), 6)
    1.0
    """
    x, y = [math.log(n) for n, _ in points], [math.log(seconds) for _, seconds in points]
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    return sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True)) / sum((a - mean_x) ** 2 for a in x)


def picture(rows: list[dict[str, Any]]) -> None:
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": 560,
        "height": 340,
        "data": {"values": rows},
        "mark": {"type": "line", "point": True},
        "config": {"axis": {"tickCount": 4, "gridColor": "#eee"}},
        "encoding": {
            "x": {
                "field": "companies",
                "type": "quantitative",
                "scale": {"type": "log"},
                "title": "companies (of ten years each)",
            },
            "y": {
                "field": "seconds",
                "type": "quantitative",
                "scale": {"type": "log"},
                "title": "seconds to the answer",
            },
            "color": {
                "field": "question",
                "type": "nominal",
                "legend": {"orient": "bottom", "columns": 1, "labelLimit": 500},
            },
            "strokeDash": {
                "field": "engine",
                "type": "nominal",
                "legend": {"orient": "bottom", "symbolType": "stroke", "symbolStrokeColor": "black"},
            },
        },
    }
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    PICTURE.write_text(vl_convert.vegalite_to_svg(spec, vl_version="5.20"), encoding="utf-8")


def engines() -> dict[str, tuple[int, ...]]:
    return {"duckdb": SIZES, **({"spark": SPARK} if find_spec("pyspark") else {})}


def measure() -> list[str]:
    lines = [
        f"Companies of ten years each in one Parquet file; DuckDB held to {LIMIT}, 2 threads; seconds to the answer / peak MB of the whole process.",
        "",
        "| question | engine | " + " | ".join(f"10{'⁴⁵⁶⁷'[nth]}" for nth in range(4)) + " | exponent |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    rows: list[dict[str, Any]] = []
    worst, answers = 0.0, {}
    for question, sql in QUESTIONS.items():
        for engine, sizes in engines().items():
            cells, points = [], []
            for n in sizes:
                found = asked(engine, panel(n), sql, 1 if engine == "spark" or n > 1_000_000 else 3)
                seconds, *answer = (float(part) for part in found.said.split()[-3:])
                answers.setdefault((question, n), set()).add(tuple(answer))
                points.append((n, seconds))
                rows.append({"question": question, "engine": engine, "companies": n, "seconds": seconds})
                cells.append(f"{seconds:.2f} / {found.megabytes:.0f}" if engine == "duckdb" else f"{seconds:.1f}")
                worst = max(worst, found.megabytes) if engine == "duckdb" else worst
            cells += ["—"] * (len(SIZES) - len(sizes))
            slope = exponent(points[-3:])
            lines.append(f"| {question} | {engine} | " + " | ".join(cells) + f" | {slope:.2f} |")
    picture(rows)
    differing = [key for key, seen in answers.items() if len(seen) > 1]
    alike = (
        "Both engines gave equal counts." if len(engines()) > 1 else "One engine alone was asked: nothing was compared."
    )
    lines += [
        "",
        f"10 million companies × 10 years under 1 GB: {'reached' if worst < GIGABYTE else 'not reached'}, the peak was {worst:.0f} MB. "
        + (alike if not differing else f"THE ENGINES DIFFER on {differing}."),
        "The exponent is the slope of log seconds on log companies over the three largest sizes: 1 is proportional; below it, the fixed "
        "cost of starting is still seen. ![Seconds by size](../pictures/scaling.svg)",
        f"Python {platform.python_version()}, "
        + ", ".join(
            f"{name} {version(name)}" for name in ("duckdb", "pyarrow", *(["pyspark"] if find_spec("pyspark") else []))
        )
        + ("" if find_spec("pyspark") else "; PySpark is not installed, so Spark is absent"),
    ]
    if os.getloadavg()[2] > (os.cpu_count() or 1) + 1:
        lines.append(
            f"The machine was shared: on average {os.getloadavg()[2]:.1f} processes wanted its {os.cpu_count()} cores, so the seconds are several "
            "times what they are on an idle one; memory and the order of sizes are not touched by it."
        )
    return lines


if __name__ == "__main__":
    sys.stdout.write("\n".join(measure()) + "\n")
