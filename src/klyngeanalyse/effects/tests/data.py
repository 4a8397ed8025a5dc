"""Where the real data lie, small panels with a known effect, and a slow plain implementation to compare with."""

from __future__ import annotations

import csv
import gzip
import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from klyngeanalyse.panel.schema import PanelSchema

ROOT = Path(__file__).parents[4]
SHARED = Path(os.environ.get("KLYNGEFORUM_SHARED_DATA", ROOT.parent / "shared" / "data"))
if not SHARED.exists():
    SHARED = ROOT.parent.parent / "shared" / "data"
MPDTA = SHARED / "causal_panels" / "did_mpdta.csv.gz"
REFERENCE = ROOT / "tests" / "reference" / "effects"
COUNTIES = PanelSchema(company="countyreal", outcomes=("lemp",), signed=("lemp",), first_participation="first.treat")
PANEL = PanelSchema(outcomes=("y",), signed=("y",), first_participation="first", organisation="body")


def shared(path: Path) -> Path:
    if not path.exists():
        pytest.skip(f"no shared data at {path}: set KLYNGEFORUM_SHARED_DATA")
    return path


def mpdta() -> list[dict[str, float]]:
    with gzip.open(shared(MPDTA), "rt") as file:
        return [{key: float(value) for key, value in row.items()} for row in csv.DictReader(file)]


def staggered(n=400, seed=1, effect=0.5, years=6, missing=0.0, trend=0.0, bodies=0):
    """n companies over the years from 2010, a third never taking part, the others from 2012, 2013 or 2014.

    y = company + year + 0.2 x (year - 2010) + effect (after) + noise; with x, participation depends on x too.
    """
    chance = np.random.default_rng(seed)
    x = chance.normal(size=n)
    odds = np.exp(0.6 * x)
    part = chance.random(n) < odds / (1 + odds) * 1.1
    first = np.where(part, chance.choice([2012, 2013, 2014], size=n), 0)
    size = chance.integers(0, 3, n)
    body = np.where(part, chance.integers(0, max(bodies, 1), n), -1)
    shock = chance.normal(scale=0.3, size=(max(bodies, 1), years))
    time = np.arange(years)
    y = chance.normal(size=n)[:, None] + 0.3 * time + 0.2 * x[:, None] * time + 0.1 * size[:, None] * time
    y = y + chance.normal(scale=0.4, size=(n, years)).cumsum(axis=1)
    year = 2010 + time
    y = y + np.where((first[:, None] > 0) & (year >= first[:, None]), effect, 0.0)
    y = y + np.where(part[:, None], trend * time, 0.0)
    if bodies:
        y = y + np.where(part[:, None], shock[body], 0.0)
    kept = chance.random((n, years)) >= missing
    company, at = np.nonzero(kept)
    return {
        "company": company,
        "year": year[at],
        "y": y[company, at],
        "first": first[company],
        "x": x[company],
        "size": size[company],
        "body": pa.array([f"b{one}" if one >= 0 else None for one in body[company]]),
    }


def plain_att(rows, cohort, year, base, controls="never", method="none"):
    """One ATT(g, t) and its error from the companies themselves, written out as in the articles.

    rows: {company: {"first": g, "x": [...], "y": {year: value}}}.
    """
    held = [one for one in rows.values() if year in one["y"] and base in one["y"]]
    inside = [one for one in held if one["first"] == cohort]
    later = max(year, base)
    outside = [
        one
        for one in held
        if one["first"] == 0 or (controls == "not_yet" and one["first"] > later and one["first"] != cohort)
    ]
    if not inside or not outside:
        return None
    chosen = inside + outside
    d = np.array([1.0] * len(inside) + [0.0] * len(outside))
    change = np.array([one["y"][year] - one["y"][base] for one in chosen])
    x = np.array([[1.0, *one["x"]] for one in chosen])
    if method == "none":
        x, method = x[:, :1], "or"
    influence, att = _plain_influence(d, change, x, method)
    return att, float(np.sqrt((influence**2).sum())) / len(chosen), len(inside), len(outside)


def _plain_influence(d, change, x, method):
    """DRDID's reg_did_panel, std_ipw_did_panel and drdid_panel, line by line."""
    n = len(d)
    beta = np.linalg.lstsq(x[d == 0], change[d == 0], rcond=None)[0]
    out = x @ beta if method != "ipw" else np.zeros(n)
    gamma = np.zeros(x.shape[1])
    for _ in range(100):
        p = 1 / (1 + np.exp(-x @ gamma))
        gamma = gamma + np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x, x.T @ (d - p))
    p = 1 / (1 + np.exp(-x @ gamma))
    w1, w0 = d, p * (1 - d) / (1 - p)
    if method == "or":
        w0 = d
    treat = w1 * (change - out)
    eta1 = treat.mean() / w1.mean()
    eta0 = 0.0 if method == "or" else (w0 * (change - out)).mean() / w0.mean()
    ols = ((1 - d) * (change - out))[:, None] * x @ np.linalg.inv((x * (1 - d)[:, None]).T @ x / n)
    score = (d - p)[:, None] * x @ np.linalg.inv((x * (p * (1 - p))[:, None]).T @ x / n)
    inf1 = treat - w1 * eta1
    if method != "ipw":
        inf1 = inf1 - ols @ (w1[:, None] * x).mean(axis=0)
    inf1 = inf1 / w1.mean()
    if method == "or":
        return inf1, eta1
    inf0 = w0 * (change - out - eta0) + score @ (w0[:, None] * (change - out - eta0)[:, None] * x).mean(axis=0)
    if method == "dr":
        inf0 = inf0 - ols @ (w0[:, None] * x).mean(axis=0)
    return inf1 - inf0 / w0.mean(), eta1 - eta0


def companies(table, x=("x",)):
    """Columns as {company: {"first", "x", "y", "body"}} for the plain implementation."""
    found = {}
    columns = [np.asarray(table[name]) for name in ("company", "year", "y", "first")]
    extra = [np.asarray(table[name], dtype=float) for name in x]
    for nth in range(len(columns[0])):
        company, year, y, first = (column[nth] for column in columns)
        one = found.setdefault(int(company), {"first": int(first), "x": [values[nth] for values in extra], "y": {}})
        one["y"][int(year)] = float(y)
    return found
