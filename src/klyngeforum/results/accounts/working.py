"""An account in work: what would be handed in now, what somebody typed, what is missing, and what moved since the last submission."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from klyngeforum.ground.bodies.queries import merged as merged_bodies
from klyngeforum.ground.words import mark

from .looking import checked
from .models import Account, Message, Remark, Submission
from .partial import (
    ANSWERED,
    EVERYTHING,
    BodyMove,
    answered,
    held_in,
    merged,
    moved_figures,
    moves,
    opened,
    rooted,
    untouched,
)
from .queries import booked_lines, current_lines, open_messages, resting
from .rules import COUNTINGS, LineValues, counted
from .terms import About, AccountState, Answered, Section
from .validation import Finding, Severity

_LINE = 600  # what a line weighs in memory
Remarks = Mapping[tuple[str, str], Remark]


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that handing in asks for and that is not there: what it is about, and why (marked words)."""

    about: str
    key: str
    reason: str
    values: dict[str, object] = field(default_factory=dict)


def sections_open(account: Account) -> frozenset[Section]:
    """What of the account is open: all of it, or what the secretariat's unresolved questions ask about."""
    if account.state != AccountState.RETURNED:
        return EVERYTHING if account.state == AccountState.OPEN else frozenset()
    return opened(open_messages(account).values_list("measure", "section"))


def lines_in_work(account: Account) -> list[LineValues]:
    """What would be handed in now: open sections as the records stand, what is locked as it was booked."""
    sections = sections_open(account)
    now = current_lines(account.cluster_id, account.year)
    if not sections or sections == EVERYTHING:
        return now
    booked: Iterable[LineValues] = booked_lines(account)
    if Section.BODIES in sections:
        booked = rooted(booked, merged_bodies())
    return merged(booked, now, sections)


def remarks(account: Account) -> dict[tuple[str, str], Remark]:
    rows = Remark.objects.filter(account=account).select_related("by")
    return {(row.about, row.key): row for row in rows}


def explanations(accounts: Iterable[int]) -> dict[tuple[int, str], str]:
    """(account, ``warning_key``) -> what the cluster office wrote to explain the warning."""
    rows = Remark.objects.filter(account__in=set(accounts), about=About.WARNING).exclude(text="")
    return {(account, key): text for account, key, text in rows.values_list("account_id", "key", "text")}


def warning_key(finding: Finding) -> str:
    return f"{finding.check}:{finding.measure}"


def _text(found: Remarks, about: About, key: str = "") -> str:
    row = found.get((about.value, key))
    return row.text.strip() if row else ""


def states_of(lines: Sequence[LineValues], found: Remarks) -> dict[Section, tuple[Answered, int]]:
    """Section -> how it is answered, and how many bodies it holds."""
    counts = {section: held_in(section, lines) for section in ANSWERED}
    return {
        section: (answered(count, bool(_text(found, About.NOTHING, section.value))), count)
        for section, count in counts.items()
    }


def before_of(account: Account) -> list[LineValues] | None:
    """The lines of the submission before: the account's own, else those of the edition before; None the first time."""
    if account.submitted_at is not None:
        return list(booked_lines(account))
    earlier = Account.objects.filter(cluster_id=account.cluster_id, year=account.year, edition__lt=account.edition)
    last = earlier.order_by("-edition").first()
    return list(booked_lines(last)) if last else None


@dataclass(frozen=True, slots=True)
class Work:
    """An account in work, read once for the screen and for the act of handing in."""

    account: Account
    sections: frozenset[Section]
    lines: list[LineValues]
    findings: list[Finding]
    remarks: Remarks
    asked: list[Message]
    figures: dict[str, tuple[Decimal, Decimal]]
    bodies: list[BodyMove]
    counts: Mapping[str, Decimal]  # measure -> value of the lines, each body once

    @property
    def states(self) -> dict[Section, tuple[Answered, int]]:
        return states_of(self.lines, self.remarks)

    def missing(self) -> list[Missing]:
        """One list of what handing in still asks for, in the order of the page."""
        return [*self._unanswered_messages(), *self._unanswered_sections(), *self._unexplained()]

    def _unanswered_messages(self) -> list[Missing]:
        still = untouched([(one.measure, one.section) for one in self.asked], set(self.figures), bool(self.bodies))
        why = mark("Nothing has changed in what was asked about, and there is no answer to it.")
        return [
            Missing(About.ANSWER, str(one.pk), why)
            for one in self.asked
            if (one.measure, one.section) in still and not _text(self.remarks, About.ANSWER, str(one.pk))
        ]

    def _unanswered_sections(self) -> list[Missing]:
        why = mark("Nothing is recorded here. Record it, or say that there is nothing to report.")
        return [
            Missing(About.NOTHING, section.value, why)
            for section, (state, _) in self.states.items()
            if state is Answered.NOT_YET and section in self.sections
        ]

    def _unexplained(self) -> list[Missing]:
        explained = bool(_text(self.remarks, About.COMMENT))
        why = mark("A warning wants a comment.")
        return [
            Missing(About.WARNING, warning_key(one), why)
            for one in self.findings
            if one.severity is Severity.WARNING
            and not explained
            and not _text(self.remarks, About.WARNING, warning_key(one))
        ]


def work(account: Account) -> Work:
    lines, before = lines_in_work(account), before_of(account)
    counts = {code: counted(lines, code).distinct for code in COUNTINGS}
    return Work(
        account, sections_open(account), lines, checked(account, lines, counts), remarks(account), list(open_messages(account)),
        moved_figures(before, lines) if before is not None else {}, moves(before, lines) if before is not None else [], counts,
    )  # fmt: skip


def standing_work(account: Account) -> Work:
    """The same for screens: read once until somebody acts on what it rests on."""
    return resting(("work", account.pk), account.cluster_id, account.year, lambda: work(account), weigh=lambda one: 4096 + _LINE * len(one.lines))  # fmt: skip


def submissions(account: Account) -> list[Submission]:
    """Every handing in of the account, the newest first."""
    return list(Submission.objects.filter(account=account).select_related("by").order_by("-nth"))


def answers_of(account: Account) -> list[Message]:
    """What the newest submission answered: the questions that it resolved."""
    return list(
        Message.objects.filter(account=account, resolved_at__isnull=False, resolved_at=account.submitted_at)
        .select_related("by")
        .order_by("at")
    )
