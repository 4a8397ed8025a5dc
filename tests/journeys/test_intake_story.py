"""Files coming in: sheets of the office, recipes, bad files; all or nothing, twice is once, counted independently."""

from __future__ import annotations

import gzip
import tomllib
from datetime import date
from pathlib import Path

import duckdb
import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as some

from klyngeforum.ground.bodies.queries import by_number, how_many, unverified
from klyngeforum.ground.bodies.terms import Scheme
from klyngeforum.ground.tables.actions import template as workbook
from klyngeforum.ground.tables.queries import NotATable
from klyngeforum.ground.trail.queries import breaks
from klyngeforum.ground.verdict import Refused
from klyngeforum.records.activities.queries import how_many as deeds
from klyngeforum.records.intake.actions import Decided, take_in_sheet, take_pasted
from klyngeforum.records.intake.bringing import take_in_file
from klyngeforum.records.intake.queries import export, intakes
from klyngeforum.records.intake.recipes import WrongFile, recipe, recipes, rows_of
from klyngeforum.records.intake.schemas import SCHEMAS, SheetKind
from klyngeforum.registers.clusters.queries import clusters, of_body
from klyngeforum.registers.take_in import take_in
from klyngeforum.results.accounts.nation import from_records
from klyngeforum.results.landscape.actions import index_clusters
from klyngeforum.results.landscape.queries import find_clusters
from tests.cast import AT, YEAR

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
ERDF = DATA / "dk_structural_funds" / "dk_erdf_esf_projects_2007_2013.csv.gz"
CORDIS = DATA / "cordis" / "dk_h2020_projects_all_participants.csv.gz"
real = pytest.mark.skipif(not ERDF.exists(), reason="the real files are not on this machine")
pytestmark = pytest.mark.django_db

SMALL = """projekt_nr,projekttitel,start_dato,slut_dato,beskrivelse,cvr,navn,postnr,bynavn,parter
7,Klynge for møller,2011-01-01,2013-12-31,Vi samler møllerne,{a},Møllecluster,6000,Kolding,Fyns Universitet. Vinger og Tårne A/S. P. Ukendt & Søn ApS.
8,Noget andet,2011-01-01,2013-12-31,Uden det ord,{b},Andre,6000,Kolding,
9,Klyngedag,2012-02-01,2012-02-01,,{a},Møllecluster,6000,Kolding,Ny Partner
"""


def sheet(kind: SheetKind, *rows: dict[str, object]) -> bytes:
    return workbook(SCHEMAS[kind], rows)


def take(stage, kind: SheetKind, content: bytes, *, dry: bool = False, who: str = "vind"):
    return take_in_sheet(
        by=stage.people[who],
        at=AT,
        cluster=stage.clusters["vind"],
        kind=kind,
        content=content,
        file_name="ark.xlsx",
        dry_run=dry,
    )


def test_a_sheet_of_each_kind_comes_in_once(stage):
    number = by_number(Scheme.CVR, "") or None
    assert number is None
    members = sheet(
        SheetKind.MEMBERS,
        {"name": "Vinger og Tårne A/S", "since": date(2010, 1, 1), "commitment": "dedicated"},
        {"name": "Helt Ny ApS", "since": date(2011, 1, 1)},
    )
    held = sheet(
        SheetKind.ACTIVITIES,
        {"reference": "2012-1", "title": "Møde", "kind": "knowledge", "starts_on": date(YEAR, 2, 2), "place": "Odense"},
    )
    parts = sheet(
        SheetKind.PARTICIPATIONS,
        {"reference": "2012-1", "name": "Mølleby ApS", "hours": 7.5},
        {"reference": "2012-1", "name": "Fyns Universitet"},
    )
    got = sheet(SheetKind.OUTCOMES, {"name": "Mølleby ApS", "year": YEAR, "step": "3"})
    for kind, content, new in (
        (SheetKind.MEMBERS, members, 2),
        (SheetKind.ACTIVITIES, held, 1),
        (SheetKind.PARTICIPATIONS, parts, 2),
        (SheetKind.OUTCOMES, got, 1),
    ):
        dry = take(stage, kind, content, dry=True)
        assert (dry.new, dry.problems) == (new, [])
        first, second = take(stage, kind, content), take(stage, kind, content)
        assert (first.new, second.new, second.unchanged) == (new, 0, new)
    assert intakes().count() == 8 and list(breaks()) == []
    counts = {one.measure: one.value for one in from_records(YEAR)}
    assert (counts["participating_companies"], counts["outcome_3"], counts["dedicated_companies"]) == (1, 1, 1)


def test_what_goes_out_can_be_taken_in_again(stage):
    stage.part(stage.activity("vind", "v1"), "a", "b", "x")
    content = export(SheetKind.PARTICIPATIONS, stage.clusters["vind"].pk, YEAR, language="da")
    again = take(stage, SheetKind.PARTICIPATIONS, content)
    assert (again.new, again.unchanged, again.problems) == (0, 3, [])


def test_one_wrong_cell_and_nothing_is_written(stage):
    before, done = how_many(), deeds()
    content = sheet(
        SheetKind.PARTICIPATIONS, {"reference": "findes ikke", "name": "Ny A/S"}, {"reference": "findes ikke", "number": "12345678", "name": "Ny B/S"},
        {"reference": "findes ikke", "name": "Ny C", "hours": "mange"},
    )  # fmt: skip
    run = take(stage, SheetKind.PARTICIPATIONS, content)
    assert run.problems and all(one.why and one.mend and one.row for one in run.problems)
    assert (how_many(), deeds()) == (before, done)


def test_a_sheet_for_another_organisation_is_refused(stage):
    content = sheet(SheetKind.MEMBERS, {"name": "Mølleby ApS", "since": date(2010, 1, 1)})
    with pytest.raises(Refused):
        take(stage, SheetKind.MEMBERS, content, who="mad")


def test_a_pasted_list_is_all_or_nothing(stage):
    activity = stage.activity("vind", "v1")
    lines = [Decided("Mølleby", stage.bodies["b"]), Decided("Ganske Ny", None)]
    assert take_pasted(by=stage.people["vind"], at=AT, activity=activity, lines=lines) == 2
    assert take_pasted(by=stage.people["vind"], at=AT, activity=activity, lines=lines) == 0
    before = how_many()
    with pytest.raises(Refused):
        take_pasted(
            by=stage.people["vind"], at=AT, activity=activity, lines=[*lines, Decided("Falsk", None, "12345678")]
        )
    assert how_many() == before


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    content=some.binary(max_size=600) | some.text(max_size=600).map(str.encode), kind=some.sampled_from(list(SheetKind))
)
def test_any_bytes_at_all_give_a_clear_answer(stage, content, kind):
    before = (how_many(), deeds())
    try:
        run = take(stage, kind, content)
        assert run.problems or run.rows == 0 or run.new >= 0
    except NotATable as wrong:
        assert wrong.why and wrong.mend
    if not content.strip():
        assert (how_many(), deeds()) == before


def small(stage) -> bytes:
    numbers = [one.number for key in ("c", "d") if (one := by_pk(stage.bodies[key]))]
    return SMALL.format(a=numbers[0], b=numbers[1]).encode()


def by_pk(pk):
    return clusters().model._meta.apps.get_model("bodies", "Body").objects.get(pk=pk)


def test_a_recipe_brings_a_file_in_once(stage):
    content = small(stage)
    dry = take_in_file(by=None, at=AT, recipe_code="erdf-projects", content=content, name="x.csv", dry_run=True)
    first = take_in_file(by=None, at=AT, recipe_code="erdf-projects", content=gzip.compress(content), name="x.csv.gz")
    again = take_in_file(by=None, at=AT, recipe_code="erdf-projects", content=content, name="x.csv")
    assert dry == first
    assert (
        first.rows,
        first.used,
        first.organisations,
        first.activities,
        first.participations,
        first.matched,
        first.waiting,
    ) == (3, 2, 1, 2, 6, 2, 2)
    assert again.new == 0
    names = set(unverified(seen_by=None, on=AT.date()).values_list("name", flat=True))
    assert {"P. Ukendt & Søn ApS", "Ny Partner"} <= names


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\x1f\x8bnot packed", b"projekt_nr,\x00"])
def test_a_file_that_does_not_fit_is_named(stage, content):
    with pytest.raises(WrongFile):
        take_in_file(by=None, at=AT, recipe_code="erdf-projects", content=content, name="x")


def test_a_bad_day_in_row_two_writes_nothing(stage):
    content, before = small(stage).replace(b"2012-02-01", b"i morgen"), how_many()
    with pytest.raises(WrongFile, match="not a day"):
        take_in_file(by=None, at=AT, recipe_code="erdf-projects", content=content, name="x")
    assert how_many() == before


def test_every_recipe_is_readable_and_sourced():
    assert {one.code for one in recipes()} >= {"erdf-projects", "cordis-participants"}
    assert all(one.name.da and one.name.en and one.source and one.columns() for one in recipes())


@real
def test_the_real_erdf_projects_against_a_hand_count(db):
    take_in(folder=settings.PROGRAMME, at=AT)
    brought = take_in_file(by=None, at=AT, recipe_code="erdf-projects", content=ERDF.read_bytes(), name=ERDF.name)
    rows = f"read_csv('{ERDF}', all_varchar = true)"
    cluster = "regexp_matches(lower(concat_ws(' ', projekttitel, beskrivelse)), 'klynge|cluster')"
    projects, leads = duckdb.sql(f"select count(*), count(distinct cvr) from {rows} where {cluster}").fetchall()[0]
    assert (brought.used, brought.activities, brought.organisations) == (projects, projects, leads) == (120, 120, 68)
    alu = of_body(by_number(Scheme.CVR, "26507138").pk)
    assert alu.name == "AluCluster" and alu.place.name_da == "Kolding"
    index_clusters()
    assert alu.pk in [one.cluster.pk for one in find_clusters("aluminium", on=date(2012, 12, 31))]
    in_year = f"{cluster} and start_dato <= '2012-12-31' and greatest(slut_dato, start_dato) >= '2012-01-01'"
    carried = duckdb.sql(f"select count(distinct cvr) from {rows} where {in_year}").fetchall()[0][0]
    apart = tomllib.loads((settings.PROGRAMME / "recipes" / "erdf-projects.toml").read_text())["partners"]["apart"]
    assert recipe("erdf-projects").sections["partners"]["apart"] == apart
    verified = {one.measure: one for one in from_records(YEAR)}
    numbered = sum(
        verified[code].distinct for code in ("participating_companies", "knowledge_institutions", "authorities")
    )
    assert 0 < numbered <= carried  # the rest of the carriers are associations and cluster organisations
    loose = duckdb.sql(
        f"select count(distinct trim(name)) from (select unnest(regexp_split_to_array(parter, '\\.\\s+|\\.$')) as name from {rows} where {in_year}) where length(trim(name)) >= 3"
    ).fetchall()[0][0]
    assert (
        abs(verified["unverified_bodies"].value - loose) <= 0.15 * loose
    )  # names that are bodies already, and initials, make the difference
    assert take_in_file(by=None, at=AT, recipe_code="erdf-projects", content=ERDF.read_bytes(), name=ERDF.name).new == 0


@real
@pytest.mark.slow
def test_the_real_participants_of_horizon_2020(db):
    take_in(folder=settings.PROGRAMME, at=AT)
    brought = take_in_file(
        by=None, at=AT, recipe_code="cordis-participants", content=CORDIS.read_bytes(), name=CORDIS.name
    )
    wanted = duckdb.sql(
        f"select count(distinct pic) from read_csv('{CORDIS}', all_varchar = true) where name is not null and pic is not null"
    ).fetchall()[0][0]
    assert brought.bodies == wanted and brought.rows == len(rows_of(recipe("cordis-participants"), CORDIS.read_bytes()))
    assert (
        take_in_file(
            by=None, at=AT, recipe_code="cordis-participants", content=CORDIS.read_bytes(), name=CORDIS.name
        ).new
        == 0
    )
