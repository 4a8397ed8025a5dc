"""Regional tables and the rows of them."""

from __future__ import annotations

from django.db.models import QuerySet

from .models import RegionalCell as RegionalCell
from .models import RegionalTable, TableName
from .terms import NameKind


def tables() -> QuerySet[RegionalTable]:
    """Every table taken in, newest first."""
    return RegionalTable.objects.select_related("taken_by").order_by("-number")


def table(number: int) -> RegionalTable | None:
    return tables().filter(number=number).first()


def cells_of(table_id: int) -> QuerySet[RegionalCell]:
    return RegionalCell.objects.filter(table_id=table_id)


def names_in(table_id: int, kind: NameKind) -> dict[str, str]:
    """Code -> what the table calls it (nothing where it has no name)."""
    return dict(TableName.objects.filter(table_id=table_id, kind=kind).order_by("code").values_list("code", "name"))
