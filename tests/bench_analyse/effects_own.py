"""Our side of the effects benchmark, as a script of a user would be: `effects_own.py PANEL.parquet JOB`; prints JSON."""

import json
import sys

from klyngeanalyse.core.engines import DuckEngine
from klyngeanalyse.effects.aggregates import aggregate
from klyngeanalyse.effects.design import Design
from klyngeanalyse.effects.grouptime import group_time
from klyngeanalyse.panel.schema import PanelSchema

DESIGNS = {
    "plain": Design(),
    "four": Design(),
    "codes": Design(codes=("size", "export"), normalised=False),
    "numbers": Design(covariates=("x1", "x2"), normalised=False),
    "large": Design(),
}


def main(panel: str, job: str) -> None:
    engine = DuckEngine(memory="192MB")
    engine.open("panel", panel)
    outcomes = ("y", "y2", "y3", "y4") if job == "four" else ("y",)
    found = group_time(engine, "panel", PanelSchema(outcomes=outcomes, first_participation="first"), DESIGNS[job])["y"]
    simple = aggregate(found, "simple").overall
    engine.close()
    cells = {f"{c.cohort}/{c.year}": [c.estimate, c.stderr] for c in found.cells}
    sys.stdout.write(json.dumps({"cells": cells, "simple": [simple.estimate, simple.stderr]}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
