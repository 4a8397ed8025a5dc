"""What a declared study is counted in, part by part: light, for whoever only wants to know how far a counting is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def parts_of(methods: Mapping[str, Any]) -> tuple[str, ...]:
    """The effects with everything beside them, each declared specification, the matching."""
    ways = methods.get("specifications", ())
    return ("effects", *(f"specification:{nth}" for nth in range(len(ways))), *(("matching",) if "match" in methods else ()))  # fmt: skip
