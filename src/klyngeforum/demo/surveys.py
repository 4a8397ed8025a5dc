"""The made-up country's company surveys: one published, one closed, one open for answers, one being prepared; answers as real rounds get them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random

from django.utils import timezone

from klyngeforum.ground.bodies.queries import one_body
from klyngeforum.ground.period import date_of
from klyngeforum.records.survey import actions, queries
from klyngeforum.records.survey.actions import NewContact
from klyngeforum.records.survey.answering import Confirmed, Given, hand_in, save
from klyngeforum.records.survey.links import token
from klyngeforum.records.survey.questionnaires import in_force
from klyngeforum.records.survey.terms import BasisKind, CompanyStep, LeftOut, Said
from klyngeforum.registers.clusters.queries import Cluster
from klyngeforum.registers.memberships.queries import in_year

_MOST = 500
_NEEDS = ("knowledge", "partners", "funding", "markets", "skills")
_COMMENTS = (
    "",
    "",
    "",
    "Tak for godt samarbejde.",
    "Vi savner flere arrangementer i Jylland.",
    "Mødet i maj gav os en ny kunde.",
)
_BASIS = "Aftalen om deltagelse, punkt 7"


def _contacts(clusters: list[Cluster], year: int, at: datetime, chance: Random) -> None:
    for one in clusters:
        members = sorted(set(in_year(year, [one.pk]).filter(body__kind="company").values_list("body_id", flat=True)))
        found = [NewContact(body, f"kontakt{body}@firma.invalid", language="en" if chance.random() < 0.05 else "da") for body in members if chance.random() < 0.75]  # fmt: skip
        if found:
            actions.hold_contacts(by=None, at=at, cluster=one, contacts=found, basis=_BASIS)


def _said(part: queries.Part, chance: Random) -> Confirmed:
    """Most find it right; the others mostly say a lower step."""
    if chance.random() < 0.85:
        return Confirmed(Said.RIGHT)
    step = max(int(part.reported or "0") + (-1 if chance.random() < 0.7 else 1), 0)
    return Confirmed(Said.WRONG, chance.random() < 0.9, CompanyStep(str(min(step, 3))))


def _given(asked: queries.Asked, chance: Random) -> Given:
    shortage = chance.choices(["none", "skilled", "engineers", "other"], [60, 12, 20, 8])[0]
    answers = {
        "satisfaction": [str(chance.choices(range(1, 6), [3, 8, 24, 42, 23])[0])], "needs": [one for one in _NEEDS if chance.random() < 0.35],
        "shortage": [shortage], "shortage_count": [str(chance.randint(1, 6))], "comment": [chance.choice(_COMMENTS)],
        "use": [chance.choices(["yes", "soon", "no"], [50, 35, 15])[0]], "again": [str(chance.choices(range(11), [1, 1, 2, 2, 3, 6, 8, 14, 20, 18, 25])[0])],
    }  # fmt: skip
    return Given(
        answers,
        {part.pk: _said(part, chance) for part in queries.parts_asked(asked)},
        chance.random() < 0.2,
        asked.language,
    )


def _answer(one: queries.Round, share: float, at: datetime, chance: Random) -> None:
    """A quarter answers, larger companies more often; some begin and do not finish."""
    told = 0
    for asked in queries.with_link(one):
        lot = chance.random() * (0.8 if asked.size in ("50-249", "250+") else 1)
        if told < _MOST and lot < share:
            hand_in(by=None, at=at, token=token(asked.pk, asked.turn), given=_given(asked, chance))
            told += 1
        elif told < _MOST and lot < share + 0.03:
            save(by=None, at=at, token=token(asked.pk, asked.turn), given=Given({"satisfaction": ["4"]}, {}))


def _protected(one: queries.Round, at: datetime, chance: Random) -> None:
    """A few protected companies consented."""
    out = [row for row in queries.left_out(one).filter(left_out=LeftOut.PROTECTED)[:12] if chance.random() < 0.5]
    for row in out:
        if body := one_body(row.body_id):
            actions.note_basis(
                by=None, at=at, body=body, kind=BasisKind.CONSENT, since=date_of(at), source="Svar på mail"
            )


def survey(clusters: list[Cluster], *, last_year: int, say: Callable[[str], None]) -> None:
    say("company surveys")
    chance, day = Random(11), date(last_year + 1, 1, 15)
    yearly, after = in_force("company", on=day), in_force("after-project", on=day)
    if yearly is None or after is None:
        return
    _contacts(clusters, last_year, datetime(last_year, 1, 5, 9, tzinfo=UTC), chance)
    for year, published in ((last_year - 1, True), (last_year, False)):
        at = datetime(year + 1, 1, 15, 9, tzinfo=UTC)
        one = actions.prepare(by=None, at=at, survey=yearly, year=year)
        _protected(one, at, chance)
        one = actions.open_round(by=None, at=at, one=one)
        _answer(one, 0.28, at + timedelta(days=9), chance)
        one = actions.close(by=None, at=at + timedelta(days=50), one=one)
        if published:
            actions.publish(by=None, at=at + timedelta(days=80), one=one)
    now = timezone.now().replace(hour=8, minute=0, second=0, microsecond=0) - timedelta(days=3)
    one = actions.open_round(
        by=None, at=now, one=actions.prepare(by=None, at=now, survey=after, year=last_year, months=6)
    )
    _answer(one, 0.15, now + timedelta(days=2), chance)
    actions.prepare(by=None, at=now, survey=after, year=last_year, months=12)
