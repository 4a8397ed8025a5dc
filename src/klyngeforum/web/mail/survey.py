"""Invitations to the company survey and their reminders, each in the company's own language; the link is made while the mail is sent."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext, override

from klyngeforum.ground.access.queries import Actor
from klyngeforum.records.survey import writing
from klyngeforum.records.survey.queries import Asked, Round, open_rounds, parts_asked
from klyngeforum.records.survey.questionnaires import version_of
from klyngeforum.web.components.numbers import day


def words(asked: Asked, number: int, token: str) -> tuple[str, str]:
    """Subject and text of the invitation (0) or a reminder."""
    one = asked.round
    with override(asked.language):
        name = version_of(one.code, one.version).name.say(asked.language)
        known = {"survey": name, "year": one.year, "company": asked.body.name, "day": day(one.closes_on)}
        subject = gettext("%(survey)s %(year)s: reminder") % known if number else gettext("%(survey)s %(year)s") % known
        clusters = ", ".join(part.cluster.name for part in parts_asked(asked))
        where = f"{settings.ADDRESS.rstrip('/')}{reverse('survey_answer', args=[token])}"
        text = render_to_string("mail/survey.txt", {**known, "year": str(one.year), "number": number, "clusters": clusters, "where": where})  # fmt: skip
        return subject, text


def send(*, by: Actor, at: datetime, only: Round | None = None) -> tuple[int, list[tuple[str, str]]]:
    """Lay out what is due and send what waits, of one round or of all open ones: how many left, and (company, problem) of what did not."""
    for one in open_rounds():
        if only is None or one == only:
            writing.remind(by=by, at=at, one=one)
    posted = writing.post(by=by, at=at, words=words, only=only)
    failed = [(one.asked.body.name, one.problem) for one in posted if one.problem]
    return len(posted) - len(failed), failed
