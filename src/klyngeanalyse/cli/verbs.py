"""The verbs in the order that the help lists them; a verb is loaded when it is asked for, so that one pays for no other."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol, cast

from klyngeanalyse.core.progress import Progress
from klyngeanalyse.core.results import Result

ORDER = ("effects", "study", "match", "strengths", "relatedness", "radius", "overlap", "count", "recommend", "schedule")


class Verb(Protocol):
    """What the module of a verb holds.

    `HELP` is one sentence for people; `arguments` adds the options of its own (INPUT, --protocol, --out, --seed and --quiet
    are there already); `work` answers with one result a name, which becomes the name of the files. A module may also hold
    `PROTOCOL`, the names in a protocol file that are no option and that it reads from `said.settings` itself.
    """

    HELP: str

    def arguments(self, parser: argparse.ArgumentParser) -> None: ...
    def work(self, said: argparse.Namespace, progress: Progress) -> dict[str, Result]: ...


def names() -> tuple[str, ...]:
    """The verbs whose modules are part of this installation."""
    return tuple(name for name in ORDER if find_spec(f"klyngeanalyse.cli.{name}"))


def load(name: str) -> Verb:
    return cast(Verb, import_module(f"klyngeanalyse.cli.{name}"))


def own_settings(verb: Verb) -> Iterable[str]:
    return cast(Iterable[str], getattr(verb, "PROTOCOL", ()))
