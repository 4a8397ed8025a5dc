"""`klyngeanalyse match`: participants and the companies that they are compared with."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Protocol

from klyngeanalyse.core.engines import DuckEngine
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.results import Result
from klyngeanalyse.matching import Design, match
from klyngeanalyse.panel.reading import read

HELP = (
    "Finds for every participating company others that are like it, says how alike they became, which companies had no match "
    "and why, and what the difference in outcome is."
)
PROTOCOL = ("bins",)  # a table of covariates with a number of bins or a list of cut points
LISTS = ("outcomes", "exact", "covariates")


class Progress(Protocol):
    def __call__(self, done: float, of: float, what: str) -> None: ...


def arguments(parser: argparse.ArgumentParser) -> None:
    names = parser.add_argument_group("columns of INPUT (one row a company)")
    names.add_argument("--table", metavar="NAME", help="table inside a DuckDB file or a PostgreSQL database")
    names.add_argument("--company", default="company", metavar="NAME", help="who it is (company)")
    names.add_argument(
        "--treated", default="treated", metavar="NAME", help="1 for participants, 0 for the others (treated)"
    )
    names.add_argument(
        "--outcomes", default="", metavar="A,B", help="what participation may have changed; may be left out"
    )
    names.add_argument(
        "--exact", default="", metavar="A,B", help="must be equal: industry group, size band, region, year"
    )
    names.add_argument("--covariates", default="", metavar="A,B", help="must be alike: levels, growth, age, export")
    how = parser.add_argument_group("how they are matched")
    how.add_argument(
        "--method", default="nearest", choices=("nearest", "kernel", "coarsened", "balancing"), help="(nearest)"
    )
    how.add_argument(
        "--distance", default="propensity", choices=("propensity", "mahalanobis"), help="of method nearest (propensity)"
    )
    how.add_argument("--neighbours", type=int, default=3, metavar="N", help="controls a participant (3)")
    how.add_argument(
        "--once", action="store_true", help="a control serves one participant only (matching without replacement)"
    )
    how.add_argument(
        "--order",
        default="largest",
        choices=("largest", "smallest", "company"),
        help="with --once: who chooses first (largest propensity)",
    )
    how.add_argument("--ties", default="first", choices=("first", "all"), help="of equally near controls (first)")
    how.add_argument(
        "--caliper", type=float, metavar="D", help="furthest distance allowed; the usual one in propensity is 0.01"
    )
    how.add_argument(
        "--limit",
        type=float,
        default=0.9,
        metavar="P",
        help="leave out propensities above it; 1 leaves out nobody (0.9)",
    )
    how.add_argument(
        "--support",
        default="treated",
        choices=("treated", "both", "none"),
        help="leave out what is outside the common support (treated)",
    )
    how.add_argument(
        "--bandwidth", type=float, default=0.06, metavar="H", help="of method kernel, in propensity (0.06)"
    )
    how.add_argument(
        "--moments", type=int, default=1, choices=(1, 2), help="of method balancing: means, or also squares (1)"
    )
    how.add_argument("--adjust", action="store_true", help="correct for the distance left, by regression")
    how.add_argument("--variance-neighbours", type=int, default=2, metavar="J", help="for the standard error (2)")
    how.add_argument("--confidence", type=float, default=0.95, metavar="C", help="of the intervals (0.95)")
    how.add_argument(
        "--memory", default="512MB", metavar="SIZE", help="what DuckDB may use before it spills to disk (512MB)"
    )


def listed(text: str) -> tuple[str, ...]:
    """
    >>> listed("industry, size ,region"), listed("")
    (('industry', 'size', 'region'), ())
    """
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _bins(settings: Mapping[str, Any]) -> dict[str, int | tuple[float, ...]]:
    said = settings.get("bins", {})
    if not isinstance(said, Mapping):
        raise Unfit(
            "bins is no table",
            where="the protocol",
            mend="write a line [match.bins] and under it covariate = 5 or [10, 50]",
        )
    found: dict[str, int | tuple[float, ...]] = {}
    for name, value in said.items():
        if isinstance(value, int) and not isinstance(value, bool):
            found[name] = value
        elif isinstance(value, list) and all(isinstance(one, int | float) for one in value):
            found[name] = tuple(float(one) for one in value)
        else:
            raise Unfit(
                f"bins of {name!r} are {value!r}",
                where="the protocol",
                mend="give a whole number or a list of cut points",
            )
    return found


def design(said: argparse.Namespace) -> Design:
    """The design that the options and the protocol describe."""
    plan = {field.name: getattr(said, field.name) for field in fields(Design) if hasattr(said, field.name)}
    plan.update({name: listed(plan[name]) for name in LISTS})
    plan["replacement"] = not said.once
    plan["bins"] = _bins(getattr(said, "settings", {}))
    return Design(**plan)


def work(said: argparse.Namespace, progress: Progress) -> dict[str, Result]:
    plan = design(said)
    engine = DuckEngine(memory=said.memory)
    try:
        read(engine, said.input, "candidates", table=said.table)
        return match(engine, "candidates", plan, progress).results()
    finally:
        engine.close()
