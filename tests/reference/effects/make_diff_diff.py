"""Writes diff_diff_mpdta.json: run with a Python that has diff-diff and pandas, `python make_diff_diff.py did_mpdta.csv.gz`."""

import json
import sys
from pathlib import Path

import diff_diff
import pandas

panel, stored = pandas.read_csv(sys.argv[1]), {}
for covariates in ("", "lpop"):
    for method in ("dr", "ipw", "reg"):
        fitted = diff_diff.CallawaySantAnna(estimation_method=method, pscore_trim=1e-9).fit(
            panel,
            outcome="lemp",
            unit="countyreal",
            time="year",
            first_treat="first.treat",
            covariates=[covariates] if covariates else None,
        )
        events = fitted.aggregate("event_study").to_dataframe()
        stored[f"{method}/{covariates}"] = {
            "att": {f"{int(g)}/{int(t)}": [v["effect"], v["se"]] for (g, t), v in fitted.group_time_effects.items()},
            "simple": [fitted.overall_att, fitted.overall_se],
            "dynamic": {
                str(int(e)): [a, s] for e, a, s in zip(events["event_time"], events["att"], events["se"], strict=True)
            },
        }
(Path(__file__).parent / "diff_diff_mpdta.json").write_text(json.dumps(stored, indent=1) + "\n")
