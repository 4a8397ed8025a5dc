"""Parquet: offered where pyarrow is installed (the extra "analyse"); each column carries what it means."""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal
from importlib import import_module
from importlib.util import find_spec

from .terms import Kind, Schema

CONTENT_TYPE = "application/vnd.apache.parquet"


def offered() -> bool:
    return find_spec("pyarrow") is not None


def parquet(rows: Sequence[Sequence[object]], schema: Schema) -> bytes:
    """The rows (no header) as Parquet; only where ``offered``."""
    arrow, writer = import_module("pyarrow"), import_module("pyarrow.parquet")
    types = {
        Kind.INTEGER: arrow.int64(), Kind.DECIMAL: arrow.float64(), Kind.YES_NO: arrow.bool_(), Kind.DATE: arrow.date32(),
    }  # fmt: skip
    fields = [
        arrow.field(
            one.key, types.get(one.kind, arrow.string()),
            metadata={"da": f"{one.da}. {one.hint_da}", "en": f"{one.en}. {one.hint_en}"},
        )
        for one in schema.columns
    ]  # fmt: skip
    columns = [
        arrow.array([float(row[nth]) if isinstance(row[nth], Decimal) else row[nth] for row in rows], type=field.type)  # type: ignore[arg-type]
        for nth, field in enumerate(fields)
    ]
    out = io.BytesIO()
    writer.write_table(arrow.table(columns, schema=arrow.schema(fields)), out)
    return out.getvalue()
