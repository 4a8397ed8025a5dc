"""Whatever table a caller has, as Arrow: the edge of the library that needs no engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from klyngeanalyse.core.errors import Unfit


def as_arrow(data: Any) -> pa.Table:
    """Any dataframe that speaks the Arrow stream (pandas, polars, narwhals, pyarrow), or a mapping of columns."""
    if isinstance(data, pa.Table):
        return data
    if isinstance(data, Mapping):
        return pa.table({str(key): pa.array(value) for key, value in data.items()})
    if hasattr(data, "to_arrow"):
        return data.to_arrow()
    if hasattr(data, "__arrow_c_stream__"):
        return pa.table(data)
    raise Unfit(f"cannot read a {type(data).__name__}", mend="give a dataframe, an Arrow table or a mapping of columns")
