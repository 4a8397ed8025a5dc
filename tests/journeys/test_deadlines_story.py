"""Deadlines over two years by a clock of the test's own: nobody gets two mails on a day or any after handing in, and none says too little."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail

from klyngeforum.ground.access import actions as access
from klyngeforum.ground.access.terms import Language, Role
from klyngeforum.ground.verdict import Refused
from klyngeforum.quality.labels.actions import note
from klyngeforum.results.accounts import actions as accounts
from klyngeforum.results.accounts import remarks
from klyngeforum.results.accounts.deadlines import extend
from klyngeforum.results.accounts.queries import extensions, late, latest
from klyngeforum.results.accounts.terms import About, Ask
from klyngeforum.web.mail.reminders import NOBODY, remind
from tests import certified
from tests.cast import AT, YEAR

pytestmark = pytest.mark.django_db
DUE = date(YEAR + 1, 5, 15)  # a Wednesday


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


class Clock:
    """Runs the daily job from day to day and keeps every mail: (day, to, subject, text)."""

    def __init__(self) -> None:
        self.sent: list[tuple[date, str, str, str]] = []

    def run(self, first: date, last: date, deeds: dict[date, object] | None = None) -> None:
        for nth in range((last - first).days + 1):
            on = first + timedelta(days=nth)
            deed = (deeds or {}).get(on)
            if callable(deed):
                deed(noon(on))
            remind(by=None, at=noon(on), on=on)
            self.sent += [(on, one.to[0], str(one.subject), str(one.body)) for one in mail.outbox]
            mail.outbox.clear()

    def to(self, who: str) -> list[tuple[date, str]]:
        return [(on, subject) for on, to, subject, _ in self.sent if to == f"{who}@demo.invalid"]


def hand_in(stage, cluster: str, year: int = YEAR):
    def deed(at: datetime) -> None:
        account, by = latest(stage.clusters[cluster].pk, year), stage.people[cluster]
        remarks.nothing_more(by=by, at=at, account=account)
        accounts.submit(by=by, at=at, account=account, comment="Alt er talt.")

    return deed


def test_before_at_and_after_the_deadline(stage):
    stage.open()
    clock = Clock()
    clock.run(date(YEAR + 1, 4, 1), date(YEAR + 1, 5, 31), {date(YEAR + 1, 5, 20): hand_in(stage, "vind")})
    assert clock.to("vind") == [
        (
            date(2013, 4, 22),
            "Regnskabet for 2012 skal indsendes om 23 dage (Vindklyngen)",
        ),  # the Monday after four weeks before
        (date(2013, 5, 13), "Regnskabet for 2012 skal indsendes om 2 dage (Vindklyngen)"),
        (DUE, "Regnskabet for 2012 skal indsendes i dag (Vindklyngen)"),
        (date(2013, 5, 16), "Regnskabet for 2012 skulle være indsendt 15. maj 2013 (Vindklyngen)"),
    ]  # nothing on the Monday of the day on which it was handed in, and nothing after it
    assert [on for on, _ in clock.to("mad")][4:] == [date(2013, 5, 27)]
    assert clock.to("staff") == clock.to("ministry") == []


def test_the_secretariat_hears_once_a_week_who_is_late_and_what_waits(stage):
    stage.open()
    clock = Clock()
    clock.run(date(2013, 5, 6), date(2013, 5, 27), {date(2013, 5, 14): hand_in(stage, "vind")})
    assert clock.to("office") == [
        (date(2013, 5, 20), "Runden for 2012: 1 er sent på den, 1 skal læses"),
        (date(2013, 5, 27), "Runden for 2012: 1 er sent på den, 1 skal læses"),
    ]
    text = next(text for on, to, _, text in clock.sent if to.startswith("office"))
    assert "- Madklyngen" in text and "- Vindklyngen" in text and "/sekretariat/runder/2012/" in text


def test_more_time_moves_the_reminders_and_is_told_with_its_reason(stage):
    stage.open()
    account, office = stage.account("vind"), stage.people["office"]
    assert late(YEAR, on=date(2013, 5, 16)).count() == 2
    extend(by=office, at=AT, account=account, until=date(2013, 6, 3), reason="Ny leder")
    assert [one.cluster.name for one in late(YEAR, on=date(2013, 5, 16))] == ["Madklyngen"]
    assert [(one.by, one.reason, one.before) for one in extensions(account)] == [(office, "Ny leder", DUE)]
    clock = Clock()
    clock.run(date(2013, 4, 8), date(2013, 6, 4))
    days = [on for on, _ in clock.to("vind")]
    assert days == [date(2013, 4, 8), date(2013, 5, 6), date(2013, 5, 27), date(2013, 6, 3), date(2013, 6, 4)]
    assert any("Grunden: Ny leder" in text for _, to, _, text in clock.sent if to.startswith("vind"))
    for until, reason in ((date(2013, 6, 3), "x"), (date(2013, 5, 1), "x"), (date(2013, 7, 1), " ")):
        with pytest.raises(Refused):
            extend(by=office, at=AT, account=stage.account("vind"), until=until, reason=reason)
    for who in ("vind", "mad", "ministry"):
        with pytest.raises(Refused):
            extend(by=stage.people[who], at=AT, account=stage.account("vind"), until=date(2013, 7, 1), reason="x")
    stage.submitted("vind")
    with pytest.raises(Refused, match="needs no more time"):
        extend(by=office, at=AT, account=stage.account("vind"), until=date(2013, 7, 1), reason="x")


def test_what_came_back_is_told_at_once_with_a_new_day_to_answer_by(stage):
    stage.open()
    stage.submitted("vind")
    day = date(2013, 6, 4)
    accounts.return_account(by=stage.people["office"], at=noon(day), account=stage.account("vind"), asks=[Ask("Timerne?", "hours")])  # fmt: skip
    assert stage.account("vind").due_on == date(2013, 6, 18)
    assert "Vindklyngen" not in [one.cluster.name for one in late(YEAR, on=date(2013, 6, 18))]
    clock = Clock()
    clock.run(day, day)
    ((on, subject),) = clock.to("vind")
    assert on == day and subject.startswith("2 ting")  # it came back, and there are two weeks left
    text = clock.sent[[to for _, to, _, _ in clock.sent].index("vind@demo.invalid")][3]
    assert "er kommet tilbage med spørgsmål" in text and "om 14 dage" in text and "senest 18. juni 2013" in text


def test_each_in_their_own_language_and_nobody_there_is_said(stage):
    stage.open()
    person = stage.people["mad"]
    person.language = Language.ENGLISH.value
    person.save()
    access.end_post(by=None, at=AT, post=stage.people["vind"].posts.get(), on=date(2013, 5, 1))
    told, _ = remind(by=None, at=noon(DUE), on=DUE)
    assert {(one.organisation, one.problem) for one in told if one.problem} == {("Vindklyngen", NOBODY)}
    (one,) = [one for one in mail.outbox if one.to == ["mad@demo.invalid"]]
    assert one.subject == "The account of 2012 is due today (Madklyngen)" and "Dear Mad" in one.body


def test_a_job_that_runs_again_or_was_away_writes_no_flood(stage):
    stage.open()
    for _ in range(3):
        remind(by=None, at=noon(DUE + timedelta(days=30)), on=DUE + timedelta(days=30))
    assert Counter(one.to[0] for one in mail.outbox)["vind@demo.invalid"] <= 1


def test_a_reminder_that_goes_out_late_says_how_long_is_left_on_its_own_day(stage):
    """The first run of the job is two months after the six-month reminder was due."""
    note(by=None, at=AT, cluster=stage.clusters["vind"], label=certified.LABEL, issuer="ESCA", valid_from=date(2013, 6, 3), valid_to=date(2014, 6, 2))  # fmt: skip
    on = date(2014, 2, 1)
    told, _ = remind(by=None, at=noon(on), on=on)
    (letter,) = [one for one in mail.outbox if one.to == ["vind@demo.invalid"]]
    assert letter.subject.endswith("udløber 2. juni 2014: 4 måneder tilbage")
    assert [(one.organisation, one.due) for one in told if one.to == "vind@demo.invalid"] == [
        ("Vindklyngen", date(2014, 6, 2))
    ]
    last = date(2014, 5, 20)
    remind(by=None, at=noon(last), on=last)
    assert mail.outbox[-1].subject.endswith("udløber 2. juni 2014: mindre end en måned tilbage")


def test_two_years_of_letters(stage):
    """Two rounds, one organisation always in time, one never; one account comes back, one gets more time, a label runs out."""
    second = access.welcome(by=None, at=AT, email="english@demo.invalid", name="Ellen")
    access.appoint(by=None, at=AT, person=second, role=Role.MANAGER, body_id=stage.bodies["vind"], since=date(2010, 1, 1))  # fmt: skip
    second.language = Language.ENGLISH.value
    second.save()
    note(by=None, at=AT, cluster=stage.clusters["vind"], label=certified.LABEL, issuer="ESCA", valid_from=date(2013, 6, 3), valid_to=date(2014, 6, 2))  # fmt: skip
    stage.open()
    office = stage.people["office"]

    def back(at: datetime) -> None:
        accounts.return_account(by=office, at=at, account=stage.account("vind"), asks=[Ask("Timerne?", "hours")])

    def answer(at: datetime) -> None:
        account = stage.account("vind")
        (message,) = account.messages.filter(resolved_at__isnull=True)
        remarks.write(by=stage.people["vind"], at=at, account=account, about=About.ANSWER, key=str(message.pk), text="Set efter.", turn=0)  # fmt: skip
        accounts.submit(by=stage.people["vind"], at=at, account=account)

    handed_in = {
        date(2013, 5, 14): date(2013, 6, 5),
        date(2013, 6, 12): date(2014, 2, 3),
        date(2014, 5, 1): date(2015, 3, 1),
    }
    deeds = {
        date(2013, 5, 14): hand_in(stage, "vind"), date(2013, 6, 5): back, date(2013, 6, 12): answer,
        date(2014, 2, 3): lambda at: accounts.open_round(by=office, at=at, year=YEAR + 1, due_on=date(2014, 5, 15)),
        date(2014, 4, 29): lambda at: extend(by=office, at=at, account=latest(stage.clusters["mad"].pk, YEAR + 1), until=date(2014, 6, 2), reason="Sygdom"),
        date(2014, 5, 1): hand_in(stage, "vind", YEAR + 1),
    }  # fmt: skip
    clock = Clock()
    clock.run(date(2013, 3, 1), date(2015, 3, 1), deeds)
    assert max(Counter((on, to) for on, to, _, _ in clock.sent).values()) == 1  # nobody gets two on a day
    for (
        day,
        until,
    ) in (
        handed_in.items()
    ):  # none of the account after it was handed in, until it comes back or the next round is there
        assert not [
            one
            for one in clock.sent
            if one[1].startswith("vind") and day <= one[0] < until and "egnskab" in one[2] + one[3]
        ]
    mine = [text for _, to, _, text in clock.sent if to == "vind@demo.invalid"]
    theirs = [text for _, to, _, text in clock.sent if to == "english@demo.invalid"]
    assert (
        len(mine) == len(theirs) <= 14
        and all("Kære" in text for text in mine)
        and all("Dear" in text for text in theirs)
    )
    said = "\n".join(mine)
    assert not re.search(
        r"2[.,]01\d", "\n".join(subject + text for _, _, subject, text in clock.sent)
    )  # a year is no amount
    assert said.count("er kommet tilbage med spørgsmål") + said.count("har læst regnskabet") >= 1
    assert sum("udløber" in text for text in mine) == 4  # the label's four, whatever else the letter held
    never = [(on, text) for on, to, _, text in clock.sent if to == "mad@demo.invalid"]
    assert any("Sygdom" in text for _, text in never)
    assert max(on for on, _ in never) < date(2014, 6, 2) + timedelta(days=75)  # then somebody calls; no letter for ever
    offices = [on for on, to, _, _ in clock.sent if to == "office@demo.invalid"]
    assert all(on.isoweekday() == 1 for on in offices)
