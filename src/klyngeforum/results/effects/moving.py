"""What every act on a study begins and a counting ends with: the study as it stands, whether it may take the step, who takes it, and its
result, kept once."""

from __future__ import annotations

import json
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from klyngeforum.ground.access.queries import Actor, Person
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import YES, Verdict, no, require
from klyngeforum.ground.words import mark

from .models import Result, Study
from .terms import MOVES, StudyState


def person_of(by: Actor) -> Person | None:
    return by if isinstance(by, Person) else None


def may_step(one: Study, verb: str) -> Verdict:
    if verb in MOVES[StudyState(one.state)]:
        return YES
    return no(mark("The study is “%(state)s”; that cannot be done to it now."), state=StudyState(one.state))


def held(one: Study) -> Study:
    """The study as it stands, held until the act is done."""
    return Study.objects.select_for_update().get(pk=one.pk)


def move(one: Study, verb: str) -> None:
    one.state = MOVES[StudyState(one.state)][verb]


@transaction.atomic
def keep_result(*, by: Actor, at: datetime, study: Study, told: dict[str, Any], inputs: str) -> Result:
    """The one result of the study, wherever it was counted; the act that asks for it has asked for the right."""
    one = held(study)
    require(may_step(one, "take_result"))
    text = json.dumps(told, ensure_ascii=False, sort_keys=True)
    row = Result.objects.create(
        study=one, inputs=inputs, told=text, digest=sha256(text.encode()).hexdigest(), library=str(told["library"])[:60],
        counted_at=at, counted_by=person_of(by),
    )  # fmt: skip
    move(one, "take_result")
    one.save()
    after = {"code": one.code, "digest": row.digest, "inputs": inputs, "state": one.state}
    record(by=by, at=at, verb="effects.run", thing="study", thing_id=one.pk, after=after)
    return row
