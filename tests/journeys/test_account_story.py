"""From what happened to the nation's figures: recorded once, handed in, approved, counted once, corrected, traceable."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from klyngeforum.ground.bodies import actions as bodies
from klyngeforum.ground.bodies.queries import merges, one_body
from klyngeforum.ground.bodies.terms import Scheme
from klyngeforum.ground.trail.queries import breaks
from klyngeforum.ground.verdict import Refused
from klyngeforum.records.activities import actions as activities
from klyngeforum.records.activities.queries import participations_named
from klyngeforum.records.activities.terms import ActivityKind
from klyngeforum.records.outcomes import actions as outcomes
from klyngeforum.records.outcomes.actions import NewOutcome
from klyngeforum.records.outcomes.terms import Step
from klyngeforum.results.accounts import actions as accounts
from klyngeforum.results.accounts.nation import disagreements, from_records, lines_behind, national, own_lines_behind
from klyngeforum.results.accounts.queries import differences, late, moved, one_account, standing
from klyngeforum.results.accounts.rules import COUNTINGS, LineValues, counted
from klyngeforum.results.accounts.terms import MOVES, AccountState, Ask
from tests.cast import AT, YEAR

pytestmark = pytest.mark.django_db


def value(code: str, year: int = YEAR):
    return next(one for one in national(year) if one.measure == code)


def test_a_company_in_two_clusters_counts_once(stage):
    stage.part(stage.activity("vind", "v1"), "a", "b", "x")
    stage.part(stage.activity("mad", "m1"), "a", "d")
    stage.open()
    stage.approved("vind")
    stage.approved("mad")
    figure = value("participating_companies")
    assert (figure.value, figure.participations, figure.overlap) == (3, 4, 1)
    assert value("under_50").value == 2
    assert value("unverified_bodies").value == 1
    assert not figure.provisional


def test_until_every_account_is_approved_the_figure_is_provisional(stage):
    stage.part(stage.activity("vind", "v1"), "a")
    stage.open()
    stage.approved("vind")
    assert value("participating_companies").provisional
    assert standing(YEAR).approved == 1 and not standing(YEAR).complete


def test_a_start_of_collaboration_follows_from_facts(stage):
    project = stage.activity("vind", "p1", kind=ActivityKind.PROJECT)
    stage.part(project, "a", "b", "uni")
    stage.part(stage.activity("vind", "p2", kind=ActivityKind.PROJECT), "c")  # no knowledge institution
    stage.part(stage.activity("vind", "e1"), "d", "uni")  # no project
    stage.open()
    stage.approved("vind")
    assert value("starting_companies").value == 2
    assert value("first_time_starters").value == 2


def test_an_approved_account_does_not_move_and_the_difference_shows(stage):
    activity = stage.activity("vind", "v1")
    stage.part(activity, "a")
    stage.open()
    approved = stage.approved("vind")
    before = value("participating_companies").digest
    stage.part(activity, "b")
    assert value("participating_companies").value == 1
    assert value("participating_companies").digest == before
    assert differences(stage.account("vind"))["participating_companies"] == (1, 2)
    assert moved(stage.account("vind"), "participating_companies") == [(stage.bodies["b"], 0, 1)]
    assert moved(stage.account("vind"), "hours") == [(stage.bodies["b"], 0, 4)]
    fresh = accounts.correct(by=stage.people["vind"], at=AT, account=approved, reason="En liste manglede.")
    assert fresh.edition == 2 and value("participating_companies").value == 1
    stage.approved("vind")
    assert value("participating_companies").value == 2
    assert value("participating_companies").digest != before
    old = one_account(approved.pk, seen_by=None, on=AT.date())
    assert old.state == AccountState.APPROVED and old.lines.count() == 1


def test_returned_with_a_message_then_mended(stage):
    stage.open()
    stage.submitted("vind")
    account = accounts.return_account(
        by=stage.people["office"], at=AT, account=stage.account("vind"), asks=[Ask("Timerne mangler.", "hours")]
    )
    assert account.state == AccountState.RETURNED
    stage.approved("vind")
    assert stage.account("vind").messages.get().resolved_at is not None


def test_nobody_approves_their_own_account_and_strangers_do_nothing(stage):
    stage.open()
    stage.submitted("vind")
    account = stage.account("vind")
    account.submitted_by = stage.people["office"]
    account.save()
    with pytest.raises(Refused, match="yourself"):
        accounts.approve(by=stage.people["office"], at=AT, account=account)
    for who in ("vind", "mad", "ministry", "company", "analyst"):
        with pytest.raises(Refused):
            accounts.approve(by=stage.people[who], at=AT, account=account)
    with pytest.raises(Refused):
        accounts.submit(by=stage.people["mad"], at=AT, account=account, comment="")
    assert accounts.approve(by=stage.people["office2"], at=AT, account=account).state == AccountState.APPROVED


@pytest.mark.parametrize("state", list(AccountState))
@pytest.mark.parametrize("verb", ["submit", "return_account", "approve"])
def test_every_state_and_verb(stage, state, verb):
    stage.part(stage.activity("vind", "v1"), "a")
    stage.open()
    if state is not AccountState.OPEN:
        stage.submitted("vind")
    if state is AccountState.RETURNED:
        accounts.return_account(
            by=stage.people["office"], at=AT, account=stage.account("vind"), asks=[Ask("Se på det.")]
        )
    if state is AccountState.APPROVED:
        accounts.approve(by=stage.people["office"], at=AT, account=stage.account("vind"))
    does = {
        "submit": lambda _: stage.submitted("vind"),
        "return_account": lambda one: accounts.return_account(
            by=stage.people["office"], at=AT, account=one, asks=[Ask(".")]
        ),
        "approve": lambda one: accounts.approve(by=stage.people["office"], at=AT, account=one),
    }
    account = stage.account("vind")
    if verb in MOVES[state]:
        assert does[verb](account).state == MOVES[state][verb]
    else:
        with pytest.raises(Refused):
            does[verb](account)
        assert stage.account("vind").state == state


def test_two_people_at_once(stage):
    stage.open()
    stage.submitted("vind")
    seen = stage.account("vind").turn
    accounts.return_account(
        by=stage.people["office"], at=AT, account=stage.account("vind"), asks=[Ask("Vent.")], turn=seen
    )
    stage.submitted("vind")
    with pytest.raises(Refused, match="Somebody else"):
        accounts.approve(by=stage.people["office2"], at=AT, account=stage.account("vind"), turn=seen)


def test_a_merged_body_counts_as_what_it_was_merged_into_and_back(stage):
    stage.part(stage.activity("vind", "v1"), "a")
    stage.part(stage.activity("mad", "m1"), "x")
    made = bodies.merge(
        by=stage.people["office"], at=AT, kept=one_body(stage.bodies["a"]), absorbed=one_body(stage.bodies["x"])
    )
    counts = {one.measure: one.value for one in from_records(YEAR)}
    assert (counts["participating_companies"], counts["unverified_bodies"]) == (1, 0)
    assert list(merges(seen_by=stage.people["office"], on=AT.date())) == [made]
    bodies.undo_merge(by=stage.people["office"], at=AT, merge=made)
    counts = {one.measure: one.value for one in from_records(YEAR)}
    assert (counts["participating_companies"], counts["unverified_bodies"]) == (1, 1)


def test_giving_a_number_lets_it_count(stage):
    stage.part(stage.activity("vind", "v1"), "x")
    bodies.verify(
        by=stage.people["office"],
        at=AT,
        body=one_body(stage.bodies["x"]),
        scheme=Scheme.EU_VAT,
        number="SE556036079301",
    )
    assert {one.measure: one.value for one in from_records(YEAR)}["unverified_bodies"] == 0


def test_every_number_opens_down_to_its_records(stage):
    stage.part(stage.activity("vind", "v1"), "a", "b")
    stage.part(stage.activity("mad", "m1"), "a")
    stage.open()
    stage.approved("vind")
    stage.approved("mad")
    rows = list(lines_behind(YEAR, "participating_companies"))
    assert len(rows) == 3 and len({row.body_id for row in rows}) == value("participating_companies").value
    ids = [
        int(record.partition(":")[2])
        for row in rows
        for record in row.records.split()
        if record.startswith("participation")
    ]
    assert participations_named(ids).count() == 3
    seen = own_lines_behind(YEAR, "participating_companies", seen_by=stage.people["mad"], on=AT.date())
    assert {row.account.cluster_id for row in seen} == {stage.clusters["mad"].pk}


def test_outcomes_climb_the_ladder(stage):
    stage.part(stage.activity("vind", "v1"), "a", "b", "c")
    for name, step in (("a", Step.COMPETENCE), ("b", Step.IDEA), ("c", Step.INNOVATION)):
        new = NewOutcome(stage.clusters["vind"].pk, stage.bodies[name], YEAR, step)
        outcomes.note(
            by=stage.people["vind"], at=AT, cluster=stage.clusters["vind"], body=one_body(stage.bodies[name]), new=new
        )
    counts = {one.measure: one.value for one in from_records(YEAR)}
    assert [counts[f"outcome_{step}"] for step in (1, 2, 3)] == [3, 2, 1]


def test_who_is_late(stage):
    stage.open()
    stage.submitted("vind")
    assert [one.cluster.name for one in late(YEAR, on=date(YEAR + 1, 5, 16))] == ["Madklyngen"]
    assert not late(YEAR, on=date(YEAR + 1, 5, 15)).exists()


def test_taken_back_before_handing_in_is_gone_and_the_trail_keeps_it(stage):
    activity = stage.activity("vind", "v1")
    stage.part(activity, "a")
    activities.withdraw(by=stage.people["vind"], at=AT, participation=activity.participations.get())
    activities.call_off(by=stage.people["vind"], at=AT, activity=activity)
    assert {one.measure: one.value for one in from_records(YEAR)}["participating_companies"] == 0
    assert list(breaks()) == [] and list(disagreements()) == []


def test_one_account_and_the_nation_are_counted_alike(stage):
    stage.part(stage.activity("vind", "v1", kind=ActivityKind.PROJECT), "a", "b", "c", "uni", "x", hours="2.5")
    stage.part(stage.activity("vind", "v2"), "a", hours="1.25")
    stage.open()
    account = stage.approved("vind")
    lines = [
        LineValues(
            row.body_id, row.counts_as, row.size_band, row.eu_sme, row.industry_id, row.place_id, row.participated, row.dedicated,
            row.started, row.started_first_time, row.new_here, row.step, row.activities, row.hours, knowledge_kind=row.knowledge_kind, near=row.near,
        )
        for row in account.lines.all()
    ]  # fmt: skip
    by_database = {one.measure: one.value for one in national(YEAR)}
    assert {code: counted(lines, code).distinct for code in COUNTINGS} == by_database
    assert by_database["hours"] == Decimal("13.75")
