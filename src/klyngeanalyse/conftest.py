"""What the library's tests get: `both`, which runs the same work on DuckDB and on Spark and compares the numbers."""

from __future__ import annotations

import dataclasses
import math
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from klyngeanalyse.core.engines import DuckEngine, Engine
from klyngeanalyse.core.results import plain

Work = Callable[[Engine], Any]
Both = Callable[..., Any]


def _comparable(answer: Any, ordered: bool) -> Any:
    """An Arrow table as its columns (rows sorted where their order was not asked for), everything else as JSON knows it."""
    if isinstance(answer, pa.Table):
        if not ordered:
            answer = answer.sort_by([(name, "ascending") for name in answer.column_names])
        return answer.to_pydict()
    if dataclasses.is_dataclass(answer) or isinstance(answer, np.ndarray | np.generic):
        return plain(answer)
    if isinstance(answer, Mapping):
        return {key: _comparable(one, ordered) for key, one in answer.items()}
    if isinstance(answer, list | tuple):
        return [_comparable(one, ordered) for one in answer]
    return answer


def _same(one: Any, other: Any, tolerance: float, where: str) -> None:
    if isinstance(one, Mapping):
        assert set(one) == set(other), where
        for key, value in one.items():
            _same(value, other[key], tolerance, f"{where}.{key}")
    elif isinstance(one, list | tuple):
        assert len(one) == len(other), f"{where}: {len(one)} values on DuckDB, {len(other)} on Spark"
        for nth, (left, right) in enumerate(zip(one, other, strict=True)):
            _same(left, right, tolerance, f"{where}[{nth}]")
    elif isinstance(one, float) and not math.isnan(one):
        assert other == pytest.approx(one, rel=tolerance, abs=tolerance), f"{where}: {one} on DuckDB, {other} on Spark"
    elif not (isinstance(one, float) and isinstance(other, float)):
        assert one == other, f"{where}: {one!r} on DuckDB, {other!r} on Spark"
    else:
        assert math.isnan(other), f"{where}: no number on DuckDB, {other} on Spark"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what runs on both engines, so that `-m spark` is all of it."""
    for item in items:
        if {"both", "spark_session"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.spark)


@pytest.fixture(scope="session")
def spark_session() -> Iterator[Any]:
    """One Spark for all tests of a process; without PySpark or Java the tests that ask for it say so and are left out.

    `SPARK=no` leaves it out too: `make test` runs DuckDB's half, and `.ci/run` has a step of its own for both.
    """
    if os.environ.get("SPARK") == "no":
        pytest.skip("Spark is left out here (SPARK=no)")
    if find_spec("pyspark") is None:
        pytest.skip("PySpark is not installed: install requirements/spark.lock")
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        pytest.skip("Spark needs Java, and none is found")
    started = pytest.importorskip("klyngeanalyse.core.spark").session(memory="1g", cores=2)
    yield started
    started.stop()


@pytest.fixture
def both(request: pytest.FixtureRequest) -> Both:
    """`both(work)` runs `work(engine)` on a fresh DuckDB, then on Spark, and holds the answers to be equal to 1e-9.

    The answer of `work` may be a result, an Arrow table, arrays or a mapping of them; rows of tables are compared sorted
    unless `ordered=True`. DuckDB's answer is returned. Where Spark is absent the test is skipped after DuckDB's part ran,
    so a fault there still fails.
    """

    def compare(work: Work, tolerance: float = 1e-9, ordered: bool = False) -> Any:
        duck = DuckEngine(threads=2)
        try:
            answer = work(duck)
        finally:
            duck.close()
        session = request.getfixturevalue("spark_session")
        spark = pytest.importorskip("klyngeanalyse.core.spark").SparkEngine(session)
        try:
            other = work(spark)
        finally:
            spark.close()
        _same(_comparable(answer, ordered), _comparable(other, ordered), tolerance, "answer")
        return answer

    return compare
