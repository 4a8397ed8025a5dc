"""Files coming in: sheets of the office, recipes, bad files; all or nothing, twice is once, counted independently."""

from __future__ import annotations

import gzip
from datetime import date
from decimal import Decimal
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
    twice = [
        Decided("Ost og Brød", stage.bodies["d"], hours=Decimal(3)),
        Decided("Brødet", stage.bodies["d"], hours=Decimal(2)),
    ]
    assert take_pasted(by=stage.people["vind"], at=AT, activity=activity, lines=twice) == 1
    both = activity.participations.get(body=stage.bodies["d"])
    assert (both.persons, both.hours) == (2, 5)
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
    assert again.new == 0 and again.waiting == 0
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


# The hand count: the same questions asked of the file itself, with its own reading of names, by another engine.
HAND_COUNT = r"""
create macro key(n) as trim(regexp_replace(trim(regexp_replace(
    replace(replace(replace(replace(replace(replace(replace(lower(n), 'æ', 'ae'), 'ø', 'oe'), 'å', 'aa'), 'ö', 'oe'), 'é', 'e'), 'ü', 'ue'), '&', ' og '),
    '[^a-z0-9]+', ' ', 'g')), '(^| )(a ?s|aps|i ?s|p ?s|k ?s|ivs|amba|fmba|ab|gmbh|inc|ltd|holding)$', ''));
create macro initials(text) as regexp_replace(regexp_replace(text, '([\s.])(\w)\.', '\1\2§', 'g'), '([\s.§])(\w)\.', '\1\2§', 'g');
create table project as
    select projekt_nr as nr, cvr, navn, parter, start_dato <= '2012-12-31' and greatest(slut_dato, start_dato) >= '2012-01-01' as ran
    from read_csv('{file}', all_varchar = true)
    where regexp_matches(lower(concat_ws(' ', projekttitel, beskrivelse)), 'klynge|cluster');
create table carrier as select cvr, first(navn) as navn, key(first(navn)) as key from project group by cvr;
create table partner as select distinct cvr, ran, key(name) as key from (
    select cvr, ran, trim(regexp_replace(replace(unnest(regexp_split_to_array(initials(parter), '\.(?:\s+|$)')), '§', '.'), '\s+', ' ', 'g')) as name
    from project) where length(name) >= 3;
create table loose as select distinct cvr, key from partner where ran and key not in (select key from carrier);
create table named as
    select distinct partner.cvr, carrier.cvr as body, carrier.navn from partner join carrier using (key) where ran
    union select project.cvr, project.cvr, carrier.navn from project join carrier using (cvr) where ran;
"""
KINDS = {
    "participating_companies": r"(^|\s)(a/s|aps)$|/[a-zæøå]{3}",
    "knowledge_institutions": "universi|college|euc|campus|teknologisk institut|erhvervsskole|arkitektskole|niels brock|science park|scion dtu",
    "authorities": "kommune",
}


def by_hand() -> dict[str, tuple[int, int]]:
    """Measure -> (bodies counted once, participations) of 2012, from the file alone."""
    count = duckdb.connect()
    count.execute(HAND_COUNT.replace("{file}", str(ERDF)))
    found = {"unverified_bodies": count.sql("select count(distinct key), count(*) from loose").fetchall()[0]}
    for measure, pattern in KINDS.items():
        park = " and not regexp_matches(lower(navn), 'scion dtu')" if measure == "participating_companies" else ""
        found[measure] = count.sql(
            f"select count(distinct body), count(*) from named where regexp_matches(lower(navn), '{pattern}'){park}"
        ).fetchall()[0]
    return found


def bring(code: str, file: Path):
    return take_in_file(by=None, at=AT, recipe_code=code, content=file.read_bytes(), name=file.name)


def counted() -> dict[str, tuple[int, int]]:
    return {one.measure: (int(one.value), int(one.participations)) for one in from_records(YEAR)}


@real
def test_the_real_erdf_projects_against_a_hand_count(db):
    take_in(folder=settings.PROGRAMME, at=AT)
    brought = bring("erdf-projects", ERDF)
    rows = f"read_csv('{ERDF}', all_varchar = true)"
    cluster = "regexp_matches(lower(concat_ws(' ', projekttitel, beskrivelse)), 'klynge|cluster')"
    projects, leads = duckdb.sql(f"select count(*), count(distinct cvr) from {rows} where {cluster}").fetchall()[0]
    assert (brought.used, brought.activities, brought.organisations) == (projects, projects, leads) == (120, 120, 68)
    alu = of_body(by_number(Scheme.CVR, "26507138").pk)
    assert alu.name == "AluCluster" and alu.place.name_da == "Kolding"
    index_clusters()
    assert alu.pk in [one.cluster.pk for one in find_clusters("aluminium", on=date(2012, 12, 31))]
    hand = by_hand()
    assert hand == {one: counted()[one] for one in hand}
    assert hand["participating_companies"][0] and hand["knowledge_institutions"][0] and hand["authorities"][0]
    assert all(one.provisional and one.sources == 0 for one in from_records(YEAR))
    taken = [one for one in brought.compared if one.taken]
    assert len(taken) == brought.matched and all(one.score == 100 and one.body and one.reason for one in taken)
    assert any(one.body and 82 <= one.score < 97 for one in brought.compared)  # like somebody: a person decides
    waiting = set(unverified(seen_by=None, on=AT.date()).values_list("name", flat=True))
    assert len(waiting) == brought.waiting and "Mærsk Olie og Gas A/S" in waiting


@real
def test_the_real_files_in_turn_and_again(db):
    """Each file again, and after the other one: nothing new, and no figure moves."""
    take_in(folder=settings.PROGRAMME, at=AT)
    bring("erdf-projects", ERDF)
    assert bring("cordis-participants", CORDIS).activities > 0  # what CLEAN and the others do in Europe
    before = {one.measure: one.digest for one in from_records(YEAR)}
    assert (bring("erdf-projects", ERDF).new, bring("cordis-participants", CORDIS).new) == (0, 0)
    assert {one.measure: one.digest for one in from_records(YEAR)} == before and list(breaks()) == []
    swedish = by_number(Scheme.PIC, "951053379")
    assert swedish.name == "COWI AB" and "COWI A/S" in unverified(seen_by=None, on=AT.date()).values_list("name", flat=True)  # fmt: skip


@real
def test_the_real_participants_of_horizon_2020(db):
    take_in(folder=settings.PROGRAMME, at=AT)
    brought = bring("cordis-participants", CORDIS)
    wanted = duckdb.sql(
        f"select count(distinct pic) from read_csv('{CORDIS}', all_varchar = true) where name is not null and pic is not null"
    ).fetchall()[0][0]
    assert brought.bodies == wanted and brought.rows == len(rows_of(recipe("cordis-participants"), CORDIS.read_bytes()))
