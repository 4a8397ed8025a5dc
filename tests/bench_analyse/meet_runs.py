"""One run in a process of its own: `ours` or a peer on the same file. `python meet_runs.py JOB FILE`; prints JSON."""

# ruff: noqa: T201, PLC0415  a program of its own; the peers are not installed where ours runs
import json
import sys
import time


def ours_schedule(path):
    from klyngeanalyse.schedule import plan, seminar

    with open(path, encoding="utf-8") as file:
        said = json.load(file)
    made = plan(
        seminar([tuple(row) for row in said["wishes"]], slots=said["slots"], tables=said["tables"], away=said["away"])
    )
    return {"value": made.value, "bound": made.bound, "meetings": made.n_meetings, "lacking": made.n_without_first_wish}


def cpsat_schedule(path, limit=60.0):
    """The plain model: a boolean for every pair and slot, the sum of weights; without first wishes, which makes it easier."""
    from ortools.sat.python import cp_model

    with open(path, encoding="utf-8") as file:
        said = json.load(file)
    weight = {}
    for who, whom, value in said["wishes"]:
        pair = tuple(sorted((who, whom)))
        weight[pair] = weight.get(pair, 0) + int(value)
    away = {name: set(slots) for name, slots in said["away"].items()}
    model, chosen, busy, used = cp_model.CpModel(), {}, {}, {}
    for pair in weight:
        for slot in range(said["slots"]):
            if all(str(slot + 1) not in away.get(name, ()) for name in pair):
                one = chosen[pair, slot] = model.NewBoolVar("")
                used.setdefault(slot, []).append(one)
                for name in pair:
                    busy.setdefault((name, slot), []).append(one)
    for pair in weight:
        model.AddAtMostOne(chosen[pair, slot] for slot in range(said["slots"]) if (pair, slot) in chosen)
    for held in busy.values():
        model.AddAtMostOne(held)
    for held in used.values():
        model.Add(sum(held) <= (said["tables"] or len(said["away"]) // 2))
    model.Maximize(sum(weight[pair] * one for (pair, _), one in chosen.items()))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds, solver.parameters.num_workers = limit, 2
    solver.Solve(model)
    return {"value": solver.ObjectiveValue(), "bound": solver.BestObjectiveBound(), "meetings": 0, "lacking": 0}


def _rows(path):
    import numpy as np
    from scipy import sparse

    held = np.load(path)
    return [sparse.csr_array((held[f"{k}d"], held[f"{k}i"], held[f"{k}p"]), shape=tuple(held[f"{k}s"])) for k in "ao"]


def ours_nearest(path):
    from klyngeanalyse.recommend.top import nearest

    asked, offered = _rows(path)
    begun = time.perf_counter()
    where, products = nearest(asked, offered, 10)
    return {"seconds": time.perf_counter() - begun, "sum": float(products.sum()), "first": where[0].tolist()}


def sklearn_nearest(path):
    from scipy import sparse
    from sklearn.neighbors import NearestNeighbors

    asked, offered = (sparse.csr_matrix(rows) for rows in _rows(path))
    begun = time.perf_counter()
    distance, where = (
        NearestNeighbors(n_neighbors=10, algorithm="brute", metric="cosine", n_jobs=2).fit(offered).kneighbors(asked)
    )
    return {"seconds": time.perf_counter() - begun, "sum": float((1 - distance).sum()), "first": where[0].tolist()}


if __name__ == "__main__":
    print(json.dumps(globals()[sys.argv[1]](*sys.argv[2:3])))
