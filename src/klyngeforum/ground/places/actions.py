"""Taking in places from the programme's tables, and postcodes from the operator's file."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from django.db import transaction

from klyngeforum.ground.pouring import Plain, brought_up
from klyngeforum.ground.programme.queries import table_of
from klyngeforum.ground.programme.rules import ProgrammeError

from .models import Area, Belonging, Postcode
from .terms import AreaKind

_REFORM = date(2007, 1, 1)  # the municipal reform: no entry of the table is older
_STARTS = ("kind", "code", "valid_from")
_AREAS = ("kind", "code", "name_da", "name_en", "valid_from", "valid_to", "source")
_URBANISATION = ("code", "degree", "valid_from", "valid_to", "source", "provenance")
_MUNICIPALITIES = ("code", "name_da", "name_en", "longitude", "latitude", "landsdel", "region", "growth_forum")


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@transaction.atomic
def take_in(*, folder: Path) -> int:
    """Areas, municipalities and who lies where; taking in again changes nothing."""
    brought_up(Area, _STARTS, [
        {
            "kind": row["kind"], "code": row["code"], "valid_from": date.fromisoformat(row["valid_from"]), "name_da": row["name_da"], "name_en": row["name_en"],
            "valid_to": _day(row["valid_to"]), "source": row["source"],
        }
        for row in table_of(folder, "places/areas.csv", _AREAS)
    ])  # fmt: skip
    parents = {area.code: area for area in Area.objects.exclude(kind=AreaKind.MUNICIPALITY)}
    moves = {row["from"]: row["to"] for row in table_of(folder, "places/successions.csv", ("from", "to", "on"))}
    rows = table_of(folder, "places/municipalities.csv", _MUNICIPALITIES)
    children = brought_up(Area, _STARTS, [
        {
            "kind": AreaKind.MUNICIPALITY.value, "code": row["code"], "valid_from": _REFORM, "name_da": row["name_da"], "name_en": row["name_en"],
            "longitude": float(row["longitude"]), "latitude": float(row["latitude"]),
        }
        for row in rows
    ])  # fmt: skip
    lies: list[dict[str, Plain]] = []
    for row in rows:
        child = children[AreaKind.MUNICIPALITY.value, row["code"], _REFORM]
        for code in filter(None, [row["landsdel"], row["region"], row["growth_forum"], moves.get(row["region"], "")]):
            if code not in parents:
                raise ProgrammeError(
                    f"places/municipalities.csv, {row['code']}: no area has the code '{code}'; add it to places/areas.csv"
                )
            parent = parents[code]
            lies.append({"child_id": child.pk, "parent_id": parent.pk, "valid_from": parent.valid_from, "valid_to": parent.valid_to, "placeholder": False})  # fmt: skip
    lies += _urbanisation(folder, {code: one for (_, code, _), one in children.items()}, parents)
    stands = brought_up(Belonging, ("child_id", "parent_id", "valid_from"), lies)
    # the tables are the whole truth: a town lies no longer where an earlier version of them placed it
    Belonging.objects.exclude(pk__in=[one.pk for one in stands.values()]).delete()
    return len(rows)


def _urbanisation(folder: Path, towns: Mapping[object, Area], degrees: Mapping[str, Area]) -> list[dict[str, Plain]]:
    """How built up each municipality is, from when to when, and whether the value waits for the official one."""
    lies: list[dict[str, Plain]] = []
    for row in table_of(folder, "places/urbanisation.csv", _URBANISATION):
        town, degree = towns.get(row["code"]), degrees.get(row["degree"])
        if town is None or degree is None or degree.kind != AreaKind.URBANISATION:
            missing = f"municipality '{row['code']}'" if town is None else f"degree of urbanisation '{row['degree']}'"
            raise ProgrammeError(
                f"places/urbanisation.csv, {row['code']}: there is no {missing}; mend the row or add it to places/"
            )
        lies.append({
            "child_id": town.pk, "parent_id": degree.pk, "valid_from": date.fromisoformat(row["valid_from"]), "valid_to": _day(row["valid_to"]),
            "placeholder": row["provenance"] == "placeholder",
        })  # fmt: skip
    return lies


@transaction.atomic
def take_in_postcodes(*, file: Path) -> int:
    """Postcodes with their municipality (columns postnr, by, kommune_kode, lon, lat); codes may lack leading zeros."""
    municipalities = {area.code: area for area in Area.objects.filter(kind=AreaKind.MUNICIPALITY)}
    with file.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    known = set(Postcode.objects.filter(country="DK").values_list("code", flat=True))
    fresh = [
        Postcode(
            code=row["postnr"].zfill(4), name=row["by"], municipality=municipalities.get(row["kommune_kode"].zfill(4)),
            longitude=float(row["lon"]), latitude=float(row["lat"]),
        )
        for row in rows if row["postnr"].zfill(4) not in known
    ]  # fmt: skip
    Postcode.objects.bulk_create(fresh, batch_size=2000)
    return len(fresh)
