"""What a company does with its link: save, come back, hand in. A file of its own: the link is the right, no post gives it.

``by`` is nobody, since the company has no account; the trail says that it came by a personal link, and not what was answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from klyngeforum.ground.period import date_of
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import Verdict, require

from .models import Asked, Part
from .questionnaires import version_of
from .rules import fingerprint, may_answer, read_answers
from .terms import AnswerState, CompanyStep, Said

BY_LINK = "by personal link"


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What the company says of one organisation's part."""

    said: Said = Said.NOTHING
    took_part: bool = True
    step: CompanyStep = CompanyStep.NOT_SAID


@dataclass(frozen=True, slots=True)
class Given:
    """Everything that the form holds."""

    answers: Mapping[str, list[str]]
    parts: Mapping[int, Confirmed]
    consent: bool = False
    language: str = "da"


def by_link(token: str) -> Asked | None:
    """The company of the link; of a wrong one nothing is learnt."""
    return Asked.objects.select_related("round", "body").filter(link=fingerprint(token)).first()


def verdict(asked: Asked, on: date) -> Verdict:
    one = asked.round
    done = asked.state == AnswerState.HANDED_IN
    return may_answer(state=one.state, opens=one.opened_on or on, until=one.closes_on, revoked=asked.revoked, handed_in=done, on=on)  # fmt: skip


def _keep(asked: Asked, given: Given) -> list[Verdict]:
    """Write what can be understood; what cannot is said and left as it was."""
    survey = version_of(asked.round.code, asked.round.version)
    asked.answers, wrong = read_answers(survey.questions, given.answers)
    asked.consent, asked.language = given.consent, given.language
    for part in Part.objects.filter(asked=asked, pk__in=given.parts):
        told = given.parts[part.pk]
        part.said, part.said_took_part = told.said.value, told.took_part
        part.said_step = told.step.value if told.said is Said.WRONG else ""
        part.save(update_fields=["said", "said_took_part", "said_step"])
    return wrong


@transaction.atomic
def save(*, by: None, at: datetime, token: str, given: Given) -> list[Verdict]:
    """Keep the answers so far; what was not understood comes back, everything else is kept all the same."""
    asked = Asked.objects.select_for_update(of=("self",)).select_related("round").get(link=fingerprint(token))
    require(verdict(asked, date_of(at)))
    wrong = _keep(asked, given)
    asked.state = AnswerState.BEGUN.value
    asked.save(update_fields=["answers", "consent", "language", "state"])
    record(by=by, at=at, verb="survey.save", thing="survey", thing_id=asked.round_id, body_id=asked.body_id, reason=BY_LINK)  # fmt: skip
    return wrong


@transaction.atomic
def hand_in(*, by: None, at: datetime, token: str, given: Given) -> Asked:
    """Hand in, once; an empty form is the answer that there is nothing to report."""
    asked = Asked.objects.select_for_update(of=("self",)).select_related("round").get(link=fingerprint(token))
    require(verdict(asked, date_of(at)))
    require(*_keep(asked, given))
    asked.state, asked.handed_in_at = AnswerState.HANDED_IN.value, at
    asked.save(update_fields=["answers", "consent", "language", "state", "handed_in_at"])
    record(by=by, at=at, verb="survey.hand_in", thing="survey", thing_id=asked.round_id, body_id=asked.body_id, reason=BY_LINK)  # fmt: skip
    return asked
