"""The made-up country's cases of certification: every state, declarations of every kind, steps planned, late and done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from klyngeforum.ground.access import actions as access
from klyngeforum.ground.access.terms import Role
from klyngeforum.ground.period import date_of
from klyngeforum.ground.programme.queries import labels
from klyngeforum.quality.assessments import actions as assessments
from klyngeforum.quality.assessments import auditing, queries
from klyngeforum.quality.assessments.terms import Given, Seat
from klyngeforum.quality.indicators.queries import awarding
from klyngeforum.quality.indicators.terms import AnswerState, Version
from klyngeforum.quality.labels import certifying, following
from klyngeforum.quality.labels.choosing import candidates, proposed_period
from klyngeforum.quality.labels.queries import Case, areas
from klyngeforum.quality.labels.reading import certification
from klyngeforum.registers.clusters.queries import Cluster

_OPEN = ("reported", "asked", "scoring", "joint", "applied", "one_in", "agreed", "declined_seat")
_ENDED = ("awarded", "declined", "withdrawn")
_NO_AUDIT = ("asked", "declined_seat")
_FOUND = ("Arbejdet sker, men er ikke skrevet ned.", "Deltagerne kender ikke strategien godt nok.", "Resultaterne følges ikke op hvert år.")  # fmt: skip
_DO = ("Skriv det ned, og lad bestyrelsen vedtage det.", "Hold to møder om året om strategien.", "Følg op hvert forår, og offentliggør tallene.")  # fmt: skip
_STEPS = (("Udkast til bestyrelsen", -60, True), ("Møde med deltagerne", -20, False), ("Opfølgning offentliggjort", 6000, False))  # fmt: skip
_WORDS = ("auditor", "auditor2", "auditor3", "auditor4")
_ISSUER = "European Secretariat for Cluster Analysis (demo)"


@dataclass(slots=True)
class _Certifier:
    """Walks one organisation's case to a stage."""

    cluster: Cluster
    manager: Any
    people: Mapping[str, Any]
    label: str
    chance: Random
    day: date

    def at(self, days: int = 0) -> datetime:
        return datetime.combine(self.day + timedelta(days=days), time(10), tzinfo=UTC)

    @property
    def office(self) -> Any:
        return self.people["sekretariat"]

    def to(self, stage: str) -> None:
        money = Decimal(self.chance.randrange(40, 90)) * 1000
        case = certifying.apply(by=self.manager, at=self.at(), cluster=self.cluster, label=self.label, reason="Vi har arbejdet med områderne siden sidst og er klar. (demo)", money_asked=money)  # fmt: skip
        if stage == "applied":
            return
        if stage == "withdrawn":
            certifying.withdraw(by=self.manager, at=self.at(3), case=case, reason="Vi venter til næste år. (demo)")
            return
        case = certifying.admit(by=self.office, at=self.at(5), case=case)
        free = {one.person.pk for one in candidates(case, on=self.day) if one.free}
        experts = [one for word in _WORDS if (one := self.people[word]).pk in free]
        if stage == "declined_seat":
            self.ask(case, experts[2:3], foreign=True)
            certifying.declare(by=experts[2], at=self.at(8), case=case, is_independent=False, text="Min søster sidder i bestyrelsen. (demo)")  # fmt: skip
        self.ask(case, experts[:2])
        for expert in experts[: {"asked": 0, "declined_seat": 1}.get(stage, 2)]:
            certifying.declare(
                by=expert, at=self.at(9), case=case, is_independent=True, text="Ingen forbindelse. (demo)"
            )
        if stage not in _NO_AUDIT:
            self.audit(certifying.begin_audit(by=self.office, at=self.at(10), case=case), experts, stage)

    def ask(self, case: Case, experts: Sequence[Any], *, foreign: bool = False) -> None:
        for expert, seat in zip(experts, (Seat.EXPERT_A, Seat.EXPERT_B), strict=False):
            certifying.ask(by=self.office, at=self.at(6), case=case, expert=expert, seat=seat, foreign=foreign)

    def scores(self, version: Version, near: Mapping[str, Given] | None = None) -> dict[str, Given]:
        found = {}
        for what in version.indicators:
            before = near[what.code].level if near and near[what.code].level is not None else None
            wish = before + self.chance.choice((0, 0, 0, 1, -1)) if before is not None else round(what.top * self.chance.uniform(0.5, 1))  # fmt: skip
            level = max(what.levels[0].number, min(what.top, wish))
            found[what.code] = Given(AnswerState.SCORED, level, self.chance.choice(("Set i materialet.", "Bekræftet i samtalen.", "")))  # fmt: skip
        return found

    def audit(self, case: Case, experts: Sequence[Any], stage: str) -> None:
        one = case.audit
        if one is None:
            return
        version = queries.version_of(one)
        first = self.scores(version)
        turns = [(experts[0], Seat.EXPERT_A, first), (experts[1], Seat.EXPERT_B, self.scores(version, first))]
        for expert, seat, said in turns[: {"scoring": 0, "one_in": 1}.get(stage, 2)]:
            one = assessments.answer_many(by=expert, at=self.at(20), assessment=one, answers=said, seat=seat)
            one = auditing.hand_in(by=expert, at=self.at(20), assessment=one)
        if stage == "scoring":  # half of the first expert's scores stand
            half = dict(list(first.items())[: len(first) // 2])
            assessments.answer_many(by=experts[0], at=self.at(15), assessment=one, answers=half, seat=Seat.EXPERT_A)
        if stage not in ("agreed", "reported", "awarded", "declined"):
            return
        assessments.answer_many(by=experts[0], at=self.at(25), assessment=one, answers=first, seat=Seat.AGREED)
        auditing.agree(by=experts[1], at=self.at(25), assessment=one)
        weakest = sorted(version.indicators, key=lambda what: (first[what.code].level or 0) / (what.top or 1))
        wanted = certification().areas - (1 if stage == "agreed" else 0)
        for nth, what in enumerate(weakest[:wanted]):
            certifying.find_area(by=experts[0], at=self.at(26), case=case, indicator=what.code, finding=_FOUND[nth % 3], recommendation=_DO[nth % 3])  # fmt: skip
        if stage != "agreed":
            self.after(certifying.report(by=experts[1], at=self.at(27), case=case), stage)

    def after(self, case: Case, stage: str) -> None:
        for area in areas(case.pk):
            for what, days, done in _STEPS:
                step = following.plan(by=self.manager, at=self.at(28), area=area, what=what, owner="Klyngelederen", due_on=max(date_of(self.at(28)), date_of(self.at(90 + days))))  # fmt: skip
                if done:
                    following.finish(by=self.manager, at=self.at(30), step=step)
        period = proposed_period(case, on=date_of(self.at(40)))
        if stage == "awarded" and period and period[0].until:
            certifying.award(by=self.office, at=self.at(40), case=case, issuer=_ISSUER, valid_from=period[0].since, valid_to=period[0].until, certificate=f"DEMO-{case.pk}", decision="Den godkendende gruppes møde, punkt 2 (demo)")  # fmt: skip
        if stage == "declined":
            certifying.decline(by=self.office, at=self.at(40), case=case, decision="Den godkendende gruppes møde, punkt 3: minimum ikke nået (demo)")  # fmt: skip


def _experts(people: dict[str, Any], since: date) -> None:
    """Two more assessors: one from abroad, one who cannot assess the first organisation because of a post there."""
    at = datetime.combine(since, time(8), tzinfo=UTC)
    for word, name in (("auditor3", "Astrid Assessor"), ("auditor4", "Axel Assessor")):
        person = access.welcome(by=None, at=at, email=f"{word}@demo.invalid", name=name)
        access.appoint(by=None, at=at, person=person, role=Role.AUDITOR, body_id=None, since=since)
        people[word] = person


def certify(
    rows: Sequence[Cluster],
    people: dict[str, Any],
    *,
    last_year: int,
    running: Sequence[int],
    say: Callable[[str], None],
) -> None:
    """Organisations with a self-evaluation, each walked to another stage of the way; the first one's report is in, so its desk shows a plan."""
    day = date(last_year + 1, 2, 3)
    _experts(people, date(2008, 1, 1))
    access.appoint(by=None, at=datetime.combine(day, time(8), tzinfo=UTC), person=people["auditor4"], role=Role.STAFF, body_id=rows[running[0]].body_id, since=date(2009, 1, 1))  # fmt: skip
    found = [one for one in sorted(labels(), key=lambda one: one.rank) if awarding(one.code, on=day)]
    if not found:
        return
    say("cases of certification")
    code, version = found[0].code, awarding(found[0].code, on=day)
    if version is None:
        return
    bodies = [rows[n].pk for n in running]
    for stages, first in ((_ENDED, date(last_year, 4, 2)), (_OPEN, day)):
        ready = queries.newest(bodies, version[0].scheme, until=first)
        able = [n for n in running if rows[n].pk in ready][1 if stages is _ENDED else 0 :]
        for nth, (n, stage) in enumerate(zip(able, stages, strict=False)):
            manager = people["klyngeleder" if n == 0 else f"klyngeleder{n + 1}"]
            _Certifier(rows[n], manager, people, code, Random(3000 + nth), first + timedelta(days=nth)).to(stage)
