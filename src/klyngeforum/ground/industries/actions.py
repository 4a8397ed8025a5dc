"""Taking in industry codes from the programme's tables."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from django.db import transaction

from klyngeforum.ground.pouring import Plain, brought_up
from klyngeforum.ground.programme.queries import table_of
from klyngeforum.ground.programme.rules import ProgrammeError

from .models import Industry

_COLUMNS = ("code", "level", "title_da", "title_en", "parent", "source")


@transaction.atomic
def take_in(*, folder: Path) -> int:
    """Every version is one file named by it (DB07.csv); taking in again changes nothing."""
    count = 0
    for file in sorted((folder / "industries").glob("*.csv")):
        version, known = file.stem, dict[str, int]()
        rows = sorted(table_of(folder, f"industries/{file.name}", _COLUMNS), key=lambda row: int(row["level"]))
        for level, of_level in groupby(rows, key=lambda row: int(row["level"])):  # a parent stands before its children
            wanted: list[dict[str, Plain]] = []
            for row in of_level:
                if row["parent"] and row["parent"] not in known:
                    raise ProgrammeError(
                        f"industries/{file.name}, {row['code']}: its parent '{row['parent']}' is missing; add it above"
                    )
                wanted.append({
                    "version": version, "code": row["code"], "level": level, "title_da": row["title_da"], "title_en": row["title_en"],
                    "parent_id": known.get(row["parent"]), "source": row["source"],
                })  # fmt: skip
            known |= {one.code: one.pk for one in brought_up(Industry, ("version", "code"), wanted).values()}
            count += len(wanted)
    return count
