"""Column and table names as each engine wants them quoted, so that any name a register uses can stand in the same SQL."""

from __future__ import annotations

from typing import Protocol


class Named(Protocol):
    name: str


def quoted(engine: Named, column: str) -> str:
    """A name in the engine's own quotes; quotes inside are doubled.

    >>> from types import SimpleNamespace
    >>> quoted(SimpleNamespace(name="spark"), "net sales")
    '`net sales`'
    """
    mark = "`" if engine.name == "spark" else '"'
    return mark + column.replace(mark, mark * 2) + mark
