"""What the analyst meets: studies with what each waits for, and the extracts that they count."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext

from klyngeforum.ground.access.queries import may
from klyngeforum.results.effects.queries import Study, protocol_of, studies
from klyngeforum.results.effects.terms import StudyState
from klyngeforum.web.serving import me, serves

from .extracts import extract_rows

_WAITS = {StudyState.DRAFT, StudyState.FROZEN, StudyState.RUN, StudyState.REVIEWED}


@dataclass(frozen=True, slots=True)
class Row:
    """A study in a list: its question in the reader's language, its state, and whether it waits for somebody."""

    code: str
    question: str
    state: str
    state_said: str
    frozen: object
    waits: bool


def row_of(one: Study, language: str) -> Row:
    protocol, state = protocol_of(one), StudyState(one.state)
    question = protocol.question.say(language) if protocol else one.code
    return Row(one.code, question, state.value, gettext(state.label), one.frozen_at, state in _WAITS)


@serves("effects.see_all")
def analyst(request: HttpRequest) -> HttpResponse:
    language, today = get_language() or "da", timezone.localdate()
    rows = [row_of(one, language) for one in studies(seen_by=me(request), on=today)]
    context = {
        "waiting": [one for one in rows if one.waits], "done": [one for one in rows if not one.waits], "extracts": extract_rows(),
        "writes": may(me(request), "effects.write", on=today),
    }  # fmt: skip
    return render(request, "analyst/desk.html", context)
