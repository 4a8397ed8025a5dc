"""A study counted where the register is: the bundle that goes out, and the signed answer that comes back, under the same rules as here."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from importlib import import_module
from typing import Any

from django.db import transaction
from django.utils.crypto import salted_hmac

from klyngeforum.ground.access.queries import Actor, may
from klyngeforum.ground.period import date_of
from klyngeforum.ground.programme.queries import small_cells
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import YES, Refused, no, require
from klyngeforum.ground.words import mark

from .models import Bundle, Result, Study
from .moving import held, keep_result, may_step, person_of
from .queries import begun, digest_of_begun
from .refusals import NO_JSON
from .rules import inputs_of, may_take_in, read, read_answer
from .telling import how_to_count

_ROOM = "klyngeforum.results.effects.running"  # loads the analysis library
_SIGNING = "klyngeanalyse.bundle.packet"
_MOST = 2_000_000  # bytes; an answer is some tens of thousands


def _key(study: Study, participants: str) -> str:
    """What the answer is signed with: known to this house, and to whoever was given the bundle."""
    return salted_hmac("effects.bundle", f"{study.code};{study.digest};{participants}", algorithm="sha256").hexdigest()


@transaction.atomic
def bundle(*, by: Actor, at: datetime, study: Study) -> tuple[Bundle, bytes]:
    """The frozen study with everybody's first year, to be counted where the register is. The same records make the same bundle."""
    one = held(study)
    require(may(by, "effects.write", on=date_of(at)), may_step(one, "take_result"))
    protocol = read(one.protocol)[0]
    if protocol is None or protocol.digest != one.digest:
        raise Refused(no(mark("The protocol is not the one that was frozen.")))
    rows, least, room = begun(protocol), small_cells().least, import_module(_ROOM)
    if not rows:
        raise Refused(no(mark("Nobody has done yet what the protocol asks about: there is nothing to count.")))
    participants = digest_of_begun(rows)
    texts = {"protocol.toml": one.protocol, **how_to_count(protocol, room.columns_of(protocol), len(rows), least)}
    content, digest = room.packed(protocol, rows, least=float(least), key=_key(one, participants), texts=texts)
    values = {
        "study": one,
        "participants": participants,
        "companies": len(rows),
        "least": least,
        "made_at": at,
        "made_by": person_of(by),
    }
    row, new = Bundle.objects.get_or_create(digest=digest, defaults=values)
    after = {"code": one.code, "participants": participants, "companies": len(rows), "again": not new}
    record(by=by, at=at, verb="effects.make_bundle", thing="study", thing_id=one.pk, after=after)
    return row, content


def _read(content: bytes) -> dict[str, Any]:
    if len(content) > _MOST:
        raise Refused(no(mark("The file is larger than an answer is."), on="file"))
    try:
        said = json.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise Refused(no(NO_JSON, on="file", why=str(error)[:200])) from error
    answer, sound = read_answer(said)
    require(sound)
    return dict(answer or {})


@transaction.atomic
def take_in_answer(*, by: Actor, at: datetime, content: bytes, study: Study | None = None) -> Result:
    """Take the answer of a bundle in: once, unchanged since it was signed, of this protocol, and with nothing told of too few."""
    require(may(by, "effects.write", on=date_of(at)))
    answer = _read(content)
    sent = Bundle.objects.select_related("study").filter(digest=str(answer["bundle"])).first()
    if sent is None or (study is not None and sent.study_id != study.pk):
        raise Refused(no(mark("The answer is not of a bundle of this study. The bundle that it names is %(digest)s."), on="file", digest=str(answer["bundle"])[:16]))  # fmt: skip
    one = held(sent.study)
    signed = import_module(_SIGNING).signed(answer, _key(one, sent.participants))
    require(
        YES if signed else no(mark("The answer was changed after it was signed, or signed without the bundle."), on="file"),
        no(mark("The study has a result already; it is never taken in again."), on="file") if Result.objects.filter(study=one).exists() else may_step(one, "take_result"),
        YES if answer["protocol"] == one.digest else no(mark("The answer is of a protocol with other words."), on="file"),
    )  # fmt: skip
    protocol = read(one.protocol)[0]
    if protocol is None:
        raise Refused(no(mark("The protocol is not the one that was frozen.")))
    # the rule of the bundle and that of today: the stricter one
    require(*may_take_in(answer["told"], protocol, float(max(sent.least, Decimal(small_cells().least)))))
    inputs = inputs_of(one.digest, str(answer["panel"]), sent.participants, str(answer["library"]))
    told = {
        **answer["told"],
        "library": str(answer["library"])[:60],
        "outside": str(answer["by"])[:120],
        "bundle": sent.digest,
    }
    return keep_result(by=by, at=at, study=one, told=told, inputs=inputs)
