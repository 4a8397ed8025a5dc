"""The same numbers on Spark, where the sums of cells are SQL alone (skipped without pyspark or Java)."""

import shutil

import numpy as np
import pyarrow as pa
import pytest

from klyngeanalyse.core.engines import DuckEngine, as_arrow
from klyngeanalyse.effects.design import Design
from klyngeanalyse.effects.grouptime import group_time
from klyngeanalyse.effects.survival import with_closed
from klyngeanalyse.effects.tests.data import PANEL, staggered
from klyngeanalyse.panel.check import check
from klyngeanalyse.panel.outliers import winsorise
from klyngeanalyse.panel.successions import follow

spark = pytest.importorskip("klyngeanalyse.core.spark", exc_type=ImportError)
if not shutil.which("java"):
    pytest.skip("no Java", allow_module_level=True)


@pytest.fixture(scope="module")
def engines(spark_session):
    both = (DuckEngine(), spark.SparkEngine(spark_session))
    table = staggered(150, seed=5, missing=0.1, bodies=4)
    for engine in both:
        engine.put("p", as_arrow(table))
        engine.put("s", pa.table({"predecessor": [3, 4], "successor": [4, 9]}))
    yield both
    for engine in both:
        engine.close()


@pytest.mark.parametrize(
    "design",
    [Design(cluster="body"), Design(covariates=("x",), codes=("size",), controls="not_yet")],
    ids=["cells", "companies"],
)
def test_effects_are_equal_to_1e_9(engines, design):
    duck, other = (group_time(one, "p", PANEL, design)["y"] for one in engines)
    assert duck.clusters == other.clusters and duck.n_companies == other.n_companies
    assert np.abs(duck.estimate - other.estimate).max() < 1e-9
    assert np.abs(duck.covariance - other.covariance).max() < 1e-9


def test_the_panel_is_checked_and_mended_alike(engines):
    found = []
    for engine in engines:
        report = check(engine, "p", PANEL)
        followed = follow(engine, "p", PANEL, "s", "followed")
        held = winsorise(engine, "p", PANEL, "held")
        closed = with_closed(engine, "p", PANEL, "closed")
        sums = engine.arrow("select sum(y) as y, sum(y_wins) as w from held").to_pylist()[0]
        found.append((report, followed, held, closed, round(sums["y"], 9), round(sums["w"], 9)))
    duck, other = found
    assert duck[:2] == other[:2] and duck[3:] == other[3:]
    assert [vars(one) for one in duck[2].bounds] == [pytest.approx(vars(one), abs=1e-12) for one in other[2].bounds]
