"""The mask table: a company's years in one number a company and cell, from which every distinct count follows without the rows."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as parquet

from klyngeanalyse.core.engines import Engine, columns
from klyngeanalyse.core.errors import Unfit

DIMENSIONS = ("region", "size", "industry")
MOST_YEARS = 62


def masks(
    engine: Engine,
    table: str,
    name: str = "masks",
    *,
    first: int | None = None,
    dimensions: tuple[str, ...] = DIMENSIONS,
) -> int:
    """Keeps the mask table of `table` (company, year and the dimensions, any number of rows a company) under `name` in the engine.

    Its rows: company, the dimensions, and `mask`, whose bit b says that the company is there in year first + b. Answers with
    that first year. Raises Unfit for rows without company, year or dimension and for years more than 62 apart.
    """
    named = ("company", "year", *dimensions)
    strange = [one for one in named if not one.isidentifier()]
    if strange:
        raise Unfit(f"a column called {strange[0]!r}", where=table, mend="name it with letters, digits and _")
    looks = ", ".join(f"count({one}) as has_{one}" for one in named)
    seen = columns(engine, f"select count(*) as n, min(year) as first, max(year) as last, {looks} from {table}")
    total = int(seen["n"][0])
    if not total:
        raise Unfit("no rows", where=table, mend="give a table with at least one row")
    for one in named:
        if int(seen[f"has_{one}"][0]) < total:
            raise Unfit(
                f"{total - int(seen[f'has_{one}'][0])} rows without {one}", where=table, mend="fill it or drop the rows"
            )
    begins = int(seen["first"][0]) if first is None else first
    if not 0 <= int(seen["last"][0]) - begins < MOST_YEARS or int(seen["first"][0]) < begins:
        raise Unfit(
            f"years {int(seen['first'][0])} to {int(seen['last'][0])}",
            why=f"a mask holds {MOST_YEARS} years from {begins}",
            mend="count shorter periods or give the first year",
        )
    keys = ", ".join(("company", *dimensions))
    engine.keep(
        name,
        f"select {keys}, bit_or(cast(1 as bigint) << cast(year - {begins} as int)) as mask from {table} group by {keys}",
    )
    return begins


def refreshed(engine: Engine, name: str, more: str, target: str, *, dimensions: tuple[str, ...] = DIMENSIONS) -> None:
    """Keeps under `target` what two mask tables of the same first year say together: old rows never need to be read again."""
    keys = ", ".join(("company", *dimensions))
    engine.keep(
        target,
        f"select {keys}, bit_or(mask) as mask from (select {keys}, mask from {name} union all select {keys}, mask from {more}) as together "
        f"group by {keys}",
    )


def movers(name: str) -> str:
    """Companies with more than one row in a mask table: they changed region, size or industry, or are in several."""
    return f"select company from {name} group by company having count(*) > 1"


def moved(engine: Engine, name: str) -> str:
    """The rows of these companies as a query; a stored table says in `moved` which they are."""
    if "moved" in engine.arrow(f"select * from {name} limit 0").column_names:
        return f"select * from {name} where moved"
    return f"select m.* from {name} as m join ({movers(name)}) as movers on m.company = movers.company"


def store(engine: Engine, name: str, path: str | Path, first: int) -> None:
    """Writes a mask table as Parquet; the first year and the dimensions travel with it, and which rows are of companies that moved."""
    table = engine.arrow(
        f"select m.*, movers.company is not null as moved from {name} as m "
        f"left join ({movers(name)}) as movers on m.company = movers.company"
    )
    parquet.write_table(table.replace_schema_metadata({"first_year": str(first)}), path)


def stored(engine: Engine, path: str | Path, name: str = "masks") -> int:
    """Opens a stored mask table under `name`; answers with its first year."""
    source = Path(path)
    if not source.exists():
        raise Unfit(f"no file {source}", mend="store a mask table first")
    said = (parquet.read_schema(source).metadata or {}).get(b"first_year")
    if said is None:
        raise Unfit(
            f"{source} is no mask table",
            why="it does not say its first year",
            mend="give a file that was stored as one",
        )
    engine.open(name, source)
    return int(said)
