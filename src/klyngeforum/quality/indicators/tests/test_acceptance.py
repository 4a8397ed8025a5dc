"""What must hold of the European criteria of 2013 as they stand in the programme."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from klyngeforum.ground.programme.terms import Provenance
from klyngeforum.quality.indicators import queries, rules
from klyngeforum.quality.indicators.terms import Area, Assessor, IndicatorRole, Situation, Threshold, scored
from klyngeforum.quality.indicators.validity import first_period, renewal

from .asking import all_at, part, verdict, with_indicator

ECEI = queries.version("ecei", "2013")
EXPERTS = (Assessor(True), Assessor(True))
BEFORE_ELIGIBILITY = date(2013, 6, 1)


def asked(levels: dict[str, int] | None = None, **more) -> Situation:
    """Everybody at level 4 (120 points) but those named; two experts."""
    answers = {**all_at(ECEI, 4), **{code: scored(level) for code, level in (levels or {}).items()}}
    return Situation(**{"on": BEFORE_ELIGIBILITY, "answers": answers, "assessors": EXPERTS, **more})


def test_there_are_31_indicators_in_five_groups_and_19_in_the_scope_of_silver():
    assert len(ECEI.indicators) == len({one.code for one in ECEI.indicators}) == ECEI.indicators_published == 31
    assert [len(ECEI.of_group(group.code)) for group in ECEI.groups] == [4, 10, 2, 12, 3]
    assert sum("silver" in one.scopes for one in ECEI.indicators) == 19
    assert {one.code for one in ECEI.indicators if one.scopes_unknown} == {"5.2", "5.3"}
    assert all("gold" in one.scopes for one in ECEI.indicators)


def test_highest_points_add_up_to_the_published_maximum():
    assert sum(one.maximum for one in ECEI.indicators) == ECEI.maximum == 150
    assert [one.code for one in ECEI.indicators if one.role is IndicatorRole.GATE] == ["1.1.0"]


def test_every_indicator_has_words_in_both_languages_evidence_and_help():
    for one in ECEI.indicators:
        assert one.name.da and one.name.en and one.text.da and one.text.en, one.code
        assert one.name.da != one.name.en and one.evidence and one.offers, one.code
        assert all(level.days > 0 for level in one.levels[1:]), one.code


def test_120_points_pass_and_119_fail():
    assert verdict(ECEI, "gold", asked()).truth == "yes"
    failed = verdict(ECEI, "gold", asked({"1.2": 3}))
    assert failed.truth == "no"
    assert rules.line(part(failed, "share")) == "119 of 150 points, 120 needed: not met"
    assert rules.line(part(verdict(ECEI, "gold", asked()), "share")) == "120 of 150 points, 120 needed: met"


def test_one_failed_knock_out_fails_at_100_per_cent():
    failed = verdict(ECEI, "gold", replace(asked(), answers={**all_at(ECEI, 5), "1.1.0": scored(0)}))
    assert part(failed, "share").values["points"] == 150
    assert failed.truth == "no"
    assert [rules.line(one) for one in rules.blocking(failed)] == ["1.1.0 below its minimum: not met"]
    one_below = verdict(ECEI, "gold", asked({"2.1": 1, "2.2.1": 5, "2.2.3": 5, "2.2.4": 5}))
    assert [rules.line(one) for one in rules.blocking(one_below)] == ["2.1 below its minimum: not met"]


def test_an_unknown_minimum_gives_undetermined_even_at_the_top():
    unknown = Threshold(None, Provenance.PLACEHOLDER, known=False)
    version = with_indicator("2.1", ECEI, minimum=unknown)
    found = verdict(version, "gold", replace(asked(), answers=all_at(version, 5)))
    assert found.truth == "undetermined"
    assert [rules.line(one) for one in rules.blocking(found)] == ["the minimum of 2.1 is not known: undetermined"]


def test_bronze_of_october_2023_ends_in_october_2025_and_renewed_in_time_in_october_2028():
    validity = ECEI.label("bronze").validity
    first = first_period(validity, date(2023, 10, 31))
    assert (first.since, first.until) == (date(2023, 10, 31), date(2025, 10, 31))
    assert first_period(validity, date(2023, 10, 3)).until == date(2025, 10, 31)
    for day in (date(2025, 9, 1), date(2026, 10, 31)):
        again = renewal(validity, first.until, day)
        assert again.seamless and (again.period.since, again.period.until) == (date(2025, 11, 1), date(2028, 10, 31))
    late = renewal(validity, first.until, date(2026, 11, 1))
    assert not late.seamless and late.period.until == date(2028, 11, 30)


SILVER = {"benchmarkings": (date(2011, 5, 10), date(2013, 3, 1)), "areas": (Area("2.5", True), Area("2.6", True), Area("4.3", True))}  # fmt: skip


def test_silver_needs_a_second_benchmarking_in_time_and_three_validated_areas():
    assert verdict(ECEI, "silver", asked(**SILVER)).truth == "yes"
    one_only = asked(**{**SILVER, "benchmarkings": (date(2013, 3, 1),)})
    assert verdict(ECEI, "silver", one_only).truth == "no"
    two_areas = asked(**{**SILVER, "areas": SILVER["areas"][:2]})
    assert [one.key for one in rules.blocking(verdict(ECEI, "silver", two_areas))] == ["three_areas"]
    not_validated = asked(**{**SILVER, "areas": (*SILVER["areas"][:2], Area("4.3", None))})
    assert verdict(ECEI, "silver", not_validated).truth == "undetermined"
    too_low = asked({"4.3": 3}, **SILVER)
    assert verdict(ECEI, "silver", too_low).truth == "no"


@pytest.mark.parametrize(
    ("first", "truth"),
    [(date(2011, 2, 28), "no"), (date(2011, 3, 1), "yes"), (date(2011, 9, 30), "yes"), (date(2011, 10, 1), "no")],
)
def test_the_second_benchmarking_comes_after_18_to_24_months(first, truth):
    found = verdict(ECEI, "silver", asked(**{**SILVER, "benchmarkings": (first, date(2013, 3, 1))}))
    assert part(found, "second_benchmarking").truth == truth


def test_eligibility_is_asked_since_november_2019():
    facts = {"management_staff": Decimal("0.5"), "committed_members": Decimal(15), "platform_profile": True}
    later = date(2019, 11, 15)
    assert verdict(ECEI, "gold", asked(on=date(2019, 11, 14))).truth == "yes"
    assert verdict(ECEI, "gold", asked(on=later)).truth == "undetermined"
    assert verdict(ECEI, "gold", asked(on=later, facts=facts)).truth == "yes"
    assert verdict(ECEI, "gold", asked(on=later, facts={**facts, "committed_members": Decimal(14)})).truth == "no"


def test_whatever_rests_on_points_or_minima_says_that_they_are_placeholders():
    assert verdict(ECEI, "gold", asked()).placeholder
    bronze = verdict(ECEI, "bronze", asked(benchmarkings=(date(2013, 5, 1),)))
    assert bronze.truth == "yes" and not bronze.placeholder
    no_experts = verdict(ECEI, "gold", asked(assessors=(Assessor(True),)))
    assert no_experts.truth == "no" and not no_experts.placeholder


def test_the_programme_is_sound():
    assert queries.problems() == ()
    assert queries.standing("ecei", on=date(2013, 1, 1)) == queries.version("ecei", "2013")
    assert queries.standing("ecei", on=date(2012, 12, 31)) is None
    assert queries.awarding("gold", on=date(2014, 1, 1)) == (ECEI, ECEI.label("gold"))
    assert queries.awarding("gold", on=date(2012, 1, 1)) is None


def test_a_draft_stands_on_no_day_and_everything_in_it_is_a_placeholder():
    drafts = [one for one in queries.versions() if one.draft]
    assert drafts
    for one in drafts:
        assert queries.standing(one.scheme, on=one.since) == ECEI
        assert all(what.placeholder("points") and what.placeholder("levels") for what in one.indicators)
        assert queries.crosswalk(ECEI, one)
