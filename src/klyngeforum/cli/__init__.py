"""The console script: every verb of the house for people at a terminal (kommandolinje)."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import django

from .arguments import parser


def _environment(options: dict[str, object]) -> None:
    """What the options say about the database and the demo goes where the settings read it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "klyngeforum.settings")
    if options.get("database"):
        os.environ["DATABASE_URL"] = str(options["database"])
    if options["verb"] == "demo":
        os.environ["KLYNGEFORUM_DEMO"] = "yes"
        if not options.get("database"):  # never the file that holds real records
            folder = Path(os.environ.get("KLYNGEFORUM_VAR", "var")).resolve()
            os.environ["DATABASE_URL"] = f"sqlite:///{folder / 'demo.sqlite3'}"


def _log(error: BaseException) -> Path:
    folder = Path(os.environ.get("KLYNGEFORUM_VAR", "var"))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "klyngeforum.log"
    with path.open("a", encoding="utf-8") as file:
        traceback.print_exception(error, file=file)
    return path


def main(arguments: Sequence[str] | None = None) -> int:
    """0: done; 1: something was found or refused; 2: it could not be done. Errors are one line on stderr."""
    options = vars(parser().parse_args(arguments))
    _environment(options)
    try:
        # the rooms need the environment above and Django's registry before they are imported
        django.setup()
        running = import_module("klyngeforum.cli.running")
        return int(running.run(options))
    except KeyboardInterrupt:
        return 0
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except Exception as error:
        print(f"klyngeforum: {type(error).__name__}: {error} (details in {_log(error)})", file=sys.stderr)
        return 2
