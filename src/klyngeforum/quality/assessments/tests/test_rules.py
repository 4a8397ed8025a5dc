"""The rules of assessments: who sees what, what must be explained, what is asked again, how values are measured."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given as examples
from hypothesis import strategies as some

from klyngeforum.ground.bilingual import Bilingual
from klyngeforum.ground.programme.terms import Provenance
from klyngeforum.quality.assessments import measuring, rules
from klyngeforum.quality.assessments.measured import definitions
from klyngeforum.quality.assessments.terms import (
    MOVES,
    Ask,
    AssessmentKind,
    AssessmentState,
    Deed,
    Given,
    Held,
    Measured,
    Member,
    Seat,
)
from klyngeforum.quality.indicators.crosswalks import Carried
from klyngeforum.quality.indicators.terms import (
    Answer,
    AnswerState,
    Change,
    Indicator,
    IndicatorRole,
    Level,
    MeasuredKey,
    Threshold,
)

ON = date(2014, 6, 30)
NONE = Threshold(None, Provenance.INFERRED)


def indicator(*froms: str | None, may_be_left_out: bool = False) -> Indicator:
    levels = tuple(
        Level(n, Decimal(n), Bilingual(str(n)), measured_from=Decimal(one) if one else None)
        for n, one in enumerate((None, *froms))
    )
    text = Bilingual("x")
    return Indicator("9.9", "9", IndicatorRole.SCORED, text, text, levels, NONE, NONE, frozenset(), frozenset(), MeasuredKey.STAFF, (), (), may_be_left_out, {})  # fmt: skip


def measured(value: str | None) -> Measured:
    return Measured(MeasuredKey.STAFF, None if value is None else Decimal(value), "number", 1)


class TestWhoSees:
    def test_while_experts_score_each_sees_their_own_and_nobody_else_any(self):
        scoring = AssessmentState.SCORING
        assert rules.seats_seen(scoring, Seat.EXPERT_A) == {Seat.OWN, Seat.EXPERT_A}
        assert rules.seats_seen(scoring, Seat.EXPERT_B) == {Seat.OWN, Seat.EXPERT_B}
        assert rules.seats_seen(scoring, None) == {Seat.OWN}
        assert rules.seats_seen(scoring, None, everything=True) == {Seat.OWN}

    def test_in_the_joint_round_the_experts_see_both_and_nobody_else(self):
        assert rules.seats_seen(AssessmentState.JOINT, Seat.EXPERT_A) == set(Seat)
        assert rules.seats_seen(AssessmentState.JOINT, None) == {Seat.OWN}

    def test_afterwards_others_see_what_was_agreed(self):
        assert rules.seats_seen(AssessmentState.AGREED, None) == {Seat.OWN, Seat.AGREED}

    @pytest.mark.parametrize("state", list(AssessmentState))
    def test_an_expert_never_sees_the_other_before_the_joint_round(self, state):
        early = state in (AssessmentState.OPEN, AssessmentState.COMPLETED, AssessmentState.SCORING)
        assert (Seat.EXPERT_B in rules.seats_seen(state, Seat.EXPERT_A)) is not early


class TestMoves:
    def test_every_move_is_open_in_its_state_alone(self):
        for state in AssessmentState:
            for verb in ("complete", "reopen"):
                wanted = verb in MOVES[state]
                assert bool(rules.may_move(AssessmentKind.SELF, state, verb)) is wanted

    def test_experts_verbs_belong_to_audits(self):
        assert rules.may_move(AssessmentKind.AUDIT, AssessmentState.OPEN, "begin_scoring")
        assert not rules.may_move(AssessmentKind.SELF, AssessmentState.OPEN, "begin_scoring")
        assert not rules.may_move(AssessmentKind.AUDIT, AssessmentState.OPEN, "complete")

    def test_each_seat_has_its_time(self):
        assert rules.may_write(AssessmentState.OPEN, Seat.OWN)
        assert not rules.may_write(AssessmentState.COMPLETED, Seat.OWN)
        assert not rules.may_write(AssessmentState.SCORING, Seat.OWN)
        assert rules.may_write(AssessmentState.SCORING, Seat.EXPERT_A)
        assert not rules.may_write(AssessmentState.JOINT, Seat.EXPERT_A)
        assert rules.may_write(AssessmentState.JOINT, Seat.AGREED)


class TestAnswers:
    def test_a_level_that_is_not_there_is_named_with_those_that_are(self):
        refused = rules.fits(indicator("1", "2"), AnswerState.SCORED, 7)
        assert not refused and refused.values["known"] == "0, 1, 2"
        assert rules.fits(indicator("1", "2"), AnswerState.SCORED, 2)
        assert not rules.fits(indicator("1"), AnswerState.SCORED, None)

    def test_only_what_may_be_left_out_is_left_out(self):
        assert not rules.fits(indicator("1"), AnswerState.NOT_APPLICABLE, None)
        assert rules.fits(indicator("1", may_be_left_out=True), AnswerState.NOT_APPLICABLE, None)
        assert rules.fits(indicator("1"), AnswerState.UNKNOWN, None)

    @pytest.mark.parametrize(
        ("value", "level"), [("0.4", 0), ("0.5", 1), ("0.99", 1), ("1", 2), ("50", 2), (None, None)]
    )
    def test_the_measured_value_speaks_for_a_level(self, value, level):
        assert rules.suggested(indicator("0.5", "1"), measured(value)) == level

    def test_a_scheme_that_says_nothing_of_it_suggests_nothing(self):
        assert rules.suggested(indicator(None, None), measured("3")) is None

    def test_who_differs_says_why_and_who_does_not_need_not(self):
        one, said = indicator("0.5", "1"), Given(AnswerState.SCORED, 2, answered_on=ON)
        assert rules.differs(one, said, measured("0.6"))
        assert not rules.differs(one, said, measured("1"))
        assert not rules.differs(one, said, measured(None))
        assert not rules.differs(one, Given(answered_on=ON), measured("0.6"))

    def test_the_same_turn_writes_and_another_is_told_who_and_what(self):
        assert rules.same_turn(3, 3, "Klara", "4")
        refused = rules.same_turn(2, 3, "Klara", "4")
        assert not refused and refused.values == {"who": "Klara", "value": "4"}


class TestCarrying:
    sure = Carried(Answer(AnswerState.SCORED, 3), Change.SAME, ("9.9",))

    @pytest.mark.parametrize(
        ("carried", "answered_on", "ask"),
        [
            (sure, date(2014, 1, 1), Ask.STANDS), (sure, date(2013, 6, 30), Ask.STALE), (sure, date(2013, 7, 1), Ask.STANDS),
            (sure, None, Ask.NEW), (None, ON, Ask.NEW), (replace(sure, change=Change.SPLIT), ON, Ask.CHANGED),
            (replace(sure, change=Change.NEW), ON, Ask.NEW), (replace(sure, answer=Answer(AnswerState.UNKNOWN)), ON, Ask.NEW),
        ],
    )  # fmt: skip
    def test_only_what_changed_or_went_stale_is_asked(self, carried, answered_on, ask):
        assert rules.asked_because(indicator("1"), carried, answered_on, ON, 12) is ask


class TestSpread:
    def test_fewer_than_five_show_nothing(self):
        assert rules.spread([Decimal(1)] * 4) is None

    def test_quartiles_of_five(self):
        assert rules.spread(Decimal(n) for n in (5, 1, 4, 2, 3)) == (2, 3, 4)

    @examples(some.lists(some.integers(0, 5), min_size=5, max_size=40))
    def test_quartiles_stand_in_order_within_the_values(self, values):
        low, middle, high = rules.spread(Decimal(one) for one in values)
        assert min(values) <= low <= middle <= high <= max(values)


class TestFiles:
    def test_common_documents_are_taken_and_others_named(self):
        assert rules.readable("aftale.pdf", "application/pdf", 10)
        assert not rules.readable("aftale.exe", "application/pdf", 10)
        assert not rules.readable("aftale.html", "text/html", 10)
        assert not rules.readable("aftale.pdf", "application/pdf", 0)
        assert not rules.readable("aftale.pdf", "application/pdf", rules.MOST_BYTES + 1)


def member(pk: int, kind: str = "company", *, committed: bool = True, since: date = date(2010, 1, 1), until: date | None = None, at: tuple[float, float] | None = (10.4, 55.4)) -> Member:  # fmt: skip
    return Member(pk, 100 + pk, f"Nr. {pk}", kind, "", committed, since, until, "Odense", *(at or (None, None)))


def deed(pk: int, *bodies: int, kind: str = "knowledge", on: date = date(2014, 3, 1), kinds: str = "company") -> Deed:
    return Deed(pk, kind, kind == "project", f"Nr. {pk}", on, on, {100 + one: (kinds, "") for one in bodies})


def count(key: MeasuredKey, *members: Member, deeds: tuple[Deed, ...] = (), **more: object) -> Measured:
    held = Held(date(2010, 6, 30), tuple(members), deeds, (), None, ())
    return measuring.measured_of(replace(held, **more), ON, definitions())[key]


class TestMeasured:
    """Each value worked by hand over a handful of records."""

    def test_committed_participants_are_counted_once_and_only_on_the_day(self):
        gone = member(3, until=date(2014, 6, 29))
        twice = replace(member(1), pk=9, since=date(2012, 1, 1))
        found = count(MeasuredKey.COMMITTED_PARTICIPANTS, member(1), member(2), gone, twice, member(4, committed=False))
        assert (found.value, found.sources) == (2, 2)

    def test_the_committed_share(self):
        found = count(MeasuredKey.COMMITTED_SHARE, member(1), member(2, committed=False), member(3, committed=False))
        assert (found.value, found.sources, sum(one.counts for one in found.origins)) == (Decimal("0.333"), 3, 1)

    def test_nobody_committed_is_unknown_and_not_nothing(self):
        found = count(MeasuredKey.CONTACTS, member(1, committed=False))
        assert found.value is None and found.why

    def test_nearness_is_from_the_medoid(self):
        odense, aarhus, bornholm = (10.4, 55.4), (10.2, 56.2), (14.9, 55.1)
        found = count(
            MeasuredKey.SHARE_150_KM, member(1, at=odense), member(2, at=odense), member(3, at=aarhus), member(4, at=bornholm), member(5, at=None)
        )  # fmt: skip
        assert (found.value, found.sources) == (Decimal("0.75"), 4)

    def test_odense_to_copenhagen_is_as_far_as_the_map_says(self):
        assert measuring.kilometres((10.388, 55.396), (12.568, 55.676)) == pytest.approx(141, abs=2)

    def test_months_running(self):
        assert count(MeasuredKey.MONTHS_RUNNING).value == 48
        assert count(MeasuredKey.MONTHS_RUNNING, founded_on=None).value is None

    def test_old_staff_numbers_are_unknown(self):
        assert count(MeasuredKey.STAFF, staff=(2013, Decimal("3.5"))).value == Decimal("3.5")
        assert count(MeasuredKey.STAFF, staff=(2011, Decimal("3.5"))).value is None
        assert count(MeasuredKey.STAFF).value is None

    def test_retention_looks_back_two_years(self):
        left, new = member(2, until=date(2013, 1, 1)), member(3, since=date(2013, 1, 1))
        found = count(MeasuredKey.RETENTION, member(1), left, new)
        assert (found.value, found.sources) == (Decimal("0.5"), 2)

    def test_contacts_of_twelve_months(self):
        deeds = (deed(1, 1), deed(2, 2, on=date(2013, 6, 30)))
        assert count(MeasuredKey.CONTACTS, member(1), member(2), deeds=deeds).value == Decimal("0.5")

    def test_cooperation_is_a_project_with_others(self):
        deeds = (deed(1, 1, 2, kind="project"), deed(2, 3, kind="project"), deed(3, 3, 4))
        found = count(MeasuredKey.COOPERATION, *(member(n) for n in (1, 2, 3, 4)), deeds=deeds)
        assert found.value == Decimal("0.5")

    def test_integration_counts_kinds_of_others_than_companies(self):
        deeds = (deed(1, 1, kinds="knowledge"), deed(2, 2, kinds="authority"), deed(3, 3))
        found = count(MeasuredKey.INTEGRATION, deeds=deeds)
        assert (found.value, found.sources) == (2, 2)

    def test_services_are_kinds(self):
        deeds = (deed(1, 1), deed(2, 1), deed(3, 1, kind="matchmaking"), deed(4, 1, kind="bridge", on=date(2012, 1, 1)))
        assert count(MeasuredKey.SERVICES, deeds=deeds).value == 2

    def test_groups_run_on_the_day(self):
        groups = ((1, "A", date(2012, 1, 1), None), (2, "B", date(2012, 1, 1), date(2013, 1, 1)))
        assert count(MeasuredKey.WORKING_GROUPS, groups=groups).value == 1

    def test_documented_results_of_this_year_and_the_last(self):
        results = ((1, "A", 2014), (2, "B", 2013), (3, "C", 2012))
        assert count(MeasuredKey.SUCCESS_STORIES, results=results).value == 2

    def test_every_value_is_defined_in_both_languages(self):
        for one in definitions().values():
            assert one.name.da and one.name.en and one.counted.da and one.counted.en
        assert set(definitions()) == set(MeasuredKey)
