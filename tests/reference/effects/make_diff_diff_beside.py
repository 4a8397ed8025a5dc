"""Writes diff_diff_beside.json: smooth sensitivity intervals and the Bacon decomposition, with a Python that has diff-diff."""

import json
import sys
from pathlib import Path

import diff_diff
import numpy as np
import pandas
from diff_diff.honest_did import _compute_optimal_flci

panel = pandas.read_csv(sys.argv[1])
b = np.array([0.02, -0.01, 0.015, 0.05, 0.09, 0.12])
root = np.tril(np.ones((6, 6))) * 0.01 + np.diag([0.02, 0.018, 0.015, 0.016, 0.02, 0.024])
v = root @ root.T
smooth = {}
for m in (0.0, 0.005, 0.01, 0.02, 0.05):
    mean = np.full(3, 1 / 3)
    smooth[str(m)] = [float(x) for x in _compute_optimal_flci(b[:3], b[3:], v, mean, 3, 3, m)]
bacon = diff_diff.bacon_decompose(
    panel, outcome="lemp", unit="countyreal", time="year", first_treat="first.treat", weights="exact"
)
parts = bacon.to_dataframe()
stored = {
    "b": b.tolist(),
    "v": v.tolist(),
    "smooth": smooth,
    "twfe": float(bacon.twfe_estimate),
    "bacon": parts.to_dict("records"),
}
(Path(__file__).parent / "diff_diff_beside.json").write_text(json.dumps(stored, indent=1, default=float) + "\n")
