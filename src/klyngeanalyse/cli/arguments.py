"""What can be typed after `klyngeanalyse`; a mistake is one line that says what to do."""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from klyngeanalyse.cli.numbers import whole
from klyngeanalyse.cli.verbs import Verb

ABOUT = """\
Answers the analytical questions of a cluster programme from a file of companies, organisations or wishes:
what participation led to, where the strong clusters are, who should meet whom, and when.
It reads your file, never changes it, and writes its answers into a folder of its own."""

EXAMPLE = """\
Example: klyngeanalyse schedule wishes.csv --out meetings
then open meetings/index.html in a browser; the same numbers are in meetings/result.json and in CSV files for a spreadsheet.

Exit codes: 0 the answer is written, 1 the input cannot be answered on (the line says why and how to mend it),
2 it could not be done (a mistyped option, a full disk). `klyngeanalyse VERB --help` explains one verb."""


class Refused(Exception):
    """A command line that cannot be understood; one line says what to type instead."""


class OneLine(argparse.ArgumentParser):
    """Errors as one exception instead of usage text, so that the front can say them in one line."""

    def error(self, message: str) -> NoReturn:
        raise Refused(f"{self.prog}: {message} (try: {self.prog} --help)")


def parser(verbs: Mapping[str, Verb]) -> OneLine:
    top = OneLine(
        prog="klyngeanalyse",
        description=ABOUT,
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    chosen = top.add_subparsers(dest="verb", metavar="VERB", title="verbs", required=True)
    for name, verb in verbs.items():
        one = chosen.add_parser(name, help=verb.HELP, description=verb.HELP, allow_abbrev=False)
        one.add_argument(
            "input",
            metavar="INPUT",
            help="the file to read: Parquet or CSV (UTF-8, a header line); with --table a database",
        )
        verb.arguments(one)
        common = one.add_argument_group("for every verb")
        common.add_argument(
            "--out", metavar="DIR", type=Path, required=True, help="folder for the answers; made if needed"
        )
        common.add_argument(
            "--protocol", metavar="FILE.toml", type=Path, help="options from a file; typed ones go first"
        )
        common.add_argument(
            "--seed", metavar="N", type=whole(0), default=1, help="the same seed gives the same answer (1)"
        )
        common.add_argument("--quiet", action="store_true", help="do not say how far it has come")
    return top


def one_parser(top: OneLine, verb: str) -> argparse.ArgumentParser:
    """The part of the parser that belongs to one verb."""
    for action in top._actions:
        if isinstance(action, argparse._SubParsersAction):
            found: argparse.ArgumentParser = action.choices[verb]
            return found
    raise KeyError(verb)


def as_typed(
    one: argparse.ArgumentParser, settings: Mapping[str, Any], typed: Sequence[str], free: Sequence[str], where: Path
) -> list[str]:
    """Settings of a protocol as words of the command line, those left out that were typed by hand."""
    options = {word: action for action in one._actions for word in action.option_strings}
    by_hand = {id(options[word.split("=", 1)[0]]) for word in typed if word.split("=", 1)[0] in options}
    words: list[str] = []
    for key, value in settings.items():
        action = options.get("--" + key.replace("_", "-"))
        if key in free:
            continue
        if action is None or key in ("out", "protocol", "help"):
            known = sorted({word[2:] for word in options if re.match("--[a-z]", word)} - {"out", "protocol", "help"})
            raise Refused(
                f"{one.prog}: {where} says {key!r}, which is no option; the options are {', '.join([*known, *free])}"
            )
        if id(action) not in by_hand:
            words += _words("--" + key.replace("_", "-"), action, value, where)
    return words


def _words(option: str, action: argparse.Action, value: Any, where: Path) -> list[str]:
    if isinstance(value, Mapping):
        raise Refused(f"{where} gives a table for {option[2:]!r}; give a value")
    if action.nargs == 0:
        if not isinstance(value, bool):
            raise Refused(f"{where}: {option[2:]!r} is true or false, not {value!r}")
        return [option] if value else []
    values = [str(one) for one in (value if isinstance(value, list) else [value])]
    if isinstance(action, argparse._AppendAction):
        return [f"{option}={one}" for one in values]
    return (
        [option, *values]
        if action.nargs in ("+", "*") or isinstance(action.nargs, int)
        else [f"{option}={','.join(values)}"]
    )
