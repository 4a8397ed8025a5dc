"""What a declared study is counted in, part by part: light, for whoever only wants to know how far a counting is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def parts_of(methods: Mapping[str, Any]) -> tuple[str, ...]:
    """The effects with everything beside them, each declared specification, each declared grouping, the matching."""
    ways, groups = methods.get("specifications", ()), methods.get("by", ())
    return ("effects", *(f"specification:{nth}" for nth in range(len(ways))), *(f"by:{name}" for name in groups), *(("matching",) if "match" in methods else ()))  # fmt: skip
