"""account: who has handed in; the nation's account on paper; one organisation's whole case as files."""

from __future__ import annotations

from pathlib import Path

from django.utils import timezone

from klyngeforum.ground.period import date_of
from klyngeforum.registers.clusters.queries import cluster
from klyngeforum.results.accounts import queries as accounts
from klyngeforum.web.papers.dossier import FORMS, dossier
from klyngeforum.web.papers.national_account import national_account

from .files import writable, written
from .printing import Row, show
from .stopping import Options, Stop


def _paper(year: int, file: Path, language: str) -> int:
    paper = national_account(year, language=language, at=timezone.now())
    if paper is None:
        there = ", ".join(str(one) for one in accounts.published_years()) or "none"
        raise Stop(f"no account of {year} has been approved; years with approved accounts: {there}")
    written(file, paper, f"the national performance account of {year}")
    return 0


def _case(year: int, slug: str, options: Options) -> int:
    """The files that were asked for, of one organisation's account."""
    one = cluster(slug)
    if one is None:
        raise Stop(f"there is no cluster organisation {slug!r}; klyngeforum find NAME shows what it is called")
    newest = accounts.latest(one.pk, year)
    if newest is None:
        raise Stop(f"{one.name} has no account of {year}")
    wanted = options["edition"]
    found = newest if wanted is None else accounts.editions(newest).filter(edition=int(str(wanted))).first()
    if found is None:
        raise Stop(f"{one.name} has no edition {wanted} of the account of {year}; the newest is {newest.edition}")
    asked = {ending: writable(options[ending]) for ending in FORMS if options[ending]}
    if not asked:
        raise Stop("say what to write: --pdf, --xlsx, --json or --zip with a file")
    case = dossier(found, language=str(options["language"]), at=timezone.now())
    for ending, file in asked.items():
        written(file, FORMS[ending][0](case), f"{one.name}, {year}, edition {found.edition}")
    return 0


def account(options: Options) -> int:
    """How far every organisation's account of the year has come; or the nation's account on paper."""
    year = int(str(options["year"]))
    if options["cluster"]:
        return _case(year, str(options["cluster"]), options)
    if options["edition"] or options["xlsx"] or options["json"] or options["zip"]:
        raise Stop("--edition, --xlsx, --json and --zip are of one organisation: name it with --cluster")
    if options["pdf"]:
        return _paper(year, writable(options["pdf"]), str(options["language"]))
    rows: list[Row] = [
        {"organisation": one.cluster.name, "edition": one.edition, "state": one.state, "due": one.due_on, "submitted": one.submitted_at and date_of(one.submitted_at)}
        for one in accounts.newest(year, seen_by=None, on=timezone.localdate())
    ]  # fmt: skip
    show(rows, str(options["format"]))
    return 0 if rows else 1
