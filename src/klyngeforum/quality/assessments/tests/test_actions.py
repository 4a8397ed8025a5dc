"""Assessments through their doors: filling together, carrying over, scoring blind."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from klyngeforum.ground.access import actions as access
from klyngeforum.ground.access.terms import Role
from klyngeforum.ground.trail.queries import acts
from klyngeforum.ground.verdict import Refused
from klyngeforum.quality.assessments import actions, auditing, backing, queries
from klyngeforum.quality.assessments.backing import NewEvidence
from klyngeforum.quality.assessments.terms import Ask, AssessmentKind, AssessmentState, Part, Seat
from klyngeforum.quality.indicators.queries import versions
from klyngeforum.quality.indicators.terms import AnswerState

AT = datetime(2013, 6, 3, 9, tzinfo=UTC)
TODAY = AT.date()
SCHEME = next(one.scheme for one in versions() if one.since <= TODAY and one.labels)


def begun(stage, *, kind=AssessmentKind.SELF, at=AT, by="vind", cluster="vind"):
    return actions.begin(
        by=stage.people[by], at=at, cluster=stage.clusters[cluster], kind=kind, scheme=SCHEME, as_of=at.date()
    )


def say(stage, one, code, value, *, by="vind", turn=0, part=Part.LEVEL, seat=Seat.OWN, at=AT):
    return actions.answer(
        by=stage.people[by], at=at, assessment=one, indicator=code, part=part, value=value, turn=turn, seat=seat
    )


def fill(stage, one, *, level="1", by="vind", at=AT, seat=Seat.OWN):
    for line in queries.lines(one, seen_by=stage.people[by], seat=seat):
        turns = line.turns
        say(stage, one, line.indicator.code, level, by=by, at=at, seat=seat, turn=turns.get(Part.LEVEL, 0))
        if seat is Seat.OWN:
            turn = turns.get(Part.DIFFERS, 0)
            say(stage, one, line.indicator.code, "Registret mangler noget.", by=by, at=at, part=Part.DIFFERS, turn=turn)


def completed(stage, *, at=AT, level="1"):
    one = begun(stage, at=at)
    fill(stage, one, at=at, level=level)
    return actions.complete(by=stage.people["vind"], at=at, assessment=one)


def audit(stage):
    for key in ("first", "second"):
        person = access.welcome(by=None, at=AT, email=f"{key}@demo.invalid", name=key.title())
        access.appoint(by=None, at=AT, person=person, role=Role.AUDITOR, body_id=None, since=date(2010, 1, 1))
        stage.people[key] = person
    one = begun(stage, kind=AssessmentKind.AUDIT, by="office")
    office = stage.people["office"]
    auditing.seat(by=office, at=AT, assessment=one, expert=stage.people["first"], seat=Seat.EXPERT_A)
    auditing.seat(by=office, at=AT, assessment=one, expert=stage.people["second"], seat=Seat.EXPERT_B)
    return auditing.begin_scoring(by=office, at=AT, assessment=one)


class TestFilling:
    def test_one_of_a_kind_is_in_work_at_a_time(self, stage):
        begun(stage)
        with pytest.raises(Refused, match="already being filled"):
            begun(stage)

    def test_others_do_not_fill_it_and_do_not_see_it(self, stage):
        one = begun(stage)
        for who in ("mad", "office", "auditor", "company"):
            with pytest.raises(Refused):
                say(stage, one, "2.1", "3", by=who)
        assert queries.assessment(one.pk, seen_by=stage.people["mad"], on=TODAY) is None
        assert queries.assessment(one.pk, seen_by=stage.people["auditor"], on=TODAY) is None
        assert queries.assessment(one.pk, seen_by=stage.people["office"], on=TODAY) == one

    def test_two_people_write_different_parts_at_once(self, stage):
        one = begun(stage)
        assert say(stage, one, "2.1", "3").turn == 1
        assert say(stage, one, "2.2.2", "2", by="staff").turn == 1
        assert say(stage, one, "2.1", "Siden 2003.", by="staff", part=Part.JUSTIFICATION).turn == 1
        given = queries.given(one, seen_by=stage.people["vind"])
        assert (given["2.1"].level, given["2.1"].justification, given["2.2.2"].level) == (3, "Siden 2003.", 2)

    def test_on_the_same_part_the_second_is_told_and_nothing_is_lost(self, stage):
        one = begun(stage)
        say(stage, one, "2.1", "3")
        with pytest.raises(Refused, match="Vind wrote “3” here meanwhile"):
            say(stage, one, "2.1", "4", by="staff")
        assert queries.given(one, seen_by=None)["2.1"].level == 3
        assert say(stage, one, "2.1", "4", by="staff", turn=1).turn == 2

    def test_saving_the_same_twice_is_no_quarrel(self, stage):
        one = begun(stage)
        say(stage, one, "2.1", "3")
        assert say(stage, one, "2.1", "3", by="staff").turn == 1

    def test_a_level_that_is_not_there_is_refused_and_writes_nothing(self, stage):
        one = begun(stage)
        for value in ("9", "-1", "to", ""):
            with pytest.raises(Refused, match="has no level"):
                say(stage, one, "2.1", value)
        assert queries.given(one, seen_by=None) == {}
        with pytest.raises(Refused, match="no indicator"):
            say(stage, one, "7.7", "1")

    def test_it_completes_when_everything_is_answered_and_explained(self, stage):
        one = begun(stage)
        with pytest.raises(Refused, match="31 questions are not finished"):
            actions.complete(by=stage.people["vind"], at=AT, assessment=one)
        for line in queries.lines(one, seen_by=None):
            say(stage, one, line.indicator.code, "unknown" if line.indicator.code == "5.3" else "1")
        with pytest.raises(
            Refused, match="not finished yet"
        ):  # 1.1.2: nobody is committed in the register, level 1 says 15
            actions.complete(by=stage.people["vind"], at=AT, assessment=one)
        for line in queries.lines(one, seen_by=None):
            if line.unexplained:
                say(stage, one, line.indicator.code, "Aftalerne er ikke tastet ind.", part=Part.DIFFERS)
        with pytest.raises(Refused, match="right"):
            actions.complete(by=stage.people["staff"], at=AT, assessment=one)
        done = actions.complete(by=stage.people["vind"], at=AT, assessment=one)
        assert done.state == AssessmentState.COMPLETED
        with pytest.raises(Refused, match="Nothing can be written"):
            say(stage, one, "2.1", "2", turn=1)
        again = actions.reopen(by=stage.people["vind"], at=AT, assessment=done, reason="En fejl.")
        assert (again.state, again.completed_at) == (AssessmentState.OPEN, None)

    def test_every_change_leaves_an_act(self, stage):
        one = begun(stage)
        before = acts().count()
        say(stage, one, "2.1", "3")
        act = acts().first()
        assert acts().count() == before + 1
        assert (act.verb, act.thing, act.thing_id, '"value": "3"' in act.after) == ("assessments.answer", "assessment", one.pk, True)  # fmt: skip

    def test_the_version_is_pinned(self, stage):
        one = begun(stage)
        assert queries.version_of(one).checksum == one.checksum


class TestFactsAndEvidence:
    def test_a_fact_that_registers_hold_is_differed_from_with_a_reason(self, stage):
        one = begun(stage)
        lines = {line.code: line for line in queries.fact_lines(one)}
        assert lines["committed_members"].value == 0
        by = stage.people["vind"]
        with pytest.raises(Refused, match="Say why"):
            backing.state(by=by, at=AT, assessment=one, fact="committed_members", value="17", turn=0)
        backing.state(by=by, at=AT, assessment=one, fact="committed_members", value="17", because="Papirliste.", turn=0)
        backing.state(by=by, at=AT, assessment=one, fact="platform_profile", value="yes", turn=0)
        lines = {line.code: line.value for line in queries.fact_lines(one)}
        assert (lines["committed_members"], lines["platform_profile"]) == (17, True)
        with pytest.raises(Refused, match="meanwhile"):
            backing.state(by=stage.people["staff"], at=AT, assessment=one, fact="platform_profile", value="no", turn=0)
        with pytest.raises(Refused, match="not a number"):
            backing.state(by=by, at=AT, assessment=one, fact="committed_members", value="mange", turn=1)

    def test_evidence_shows_its_age_and_goes_stale(self, stage):
        one, by = begun(stage), stage.people["vind"]
        kind = min(queries.version_of(one).evidence, key=lambda found: found.months).code
        for years in (0, 5):
            dated = date(2013 - years, 6, 1)
            new = NewEvidence("2.1", "Aftaler", dated, kind, link="https://example.org/a")
            backing.attach(by=by, at=AT, assessment=one, new=new)
        found = queries.evidence(one, queries.version_of(one))["2.1"]
        assert [(line.months, line.stale) for line in found] == [(0, False), (60, True)]
        row, again = (queries.one_evidence(found[1].pk, one) for _ in range(2))
        backing.detach(by=by, at=AT, evidence=row)
        with pytest.raises(Refused, match="gone"):  # on a page that was read before
            backing.detach(by=by, at=AT, evidence=again)
        assert len(queries.evidence(one, queries.version_of(one))["2.1"]) == 1

    @pytest.mark.parametrize(
        ("change", "why"),
        [
            ({"title": " "}, "Write what"), ({"dated": date(2013, 6, 4)}, "future"), ({"link": ""}, "one of the two"),
            ({"link": "javascript:alert(1)"}, "begins with"), ({"kind": "x"}, "does not know"), ({"indicator": "x"}, "no indicator"),
            ({"link": "", "file": ("a.exe", "application/pdf", b"x")}, "not taken"),
        ],
    )  # fmt: skip
    def test_what_is_no_evidence_is_refused(self, stage, change, why):
        one = begun(stage)
        values = {"indicator": "2.1", "title": "A", "dated": TODAY, "link": "https://example.org", **change}
        with pytest.raises(Refused, match=why):
            backing.attach(by=stage.people["vind"], at=AT, assessment=one, new=NewEvidence(**values))

    def test_a_file_is_kept_once_and_opened_only_from_its_assessment(self, stage):
        one, other = begun(stage), begun(stage, by="mad", cluster="mad")
        new = NewEvidence("2.1", "A", TODAY, file=("a.pdf", "application/pdf", b"%PDF-1"))
        first = backing.attach(by=stage.people["vind"], at=AT, assessment=one, new=new)
        second = backing.attach(by=stage.people["mad"], at=AT, assessment=other, new=new)
        assert first.document_id == second.document_id
        assert queries.document(first.pk, other) is None
        assert bytes(queries.document(first.pk, one).content) == b"%PDF-1"


class TestCarryingOver:
    def test_a_renewal_asks_only_for_what_went_stale(self, stage):
        completed(stage)
        later = AT + timedelta(days=200)
        one = begun(stage, at=later)
        asks = {line.indicator.code: line.given.ask for line in queries.lines(one, seen_by=None)}
        months = {i.code: actions.carrying.shelf_months(queries.version_of(one), i) for i in queries.version_of(one).indicators}  # fmt: skip
        assert asks == {code: Ask.STALE if n <= 6 else Ask.STANDS for code, n in months.items()}
        assert Ask.STANDS in asks.values()
        assert one.previous is not None

    def test_after_years_everything_is_asked_with_the_old_answer_beside(self, stage):
        completed(stage, level="1")
        one = begun(stage, at=AT + timedelta(days=1200))
        lines = queries.lines(one, seen_by=None)
        assert {line.given.ask for line in lines} == {Ask.STALE}
        assert {line.before.level for line in lines} == {1} == {line.given.level for line in lines}
        assert not any(line.done for line in lines)

    def test_what_carries_on_cannot_be_reopened(self, stage):
        first = completed(stage)
        begun(stage, at=AT + timedelta(days=200))
        with pytest.raises(Refused, match="later assessment"):
            actions.reopen(by=stage.people["vind"], at=AT, assessment=first, reason="x")


class TestBlindness:
    """The other expert's scores reach nobody before both are in: by lists, counts, sorting, history or the trail."""

    def test_each_sees_their_own_alone(self, stage):
        one = audit(stage)
        say(stage, one, "2.1", "4", by="first", seat=Seat.EXPERT_A)
        say(stage, one, "2.1", "1", by="second", seat=Seat.EXPERT_B)
        first, second = stage.people["first"], stage.people["second"]
        assert queries.given(one, seat=Seat.EXPERT_A, seen_by=first)["2.1"].level == 4
        assert queries.given(one, seat=Seat.EXPERT_B, seen_by=first) == {}
        assert queries.given(one, seat=Seat.EXPERT_A, seen_by=second) == {}
        for who in ("office", "vind", "auditor"):
            assert queries.given(one, seat=Seat.EXPERT_A, seen_by=stage.people[who]) == {}
        assert queries.given(one, seat=Seat.EXPERT_A, seen_by=None) == {}
        one.state = AssessmentState.AGREED  # what a caller holds does not open it
        assert queries.given(one, seat=Seat.EXPERT_B, seen_by=first) == {}

    def test_counts_and_the_trail_say_nothing(self, stage):
        one = audit(stage)
        before = queries.progress([one])
        say(stage, one, "2.1", "4", by="first", seat=Seat.EXPERT_A)
        say(stage, one, "2.1", "Tydeligt forbillede", by="first", seat=Seat.EXPERT_A, part=Part.JUSTIFICATION)
        assert queries.progress([one]) == before
        written = [act.before + act.after for act in acts()[:2]]
        assert all("value" not in text and "forbillede" not in text for text in written)

    def test_nobody_writes_in_the_others_seat(self, stage):
        one = audit(stage)
        for who in ("second", "auditor", "vind", "office"):
            with pytest.raises(Refused):
                say(stage, one, "2.1", "4", by=who, seat=Seat.EXPERT_A)

    def test_both_in_opens_the_joint_round_and_the_agreed_scores_close_it(self, stage):
        one = audit(stage)
        first, second = stage.people["first"], stage.people["second"]
        with pytest.raises(Refused, match="no score yet"):
            auditing.hand_in(by=first, at=AT, assessment=one)
        fill(stage, one, by="first", seat=Seat.EXPERT_A, level="1")
        one = auditing.hand_in(by=first, at=AT, assessment=one)
        assert one.state == AssessmentState.SCORING
        with pytest.raises(Refused, match="handed in"):
            say(stage, one, "2.1", "0", by="first", seat=Seat.EXPERT_A, turn=1)
        assert queries.given(one, seat=Seat.EXPERT_A, seen_by=second) == {}
        fill(stage, one, by="second", seat=Seat.EXPERT_B, level="0")
        one = auditing.hand_in(by=second, at=AT, assessment=one)
        assert one.state == AssessmentState.JOINT
        assert queries.given(one, seat=Seat.EXPERT_A, seen_by=second)["2.1"].level == 1
        assert queries.given(one, seat=Seat.EXPERT_A, seen_by=stage.people["office"]) == {}
        fill(stage, one, by="first", seat=Seat.AGREED, level="1")
        assert queries.given(one, seat=Seat.AGREED, seen_by=stage.people["vind"]) == {}
        one = auditing.agree(by=second, at=AT, assessment=one)
        assert one.state == AssessmentState.AGREED
        assert queries.given(one, seat=Seat.AGREED, seen_by=stage.people["vind"])["2.1"].level == 1
        assert queries.given(one, seat=Seat.EXPERT_B, seen_by=stage.people["vind"]) == {}

    def test_one_expert_sits_once_and_only_an_auditor_sits(self, stage):
        one = begun(stage, kind=AssessmentKind.AUDIT, by="office")
        office, auditor = stage.people["office"], stage.people["auditor"]
        with pytest.raises(Refused):
            auditing.seat(by=office, at=AT, assessment=one, expert=stage.people["vind"], seat=Seat.EXPERT_A)
        auditing.seat(by=office, at=AT, assessment=one, expert=auditor, seat=Seat.EXPERT_A)
        with pytest.raises(Refused, match="both seats"):
            auditing.seat(by=office, at=AT, assessment=one, expert=auditor, seat=Seat.EXPERT_B)
        with pytest.raises(Refused, match="Both seats"):
            auditing.begin_scoring(by=office, at=AT, assessment=one)


class TestPresenceAndConsent:
    def test_others_are_seen_for_two_minutes(self, stage):
        one = begun(stage)
        actions.look_at(by=stage.people["staff"], at=AT, assessment=one, group="2")
        assert queries.present(one, but=stage.people["vind"], at=AT) == [("Staff", "2")]
        assert queries.present(one, but=stage.people["staff"], at=AT) == []
        assert queries.present(one, but=stage.people["vind"], at=AT + timedelta(minutes=3)) == []

    def test_consent_is_given_and_withdrawn(self, stage):
        by, cluster = stage.people["vind"], stage.clusters["vind"]
        backing.consent(by=by, at=AT, cluster=cluster, to_be_named=True)
        assert queries.consenting(at=AT) == {cluster.pk}
        backing.consent(by=by, at=AT + timedelta(days=1), cluster=cluster, to_be_named=False)
        assert queries.consenting(at=AT + timedelta(days=2)) == set()
        with pytest.raises(Refused):
            backing.consent(by=stage.people["staff"], at=AT, cluster=cluster, to_be_named=True)


def test_a_not_known_answer_is_unknown_and_not_zero(stage):
    one = begun(stage)
    say(stage, one, "2.1", "unknown")
    found = queries.given(one, seen_by=None)["2.1"]
    assert (found.state, found.level) == (AnswerState.UNKNOWN, None)
    assert Decimal(0) != found.level
