"""validate: what the checks find in the accounts of a year that are handed in."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone
from django.utils.translation import override

from klyngeforum.ground.programme.queries import checks
from klyngeforum.results.accounts.looking import Flag, flags
from klyngeforum.results.accounts.queries import standing
from klyngeforum.results.accounts.validation import stops
from klyngeforum.results.accounts.working import explanations, warning_key
from klyngeforum.web.components.account_sheet import finding_said

from .printing import Row, show
from .stopping import Options, Stop


def _row(flag: Flag, names: Mapping[str, str], told: Mapping[tuple[int, str], str]) -> Row:
    one = flag.account
    comment = told.get((one.pk, warning_key(flag.finding)), one.comment)
    return {
        "cluster": one.cluster.name, "year": one.year, "edition": one.edition, "state": one.state, "check": flag.finding.check,
        "name": names[flag.finding.check], "severity": flag.finding.severity, "measure": flag.finding.measure,
        "what": finding_said(flag.finding), "commented": bool(comment), "comment": comment,
    }  # fmt: skip


def validate(options: Options) -> int:
    """0 when nothing must be mended, 1 with an error among the rows."""
    year, language = int(str(options["year"])), str(options["language"])
    if standing(year) is None:
        raise Stop(f"no round of {year} was opened")
    found = flags(year, seen_by=None, on=timezone.localdate())
    told = explanations(flag.account.pk for flag in found)
    with override(language):
        names = {one.code: one.name.say(language) for one in checks()}
        show([_row(flag, names, told) for flag in found], str(options["format"]))
    return 1 if stops([flag.finding for flag in found]) else 0
