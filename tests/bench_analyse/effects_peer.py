"""The peer's side of the effects benchmark: run by the Python of the peers, `effects_peer.py PANEL.parquet JOB`; prints JSON."""

import json
import sys
import warnings

import diff_diff
import pandas

warnings.simplefilter("ignore")
panel, job = sys.argv[1:]
covariates = {"plain": [], "codes": ["large", "medium", "export"], "numbers": ["x1", "x2"]}[job]
frame = pandas.read_parquet(panel, columns=["company", "year", "first", "y", *covariates])
method = "reg" if job == "plain" else "dr"
# its scores are clipped at 0.01 unless told otherwise, above nearly every propensity of this panel
made = diff_diff.CallawaySantAnna(estimation_method=method, pscore_trim=1e-9).fit(
    frame, outcome="y", unit="company", time="year", first_treat="first", covariates=covariates or None
)
cells = {f"{int(g)}/{int(t)}": [v["effect"], v["se"]] for (g, t), v in made.group_time_effects.items()}
sys.stdout.write(json.dumps({"cells": cells, "simple": [made.overall_att, made.overall_se]}, default=float) + "\n")
