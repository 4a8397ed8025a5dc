"""Who is asked when, what an answer may be, and which moves a round makes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import date, timedelta

from klyngeforum.ground.verdict import YES, Verdict, no
from klyngeforum.ground.words import mark

from .terms import MOVES, CompanyStep, LeftOut, Question, QuestionKind, RoundState, Said

Answer = str | int | list[str]
LONGEST = 2000
MOST = 1_000_000
EARLIEST = 2000


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or its last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for back in range(4):
        try:
            return date(year, month + 1, day.day - back)
        except ValueError:
            continue
    raise AssertionError("every month has a 28th")  # pragma: no cover


def ended_for(year: int, months: int) -> tuple[date, date]:
    """Between which days a project ended that is asked about ``months`` later within the year."""
    first, last = months_after(date(year, 1, 1), -months), months_after(date(year + 1, 1, 1), -months)
    return first, last - timedelta(days=1)


def left_out(*, contact: bool, protected: bool, basis: bool, ceased: date | None, asked: date | None, on: date, rest_days: int) -> LeftOut:  # fmt: skip
    """Why the company is not asked, the gravest reason first."""
    if ceased and ceased <= on:
        return LeftOut.CEASED
    if protected and not basis:
        return LeftOut.PROTECTED
    if asked and asked <= on and (on - asked).days < rest_days:
        return LeftOut.RESTING
    return LeftOut.NO if contact else LeftOut.NO_CONTACT


def may_move(state: str, to: RoundState) -> Verdict:
    if to in MOVES[RoundState(state)].values():
        return YES
    return no(mark("The round is not in the state from which this is possible; look at it again."))


def may_ask(known: tuple[int, ...], months: int, year: int, this_year: int, *, stands: bool) -> list[Verdict]:
    """A round is drawn up once, for a year that has begun, at a distance that the programme names."""
    listed = YES if months in known else no(mark("The programme does not ask so many months after."), on="months")
    begun = YES if EARLIEST <= year <= this_year else no(mark("The year must lie between 2000 and now."), on="year")
    new = no(mark("This round stands already."), on="year") if stands else YES
    return [listed, begun, new]


def may_name(addresses: list[str], basis: str) -> list[Verdict]:
    """An address is held on a basis, or not at all."""
    based = YES if basis.strip() else no(mark("Say on what lawful basis you hold the addresses."), on="basis")
    some = YES if addresses else no(mark("No line names a company and an address."), on="lines")
    return [based, some]


def may_note_basis(source: str, since: date, today: date) -> list[Verdict]:
    """A basis says where it stands, and it does not begin tomorrow."""
    said = (
        YES
        if source.strip()
        else no(mark("Say where the basis stands: a letter, an agreement, a paragraph."), on="source")
    )
    begun = YES if since <= today else no(mark("A basis cannot begin later than today."), on="since")
    return [said, begun]


def may_write(*, protected: bool, basis: bool) -> Verdict:
    """A company that is protected against advertising is only written to on a lawful basis recorded on it."""
    if protected and not basis:
        return no(mark("The company is protected against advertising. Record on what lawful basis it is asked, or leave it out."), on="email")  # fmt: skip
    return YES


def may_answer(*, state: str, opens: date, until: date | None, revoked: bool, handed_in: bool, on: date) -> Verdict:
    if revoked or state == RoundState.PREPARED or on < opens:
        return no(mark("The link does not hold."))
    if state != RoundState.OPEN or until is None or on > until:
        return no(mark("The survey is over. Write to the organisation if you have more to say."))
    return no(mark("The answers are handed in.")) if handed_in else YES


def reminder_due(opened: date, days: tuple[int, ...], sent: int, on: date) -> bool:
    """Whether the next reminder's day has come; ``sent`` counts the reminders that went out."""
    return sent < len(days) and (on - opened).days >= days[sent]


def asked_now(question: Question, answers: Mapping[str, Answer]) -> bool:
    """A question with a condition is asked when the other one was answered so."""
    if not question.when:
        return True
    given = answers.get(question.when)
    return bool(set(given if isinstance(given, list) else [str(given)]) & set(question.being))


def _whole(text: str, least: int, most: int) -> int | None:
    """The whole number that was written, or None."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
    return number if number is not None and least <= number <= most else None


def _choice(question: Question, given: list[str]) -> Answer | None:
    return given[0] if given[0] in question.codes else None


def _several(question: Question, given: list[str]) -> Answer | None:
    return sorted(set(given)) if set(given) <= set(question.codes) else None


def _scale(question: Question, given: list[str]) -> Answer | None:
    return _whole(given[0].strip(), question.lowest, question.highest)


def _number(question: Question, given: list[str]) -> Answer | None:
    return _whole(given[0].strip(), 0, MOST)


def _text(question: Question, given: list[str]) -> Answer | None:
    return given[0].strip() if len(given[0]) <= LONGEST else None


READERS: dict[QuestionKind, Callable[[Question, list[str]], Answer | None]] = {
    QuestionKind.CHOICE: _choice, QuestionKind.SEVERAL: _several, QuestionKind.SCALE: _scale,
    QuestionKind.NUMBER: _number, QuestionKind.TEXT: _text,
}  # fmt: skip


def read_answers(questions: tuple[Question, ...], given: Mapping[str, list[str]]) -> tuple[dict[str, Answer], list[Verdict]]:  # fmt: skip
    """What was answered, without what is not asked after all; and what cannot be understood, question by question."""
    answers: dict[str, Answer] = {}
    wrong: list[Verdict] = []
    for question in questions:
        texts = [one for one in given.get(question.code, []) if one.strip()]
        if question.kind is QuestionKind.CONFIRM or not texts or not asked_now(question, answers):
            continue
        answer = READERS[question.kind](question, texts)
        if answer is None:
            wrong.append(no(mark("This answer is not possible here; choose again or leave it empty."), on=question.code))  # fmt: skip
        else:
            answers[question.code] = answer
    return answers, wrong


def step_said(said: str, step: str, reported: str) -> str:
    """The highest step by the company: what was reported if it is right, else what it says instead."""
    if said == Said.RIGHT:
        return reported or CompanyStep.NONE.value
    return step if said == Said.WRONG else ""


def differs(said: str, step: str, reported: str, took_part: bool) -> bool:
    """A difference is for a person to look at; nothing is changed by it."""
    return said == Said.WRONG and (not took_part or step != (reported or CompanyStep.NONE.value))


def may_have_new_link(*, linked: bool, handed_in: bool) -> Verdict:
    """A link that was given out and is not used up can be replaced."""
    if handed_in:
        return no(mark("The company has handed in; its link opens nothing but its own copy."), on="body")
    return YES if linked else no(mark("The company has no link yet."), on="body")


def may_recall(*, state: str, links: int, reason: str, sure: bool) -> list[Verdict]:
    """All links of a round are taken back at once, with a reason and on purpose; before a round opens there are none."""
    found = []
    if state == RoundState.PREPARED or not links:
        found.append(no(mark("No link of this round was given out.")))
    if not reason.strip():
        found.append(no(mark("Say why the links are taken back; it stands in the trail."), on="reason"))
    if not sure:
        found.append(no(mark("Say that all links are meant."), on="sure"))
    return found


def may_renew(*, state: str, waiting: int) -> Verdict:
    """New links go to companies whose link was taken back, while the round is open and they have not handed in."""
    if state != RoundState.OPEN:
        return no(mark("The round is not open, so nobody is sent a new link."))
    return YES if waiting else no(mark("Nobody waits for a new link."))


def fingerprint(token: str) -> str:
    """What is kept of a personal link: enough to know it again, not to make it."""
    return hashlib.sha256(token.encode()).hexdigest()
