"""One job in one process: `python strength_runs.py JOB WHO INPUT ANSWER`; what is measured is the whole of it, start to end."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

load = importlib.import_module  # each job pays for its own imports and for no others


def space_ours(source: str) -> dict[str, Any]:
    cells = load("klyngeanalyse.strengths.cells")
    relatedness = load("klyngeanalyse.relatedness.space").relatedness
    table = load("pyarrow.parquet").read_table(source)
    found = [relatedness(one) for one in cells.yearly(table, value="value").values()]
    parts = {"eci": [one.complexity.regional for one in found], "pci": [one.complexity.industrial for one in found]}
    return {
        **{key: np.stack(values) for key, values in parts.items()},
        "rca": found[0].quotient,
        "density": found[0].density,
    }


def space_ecomplexity(source: str) -> dict[str, Any]:
    frame = load("pandas").read_parquet(source)
    names = {"time": "year", "loc": "region", "prod": "industry", "val": "value"}
    done = load("ecomplexity").ecomplexity(frame, names, check_logsupermodularity=False, verbose=False)
    done = done.sort_values(["year", "region", "industry"])
    years, regions, industries = (done[name].nunique() for name in ("year", "region", "industry"))
    cube = {
        name: done[name].to_numpy().reshape(years, regions, industries) for name in ("eci", "pci", "rca", "density")
    }
    return {
        "eci": cube["eci"][:, :, 0],
        "pci": cube["pci"][:, 0, :],
        "rca": cube["rca"][0],
        "density": cube["density"][0],
    }


def radius_ours(source: str) -> dict[str, Any]:
    found = load("klyngeanalyse.geography.radius").radii(load("pyarrow.parquet").read_table(source))
    return {"mean": found.mean, "radius": found.radius}


def _by_organisation(source: str) -> tuple[list[Any], list[Any]]:
    table = load("pyarrow.parquet").read_table(source).sort_by("organisation")
    ends = np.flatnonzero(np.diff(table["organisation"].to_numpy())) + 1
    return [np.split(table[name].to_numpy(), ends) for name in ("lon", "lat")]  # type: ignore[return-value]


def radius_all_pairs(source: str) -> dict[str, Any]:
    """Brute force with the library's own distances, the fastest that we know how to write it."""
    distance = load("klyngeanalyse.geography.distance")
    answers = []
    for lon, lat in zip(*_by_organisation(source), strict=True):
        points = distance.vectors(lon, lat)
        means = np.concatenate(
            [distance.arcs(points[:, nth : nth + 256], points).mean(1) for nth in range(0, len(lon), 256)]
        )
        away = np.sort(distance.arcs(points[:, [np.argmin(means)]], points)[0])
        answers.append((means.min(), away[int(np.ceil(0.8 * len(lon) - 1e-9)) - 1]))
    return dict(zip(("mean", "radius"), np.array(answers).T * distance.EARTH_KM, strict=True))


def radius_sklearn(source: str) -> dict[str, Any]:
    haversine = load("sklearn.metrics.pairwise").haversine_distances
    answers = []
    for lon, lat in zip(*_by_organisation(source), strict=True):
        points = np.radians(np.column_stack([lat, lon]))
        away = haversine(points)
        means = away.mean(1)
        near = np.sort(away[np.argmin(means)])
        answers.append((means.min(), near[int(np.ceil(0.8 * len(lon) - 1e-9)) - 1]))
    return dict(zip(("mean", "radius"), np.array(answers).T * 6371.0088, strict=True))


def overlap_ours(source: str) -> dict[str, Any]:
    found = load("klyngeanalyse.landscape.overlap").overlaps(load("pyarrow.parquet").read_table(source))
    return {
        "first": found.first,
        "second": found.second,
        "shared": found.shared,
        "overlap": found.overlap,
        "jaccard": found.jaccard,
    }


PAIRS = """
with m as (select distinct organisation, company from read_parquet('{0}')),
     sizes as (select organisation, count(*) as n from m group by organisation),
     pairs as (select a.organisation as first, b.organisation as second, count(*) as shared
               from m as a join m as b on a.company = b.company and a.organisation < b.organisation group by 1, 2)
select first, second, shared, shared / least(a.n, b.n) as overlap, shared / (a.n + b.n - shared) as jaccard
from pairs join sizes as a on a.organisation = first join sizes as b on b.organisation = second order by 1, 2"""


def overlap_duckdb(source: str) -> dict[str, Any]:
    table = load("duckdb").connect().sql(PAIRS.format(source)).to_arrow_table()
    return {name: table[name].to_numpy() for name in table.column_names}


def overlap_pandas(source: str) -> dict[str, Any]:
    pandas = load("pandas")
    frame = pandas.read_parquet(source).drop_duplicates()
    both = frame.merge(frame, on="company")
    pairs = both[both.organisation_x < both.organisation_y].groupby(["organisation_x", "organisation_y"]).size()
    size = frame.groupby("organisation").size().to_numpy()
    first, second, shared = (
        pairs.index.get_level_values(0).to_numpy(),
        pairs.index.get_level_values(1).to_numpy(),
        pairs.to_numpy(),
    )
    one, other = size[first], size[second]
    return {
        "first": first,
        "second": second,
        "shared": shared,
        "overlap": shared / np.minimum(one, other),
        "jaccard": shared / (one + other - shared),
    }


def count_ours(source: str) -> dict[str, Any]:
    engine = load("klyngeanalyse.core.engines").DuckEngine(memory="3GB" if "100m" in source else "512MB")
    engine.open("participations", source)
    return _sorted_cube(load("klyngeanalyse.landscape.counting").count(engine, "participations"))


def count_refresh(source: str) -> dict[str, Any]:
    """From a stored mask table, which lies beside the input."""
    engine = load("klyngeanalyse.core.engines").DuckEngine(memory="512MB")
    masks, counting = load("klyngeanalyse.landscape.masks"), load("klyngeanalyse.landscape.counting")
    first = masks.stored(engine, Path(source).with_suffix(".masks.parquet"))
    return _sorted_cube(counting.count_masks(engine, "masks", first))


def count_spark(source: str) -> dict[str, Any]:
    """One mask a company first, by the same SQL on Spark."""
    engine = load("klyngeanalyse.core.spark").SparkEngine(memory="2g", cores=2)
    engine.open("participations", source)
    answer = _sorted_cube(load("klyngeanalyse.landscape.counting").count(engine, "participations"))
    engine.close()
    return answer


def count_spark_distinct(source: str) -> dict[str, Any]:
    engine = load("klyngeanalyse.core.spark").SparkEngine(memory="2g", cores=2)
    engine.open("participations", source)
    answer = _cube(engine.arrow(CUBE.format("participations")))
    engine.close()
    return answer


def _sorted_cube(found: Any) -> dict[str, Any]:
    places = np.argwhere(found.companies)
    companies = found.companies[tuple(places.T)]
    for axis, labels in enumerate(found.labels):
        places[:, axis] = np.append(labels, 99_999)[places[:, axis]]
    order = np.lexsort(places.T[::-1])
    return {"cells": places[order], "companies": companies[order]}


KEYS = ("year", "region", "size", "industry")
CUBE = f"select {', '.join(KEYS)}, count(distinct company) as n from {{}} group by cube({', '.join(KEYS)})"


def count_duckdb(source: str) -> dict[str, Any]:
    return _cube(load("duckdb").connect().sql(CUBE.format(f"read_parquet('{source}')")).to_arrow_table())


def _cube(table: Any) -> dict[str, Any]:
    places = np.stack([table[name].cast("int64").fill_null(99_999).to_numpy() for name in KEYS], 1).astype(np.int64)
    order = np.lexsort(places.T[::-1])
    return {"cells": places[order], "companies": table["n"].to_numpy()[order]}


def count_polars(source: str) -> dict[str, Any]:
    polars, chain = load("polars"), load("itertools")
    names = ("year", "region", "size", "industry")
    frame = polars.read_parquet(source)
    parts = []
    for mask in chain.product((True, False), repeat=4):
        kept = [name for name, truth in zip(names, mask, strict=True) if truth]
        one = (
            frame.group_by(kept).agg(polars.col("company").n_unique().alias("n"))
            if kept
            else frame.select(polars.col("company").n_unique().alias("n"))
        )
        columns = [
            one[name].cast(polars.Int64).to_numpy() if name in kept else np.full(len(one), 99_999) for name in names
        ]
        parts.append(np.column_stack([*columns, one["n"].to_numpy()]))
    every = np.concatenate(parts).astype(np.int64)
    every = every[np.lexsort(every[:, :4].T[::-1])]
    return {"cells": every[:, :4], "companies": every[:, 4]}


if __name__ == "__main__":
    job: Callable[[str], dict[str, Any]] = globals()[f"{sys.argv[1]}_{sys.argv[2]}"]
    answer = job(sys.argv[3])
    if sys.argv[4] != "-":
        np.savez(sys.argv[4], **answer)
    # the process's own peak: what a parent's children are said to have used includes the parent's at the fork
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    sys.stdout.write(f"\n{peak.split()[1]}\n")
