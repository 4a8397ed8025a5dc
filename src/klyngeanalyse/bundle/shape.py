"""What each setting of a protocol's [effects] may hold, read off the dataclasses that take it: a slip of the pen is told before anything is
frozen, and not by what it would lead to (`exact = "industry"` is eight columns to Python)."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.effects.aggregates import KINDS
from klyngeanalyse.effects.design import Design
from klyngeanalyse.matching import Design as Matched
from klyngeanalyse.matching.history import History

_NAMES = tuple[str, ...]
_EFFECTS, _WAYS, _KIND, _TABLES = "effects", "specifications", "kind", ("design", "match")
_COUNTED = {"false_years": int, "false_draws": int, "beyond": _NAMES}
_LONGEST = 40


@cache
def _settings(table: str) -> dict[str, Any]:
    """Of a table, each setting and what kind of value it takes."""
    if table == "design":
        return get_type_hints(Design)
    if table == _WAYS:
        return {**get_type_hints(Design), "name": str, "kind": str, "outcome": str}
    own = {name: one for name, one in get_type_hints(Matched).items() if name not in ("treated", "company", "outcomes", "covariates")}  # fmt: skip
    history = get_type_hints(History)
    return {**own, "levels": _NAMES, "exact": _NAMES, **{name: history[name] for name in ("lag", "span", "horizon")}}


def shaped(methods: Mapping[str, Any]) -> None:
    """Raises Unfit for the first setting that holds something else than it takes; what it means together is asked elsewhere."""
    for name, kind in _COUNTED.items():
        if name in methods:
            _takes(kind, name, methods[name], _EFFECTS)
    for table in _TABLES:
        if table in methods:
            _is_table(table, methods[table])
            filled(table, methods[table])
    ways(methods.get(_WAYS, []))


def ways(said: object) -> None:
    """The same of the declared specifications."""
    if not isinstance(said, list | tuple) or not all(isinstance(one, Mapping) for one in said):
        raise Unfit(f"{_WAYS} is {_short(said)}", where=f"protocol, [{_EFFECTS}]", mend="write each below a line [[effects.specifications]]")  # fmt: skip
    for one in said:
        filled(_WAYS, one)
        if one.get(_KIND, KINDS[0]) not in KINDS:
            raise Unfit(f"{_KIND} is {_short(one[_KIND])}", where=f"protocol, [{_WAYS}]", mend=f"one of {', '.join(KINDS)}")  # fmt: skip


def _is_table(table: str, said: object) -> None:
    if not isinstance(said, Mapping):
        raise Unfit(f"{table} is {_short(said)}", where=f"protocol, [{_EFFECTS}]", mend=f"write its settings below a line [effects.{table}]")  # fmt: skip


def filled(table: str, said: Mapping[str, Any]) -> None:
    """Raises Unfit where a table (`design`, `match`, `specifications`) has a setting that nobody knows, or one with a value of another kind."""
    known = _settings(table)
    if strangers := sorted(set(said) - set(known)):
        raise Unfit(
            f"unknown field {', '.join(strangers)}", where=f"protocol, [{table}]", mend=f"known fields: {', '.join(sorted(known))}"
        )  # fmt: skip
    for name, value in said.items():
        _takes(known[name], name, value, table)


def _takes(kind: Any, name: str, value: object, table: str) -> None:
    """Raises Unfit where the value is of another kind."""
    kinds = get_args(kind) if isinstance(kind, UnionType) else (kind,)
    (asked,) = [one for one in kinds if one is not NoneType][:1]
    if any(_is(one, value) for one in kinds):
        return
    what, where = f"{name} is {_short(value)}", f"protocol, [{table}]"
    if asked == _NAMES:
        raise Unfit(what, where=where, mend='write a list of names, such as ["industry"]')
    if get_origin(asked) is Literal:
        raise Unfit(what, where=where, mend=f"one of {', '.join(get_args(asked))}")
    if asked is bool:
        raise Unfit(what, where=where, mend="write true or false")
    if asked is int:
        raise Unfit(what, where=where, mend="give a whole number from 0")
    if asked is float:
        raise Unfit(what, where=where, mend="give a number")
    if asked is str:
        raise Unfit(what, where=where, mend="write a text in quotation marks")
    raise Unfit(what, where=where, mend="write a number for each column, such as {age = 5}")


def _is(kind: Any, value: object) -> bool:
    if kind == _NAMES:
        return isinstance(value, list | tuple) and all(isinstance(one, str) and one.strip() for one in value)
    if get_origin(kind) is Literal:
        return isinstance(value, str) and value in get_args(kind)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool) and value >= 0
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if kind in (str, bool):
        return isinstance(value, kind)
    return isinstance(value, Mapping) and all(_bins(one) for one in value.values())


def _bins(value: object) -> bool:
    """A number of bins, or cut points."""
    if isinstance(value, list | tuple):
        return bool(value) and all(_is(float, one) for one in value)
    return _is(int, value)


def _short(value: object) -> str:
    """A value as TOML writes it, or its beginning."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…" + text[-1]
