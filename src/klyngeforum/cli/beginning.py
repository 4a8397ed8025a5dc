"""begin: the first person of an installation, who gives everybody else their posts; and a link for somebody who stands outside."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone, translation

from klyngeforum.ground.access import actions as access
from klyngeforum.ground.access.queries import Person, may_begin, person_of, somebody_appoints
from klyngeforum.ground.access.terms import Language
from klyngeforum.ground.bodies import actions as bodies
from klyngeforum.ground.bodies.actions import NewBody
from klyngeforum.ground.bodies.queries import Body, by_number, called
from klyngeforum.ground.bodies.terms import BodyKind, Scheme
from klyngeforum.ground.verdict import require
from klyngeforum.web.sign_in import link_of

from .stopping import Options, Stop

_DAY = 86_400  # seconds


def _organisation(name: str, number: str) -> Body:
    """The one with the number, or else the one called so; a new one where none is."""
    known = [body] if number and (body := by_number(Scheme.CVR, number)) else called(name)
    if len(known) > 1:
        raise Stop(f"{len(known)} organisations are called {name!r}; say which with --number")
    if known:
        return known[0]
    scheme = Scheme.CVR if number else Scheme.NONE
    new = NewBody(name, BodyKind.AUTHORITY, scheme=scheme, number=number, source="klyngeforum begin")
    return bodies.register(by=None, at=timezone.now(), body=new)


def _first(email: str, options: Options) -> Person:
    require(may_begin(on=timezone.localdate()))
    for option, what in (("name", "the person's name"), ("organisation", "what the secretariat is part of")):
        if not str(options[option] or "").strip():
            raise Stop(f"say {what} with --{option}")
    now = timezone.now()
    body = _organisation(str(options["organisation"]).strip(), str(options["number"]))
    spoken = Language(str(options["language"]))
    return access.begin(by=None, at=now, email=email, name=str(options["name"]), body_id=body.pk, language=spoken)


def begin(options: Options) -> int:
    """0 with the link on a line of its own; 1 where somebody else gives the posts."""
    email = str(options["email"]).strip()
    try:
        validate_email(email)
    except ValidationError:
        raise Stop(f"{email!r} is no e-mail address") from None
    with transaction.atomic(), translation.override("en"):
        known = person_of(email)
        if known is None or not somebody_appoints(on=timezone.localdate()):
            known = _first(email, options)
        access.let_in(by=None, at=timezone.now(), person=known)
    days = round(settings.PASSWORD_RESET_TIMEOUT / _DAY)
    print(f"{known.name} ({known.email}) chooses a password here, once and within {days} days:")
    print(link_of(known))
    return 0
