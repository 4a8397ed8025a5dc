"""A part of an account sent back: only that opens, the rest cannot move, and what changed is there to see; nothing is typed twice or lost."""

from __future__ import annotations

from datetime import date

import pytest

from klyngeforum.ground.bodies.queries import one_body
from klyngeforum.ground.verdict import Refused
from klyngeforum.records.outcomes import actions as outcomes
from klyngeforum.records.outcomes.actions import NewOutcome
from klyngeforum.records.outcomes.terms import Step
from klyngeforum.registers.memberships import actions as memberships
from klyngeforum.registers.memberships.actions import NewMember
from klyngeforum.registers.memberships.terms import Commitment
from klyngeforum.results.accounts import actions as accounts
from klyngeforum.results.accounts import remarks
from klyngeforum.results.accounts.sheets import sheet
from klyngeforum.results.accounts.terms import About, AccountState, Answered, Ask, Section
from klyngeforum.results.accounts.working import standing_work, submissions, work
from tests.cast import AT, YEAR

pytestmark = pytest.mark.django_db


def note(stage, name: str, step: Step) -> None:
    new = NewOutcome(stage.clusters["vind"].pk, stage.bodies[name], YEAR, step)
    outcomes.note(by=stage.people["vind"], at=AT, cluster=stage.clusters["vind"], body=one_body(stage.bodies[name]), new=new)  # fmt: skip


def write(stage, about: About, key: str = "", text: str = "x", *, turn: int = 0, who: str = "vind"):
    return remarks.write(by=stage.people[who], at=AT, account=stage.account("vind"), about=about, key=key, text=text, turn=turn)  # fmt: skip


def figures(stage) -> dict[str, int]:
    return {row.measure: int(row.value) for row in sheet(stage.account("vind")).rows}


@pytest.fixture
def returned(stage):
    """Handed in with two participants and one outcome; the outcomes came back."""
    stage.held = stage.activity("vind", "v1")
    stage.part(stage.held, "a", "b")
    note(stage, "a", Step.COMPETENCE)
    stage.open()
    stage.submitted("vind")
    ask = Ask("Er der ikke flere, der har fået noget ud af det?", section=Section.OUTCOMES)
    accounts.return_account(by=stage.people["office"], at=AT, account=stage.account("vind"), asks=[ask])
    return stage


def test_only_what_was_asked_about_can_move(returned):
    stage = returned
    stage.part(stage.held, "c")  # not asked about
    note(stage, "b", Step.IDEA)  # asked about
    seen = {row.measure: row for row in sheet(stage.account("vind")).rows}
    assert (seen["participating_companies"].value, seen["participating_companies"].locked) == (2, True)
    assert (seen["outcome_1"].value, seen["outcome_1"].handed_in, seen["outcome_1"].locked) == (2, 1, False)
    account = accounts.submit(by=stage.people["vind"], at=AT, account=stage.account("vind"), comment=".")
    assert account.state == AccountState.SUBMITTED
    assert (figures(stage)["participating_companies"], figures(stage)["outcome_1"], figures(stage)["hours"]) == (
        2,
        2,
        8,
    )
    (last, first) = submissions(account)
    assert (last.nth, last.sections, first.sections) == (2, "outcomes", "")
    assert {row.measure: (row.before, row.after) for row in last.figures.all()} == {
        "outcome_1": (1, 2),
        "outcome_2": (0, 1),
    }
    assert [(row.body_id, row.move, row.what) for row in last.bodies.all()] == [
        (stage.bodies["b"], "changed", "step:0>2")
    ]


def test_nothing_changed_and_no_answer_is_refused_and_an_answer_is_enough(returned):
    stage = returned
    (message,) = standing_work(stage.account("vind")).asked
    assert [(one.about, one.key) for one in work(stage.account("vind")).missing()] == [("answer", str(message.pk))]
    with pytest.raises(Refused, match="1 things"):
        accounts.submit(by=stage.people["vind"], at=AT, account=stage.account("vind"), comment=".")
    assert stage.account("vind").state == AccountState.RETURNED
    write(stage, About.ANSWER, str(message.pk), "Nej, vi har spurgt alle.")
    accounts.submit(by=stage.people["vind"], at=AT, account=stage.account("vind"), comment=".")
    message.refresh_from_db()
    assert message.answer == "Nej, vi har spurgt alle." and message.resolved_at == AT


def test_a_locked_section_is_locked_in_the_act_itself(returned):
    with pytest.raises(Refused, match="was not sent back"):
        write(returned, About.NOTHING, Section.MEMBERSHIP)
    with pytest.raises(Refused, match="something to report"):
        write(returned, About.NOTHING, Section.OUTCOMES)


def test_an_account_sent_back_twice_opens_what_is_asked_then(returned):
    stage = returned
    stage.submitted("vind")
    accounts.return_account(by=stage.people["office"], at=AT, account=stage.account("vind"), asks=[Ask("Timerne?", "hours")])  # fmt: skip
    assert work(stage.account("vind")).sections == {Section.PARTICIPATION}
    stage.part(stage.held, "c")
    assert {body.body for body in work(stage.account("vind")).bodies} == {stage.bodies["c"]}
    stage.approved("vind")
    assert [one.nth for one in submissions(stage.account("vind"))] == [3, 2, 1]


def test_a_dedicated_body_that_is_found_in_the_register_counts_when_who_they_are_is_open(returned):
    stage = returned
    assert "unverified_bodies" in figures(stage)
    stage.submitted("vind")
    accounts.return_account(by=stage.people["office"], at=AT, account=stage.account("vind"), asks=[Ask("Hvem er de?", section=Section.BODIES)])  # fmt: skip
    new = NewMember(stage.clusters["vind"].pk, stage.bodies["c"], date(YEAR, 1, 1), None, Commitment.DEDICATED)
    memberships.enrol(by=stage.people["vind"], at=AT, cluster=stage.clusters["vind"], new=new)
    assert figures(stage)["dedicated_companies"] == 0  # not asked about
    stage.approved("vind")
    assert figures(stage)["dedicated_companies"] == 0


def test_nothing_to_report_is_an_answer_with_a_name_and_silence_is_none(stage):
    stage.open()
    first = work(stage.account("vind"))
    assert {state for state, _ in first.states.values()} == {Answered.NOT_YET}
    assert {one.key for one in first.missing() if one.about == About.NOTHING} == {
        "participation",
        "membership",
        "collaboration",
        "outcomes",
    }
    with pytest.raises(Refused):
        accounts.submit(by=stage.people["vind"], at=AT, account=stage.account("vind"), comment="Intet.")
    said = write(stage, About.NOTHING, Section.OUTCOMES, who="staff")
    assert (said.by, said.at, said.text) == (stage.people["staff"], AT, "said")
    assert work(stage.account("vind")).states[Section.OUTCOMES] == (Answered.NOTHING, 0)
    write(stage, About.NOTHING, Section.OUTCOMES, "", turn=1)
    assert work(stage.account("vind")).states[Section.OUTCOMES] == (Answered.NOT_YET, 0)
    stage.part(stage.activity("vind", "v1"), "a")
    assert work(stage.account("vind")).states[Section.PARTICIPATION] == (Answered.RECORDED, 1)
    stage.approved("vind")
    again = accounts.correct(by=stage.people["vind"], at=AT, account=stage.account("vind"), reason="Et navn mangler.")
    assert work(again).states[Section.OUTCOMES] == (Answered.NOTHING, 0)  # the answer stands in the new edition


def test_two_write_in_one_field_and_nobody_is_overwritten(stage):
    stage.open()
    write(stage, About.COMMENT, text="Den første")
    with pytest.raises(Refused, match="Vind wrote “Den første” here meanwhile"):
        write(stage, About.COMMENT, text="Den anden.", who="staff")
    assert write(stage, About.COMMENT, text="Den første", who="staff").turn == 1  # the same twice is once
    assert write(stage, About.COMMENT, text="Begge.", turn=1, who="staff").turn == 2
    with pytest.raises(Refused, match="Begge"):
        accounts.submit(by=stage.people["vind"], at=AT, account=stage.account("vind"), comment="Min egen.", comment_turn=1)  # fmt: skip
    assert write(stage, About.WARNING, "nothing:", "Et stille år.").turn == 1  # another field is another matter


@pytest.mark.parametrize(
    ("about", "key"),
    [(About.COMMENT, "x"), (About.WARNING, "nosuch:hours"), (About.WARNING, "jump:nosuch"), (About.ANSWER, "999999"), (About.ANSWER, "²"), (About.NOTHING, "bodies")],
)  # fmt: skip
def test_a_field_that_is_not_there_is_refused(stage, about, key):
    stage.open()
    with pytest.raises(Refused, match="nothing of that name"):
        write(stage, about, key)


def test_strangers_and_late_comers_write_nothing(stage):
    stage.open()
    for who in ("mad", "office", "ministry", "company"):
        with pytest.raises(Refused):
            write(stage, About.COMMENT, who=who)
    stage.submitted("vind")
    with pytest.raises(Refused, match="handed in"):
        write(stage, About.COMMENT)


def test_a_warning_is_explained_by_its_own_field_or_by_the_comment(stage):
    stage.part(stage.activity("vind", "v1"), "a")
    note(stage, "c", Step.COMPETENCE)  # without having taken part
    stage.open()
    remarks.nothing_more(by=stage.people["vind"], at=AT, account=stage.account("vind"))
    keys = [one.key for one in work(stage.account("vind")).missing() if one.about == About.WARNING]
    assert keys
    with pytest.raises(Refused, match="warnings"):
        accounts.submit(by=stage.people["vind"], at=AT, account=stage.account("vind"))
    for key in keys:
        write(stage, About.WARNING, key, "Nummeret er på vej.")
    assert work(stage.account("vind")).missing() == []
    assert accounts.submit(by=stage.people["vind"], at=AT, account=stage.account("vind")).comment == ""


def test_a_new_edition_shows_what_it_changes_in_the_one_before(stage):
    held = stage.activity("vind", "v1")
    stage.part(held, "a")
    stage.open()
    accounts.correct(by=stage.people["vind"], at=AT, account=stage.approved("vind"), reason="En liste manglede.")
    stage.part(held, "b")
    account = stage.approved("vind")
    (only,) = submissions(account)
    assert {row.body_id: row.move for row in only.bodies.all()} == {stage.bodies["b"]: "new"}
    assert only.figures.get(measure="participating_companies").after == 2


def test_from_a_figure_and_a_difference_there_is_a_way_back_to_the_account(stage, client):
    stage.part(stage.activity("vind", "v1"), "a")
    stage.open()
    account = stage.account("vind")
    own, desk = f'href="/klyngekontor/regnskab/{YEAR}/"', f'href="/sekretariat/regnskab/{account.pk}/"'
    client.force_login(stage.people["vind"])
    for address in (
        f"/regnskab/{account.pk}/participating_companies/",
        f"/regnskab/{account.pk}/deltager/{stage.bodies['a']}/",
    ):
        assert own in client.get(address).content.decode()
    stage.submitted("vind")
    for who, there, absent in (("office", desk, own), ("vind", own, desk), ("ministry", "", own)):
        client.force_login(stage.people[who])
        page = client.get(f"/regnskab/{account.pk}/forskel/")
        assert page.status_code in (200, 404) and there in page.content.decode() and absent not in page.content.decode()
