"""audit-report, remind: the report of an audit on paper, and the mails of the day: deadlines, what came back, labels that run out."""

from __future__ import annotations

import sys
from datetime import date, datetime, time

from django.utils import timezone

from klyngeforum.ground.period import date_of
from klyngeforum.quality.labels.queries import case
from klyngeforum.web.mail.reminders import remind
from klyngeforum.web.papers.audit_report import audit_report

from .files import writable, written
from .printing import Row, show
from .stopping import Options, Stop


def report(options: Options) -> int:
    file, number = writable(options["pdf"]), int(str(options["case"]))
    one = case(number, seen_by=None, on=timezone.localdate())
    if one is None:
        raise Stop(f"there is no case {number}")
    paper = audit_report(one, seen_by=None, language=str(options["language"]), at=timezone.now())
    if paper is None:
        raise Stop(f"the experts of case {number} have not agreed yet (the case is {one.state}); there is no report")
    written(file, paper, f"the audit report of {one.cluster.name}")
    return 0


def reminders(options: Options) -> int:
    """0: everything due has left; 1: a mail could not be sent, or nobody is there to be reminded."""
    now = timezone.localtime()
    on = options["on"] if isinstance(options["on"], date) else date_of(now)
    at = now if on == date_of(now) else timezone.make_aware(datetime.combine(on, time(8)))
    told, failed = remind(by=None, at=at, on=on)
    rows: list[Row] = [
        {"organisation": one.organisation, "about": one.about, "due": one.due, "to": one.to, "problem": one.problem}
        for one in told
    ]  # fmt: skip
    show(rows, str(options["format"]))
    for to, subject, problem in failed:
        print(f"klyngeforum: the mail to {to} ({subject}) did not leave: {problem}; it is tried again", file=sys.stderr)
    return 1 if failed or any(one.problem for one in told) else 0
