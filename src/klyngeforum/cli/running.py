"""Runs one verb, turning what can be expected to go wrong into one clear line."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from typing import cast

from django.core.exceptions import ImproperlyConfigured
from django.db import Error as DatabaseError

from klyngeforum.ground.programme.rules import ProgrammeError
from klyngeforum.ground.verdict import Refused

from .stopping import Options, Stop

# each verb loads only the rooms it needs: "find" is not to wait for the tools of papers and sheets
VERBS = {
    "demo": "serving.demo",
    "serve": "serving.serve",
    "migrate": "serving.migrate",
    "begin": "beginning.begin",
    "take-in": "reading.take_in",
    "import": "bringing.bring_in",
    "find": "reading.find",
    "figures": "reading.figures",
    "forecast": "forecasting.foretell",
    "account": "accounting.account",
    "validate": "validating.validate",
    "reports": "reporting.reports",
    "places": "reading.places",
    "series": "over_years.series",
    "landscape": "landscaping.landscape",
    "overlap": "landscaping.overlap",
    "strengths": "strengthening.strengths",
    "labels": "excellence.labels",
    "leagues": "excellence.leagues",
    "rescore": "excellence.rescore",
    "distance": "assessing.distance",
    "audit-report": "certification.report",
    "study": "studying.study",
    "remind": "certification.reminders",
    "survey": "surveying.survey",
    "work": "working.work",
    "check": "reading.check",
}


def _line(text: str) -> None:
    print(f"klyngeforum: {' '.join(text.split())}", file=sys.stderr)


def verb(name: str) -> Callable[[Options], int]:
    """What does this verb."""
    module, function = VERBS[name].split(".")
    return cast(Callable[[Options], int], getattr(import_module(f"klyngeforum.cli.{module}"), function))


def run(options: Options) -> int:
    """The exit code of the verb."""
    try:
        return verb(str(options["verb"]))(options)
    except Stop as error:
        _line(str(error))
    except (ProgrammeError, ImproperlyConfigured) as error:
        for problem in str(error).splitlines():
            _line(problem)
    except Refused as error:
        _line(f"refused: {error}")
        return 1
    except DatabaseError as error:
        text = str(error)
        missing = "no such table" in text or "does not exist" in text
        _line(
            f"the database is not ready ({text}); run: klyngeforum migrate" if missing else f"the database says: {text}"
        )
    except BrokenPipeError:
        raise
    except OSError as error:
        full = error.errno == 28
        _line(
            "the disk is full; free some space and try again"
            if full
            else f"{error.filename or ''}: {error.strerror or error}"
        )
    return 2
