"""Answered once for every form, handed in and frozen, a new edition when something changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from klyngeforum.ground.programme.queries import report_forms
from klyngeforum.ground.programme.reporting import Comes
from klyngeforum.ground.trail.queries import length
from klyngeforum.ground.verdict import Refused
from klyngeforum.records.economy import actions as economy
from klyngeforum.records.economy.actions import NewGrant
from klyngeforum.registers.clusters import actions as clusters
from klyngeforum.results.accounts import actions as accounts
from klyngeforum.results.reports import actions, queries
from klyngeforum.results.reports.terms import Origin, ReportState
from tests.cast import AT, YEAR
from tests.furnished import paid

pytestmark = pytest.mark.django_db
FORMS = {one.scheme: one for one in report_forms()}
NETWORK, FUND = FORMS["innovation-network"], FORMS["erdf"]


@pytest.fixture
def owing(stage):
    """Vindklyngen with a contact and a grant of the networks and one of the regional fund, 2012 accounted for."""
    paid(stage)
    one = stage.clusters["vind"]
    grant = NewGrant("E-1", "Fonden", FUND.scheme, date(2012, 1, 1), date(2012, 12, 31), Decimal(1000))
    economy.receive_grant(by=stage.people["vind"], at=AT, cluster=one, new=grant)
    one.contact_name, one.contact_email = "Vinnie", "vinnie@demo.invalid"
    one.save(update_fields=["contact_name", "contact_email"])
    clusters.note_staff(by=None, at=AT, cluster=one, year=YEAR, full_time=Decimal(3))
    stage.open()
    return stage


def give(stage, form=NETWORK, who="vind", **given):
    fields = {one.meaning: one.code for one in form.fields}
    return actions.answer(by=stage.people[who], at=AT, cluster=stage.clusters["vind"], form=form, year=YEAR, given={fields[key]: text for key, text in given.items()})  # fmt: skip


def hand_in(stage, form=NETWORK, who="vind", year=YEAR):
    return actions.hand_in(by=stage.people[who], at=AT, cluster=stage.clusters["vind"], form=form, year=year)


def why(act):
    with pytest.raises(Refused) as refused, transaction.atomic():
        act()
    return str(refused.value)


def test_a_question_asked_by_two_funders_is_answered_once(owing):
    one = owing.clusters["vind"]
    give(owing, progress="Alt går som planlagt.")
    there = {row.field.meaning: row for row in queries.filled_now(one, FUND, YEAR)}
    assert (there["progress"].value, there["progress"].origin) == ("Alt går som planlagt.", Origin.TYPED)
    give(owing, form=FUND, progress="Vi er bagud.")
    here = {row.field.meaning: row.value for row in queries.filled_now(one, NETWORK, YEAR)}
    assert here["progress"] == "Vi er bagud."


def test_values_come_from_account_economy_register_and_grant(owing):
    found = {(row.field.comes, row.field.meaning): row.value for row in queries.filled_now(owing.clusters["vind"], NETWORK, YEAR)}  # fmt: skip
    assert found[(Comes.FACT, "staff")] == 3 and found[(Comes.GRANT, "reference")] == "T-1"
    assert found[(Comes.ECONOMY, "cofinancing_hours")] == 1800 and found[(Comes.GRANT, "received")] == Decimal("300000.50")  # fmt: skip


def test_a_report_is_handed_in_whole_and_stays_as_it_was(owing):
    assert "stand empty" in why(lambda: hand_in(owing))
    give(owing, progress="Godt.", plan_next_year="Mere.")
    report = hand_in(owing)
    (due,) = [row for row in queries.due_of(owing.clusters["vind"], on=AT.date()) if row.form == NETWORK]
    assert due.state is ReportState.HANDED_IN and due.tally.records == len(NETWORK.fields) - 2 - due.tally.empty
    assert "just as it stands" in why(lambda: hand_in(owing))
    give(owing, progress="Bedre.")
    assert list(queries.changed_since(report).values()) == [("Godt.", "Bedre.")]
    again = hand_in(owing)
    assert (again.edition, again.digest != report.digest) == (2, True)
    assert "Godt." in {row.value for row in queries.values_of(report)}
    assert "Bedre." in {row.value for row in queries.values_of(again)}


def test_nothing_new_leaves_no_act(owing):
    give(owing, progress="Godt.")
    acts = length()
    assert give(owing, progress=" Godt. ") == 0 and length() == acts
    assert give(owing, progress="") == 1 and queries.answers_of(owing.clusters["vind"].pk, YEAR) == {}


def test_who_may(owing):
    give(owing, who="staff", progress="Godt.", plan_next_year="Mere.")
    for who in ("staff", "mad", "office"):
        assert "right" in why(lambda who=who: hand_in(owing, who=who))
    assert "right" in why(lambda: give(owing, who="mad", progress="Dårligt."))


def test_no_grant_no_report(stage):
    assert "no report is due" in why(lambda: hand_in(stage))
    assert queries.due_of(stage.clusters["vind"], on=AT.date()) == []


def test_the_year_must_be_over(owing):
    assert "not over" in why(lambda: hand_in(owing, year=2013))


def test_what_is_recorded_cannot_be_typed_over(owing):
    assert "no such question" in why(lambda: give(owing, name="Et andet navn"))
    strange = replace(NETWORK, fields=())
    assert "no such question" in why(lambda: actions.answer(by=owing.people["vind"], at=AT, cluster=owing.clusters["vind"], form=strange, year=YEAR, given={"x": "y"}))  # fmt: skip


def test_the_secretariat_sees_who_has_handed_in(owing):
    give(owing, progress="Godt.", plan_next_year="Mere.")
    hand_in(owing)
    rows = {(row.cluster.name, row.form.code): row.state for row in queries.due_in(YEAR, on=AT.date())}
    assert rows == {("Vindklyngen", NETWORK.code): ReportState.HANDED_IN, ("Vindklyngen", FUND.code): ReportState.DUE}
    assert queries.together(queries.due_in(YEAR, on=AT.date())).typed == 2
    assert queries.reports(seen_by=owing.people["office"], on=AT.date()).count() == 1
    assert not queries.reports(seen_by=owing.people["mad"], on=AT.date()).exists()


def test_while_a_correction_is_open_a_report_says_what_was_approved(owing, client):
    """A new edition counts when it is approved; until then the funder hears the same number as everybody else, and it is not called provisional."""
    held = owing.activity("vind", "R1")
    owing.part(held, "a")
    account = owing.approved("vind")

    def companies():
        return {(row.field.comes, row.field.meaning): row.value for row in queries.filled_now(owing.clusters["vind"], NETWORK, YEAR)}[(Comes.MEASURE, "participating_companies")]  # fmt: skip

    before = companies()
    accounts.correct(by=owing.people["vind"], at=AT, account=account, reason="En deltagerliste manglede.")
    owing.part(held, "d")
    client.force_login(owing.people["vind"])
    page = client.get(f"/klyngekontor/indberetninger/{NETWORK.code}/{YEAR}/").content.decode()
    assert companies() == before and "ikke godkendt endnu" not in page
    owing.approved("vind")
    assert companies() == before + 1
