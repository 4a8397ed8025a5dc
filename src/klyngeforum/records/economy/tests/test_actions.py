"""Grants, income, hours and claims: rights, refusals, the trail, and that an hour is claimed once."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, time
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from klyngeforum.ground.programme.funding import Payer
from klyngeforum.ground.trail.queries import acts, breaks
from klyngeforum.ground.verdict import Refused
from klyngeforum.records.activities import actions as activities
from klyngeforum.records.activities.queries import participants
from klyngeforum.records.economy import actions, claiming, queries
from klyngeforum.records.economy.actions import NewGrant, NewHours, NewIncome
from klyngeforum.records.economy.models import Claim, HourEntry
from klyngeforum.records.economy.terms import Form, HourEvidence, Standing
from tests.cast import AT

pytestmark = pytest.mark.django_db
DAY, FIRST, LAST = date(2012, 5, 5), date(2012, 1, 1), date(2012, 12, 31)
NETWORK = NewGrant("T-1", "Netværket 2012", "innovation-network", FIRST, LAST, Decimal(1_000_000), Decimal(500_000))
FUND = replace(NETWORK, reference="T-2", title="Regionalfonden 2012", scheme="erdf")


def granted(stage, who="vind", new=NETWORK):
    return actions.receive_grant(by=stage.people[who], at=AT, cluster=stage.clusters[who], new=new)


def given(stage, who="vind", **other):
    new = NewHours(stage.bodies["a"], DAY, DAY, Decimal(3), person="Ida", begins=time(9), ends=time(12), evidence=HourEvidence.TIME_SHEET, evidence_reference="sag 4", evidence_on=DAY)  # fmt: skip
    return actions.record_hours(by=stage.people[who], at=AT, cluster=stage.clusters[who], new=replace(new, **other))


def claim(stage, grant, *entries, who="vind"):
    return claiming.claim(by=stage.people[who], at=AT, grant=grant, entries=[one.pk for one in entries], since=FIRST, until=LAST)  # fmt: skip


def why(act):
    with pytest.raises(Refused) as refused, transaction.atomic():
        act()
    return str(refused.value)


def test_a_claim_is_worth_hours_times_rate(stage):
    grant, entry = granted(stage), given(stage)
    (row,) = claim(stage, grant, entry)
    assert (row.per_hour, row.worth) == (600, 1800)
    assert queries.used([grant])[grant.pk].worth == 1800
    assert queries.figures_of(stage.clusters["vind"].pk, 2012)["cofinancing_hours"] == 1800


def test_an_hour_is_claimed_once_whatever_the_grant(stage):
    first, second, entry = granted(stage), granted(stage, new=FUND), given(stage, pay=Decimal(300))
    claim(stage, first, entry)
    for grant in (first, second):
        assert "Netværket 2012" in why(lambda grant=grant: claim(stage, grant, entry))
    assert Claim.objects.count() == 1


def test_the_table_itself_refuses_a_second_claim(stage):
    first, second, entry = granted(stage), granted(stage, new=FUND), given(stage)
    (row,) = claim(stage, first, entry)
    with pytest.raises(IntegrityError, match=r"an_hour_is_claimed_once|entry_id"), transaction.atomic():
        Claim.objects.create(entry=entry, grant=second, since=FIRST, until=LAST, rate=row.rate, per_hour=1, worth=1, claimed_at=AT)  # fmt: skip


def test_the_same_hour_under_two_entries_is_refused_also_at_the_neighbours(stage):
    claim(stage, granted(stage), given(stage))
    again = given(stage, begins=time(11), ends=time(14), evidence_reference="sag 5")
    assert "Netværket 2012" in why(lambda: claim(stage, granted(stage, new=FUND), again))
    theirs = given(stage, "mad", begins=time(8), ends=time(10))
    words = why(lambda: claim(stage, granted(stage, "mad", replace(NETWORK, title="Madnettet")), theirs, who="mad"))
    assert "Netværket 2012" in words and "Vindklyngen" in words
    colleague = given(stage, "mad", person="Jens", begins=time(8), ends=time(10))
    assert len(claim(stage, queries.of_cluster(stage.clusters["vind"].pk).first(), given(stage, begins=time(12), ends=time(13)))) == 1  # fmt: skip
    assert colleague.pk


def test_two_overlapping_entries_cannot_be_claimed_together(stage):
    one, other = given(stage), given(stage, begins=time(10), ends=time(13))
    assert "from 10.00 to 13.00" in why(lambda: claim(stage, granted(stage), one, other))
    assert not Claim.objects.exists()


def test_all_are_claimed_or_none(stage):
    grant, good, bare = granted(stage), given(stage), given(stage, begins=None, ends=None, evidence=HourEvidence.NONE, evidence_reference="", evidence_on=None)  # fmt: skip
    assert "no evidence" in why(lambda: claim(stage, grant, good, bare))
    assert not Claim.objects.exists()
    actions.lay_evidence(by=stage.people["vind"], at=AT, entry=bare, evidence=HourEvidence.PARTICIPANT_LIST, reference="liste 5. maj", on=DAY)  # fmt: skip
    assert len(claim(stage, grant, good, bare)) == 2


def test_taken_back_the_hour_is_free_again(stage):
    grant, entry = granted(stage), given(stage)
    (row,) = claim(stage, grant, entry)
    assert "Take the claim back" in why(lambda: actions.strike_hours(by=stage.people["vind"], at=AT, entry=entry))
    claiming.unclaim(by=stage.people["vind"], at=AT, claimed=row)
    claim(stage, granted(stage, new=replace(FUND, scheme="growth-forum")), entry)
    assert Claim.objects.get().grant.title == "Regionalfonden 2012"


def test_nobody_claims_the_neighbours_hours(stage):
    theirs = given(stage, "mad")
    assert "own organisation" in why(lambda: claim(stage, granted(stage), theirs))
    assert "right" in why(lambda: claim(stage, granted(stage, new=FUND), theirs, who="mad"))


def test_a_closed_grant_takes_nothing_more(stage):
    grant, entry = granted(stage), given(stage)
    (row,) = claim(stage, grant, entry)
    actions.close_grant(by=stage.people["vind"], at=AT, grant=grant, on=date(2013, 2, 1))
    assert "closed" in why(lambda: claim(stage, grant, given(stage, begins=None, ends=None)))
    assert "closed" in why(lambda: claiming.unclaim(by=stage.people["vind"], at=AT, claimed=row))
    assert "closed already" in why(lambda: actions.close_grant(by=stage.people["vind"], at=AT, grant=grant, on=DAY))


def test_a_grant_is_amended_as_long_as_its_claims_fit(stage):
    grant = granted(stage)
    claim(stage, grant, given(stage))
    assert "no longer fit" in why(lambda: actions.amend_grant(by=stage.people["vind"], at=AT, grant=grant, new=replace(NETWORK, ends_on=date(2012, 4, 1))))  # fmt: skip
    assert "no longer fit" in why(lambda: actions.amend_grant(by=stage.people["vind"], at=AT, grant=grant, new=replace(NETWORK, scheme="erdf")))  # fmt: skip
    assert actions.amend_grant(by=stage.people["vind"], at=AT, grant=grant, new=replace(NETWORK, amount=Decimal(2))).amount == 2  # fmt: skip


def test_a_grant_needs_a_scheme_of_the_programme_that_ran(stage):
    assert "no funding scheme" in why(lambda: granted(stage, new=replace(NETWORK, scheme="x")))
    assert "did not give" in why(lambda: granted(stage, new=replace(NETWORK, starts_on=date(2005, 1, 1))))
    granted(stage)
    assert "reference" in why(lambda: granted(stage))


def test_the_budget_adds_up_or_is_refused(stage):
    grant = granted(stage)
    assert "add up" in why(lambda: actions.set_budget(by=stage.people["vind"], at=AT, grant=grant, lines=[("Løn", Decimal(1))]))  # fmt: skip
    for lines in ([("Løn", Decimal(1_500_000))], [("Løn", Decimal(1_000_000)), ("Rejser", Decimal(500_000))]):
        actions.set_budget(by=stage.people["vind"], at=AT, grant=grant, lines=lines)
        assert [(one.title, one.amount) for one in queries.budget_of(grant.pk)] == lines


def test_hours_of_a_participation_are_no_more_than_it_holds(stage):
    held = stage.activity("vind", "v1")
    stage.part(held, "a", hours="4")
    part = participants(held.pk).get()
    cluster = stage.clusters["vind"].pk
    assert queries.figures_of(cluster, 2012)["hours_waiting"] == 4
    given(stage, participation_id=part.pk, hours=Decimal(3))
    assert [row.left for row in queries.waiting_parts(cluster, 2012)] == [1]
    assert "Only 1.00" in why(lambda: given(stage, participation_id=part.pk, hours=Decimal("1.01")))
    assert "outside the activity" in why(lambda: given(stage, participation_id=part.pk, hours=Decimal(1), since=date(2012, 5, 4), until=DAY))  # fmt: skip
    assert "Strike those" in why(lambda: activities.withdraw(by=stage.people["vind"], at=AT, participation=part))
    assert not queries.overproved_parts(cluster, 2012)
    stage.part(held, "a", hours="2")
    assert [row.left for row in queries.overproved_parts(cluster, 2012)] == [-1]
    stage.part(held, "a", hours="4")
    figures = queries.figures_of(cluster, 2012)
    assert (figures["hours_proved"], figures["hours_waiting"]) == (3, 1)
    actions.strike_hours(by=stage.people["vind"], at=AT, entry=HourEntry.objects.get())
    activities.withdraw(by=stage.people["vind"], at=AT, participation=part)


def test_income_by_source_cash_and_hours(stage):
    grant, cluster = granted(stage), stage.clusters["vind"]
    claim(stage, grant, given(stage))
    for payer, amount, to in ((Payer.PUBLIC, "600000.10", grant.pk), (Payer.PRIVATE, "98200", grant.pk), (Payer.EU, "-0.05", None)):  # fmt: skip
        actions.book_income(by=stage.people["vind"], at=AT, cluster=cluster, new=NewIncome(2012, Standing.RECEIVED, Form.CASH, payer, Decimal(amount), grant_id=to))  # fmt: skip
    rows = {row.payer: row for row in queries.by_source(cluster.pk, 2012)}
    assert (rows["private"].cash, rows["private"].hours, rows["private"].total) == (98200, 1800, 100000)
    assert round(sum(row.share for row in rows.values()), 20) == 1
    used = queries.used([grant])[grant.pk]
    assert (used.received, used.cash, used.worth, used.cofinancing) == (Decimal("600000.10"), 98200, 1800, 100000)


def test_income_is_put_right_and_taken_back_and_the_trail_keeps_both(stage):
    new = NewIncome(2012, Standing.RECEIVED, Form.CASH, Payer.PRIVATE, Decimal("12.34"))
    row = actions.book_income(by=stage.people["vind"], at=AT, cluster=stage.clusters["vind"], new=new)
    row = actions.amend_income(by=stage.people["vind"], at=AT, income=row, new=replace(new, amount=Decimal("12.35")))
    actions.take_back_income(by=stage.people["vind"], at=AT, income=row)
    kept = [json.loads(one.before) for one in acts() if one.verb.startswith("economy.") and one.before]  # fmt: skip
    assert {"12.34", "12.35"} <= {values["amount"] for values in kept} and list(breaks()) == []


def test_a_grant_of_the_neighbours_takes_no_income_of_ours(stage):
    grant = granted(stage, "mad")
    new = NewIncome(2012, Standing.RECEIVED, Form.CASH, Payer.PRIVATE, Decimal(1), grant_id=grant.pk)
    assert "not one of" in why(lambda: actions.book_income(by=stage.people["vind"], at=AT, cluster=stage.clusters["vind"], new=new))  # fmt: skip


@pytest.mark.parametrize("who", ["mad", "company", "ministry", "office"])
def test_only_the_office_itself_writes(stage, who):
    assert "right" in why(lambda: actions.receive_grant(by=stage.people[who], at=AT, cluster=stage.clusters["vind"], new=NETWORK))  # fmt: skip
    seen = queries.grants(seen_by=stage.people[who], on=AT.date())
    granted(stage)
    assert seen.exists() == (who == "office")


def test_no_name_of_a_person_stands_in_the_trail(stage):
    claim(stage, granted(stage), given(stage, person="Ida Hemmelig"))
    assert not any("Hemmelig" in one.after + one.before for one in acts())


class TestSomebodyActedMeanwhile:
    """A page holds the row as it was read; the act goes by what stands."""

    def test_the_budget_adds_up_to_what_is_granted_now(self, stage):
        grant = granted(stage)
        again = type(grant).objects.get(pk=grant.pk)
        actions.amend_grant(by=None, at=AT, grant=grant, new=replace(NETWORK, amount=Decimal(900_000)))
        assert "add up" in why(lambda: actions.set_budget(by=None, at=AT, grant=again, lines=[("Løn", Decimal(1_500_000))]))  # fmt: skip

    def test_what_is_struck_or_taken_back_is_gone(self, stage):
        entry, new = given(stage), NewIncome(2012, Standing.RECEIVED, Form.CASH, Payer.PRIVATE, Decimal(1), DAY)
        income = actions.book_income(by=None, at=AT, cluster=stage.clusters["vind"], new=new)
        hours, money = HourEntry.objects.get(pk=entry.pk), type(income).objects.get(pk=income.pk)
        actions.strike_hours(by=None, at=AT, entry=entry)
        actions.take_back_income(by=None, at=AT, income=income)
        assert "gone" in why(lambda: actions.strike_hours(by=None, at=AT, entry=hours))
        assert "gone" in why(lambda: actions.amend_income(by=None, at=AT, income=money, new=new))
        assert "gone" in why(lambda: actions.take_back_income(by=None, at=AT, income=money))
