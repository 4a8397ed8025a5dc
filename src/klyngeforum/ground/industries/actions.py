"""Taking in industry codes from the programme's tables."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from klyngeforum.ground.programme.queries import table_of
from klyngeforum.ground.programme.rules import ProgrammeError

from .models import Industry

_COLUMNS = ("code", "level", "title_da", "title_en", "parent", "source")


@transaction.atomic
def take_in(*, folder: Path) -> int:
    """Every version is one file named by it (DB07.csv); taking in again changes nothing."""
    count = 0
    for file in sorted((folder / "industries").glob("*.csv")):
        version = file.stem
        known: dict[str, Industry] = {}
        for row in sorted(table_of(folder, f"industries/{file.name}", _COLUMNS), key=lambda row: int(row["level"])):
            if row["parent"] and row["parent"] not in known:
                raise ProgrammeError(
                    f"industries/{file.name}, {row['code']}: its parent '{row['parent']}' is missing; add it above"
                )
            known[row["code"]], _ = Industry.objects.update_or_create(
                version=version, code=row["code"],
                defaults={
                    "level": int(row["level"]), "title_da": row["title_da"], "title_en": row["title_en"],
                    "parent": known.get(row["parent"]), "source": row["source"],
                },
            )  # fmt: skip
            count += 1
    return count
