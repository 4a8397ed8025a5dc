"""Real data beside the checkout; a test that needs it says so where it is absent."""

from __future__ import annotations

import os
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as parquet
import pytest

HOME = Path(__file__).resolve().parents[4]


def shared(name: str) -> Path:
    folder = Path(os.environ.get("KLYNGEFORUM_SHARED_DATA", HOME.parent / "shared" / "data"))
    path = folder / name
    if not path.exists():
        pytest.skip(f"no {name} in {folder}: set KLYNGEFORUM_SHARED_DATA")
    return path


def table(name: str, *, decimals: tuple[str, ...] = ()) -> pa.Table:
    """A shared file with all columns as text, save those named as numbers."""
    path = shared(name)
    if path.suffix == ".parquet":
        return parquet.read_table(path)
    names = csv.open_csv(path).schema.names
    kinds = {one: pa.float64() if one in decimals else pa.string() for one in names}
    return csv.read_csv(path, convert_options=csv.ConvertOptions(column_types=kinds, strings_can_be_null=False))
