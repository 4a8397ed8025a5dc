"""Spark, where the rows outgrow one machine: the same calls and the same SQL as DuckDB (extra `spark`, Java 17 or newer)."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

from klyngeanalyse.core.engines import plain_numbers
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.naming import quoted


def session(memory: str = "1g", cores: int | None = None, spill: str | Path | None = None) -> SparkSession:
    """A Spark of this machine; on a cluster hand the session that the cluster gave you to `SparkEngine` instead.

    `memory` is a Java size ('1g') for the driver, `spill` the folder for what does not fit.

    Raises `Unfit` where there is no Java.
    """
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        raise Unfit("Spark needs Java, and none is found", mend="install Java 17 or newer, or use DuckDB")
    settings = {
        "spark.driver.memory": memory,
        "spark.local.dir": str(spill or tempfile.gettempdir()),
        "spark.sql.shuffle.partitions": str(2 * (cores or os.cpu_count() or 1)),
        "spark.sql.session.timeZone": "UTC",
        "spark.driver.maxResultSize": "0",  # what comes back was meant to; Java's memory is the limit
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.ansi.enabled": "true",  # an overflow or a bad cast is an error, as on DuckDB
    }
    builder = SparkSession.builder.master(f"local[{cores or '*'}]").appName("klyngeanalyse")
    for key, value in settings.items():
        builder = builder.config(key, value)
    found = builder.getOrCreate()
    found.sparkContext.setLogLevel("ERROR")
    return found


class SparkEngine:
    """A Spark session as an `Engine`: tables are temporary views, kept answers are persisted in memory and on disk."""

    name = "spark"

    def __init__(self, spark: SparkSession | None = None, memory: str = "1g", cores: int | None = None) -> None:
        self._own = spark is None and SparkSession.getActiveSession() is None
        self.spark = spark or session(memory, cores)
        self._kept: dict[str, DataFrame] = {}
        self._views: set[str] = set()

    def _view(self, name: str, frame: DataFrame) -> None:
        frame.createOrReplaceTempView(name)
        self._views.add(name)

    def put(self, name: str, table: pa.Table) -> None:
        self._view(name, self.spark.createDataFrame(table))

    def open(self, name: str, path: str | Path, text: Sequence[str] = ()) -> None:
        """A Parquet or CSV file (a folder of them, an address of the cluster's store) as a view; columns `text` of a CSV are text."""
        if "://" not in str(path) and not Path(path).exists():
            raise Unfit(f"no file {path}", mend="give the path of a Parquet or CSV file")
        read = self.spark.read
        if ".csv" in Path(path).suffixes:
            seen = read.csv(str(path), header=True, inferSchema=True)
            kinds = ", ".join(f"{quoted(self, one)} {'string' if one in text else kind}" for one, kind in seen.dtypes)
            self._view(name, read.csv(str(path), header=True, schema=kinds) if text else seen)
        else:
            self._view(name, read.parquet(str(path)))

    def run(self, sql: str) -> None:
        self.spark.sql(sql)

    def keep(self, name: str, sql: str) -> None:
        """The answer of a query under a name, worked out once; what does not fit in memory lies on disk."""
        frame = self.spark.sql(sql).persist()
        frame.count()
        self.drop(name)
        self._kept[name] = frame
        self._view(name, frame)

    def drop(self, name: str) -> None:
        """Forget what was put or kept under a name."""
        old = self._kept.pop(name, None)
        if old is not None:
            old.unpersist()
        if name in self._views:
            self.spark.catalog.dropTempView(name)
            self._views.discard(name)

    def arrow(self, sql: str) -> pa.Table:
        return plain_numbers(self.spark.sql(sql).toArrow())

    def close(self) -> None:
        """Forget this engine's tables; a session that was handed in, or ran before, goes on living."""
        for name in list(self._views):
            self.drop(name)
        if self._own:
            self.spark.stop()
