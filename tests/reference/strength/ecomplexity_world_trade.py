"""Writes ecomplexity_world_trade.csv: run it with the shared data folder as its argument, where ecomplexity 0.5.3 is installed."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
from ecomplexity import ecomplexity

trade = pd.read_csv(
    Path(sys.argv[1]) / "economic_complexity" / "world_trade_avg_1998_2000_sitc2.csv.gz",
    dtype={"country": str, "product": str},
    keep_default_na=False,
)
trade["value"] = trade["value"].astype(float)
trade["year"] = 2000
names = {"time": "year", "loc": "country", "prod": "product", "val": "value"}
done = ecomplexity(trade, names, check_logsupermodularity=False, verbose=False)
rows = [
    done[["country", "eci"]].drop_duplicates().set_axis(["name", "value"], axis=1).assign(kind="eci"),
    done[["product", "pci"]].drop_duplicates().set_axis(["name", "value"], axis=1).assign(kind="pci"),
    done[done.country == "dnk"][["product", "density"]].set_axis(["name", "value"], axis=1).assign(kind="density dnk"),
]
pd.concat(rows)[["kind", "name", "value"]].to_csv(Path(__file__).with_suffix(".csv"), index=False, float_format="%.17g")
