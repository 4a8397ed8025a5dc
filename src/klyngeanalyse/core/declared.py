"""A table of a protocol read into the dataclass that it declares."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from klyngeanalyse.core.errors import Unfit

Declared = TypeVar("Declared")


def declared(kind: type[Declared], said: Mapping[str, Any], table: str, lists: Sequence[str] = ()) -> Declared:
    """The dataclass `kind` from a protocol's [table], `lists` as tuples; a field nobody knows is refused by name."""
    known = {field.name for field in dataclasses.fields(kind)}  # type: ignore[arg-type]  # every kind is a dataclass
    strangers = sorted(set(said) - known)
    if strangers:
        raise Unfit(
            f"unknown field {', '.join(strangers)}",
            where=f"protocol, [{table}]",
            mend=f"known fields: {', '.join(sorted(known))}",
        )
    return kind(**{**said, **{name: tuple(said[name]) for name in lists if name in said}})
