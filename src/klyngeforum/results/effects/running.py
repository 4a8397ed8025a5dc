"""Running a frozen protocol on an extract with the analysis library; only what is counted over companies comes back.

Kept apart from the room's other files: beside `panels` it alone loads the library (DuckDB, NumPy, Arrow), and only when a study runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from klyngeanalyse.bundle.declared import Began, Declared, counted
from klyngeanalyse.bundle.declared import checked as understood
from klyngeanalyse.bundle.packet import pack
from klyngeanalyse.core.errors import Unfit
from klyngeforum.ground.verdict import Refused, no

from .refusals import NOT_UNDERSTOOD, UNANSWERED
from .terms import Begun, Protocol

MEMORY = "512MB"
Keep = Callable[[str, Any], None]


def _unkept(name: str, told: Any) -> None:
    """Nobody keeps the parts."""


def library() -> str:
    """The name and version of what counts."""
    try:
        return f"klyngeanalyse {version('klyngeforum')}"
    except PackageNotFoundError:
        return "klyngeanalyse (source)"


def _declared(protocol: Protocol) -> Declared:
    outcomes = tuple((one.column, one.form) for one in protocol.outcomes)
    return Declared(protocol.code, protocol.digest, outcomes, protocol.horizon, protocol.methods)


def _began(begun: Iterable[Begun]) -> list[Began]:
    return [(one.number, one.year, one.organisation) for one in begun]


def checked(protocol: Protocol) -> None:
    """Refused where the library cannot understand what the protocol asks of it."""
    try:
        understood(_declared(protocol))
    except Unfit as error:
        raise Refused(no(NOT_UNDERSTOOD, on="text", why=str(error))) from error


def run(
    protocol: Protocol, path: Path, begun: Iterable[Begun], least: float,
    done: Mapping[str, Any] | None = None, keep: Keep = _unkept,
) -> dict[str, Any]:  # fmt: skip
    """The study as data, counted here; ``done`` are parts that were counted before on the same inputs, ``keep`` is handed every other one."""
    try:
        told = counted(_declared(protocol), path, _began(begun), least, done=done, keep=keep, memory=MEMORY)
    except Unfit as error:
        raise Refused(no(UNANSWERED, why=str(error))) from error
    return {**told, "library": library()}


def packed(
    protocol: Protocol, begun: Iterable[Begun], *, least: float, key: str, texts: Mapping[str, str]
) -> tuple[bytes, str]:
    """The bundle with which the study is counted where the register is, and its fingerprint."""
    return pack(_declared(protocol), _began(begun), least=least, key=key, texts=texts)


def columns_of(protocol: Protocol) -> tuple[str, ...]:
    """What the panel must hold: of who and when, what is measured, adjusted for, matched on and grouped by, also of ways that are tried beside."""
    other = (str(one["outcome"]) for one in protocol.methods.get("specifications", ()) if "outcome" in one)
    return tuple(dict.fromkeys((*_declared(protocol).columns, *other)))
