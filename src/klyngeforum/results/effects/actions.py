"""A study from protocol to publication: nothing can be counted before the protocol is frozen, and what was counted is never counted again."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from hashlib import file_digest, sha256
from importlib import import_module
from pathlib import Path
from typing import Any

from django.db import transaction

from klyngeanalyse.bundle.parts import parts_of
from klyngeforum.ground.access.queries import Actor, may
from klyngeforum.ground.holding import once
from klyngeforum.ground.jobs import actions as jobs
from klyngeforum.ground.jobs.queries import Job, parts_done
from klyngeforum.ground.jobs.terms import Left
from klyngeforum.ground.period import date_of
from klyngeforum.ground.programme.queries import small_cells
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import YES, Refused, no, require
from klyngeforum.ground.words import mark

from .arriving import take_in_extract as take_in_extract
from .models import Extract, Result, Review, Study
from .moving import held, keep_result, may_step, move, person_of
from .queries import begun, digest_of_begun, path_of
from .rules import inputs_of, may_review, read, strangers
from .terms import COUNTING, OUTSIDE, Judgement, Protocol

_ROOM = "klyngeforum.results.effects.running"  # loads the analysis library, so only where something is counted
During = Callable[[Job], AbstractContextManager[object]]


def _sound(text: str) -> Protocol:
    protocol, wrong = read(text)
    if protocol is None:
        raise Refused(*wrong)
    if unread := strangers(protocol):
        raise Refused(*unread)
    import_module(_ROOM).checked(protocol)
    return protocol


@transaction.atomic
def write(*, by: Actor, at: datetime, text: str, study: Study | None = None) -> Study:
    """Begin a study with its protocol, or write a draft's anew. A draft may not be counted."""
    require(may(by, "effects.write", on=date_of(at)))
    protocol = _sound(text)
    one = held(study) if study else None
    others = Study.objects.filter(code=protocol.code)
    taken = (others.exclude(pk=one.pk) if one else others).exists()
    twice = no(mark("There is a study “%(code)s” already. Give this one another code."), on="text", code=protocol.code)
    require(may_step(one, "write") if one else YES, twice if taken else YES)
    row = one or Study(begun_at=at, begun_by=person_of(by))
    row.code, row.protocol, row.digest = protocol.code, text, protocol.digest
    with once(lambda: twice):
        row.save()
    after = {"code": row.code, "digest": row.digest}
    record(by=by, at=at, verb="effects.write", thing="study", thing_id=row.pk, after=after)
    return row


def _holding(protocol: Protocol) -> Extract:
    """The extract that the protocol names, with what it asks of it."""
    extract = Extract.objects.filter(number=protocol.extract).first()
    if extract is None:
        raise Refused(no(mark("There is no extract number %(number)s. Take it in first, or name another in the protocol."), number=protocol.extract))  # fmt: skip
    columns = set(json.loads(extract.columns))
    missing = [name for name in import_module(_ROOM).columns_of(protocol) if name not in columns]
    if missing:
        raise Refused(no(mark("Extract %(number)s has no column %(missing)s. Its columns are: %(columns)s."), number=extract.number, missing=", ".join(missing), columns=", ".join(sorted(columns))))  # fmt: skip
    return extract


@transaction.atomic
def freeze(*, by: Actor, at: datetime, study: Study) -> Study:
    """Freeze the protocol: from now on its words cannot change, and only from now on may it be counted."""
    one = held(study)
    require(may(by, "effects.write", on=date_of(at)), may_step(one, "freeze"))
    protocol = _sound(one.protocol)
    extract = None if protocol.extract == OUTSIDE else _holding(protocol)
    move(one, "freeze")
    one.extract, one.frozen_at, one.frozen_by = extract, at, person_of(by)
    one.save()
    after = {"code": one.code, "digest": one.digest, "extract": extract.number if extract else None, "state": one.state}
    record(by=by, at=at, verb="effects.freeze", thing="study", thing_id=one.pk, after=after)
    return one


def _unchanged(extract: Extract) -> Path:
    path = path_of(extract)
    if not path.is_file():
        raise Refused(no(mark("The file of extract %(number)s is not here. Lay it back, or run the study where it is."), number=extract.number))  # fmt: skip
    with path.open("rb") as file:
        if file_digest(file, "sha256").hexdigest() != extract.checksum:
            raise Refused(no(mark("The file of extract %(number)s is not the one that was taken in."), number=extract.number))  # fmt: skip
    return path


@transaction.atomic
def order(*, by: Actor, at: datetime, study: Study) -> Job:
    """Ask for the frozen protocol to be counted by a worker; what waits or is being counted is not asked for twice."""
    one = held(study)
    here = YES if one.extract_id else no(mark("The register of this study never comes here: fetch the bundle, let it be counted where the register is, and take the answer in."))  # fmt: skip
    require(may(by, "effects.write", on=date_of(at)), may_step(one, "take_result"), here)
    protocol = read(one.protocol)[0]
    return jobs.order(
        by=by, at=at, kind=COUNTING, thing=one.code, parts=len(parts_of(protocol.methods)) if protocol else 1
    )


@transaction.atomic
def cancel(*, by: Actor, at: datetime, study: Study) -> None:
    """Stop the counting after the part that it is at; what is done is kept, and the study can be counted another time."""
    require(may(by, "effects.write", on=date_of(at)))
    if not jobs.cancel(by=by, at=at, kind=COUNTING, thing=study.code):
        raise Refused(no(mark("Nothing is being counted now.")))


def run(*, by: Actor, at: datetime, study: Study, during: During = nullcontext) -> Result:
    """Count the frozen protocol here and now; once: a study that has a result keeps it."""
    known = Result.objects.filter(study=study).first()
    if known is not None:
        require(may(by, "effects.write", on=date_of(at)))
        return known
    job = jobs.take(by=by, at=at, kinds=(COUNTING,), job=order(by=by, at=at, study=study))
    if job is None:
        raise Refused(no(mark("The study is being counted by a worker; wait for it, or stop it first.")))
    with during(job):
        return count(by=by, at=at, job=job)


def count(*, by: Actor, at: datetime, job: Job, clock: Callable[[], datetime] | None = None) -> Result:
    """Count what a worker has taken, going on where another was killed. Raises ``Left`` where it was stopped or taken over meanwhile."""
    now = clock or (lambda: at)
    try:
        return _count(by=by, at=at, job=job, now=now)
    except Refused as refused:
        jobs.fail(by=by, at=now(), job=job, why=refused.verdicts)
        raise
    except Exception as error:
        if not isinstance(error, Left):
            jobs.fail(by=by, at=now(), job=job, why=[no(mark("Something unforeseen happened (%(why)s)."), why=type(error).__name__)])  # fmt: skip
        raise


def _count(*, by: Actor, at: datetime, job: Job, now: Callable[[], datetime]) -> Result:
    one = Study.objects.select_related("extract").get(code=job.thing)
    require(may(by, "effects.write", on=date_of(at)), may_step(one, "take_result"))
    protocol, extract = read(one.protocol)[0], one.extract
    if protocol is None or extract is None or protocol.digest != one.digest:
        raise Refused(no(mark("The protocol is not the one that was frozen.")))
    room, rows, least = import_module(_ROOM), begun(protocol), float(small_cells().least)
    path = _unchanged(extract)
    inputs = inputs_of(one.digest, extract.checksum, digest_of_begun(rows), room.library())
    about = f"{inputs};{least}"  # a part is hidden by the rule of its day
    key = sha256(about.encode()).hexdigest()
    done = parts_done(key)
    jobs.begin(by=by, at=now(), job=job, inputs=key, done=len(done))

    def keep(name: str, part: Any) -> None:
        jobs.keep(by=by, at=now(), job=job, inputs=key, name=name, told=part)

    told = room.run(protocol, path, rows, least, done, keep)
    with transaction.atomic():
        jobs.finish(by=by, at=now(), job=job)
        return keep_result(by=by, at=now(), study=one, told=told, inputs=inputs)


@transaction.atomic
def review(*, by: Actor, at: datetime, study: Study, verdict: Judgement, text: str) -> Review:
    """What a peer says of the study; who had a part in it does not review it."""
    one = held(study)
    reviewer = person_of(by)
    counted = Result.objects.filter(study=one).values_list("counted_by", flat=True).first()
    involved = {pk for pk in (one.begun_by_id, one.frozen_by_id, counted) if pk is not None}
    require(
        may(by, "effects.review", on=date_of(at)), may_step(one, "review"), may_review(reviewer.pk, involved) if reviewer else YES,
        YES if text.strip() else no(mark("Say what the verdict rests on."), on="text"),
    )  # fmt: skip
    row = Review.objects.create(study=one, verdict=verdict, text=text.strip(), reviewed_at=at, reviewed_by=reviewer)
    move(one, "review")
    one.save()
    after = {"code": one.code, "verdict": verdict.value, "state": one.state}
    record(by=by, at=at, verb="effects.review", thing="study", thing_id=one.pk, after=after)
    return row


@transaction.atomic
def publish(*, by: Actor, at: datetime, study: Study) -> Study:
    """Open the study to everybody with all that was declared, whatever it found."""
    one = held(study)
    require(may(by, "effects.write", on=date_of(at)), may_step(one, "publish"))
    move(one, "publish")
    one.published_at = at
    one.save()
    record(
        by=by,
        at=at,
        verb="effects.publish",
        thing="study",
        thing_id=one.pk,
        after={"code": one.code, "state": one.state},
    )
    return one


@transaction.atomic
def give_up(*, by: Actor, at: datetime, study: Study, reason: str) -> Study:
    """Give a study up before it is counted; the protocol stays, with the reason in the trail."""
    one = held(study)
    require(
        may(by, "effects.write", on=date_of(at)), may_step(one, "give_up"),
        YES if reason.strip() else no(mark("Say why the study is given up."), on="reason"),
    )  # fmt: skip
    move(one, "give_up")
    one.save()
    after = {"code": one.code, "state": one.state, "reason": reason.strip()}
    record(by=by, at=at, verb="effects.give_up", thing="study", thing_id=one.pk, after=after)
    return one
