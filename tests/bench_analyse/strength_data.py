"""Made-up tables of the sizes that the goals name; the same seed gives the same rows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet


def space(path: Path, regions: int, industries: int, years: int) -> None:
    """Value by year, region and industry: regions of unlike capability, industries of unlike demands, a third of the cells empty."""
    chance = np.random.default_rng(regions + industries)
    able, hard = chance.beta(2, 2, regions), chance.beta(2, 3, industries)
    near = chance.normal(0, 1, (regions, 5)) @ chance.normal(0, 1, (5, industries))
    parts = []
    for year in range(years):
        value = np.exp(2 + 0.3 * near + chance.normal(0, 0.7, near.shape))
        value[chance.random(near.shape) > 0.25 + 0.7 * (able[:, None] > hard)] = 0
        row, column = np.indices(near.shape, dtype=np.int32)
        parts.append(
            pa.table(
                {
                    "year": np.full(near.size, 2000 + year),
                    "region": row.ravel(),
                    "industry": column.ravel(),
                    "value": value.ravel(),
                }
            )
        )
    parquet.write_table(pa.concat_tables(parts), path)


def places(path: Path, organisations: int, memberships: int) -> None:
    """Members of organisations around four hundred towns of Europe, every seventh anywhere; sizes of a long tail."""
    chance = np.random.default_rng(3)
    size = chance.lognormal(0, 1.35, organisations)
    size = np.maximum((size / size.sum() * memberships).astype(int), 2)
    count = int(size.sum())
    towns = np.column_stack([chance.uniform(-9, 30, 400), chance.uniform(37, 65, 400)])
    whose = np.repeat(np.arange(organisations), size)
    home = towns[chance.integers(0, 400, organisations)][whose]
    wide = np.repeat(chance.uniform(0.2, 2.5, organisations), size)[:, None]
    near = home + chance.normal(0, 1, (count, 2)) * wide * [1.6, 1.0]
    point = np.where(
        chance.random((count, 1)) < 0.15,
        towns[chance.integers(0, 400, count)] + chance.normal(0, 0.05, (count, 2)),
        near,
    )
    order = chance.permutation(count)
    columns = {
        "organisation": whose[order],
        "company": chance.integers(0, 10_000_000, count),
        "lon": point[order, 0],
        "lat": np.clip(point[order, 1], -85, 85),
    }
    parquet.write_table(pa.table(columns), path)


def members(path: Path, organisations: int, memberships: int, companies: int) -> None:
    chance = np.random.default_rng(4)
    parquet.write_table(
        pa.table(
            {
                "organisation": chance.integers(0, organisations, memberships),
                "company": chance.integers(0, companies, memberships),
            }
        ),
        path,
    )


def participations(path: Path, rows: int) -> None:
    """Ten rows a company over ten years; one company in ten grows into the next size, one in fifty moves."""
    chance = np.random.default_rng(5)
    companies = rows // 10
    region, size = chance.integers(0, 11, companies).astype(np.int16), chance.integers(0, 4, companies).astype(np.int16)
    industry = (chance.beta(1, 3, companies) * 88).astype(np.int16)
    grows, moves = (
        np.where(chance.random(companies) < share, chance.integers(1, 10, companies), 99) for share in (0.10, 0.02)
    )
    with parquet.ParquetWriter(
        path,
        pa.schema([("company", pa.int32()), *((name, pa.int16()) for name in ("year", "region", "size", "industry"))]),
    ) as file:
        for begin in range(0, rows, 10_000_000):
            count = min(10_000_000, rows - begin)
            who, year = (
                chance.integers(0, companies, count, dtype=np.int32),
                chance.integers(0, 10, count, dtype=np.int16),
            )
            large, elsewhere = (year >= grows[who]).astype(np.int16), (year >= moves[who]).astype(np.int16)
            columns = [
                who,
                year + np.int16(2005),
                (region[who] + elsewhere) % np.int16(11),
                size[who] + large,
                industry[who],
            ]
            file.write_table(pa.table(dict(zip(file.schema.names, columns, strict=True))))
