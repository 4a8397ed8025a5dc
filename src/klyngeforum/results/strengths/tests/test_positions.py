"""How regions stand: worked by hand, what is small is held back from the public, and stars are refused over five regions."""

from __future__ import annotations

from datetime import date

import pytest

from klyngeforum.ground.bodies import actions as bodies
from klyngeforum.ground.bodies.actions import NewBody
from klyngeforum.ground.bodies.terms import BodyKind, Scheme
from klyngeforum.ground.industries.queries import code_in
from klyngeforum.ground.places.queries import named
from klyngeforum.registers.memberships import actions as memberships
from klyngeforum.registers.memberships.actions import NewMember
from klyngeforum.results.strengths.positions import INDUSTRIES, all_standings, grouping_of, held_cells, region_standing
from klyngeforum.results.strengths.queries import table
from klyngeforum.results.strengths.serving import serving, together
from klyngeforum.results.strengths.terms import Serves
from tests.cast import AT, YEAR
from tests.tabled import DIVISIONS, REGIONS, jobs, statbank, tabled

pytestmark = pytest.mark.django_db
DAY = date(YEAR, 12, 31)
CODES = dict(zip(("1081", "1082", "1083", "1084", "1085"), REGIONS, strict=True))


@pytest.fixture
def one(stage):
    return table(tabled(stage))


def standing(one, region, *, by=INDUSTRIES, see_small=False):
    return region_standing(one, region, grouping_of(one, by), on=DAY, see_small=see_small)


def field(found, code):
    return next(one for one in found.fields if one.code == code)


def test_a_quotient_by_hand(one):
    people = {(code, division): jobs(name, division, YEAR)[0] for code, name in CODES.items() for division in DIVISIONS}
    own, region = people[("1083", "28")], sum(n for (code, _), n in people.items() if code == "1083")
    industry, whole = sum(n for (_, division), n in people.items() if division == "28"), sum(people.values())
    found = field(standing(one, "1083"), "28")
    assert found.quotient == pytest.approx((own / region) / (industry / whole))
    assert found.low < found.quotient < found.high and found.low > 1
    assert (found.employment, found.workplaces, found.strong) == (2000, 60, True)
    assert standing(one, "1083").strongest == found and standing(one, "1084").strongest is None


def test_growth_comes_apart_in_three_parts_that_add_up(one):
    found = standing(one, "1083")
    whole = found.growth
    assert whole.change == pytest.approx(whole.national + whole.mix + whole.regional) and whole.change == 500 + 10 * 10
    machines = field(found, "28")
    assert machines.change == 500 and machines.regional > 0


class TestWhatIsSmall:
    def test_a_handful_is_not_told_to_the_public_and_cannot_be_subtracted_out(self, one):
        held = held_cells(one, YEAR, on=DAY)
        assert ("1081", "13") in held
        for group in ([pair for pair in held if pair[0] == "1081"], [pair for pair in held if pair[1] == "13"]):
            assert len(group) >= 2
        found = field(standing(one, "1081"), "13")
        assert found.held and found.employment is None and found.quotient is None and found.change is None

    def test_whoever_analyses_sees_the_number_and_no_quotient(self, one):
        found = field(standing(one, "1081", see_small=True), "13")
        assert (found.employment, found.workplaces, found.quotient, found.small) == (4, 1, None, True)

    def test_a_category_that_is_small_is_held_as_well(self, one):
        assert field(standing(one, "1081", by="house-db07"), "design").held
        assert field(standing(one, "1081", by="house-db07", see_small=True), "design").employment == 4

    def test_what_the_source_holds_back_is_not_told_to_anybody(self, stage):
        text = statbank().replace("Region Sjælland;62 Branche;Ansatte;2012;", "Region Sjælland;62 Branche;Ansatte;2012;..\n#")  # fmt: skip
        text = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
        found = region_standing(table(tabled(stage, text)), "1085", None, on=DAY, see_small=True)
        assert found.withheld == 1 and "62" not in {one.code for one in found.fields}


class TestCategories:
    def test_categories_add_their_industries(self, one):
        found = standing(one, "1083", by="house-db07")
        metals = jobs("Region Syddanmark", "24", YEAR)[0] + jobs("Region Syddanmark", "25", YEAR)[0]
        assert field(found, "metals").employment == metals and found.strongest.code == "machinery"

    def test_what_follows_where_people_live_is_no_strength(self, one):
        everywhere = all_standings(one, grouping_of(one, "house-db07"), on=DAY, see_small=True)
        local = [found for region in everywhere for found in region.fields if found.local]
        assert {found.code for found in local} == {"local_trade", "local_public"} and not any(found.strong for found in local)  # fmt: skip


def test_openings_are_absent_and_nearest_first(one):
    found = standing(one, "1085", see_small=True)
    present = {one.code for one in found.fields if one.present}
    near = [one.density for one in found.openings]
    assert found.openings and not {one.code for one in found.openings} & present and near == sorted(near, reverse=True)


def test_stars_over_five_regions_are_refused(one):
    said = {rule.rule: rule.refused for rule in standing(one, "1083").stars}
    assert set(said.values()) == {"regions"} and "national-marks" in said
    assert standing(one, "1083").complexity is None


def test_eleven_parts_may_be_marked_and_not_starred(stage):
    parts = ("Byen København", "Københavns omegn", "Nordsjælland", "Bornholm", "Østsjælland", "Vest- og Sydsjælland", "Fyn", "Sydjylland", "Vestjylland", "Østjylland", "Nordjylland")  # fmt: skip
    lines = ["OMRÅDE;BRANCHE07;ENHED;TID;INDHOLD"]
    for nth, part in enumerate(parts):
        lines += [f"Landsdel {part};{code};Ansatte;{YEAR};{3000 if (nth, code) == (6, '28') else 300 + nth}" for code in ("10", "28", "62")]  # fmt: skip
    found = region_standing(table(tabled(stage, "\n".join(lines), "statbank-landsdele")), "DK031", None, on=DAY, see_small=True)  # fmt: skip
    said = {rule.rule: rule for rule in found.stars}
    assert said["national-marks"].marks == {"28": 3} and said["observatory-percentile"].refused == "regions"
    assert found.growth is None and found.sprouts is None, "one year shows no growth"


def test_stars_over_seventy_regions(stage):
    lines = ["indic_sb,nace_r2,geo\\TIME_PERIOD\t2011 "]
    for nth in range(70):
        lines += [f"V16110,{section},D{nth // 36}{nth % 36:02d}"[:17] + "" for section in ()]
        geo = f"A{chr(65 + nth // 10)}{nth % 10}1"
        lines += [f"V16110,{code},{geo}\t{9000 if (nth, code) == (3, 'C28') else 1500 + nth}" for code in ("C10", "C28", "J62")]  # fmt: skip
    found = region_standing(table(tabled(stage, "\n".join(lines), "eurostat-nuts2")), "AA31", None, on=DAY, see_small=True)  # fmt: skip
    said = {rule.rule: rule for rule in found.stars}
    assert said["observatory-percentile"].marks["28"] == 3
    assert said["panorama"].refused == "metric" and said["panorama"].metric == "productivity"
    assert found.complexity is not None or found.regions == 70


def test_who_serves_a_field(stage, one):
    """Three companies of machinery in Odense belong to Vindklyngen; two to Madklyngen, which is too few."""
    place, industry = named("Odense", on=DAY), code_in("DB07", "28")
    weights, number, made = (2, 7, 6, 5, 4, 3, 2, 1), 97_000_000, []
    while len(made) < 3:
        if sum(w * int(d) for w, d in zip(weights, str(number), strict=True)) % 11 == 0:
            new = NewBody(f"Maskin {number} A/S", BodyKind.COMPANY, Scheme.CVR, str(number), place_id=place.pk, industry_id=industry)  # fmt: skip
            made.append(bodies.register(by=None, at=AT, body=new).pk)
        number += 1
    for key, ids in (("vind", made), ("mad", made[:2])):
        cluster = stage.clusters[key]
        for pk in ids:
            memberships.enrol(by=stage.people[key], at=AT, cluster=cluster, new=NewMember(cluster.pk, pk, date(2011, 1, 1)))  # fmt: skip
    found = serving(one, on=DAY, least=3)
    assert found == {("1083", "28"): (Serves(stage.clusters["vind"].pk, 3, False),)}
    assert together(found, "1083", ["28", "33"]) == found[("1083", "28")] and together(found, "1084", ["28"]) == ()


def test_a_table_of_nothing_says_nothing(stage):
    text = "OMRÅDE;BRANCHE07;ENHED;TID;INDHOLD\nRegion Syddanmark;28;Ansatte;2012;0\n"
    assert region_standing(table(tabled(stage, text)), "1083", None, on=DAY, see_small=True) is None
