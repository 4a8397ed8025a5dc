"""The console script: every verb of the house for people at a terminal (kommandolinje)."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import django
from django.core.exceptions import ImproperlyConfigured

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


def _log(error: BaseException) -> str:
    """Where the details are; a full disk takes none, and the line on the screen stands alone."""
    path = Path(os.environ.get("KLYNGEFORUM_VAR", "var")) / "klyngeforum.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            traceback.print_exception(error, file=file)
    except OSError:
        return ""
    return f" (details in {path})"


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
    except ImproperlyConfigured as error:
        print(f"klyngeforum: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except Exception as error:
        text = " ".join(f"{type(error).__name__}: {error}".split())
        print(f"klyngeforum: {text}{_log(error)}", file=sys.stderr)
        return 2
