"""Large tables as Arrow: Parquet, or CSV in which codes keep their leading zeros."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as parquet

from klyngeanalyse.core.errors import Unfit


def table(path: str | Path, labels: Sequence[str], numbers: Sequence[str] = ()) -> pa.Table:
    """The named columns of a file; labels of a CSV are text, its numbers float64 (years whole where they are).

    Raises Unfit where the file or a column is missing or a number of a CSV is none.
    """
    source = Path(path)
    if not source.is_file():
        raise Unfit(f"no file {source}", mend="give the path of a Parquet or CSV file")
    wanted = list(dict.fromkeys([*labels, *numbers]))
    return _parquet(source, wanted) if ".parquet" in source.suffixes else _csv(source, wanted, numbers)


def _parquet(source: Path, wanted: list[str]) -> pa.Table:
    try:
        file = parquet.ParquetFile(source)
    except pa.ArrowInvalid as error:
        raise Unfit(f"{source.name} is no Parquet file", why=str(error), mend="save it as Parquet or CSV") from None
    _all_there(source, wanted, file.schema_arrow.names)
    return file.read(columns=wanted)


def _csv(source: Path, wanted: list[str], numbers: Sequence[str]) -> pa.Table:
    kinds = {name: pa.float64() if name in numbers else pa.string() for name in wanted}
    with pa.input_stream(str(source), compression="detect") as stream:
        head = stream.read(65_536).split(b"\n", 1)[0]
    parse = csv.ParseOptions(delimiter=max(",;\t", key=lambda one: head.count(one.encode())))
    convert = csv.ConvertOptions(column_types=kinds, include_columns=wanted, strings_can_be_null=True, null_values=[""])
    _all_there(source, wanted, [one.strip().strip('"') for one in head.decode("utf-8-sig").split(parse.delimiter)])
    try:
        return csv.read_csv(source, parse_options=parse, convert_options=convert)
    except pa.ArrowInvalid as error:
        raise Unfit(
            f"{source.name} cannot be read", why=str(error), mend="give numbers with a point, one row a line"
        ) from None


def _all_there(source: Path, wanted: list[str], heads: list[str]) -> None:
    missing = [name for name in wanted if name not in heads]
    if missing:
        raise Unfit(
            f"no column {', '.join(missing)}",
            where=source.name,
            why=f"it has {', '.join(heads)}",
            mend="name the columns so, or say what they are called",
        )


def column_options(parser: argparse.ArgumentParser, names: dict[str, str]) -> None:
    """An option a column that INPUT needs, called like the column."""
    group = parser.add_argument_group("columns of INPUT")
    for name, what in names.items():
        group.add_argument(f"--{name}", default=name, metavar="NAME", help=f"{what} ({name})")
