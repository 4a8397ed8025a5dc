"""The command line: a verb, a file and a folder; the answers are written for machines, spreadsheets and people."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path

from klyngeanalyse.cli import protocol, writing
from klyngeanalyse.cli.arguments import OneLine, Refused, as_typed, one_parser, parser
from klyngeanalyse.cli.verbs import ORDER, load, names, own_settings
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.progress import Told, silent


def understood(typed: Sequence[str]) -> argparse.Namespace:
    """The command line with the protocol's settings where nothing was typed by hand."""
    wanted = typed[0] if typed and typed[0] in names() else None
    verbs = {name: load(name) for name in ([wanted] if wanted else names())}
    top = parser(verbs)
    if not wanted:
        return top.parse_args(typed)
    asked = OneLine(prog=f"klyngeanalyse {wanted}", add_help=False, allow_abbrev=False)
    asked.add_argument("--protocol", type=Path)
    path = None if {"-h", "--help"} & set(typed) else asked.parse_known_args(typed)[0].protocol
    settings = protocol.read(path, wanted, ORDER) if path else {}
    words = as_typed(one_parser(top, wanted), settings, typed, tuple(own_settings(verbs[wanted])), path) if path else []
    said = top.parse_args([*typed, *words])
    said.settings = settings
    return said


def run(said: argparse.Namespace) -> None:
    out: Path = said.out
    if out.exists() and not out.is_dir():
        raise Unfit(f"{out} is a file", where="--out", mend="give the name of a folder")
    progress = silent if said.quiet else Told(sys.stderr)
    try:
        results = load(said.verb).work(said, progress)
    finally:
        if isinstance(progress, Told):
            progress.close()
    written = writing.write(out, said, results)
    print(written)


def _log(error: BaseException) -> Path:
    path = Path(tempfile.gettempdir()) / f"klyngeanalyse-{os.getpid()}.log"
    with path.open("w", encoding="utf-8") as file:
        traceback.print_exception(error, file=file)
    return path


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__


def main(typed: Sequence[str] | None = None) -> int:
    """0: the answer is written; 1: the input cannot be answered on; 2: it could not be done. Errors are one line on stderr."""
    words = list(sys.argv[1:] if typed is None else typed)
    try:
        run(understood(words))
        return 0
    except SystemExit as done:  # --help has been shown
        return int(done.code or 0)
    except Unfit as error:
        print(f"klyngeanalyse: {_one_line(error)}", file=sys.stderr)
        return 1
    except Refused as error:
        print(_one_line(error), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("klyngeanalyse: stopped before it was done; nothing was written", file=sys.stderr)
        return 2
    except BrokenPipeError:
        sys.stderr.close()
        return 2
    except OSError as error:
        print(f"klyngeanalyse: {_one_line(error)}", file=sys.stderr)
        return 2
    except Exception as error:
        print(f"klyngeanalyse: {type(error).__name__}: {_one_line(error)} (details in {_log(error)})", file=sys.stderr)
        return 2
