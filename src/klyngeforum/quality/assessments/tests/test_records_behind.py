"""Behind each measured value stand the records that it counts, or a sentence that says why there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from klyngeforum.quality.assessments import measuring
from klyngeforum.quality.assessments.measured import definitions
from klyngeforum.quality.assessments.terms import Earned, Held, Measured, Origin
from klyngeforum.quality.indicators.terms import MeasuredKey as Key

from .test_rules import ON, count, deed, member


def behind(one: Measured) -> list[tuple[str, int, bool]]:
    return [(origin.thing, origin.thing_id, origin.counts) for origin in one.origins]


def membership(pk: int, counts: bool = True, detail: str = "Odense") -> Origin:
    return Origin(f"Nr. {pk}", detail, date(2010, 1, 1), counts, "membership", pk)


class TestParticipants:
    def test_each_committed_one_with_its_place_and_day(self):
        found = count(Key.COMMITTED_PARTICIPANTS, member(1), member(2), member(3, committed=False))
        assert found == Measured(Key.COMMITTED_PARTICIPANTS, Decimal(2), definitions()[Key.COMMITTED_PARTICIPANTS].unit, 2, (membership(1), membership(2)))  # fmt: skip

    def test_of_a_share_also_those_that_do_not_count(self):
        found = count(Key.COMMITTED_SHARE, member(1), member(2, committed=False), member(3, until=date(2014, 6, 29)))
        assert found.origins == (membership(1), membership(2, counts=False)) and found.sources == 2
        assert (found.key, found.unit) == (Key.COMMITTED_SHARE, definitions()[Key.COMMITTED_SHARE].unit)

    def test_kinds_of_actors_with_the_kind_of_each(self):
        found = count(Key.COMPOSITION, member(1), member(2, "knowledge"), member(3), member(4, "authority", committed=False))  # fmt: skip
        assert found.value == 2 and found.origins == (membership(1, detail="company"), membership(2, detail="knowledge"), membership(3, detail="company"))  # fmt: skip

    def test_those_kept_and_those_who_left(self):
        found = count(Key.RETENTION, member(1), member(2, until=date(2013, 1, 1)), member(3, since=date(2013, 1, 1)))
        assert behind(found) == [("membership", 1, True), ("membership", 2, False)]

    def test_near_and_far_from_the_core_one_without_a_place_stands_outside(self):
        found = count(Key.SHARE_150_KM, member(1), member(2), member(3, at=(14.9, 55.1)), member(4, at=None))
        assert behind(found) == [("membership", 1, True), ("membership", 2, True), ("membership", 3, False)]
        assert found.value == Decimal("0.667")

    def test_the_radius_is_the_programmes(self):
        """From Odense Copenhagen is 141 kilometres away: inside 150, outside 100."""
        far = member(3, at=(12.568, 55.676))
        what = definitions()[Key.SHARE_150_KM]
        held = replace(nothing_held(), members=(member(1, at=(10.388, 55.396)), member(2, at=(10.388, 55.396)), far))
        for radius, value in ((150, Decimal(1)), (100, Decimal("0.667"))):
            found = measuring.measured_of(held, ON, {Key.SHARE_150_KM: replace(what, radius_km=radius)})
            assert found[Key.SHARE_150_KM].value == value

    def test_the_core_is_where_most_are_and_half_a_place_is_none(self):
        """124 kilometres from west to middle and from middle to east: from the middle everybody would be near."""
        west = [member(pk, at=(8.0, 56.0)) for pk in range(1, 6)]
        found = count(Key.SHARE_150_KM, *west, member(6, at=(10.0, 56.0)), member(7, at=(12.0, 56.0)), replace(member(8), latitude=None))  # fmt: skip
        assert (found.value, found.sources) == (Decimal("0.857"), 7)


def nothing_held() -> Held:
    return Held(date(2010, 6, 30), (), (), (), None, ())


class TestDeeds:
    def test_contacts_name_whom_was_met(self):
        found = count(Key.CONTACTS, member(1), member(2), deeds=(deed(1, 1), deed(2, 9)))
        assert behind(found) == [("membership", 1, True), ("membership", 2, False)]

    def test_what_ran_on_the_day_itself_counts_and_what_ended_before_the_months_does_not(self):
        before, first, last, after = date(2013, 6, 30), date(2013, 7, 1), ON, date(2014, 7, 1)
        for day, value in ((before, 0), (first, 1), (last, 1), (after, 0)):
            assert count(Key.CONTACTS, member(1), deeds=(deed(1, 1, on=day),)).value == value, day
        long = replace(deed(1, 1, on=date(2010, 1, 1)), ends_on=date(2015, 1, 1))
        assert count(Key.CONTACTS, member(1), deeds=(long,)).value == 1

    def test_cooperation_is_in_a_project_with_somebody_else(self):
        deeds = (deed(1, 1, 2, kind="project"), deed(2, 3, kind="project"), deed(3, 3, 4))
        found = count(Key.COOPERATION, *(member(n) for n in (1, 2, 3, 4)), deeds=deeds)
        assert [origin.counts for origin in found.origins] == [True, True, False, False]

    def test_activities_stand_with_title_kind_and_day(self):
        deeds = (deed(1, 1, kinds="knowledge"), deed(2, 2), deed(3, 3, kinds="other"))
        activity = Origin("Nr. 1", "knowledge", date(2014, 3, 1), True, "activity", 1)
        found = count(Key.INTEGRATION, deeds=deeds)
        assert (found.value, found.origins) == (1, (activity,))
        services = count(Key.SERVICES, deeds=deeds)
        assert (services.value, len(services.origins), services.origins[0]) == (1, 3, activity)

    def test_two_kinds_of_knowledge_institutions_are_two(self):
        both = replace(deed(1, 1, 2), bodies={101: ("knowledge", "gts"), 102: ("knowledge", "university")})
        assert count(Key.INTEGRATION, deeds=(both,)).value == 2


class TestTheRest:
    def test_months_since_it_was_founded(self):
        found = count(Key.MONTHS_RUNNING)
        assert (found.value, found.origins) == (48, (Origin("", on=date(2010, 6, 30), thing="cluster"),))
        assert count(Key.MONTHS_RUNNING, founded_on=ON).value == 0
        assert count(Key.MONTHS_RUNNING, founded_on=date(2014, 5, 31)).value == 0
        later = count(Key.MONTHS_RUNNING, founded_on=date(2014, 7, 1))
        assert (later.value, later.why) == (None, "The register does not say when the organisation was founded.")

    def test_person_years_of_this_year_and_the_last(self):
        found = count(Key.STAFF, staff=(2013, Decimal("3.5")))
        assert found.origins == (Origin("2013", thing="staff"),) and found.sources == 1
        assert count(Key.STAFF, staff=(2012, Decimal("3.5"))).value == Decimal("3.5")
        assert count(Key.STAFF, staff=(2011, Decimal("3.5"))).why == "No person-years have been stated for the last two years."  # fmt: skip

    def test_groups_that_run(self):
        since = date(2012, 1, 1)
        groups = ((1, "A", since, None), (2, "B", since, ON), (3, "C", since, date(2014, 6, 29)), (4, "D", ON, None), (5, "E", date(2014, 7, 1), None))  # fmt: skip
        found = count(Key.WORKING_GROUPS, groups=groups)
        assert found.value == 3 and behind(found) == [("group", 1, True), ("group", 2, True), ("group", 4, True)]
        assert found.origins[0] == Origin("A", on=since, thing="group", thing_id=1)

    def test_documented_results(self):
        found = count(Key.SUCCESS_STORIES, results=((1, "A", 2014), (2, "B", 2013), (3, "C", 2012), (4, "D", 2015)))
        assert found.origins == (Origin("A", "2014", thing="outcome", thing_id=1), Origin("B", "2013", thing="outcome", thing_id=2))  # fmt: skip


class TestEconomy:
    def test_grants_that_follow_each_other_secure_months_and_stand_behind_it(self):
        """From 30 June 2014 to the end of June 2016 in two grants without a gap: 24 months; the one after a hole does not count."""
        grants = ((1, "A", date(2013, 1, 1), date(2014, 12, 31)), (2, "B", date(2015, 1, 1), date(2016, 6, 30)), (3, "C", date(2016, 8, 1), date(2018, 1, 1)))  # fmt: skip
        found = count(Key.MONTHS_SECURED, grants=grants)
        assert found.value == 24 and behind(found) == [("grant", 1, True), ("grant", 2, True), ("grant", 3, False)]

    def test_grants_that_have_run_out_secure_nothing(self):
        found = count(Key.MONTHS_SECURED, grants=((1, "A", date(2012, 1, 1), date(2014, 6, 30)),))
        assert found.value == 0 and behind(found) == [("grant", 1, False)]

    def test_the_private_share_is_of_the_newest_whole_years_cash(self):
        income = (
            Earned(1, "private", 2012, Decimal(900), True), Earned(2, "public", 2013, Decimal(600), False),
            Earned(3, "private", 2013, Decimal(150), True), Earned(4, "private", 2013, Decimal(50), True), Earned(5, "private", 2014, Decimal(999), True),
        )  # fmt: skip
        found = count(Key.PRIVATE_SHARE, income=income)
        assert found.value == Decimal("0.250") and behind(found) == [("income", 2, False), ("income", 3, True), ("income", 4, True)]  # fmt: skip
        assert found.origins[1].amount == 150

    def test_the_year_before_speaks_where_the_last_has_nothing_and_older_ones_never(self):
        assert count(Key.PRIVATE_SHARE, income=(Earned(1, "private", 2012, Decimal(5), True),)).value == 1
        assert count(Key.PRIVATE_SHARE, income=(Earned(1, "private", 2011, Decimal(5), True),)).value is None
        back = (Earned(1, "private", 2013, Decimal(5), True), Earned(2, "public", 2013, Decimal(-5), False))
        assert count(Key.PRIVATE_SHARE, income=back).value is None


NOBODY = "No participant with a formal agreement stands in the register on %(day)s."


@pytest.mark.parametrize(
    ("key", "members", "why", "values"),
    [
        (Key.COMMITTED_SHARE, (), "No participant stands in the register on %(day)s.", {"day": ON}),
        (Key.SHARE_150_KM, (member(1, at=None),), "No committed participant has a known place on %(day)s.", {"day": ON}),
        (Key.CONTACTS, (), NOBODY, {"day": ON}), (Key.COOPERATION, (), NOBODY, {"day": ON}), (Key.RETENTION, (), NOBODY, {"day": date(2012, 6, 30)}),
        (Key.STAFF, (), "No person-years have been stated for the last two years.", {}),
        (Key.PRIVATE_SHARE, (), "No cash income is recorded for the last two whole years.", {}),
        (Key.MONTHS_SECURED, (), "No grant stands in the records on %(day)s.", {"day": ON}),
    ],
)  # fmt: skip
def test_what_is_not_known_says_why(key, members, why, values):
    assert count(key, *members) == Measured(key, None, definitions()[key].unit, 0, (), why, values)


class TestDistances:
    @pytest.mark.parametrize(
        ("day", "months", "then"),
        [(date(2014, 6, 30), 24, date(2012, 6, 30)), (date(2014, 1, 15), 1, date(2013, 12, 15)), (date(2014, 3, 31), 1, date(2014, 2, 28)),
         (date(2014, 12, 31), 12, date(2013, 12, 31)), (date(2014, 1, 31), 0, date(2014, 1, 31)), (date(2013, 2, 28), 12, date(2012, 2, 28))],
    )  # fmt: skip
    def test_months_before(self, day, months, then):
        assert measuring.months_before(day, months) == then

    def test_whole_months_are_over_on_their_day(self):
        assert measuring.whole_months(date(2013, 12, 15), date(2014, 2, 15)) == 2
        assert measuring.whole_months(date(2013, 12, 15), date(2014, 2, 14)) == 1
        assert measuring.whole_months(date(2012, 3, 1), date(2014, 3, 1)) == 24

    def test_great_circles(self):
        """A quarter of the equator, from pole to pole, and nothing."""
        assert measuring.kilometres((0, 0), (90, 0)) == pytest.approx(10007.5, abs=0.1)
        assert measuring.kilometres((0, 90), (0, -90)) == pytest.approx(20015.1, abs=0.1)
        assert measuring.kilometres((10, 55), (10, 55)) == 0
        assert measuring.kilometres((10, 60), (11, 60)) == pytest.approx(55.6, abs=0.1)

    def test_the_medoid_is_where_most_are(self):
        west, middle, east = (8.0, 56.0), (10.0, 56.0), (12.0, 56.0)
        assert measuring.medoid({}) is None
        assert measuring.medoid({west: 1, middle: 1, east: 1}) == middle
        assert measuring.medoid({west: 1, middle: 1, east: 5}) == east
        assert measuring.medoid({east: 1, west: 1}) == west

    def test_shares_have_three_places(self):
        assert measuring.share(2, 3) == Decimal("0.667") and str(measuring.share(1, 2)) == "0.500"
