"""Files of statistics offices by their recipes: what is read, what is left out, and what is wrong with row and column."""

from __future__ import annotations

import io
import os
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.conf import settings

from klyngeforum.ground.programme.rules import ProgrammeError
from klyngeforum.ground.tables.queries import NotATable
from klyngeforum.results.strengths.reading import read_table
from klyngeforum.results.strengths.recipes import read_recipe, table_recipe, table_recipes
from klyngeforum.results.strengths.terms import CellRead

SHARED = Path(os.environ.get("KLYNGEFORUM_SHARED_DATA", settings.HOME.parent / "shared" / "data"))
STATBANK = """OMRÅDE;BRANCHE07;ENHED;TID;INDHOLD
Hele landet;TOT Erhverv i alt;Ansatte;2012;2600000
Region Syddanmark;28 Maskinindustri;Ansatte;2012;12.345
Region Syddanmark;28 Maskinindustri;Arbejdssteder;2012;210
Region Nordjylland;28 Maskinindustri;Ansatte;2012;..
Region Nordjylland;28 Maskinindustri;Arbejdssteder;2012;2
Landsdel Fyn;28 Maskinindustri;Ansatte;2012;4000
Region Nordjylland;28 Maskinindustri;Løn;2012;99
"""
EUROSTAT = (
    "indic_sb,nace_r2,geo\\TIME_PERIOD\t2010 \t2011 \n"
    "V16110,C10,DK03\t12345 b\t12000 \nV11210,C10,DK03\t200 \t: \nV16110,C10,DK05\t: c\t800 e\n"
    "V16110,C,DK03\t99999 \t99999 \nV16110,C10,DK\t60000 \t60000 \nV12110,C10,DK03\t1 \t2 \n"
)


def read(code, text):
    return read_table(text if isinstance(text, bytes) else text.encode(), table_recipe(code))


class TestStatBank:
    def test_regions_divisions_and_two_units(self):
        found = read("statbank-regions", STATBANK)
        assert found.cells == [
            CellRead(3, "1083", "28", 2012, 12345.0, 210.0),
            CellRead(5, "1081", "28", 2012, None, 2.0, True),
        ]
        assert (found.rows, found.left_out, found.withheld, found.problems) == (7, 3, 1, [])
        assert found.regions == {"1083": "Region Syddanmark", "1081": "Region Nordjylland"}
        assert found.industries == {"28": "Maskinindustri"}

    def test_the_same_file_read_for_landsdele_holds_the_other_rows(self):
        assert [(one.region, one.employment) for one in read("statbank-landsdele", STATBANK).cells] == [
            ("DK031", 4000.0)
        ]

    def test_danish_letters_of_windows_and_a_title_above_the_header(self):
        text = "Ansatte efter område\n\n" + STATBANK
        found = read("statbank-regions", text.encode("cp1252"))
        assert [one.line for one in found.cells] == [5, 7]

    @pytest.mark.parametrize(
        ("line", "column", "value", "why"),
        [
            ("Region Syddanmark;28;Ansatte;2012;mange", "INDHOLD", "mange", "is not a number"),
            ("Region Syddanmark;28;Ansatte;2012;-5", "INDHOLD", "-5", "below 0"),
            ("Region Syddanmark;28;Ansatte;tolv;5", "TID", "tolv", "is not a year"),
            ("Region Syddanmark;28;Ansatte;1066;5", "TID", "1066", "is not a year"),
            ("Region Syddanmark;;Ansatte;2012;5", "BRANCHE07", "", "industry is missing"),
            (";28;Ansatte;2012;5", "OMRÅDE", "", "region is missing"),
        ],
    )
    def test_what_cannot_be_read_is_named_by_row_and_column(self, line, column, value, why):
        (problem,) = read("statbank-regions", f"OMRÅDE;BRANCHE07;ENHED;TID;INDHOLD\n{line}\n").problems
        assert (problem.row, problem.column, problem.value) == (2, column, value)
        assert why in problem.why and problem.mend

    def test_a_cell_that_stands_twice(self):
        twice = STATBANK + "Region Syddanmark;28 Maskinindustri;Ansatte;2012;1\n"
        (problem,) = read("statbank-regions", twice).problems
        assert (problem.row, problem.values) == (9, {"first": 3})

    @pytest.mark.parametrize(
        "text", ["", "a;b\n1;2\n", "\x00\x01", "OMRÅDE;TID\nx;2012\n", "OMRÅDE;BRANCHE07;ENHED;TID;INDHOLD\nHele landet;TOT;Ansatte;2012;1\n"]
    )  # fmt: skip
    def test_a_file_that_is_no_such_table_is_refused_with_a_way_on(self, text):
        with pytest.raises(NotATable) as refused:
            read("statbank-regions", text)
        assert refused.value.mend


JOBS = """OMRÅDE;BRANCHE07;TAL;TID;INDHOLD
{region};28;ARBSTED;2022;210
{region};28;FULDBESK;2022;10980
{region};28;ANSATTE;2022;{jobs}
{region};28;LØNSUM;2022;5200
Hele landet;TOT;ANSATTE;2022;2600000
"""


class TestTheStatBankAsProgramsFetchIt:
    """Headings, codes, measures, byte order mark and line ends as public programs meet them at the StatBank's interface."""

    @pytest.mark.parametrize(
        ("region", "name"), [("083", "083"), ("083 Region Syddanmark", "Region Syddanmark"), ("Region Syddanmark", "Region Syddanmark")]
    )  # fmt: skip
    def test_codes_names_or_both(self, region, name):
        text = "\ufeff" + JOBS.format(region=region, jobs="12345").replace("\n", "\r\n")
        found = read("statbank-regions", text)
        assert found.cells == [CellRead(2, "1083", "28", 2022, 12345.0, 210.0)] and found.regions == {"1083": name}
        assert found.problems == [] and found.left_out == 3, "full-time jobs, wages and the whole country"

    @pytest.mark.parametrize("held", ["..", "..."])
    def test_jobs_that_are_held_back_are_not_full_time_jobs_instead(self, held):
        (cell,) = read("statbank-regions", JOBS.format(region="083", jobs=held)).cells
        assert (cell.employment, cell.withheld, cell.workplaces) == (None, True, 210.0)

    def test_full_time_jobs_where_there_is_nothing_else(self):
        text = "\n".join(line for line in JOBS.format(region="083", jobs="1").splitlines() if "ANSATTE" not in line)
        assert [cell.employment for cell in read("statbank-regions", text).cells] == [10980.0]

    @pytest.mark.parametrize(
        ("number", "value"),
        [
            ("12.345", 12345.0),
            ("1.012.345,5", 1012345.5),
            ("12345,60", 12345.6),
            ("12345.60", 12345.6),
            ("0.500", 0.5),
            ("12 345", 12345.0),
        ],
    )
    def test_a_point_is_a_thousand_or_a_decimal_never_ten_times_as_much(self, number, value):
        assert [cell.employment for cell in read("statbank-regions", JOBS.format(region="083", jobs=number)).cells] == [
            value
        ]

    @pytest.mark.parametrize(
        ("separator", "head"), [(";", "OMRÅDE;BRANCHE07;TAL;TID;INDHOLD"), ("\t", "område\tbranche07\ttal\ttid\tindhold"), (",", "Område,Branche07,Tal,Tid,Indhold")]
    )  # fmt: skip
    def test_any_separator_and_headings_in_any_case(self, separator, head):
        body = JOBS.format(region="083", jobs="12345").splitlines()[1:]
        text = "\n".join([head, *(line.replace(";", separator) for line in body)])
        assert [cell.employment for cell in read("statbank-regions", text.encode("cp1252")).cells] == [12345.0]

    def test_landsdele_by_their_numbers(self):
        text = (
            JOBS.format(region="09", jobs="5") + "10;28;ANSATTE;2022;6\n101;28;ANSATTE;2022;7\n083;28;ANSATTE;2022;8\n"
        )
        assert [(cell.region, cell.employment) for cell in read("statbank-landsdele", text).cells] == [("DK042", 5.0), ("DK041", 6.0)]  # fmt: skip

    def test_a_table_of_ten_groups_is_not_read_as_divisions(self):
        with pytest.raises(NotATable) as refused:
            read("statbank-regions", JOBS.format(region="083", jobs="5").replace("BRANCHE07", "BRANCHEDB0710"))
        assert "BRANCHEDB0710" in refused.value.values["columns"]

    def test_a_file_without_employment_says_what_it_holds(self):
        with pytest.raises(NotATable) as refused:
            read("statbank-regions", "OMRÅDE;BRANCHE07;TAL;TID;INDHOLD\n083;28;LØNSUM;2022;5\n")
        assert refused.value.values["values"] == "LØNSUM" and "ANSATTE" in refused.value.values["known"]

    @pytest.mark.parametrize("number", ["1,500.5", "12,345,678", "1.50.000", "1.5,5"])
    def test_a_number_with_another_sign_before_its_decimals_is_never_guessed(self, number):
        found = read("statbank-regions", JOBS.format(region="083", jobs=number))
        assert [(one.value, one.why) for one in found.problems] == [
            (number, "“%(value)s” is not a number with “%(sign)s” before its decimals, as the recipe says.")
        ]

    @pytest.mark.parametrize(
        ("first", "second", "named"),
        [
            ("1.500", "50.5", (4, "50.5", "1.500", 2)),
            ("50.5", "1.500", (2, "50.5", "1.500", 4)),
            ("1.500.000", "1234.567", (4, "1234.567", "1.500.000", 2)),
            ("1,500", ".5", (4, ".5", "1,500", 2)),
        ],
    )
    def test_a_column_written_in_two_ways_is_refused_with_both_cells(self, first, second, named):
        text = JOBS.format(region="083", jobs=second).replace("ARBSTED;2022;210", f"ARBSTED;2022;{first}")
        (problem,) = read("statbank-regions", text).problems
        assert (problem.row, problem.value, problem.values["said"], problem.values["other"]) == named
        assert problem.column == "INDHOLD" and "written otherwise" in problem.why and "1500 and 50,5" in problem.mend

    @pytest.mark.parametrize(("first", "second"), [("1.500", "50,5"), ("1500.5", "50.5"), ("1.500", "1500"), ("1 500.5", "50.5")])  # fmt: skip
    def test_a_column_written_in_one_way_is_read(self, first, second):
        text = JOBS.format(region="083", jobs=second).replace("ARBSTED;2022;210", f"ARBSTED;2022;{first}")
        found = read("statbank-regions", text)
        assert not found.problems and len(found.cells) == 1

    def test_codes_that_lost_their_zeros_in_a_spreadsheet_are_said_not_left_out(self):
        whole = STATBANK + "Region Syddanmark;1 Landbrug;Ansatte;2012;50\n"
        (lost,) = read("statbank-regions", whole).problems
        assert (lost.row, lost.column, lost.value) == (9, "BRANCHE07", "1 Landbrug") and "leading zero" in lost.why
        beside = read("statbank-regions", whole + "Region Syddanmark;01 Landbrug;Ansatte;2012;50\n")
        assert not beside.problems and "01" in beside.industries  # a sum of ten groups beside divisions is left out
        regions = read("statbank-regions", JOBS.format(region="83", jobs="5"))
        assert {one.value for one in regions.problems} == {"83"} and not regions.cells

    @pytest.mark.parametrize("coding", ["utf-16", "utf-16-le", "utf-16-be"])
    def test_unicode_text_of_a_spreadsheet_is_read(self, coding):
        mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(coding, b"")
        found = read("statbank-regions", mark + STATBANK.encode(coding))
        assert found.cells == read("statbank-regions", STATBANK).cells

    def test_headings_alone_are_said_so(self):
        with pytest.raises(NotATable) as refused:
            read("statbank-regions", STATBANK.splitlines()[0] + "\n")
        assert refused.value.why == "No row stands under the headings."

    def test_a_file_that_does_not_say_what_it_counts_is_refused(self):
        with pytest.raises(NotATable) as refused:
            read("statbank-regions", "OMRÅDE;BRANCHE07;TID;INDHOLD\n083;28;2022;5\n")
        assert refused.value.values["missing"] == "ENHED / TAL"


class TestEurostat:
    def test_years_across_keys_in_one_column_and_flags(self):
        found = read("eurostat-nuts2", EUROSTAT)
        assert found.cells == [
            CellRead(2, "DK03", "10", 2010, 12345.0, 200.0),
            CellRead(2, "DK03", "10", 2011, 12000.0, None),
            CellRead(4, "DK05", "10", 2010, None, None, True),
            CellRead(4, "DK05", "10", 2011, 800.0, None),
        ]
        assert found.left_out == 3, "a section, the country and another unit"

    def test_another_layout_is_refused(self):
        with pytest.raises(NotATable):
            read("eurostat-nuts2", STATBANK)

    @pytest.mark.parametrize(
        ("head", "jobs", "units"),
        [
            ("freq,nace_r2,indic_sb,geo\\TIME_PERIOD", "V16110", "V11210"), ("freq,nace_r2,indic_sbs,geo\\TIME_PERIOD", "EMP_LOC_NR", "LOC_NR"),
            ("FREQ,NACE_R2,INDIC_SBS,GEO/TIME_PERIOD", "EMP_LOC_NR", "LOC_NR"), ("freq,nace_r2,indic_sb,geo\\time", "V16110", "V11210"),
        ],
    )  # fmt: skip
    def test_the_keys_of_both_its_tables_in_either_writing(self, head, jobs, units):
        found = read(
            "eurostat-nuts2", f"{head}\t2021 \t2022 \nA,C28,{jobs},DK03\t900 \t: \nA,C28,{units},DK03\t12 p\t13 \n"
        )
        assert [(cell.year, cell.employment, cell.workplaces) for cell in found.cells] == [
            (2021, 900.0, 12.0),
            (2022, None, 13.0),
        ]
        assert found.problems == []

    @pytest.mark.parametrize(
        ("text", "value", "held"),
        [
            ("120 b", 120.0, False), ("120 bep", 120.0, False), ("120p", 120.0, False), ("0 n", 0.0, False), ("120.5 e", 120.5, False), ("120 N", None, True), (": C", None, True),
            (": c", None, True), (":c", None, True), (": cu", None, True), (": N", None, True), (": P", None, True), ("120 c", None, True),
        ],
    )  # fmt: skip
    def test_flags_old_and_new(self, text, value, held):
        """Since January 2025 confidentiality is a capital: P is secret, p provisional; N not for publication, n not significant."""
        found = read("eurostat-nuts2", f"freq,nace_r2,indic_sb,geo\\TIME_PERIOD\t2021 \nA,C28,V16110,DK03\t{text}\n")
        assert [(cell.employment, cell.withheld) for cell in found.cells] == [(value, held)] and found.problems == []

    @pytest.mark.parametrize("text", [":", ": u", ": m", ": z", ""])
    def test_what_is_not_available_is_no_cell(self, text):
        found = read(
            "eurostat-nuts2", f"freq,nace_r2,indic_sb,geo\\TIME_PERIOD\t2021\t2022\nA,C28,V16110,DK03\t{text}\t5\n"
        )
        assert [cell.year for cell in found.cells] == [2022] and found.problems == []

    @pytest.mark.parametrize("region", ["EU28", "EA19", "EFTA", "DK", "DK031", "DKZZ", "EU27_2020"])
    def test_sums_and_no_region_are_left_out(self, region):
        rows = f"A,C28,V16110,DK03\t5\nA,C28,V16110,{region}\t99999\n"
        found = read("eurostat-nuts2", f"freq,nace_r2,indic_sb,geo\\TIME_PERIOD\t2021\n{rows}")
        assert [cell.region for cell in found.cells] == ["DK03"] and found.left_out == 1


def qcew(**changed):
    row = {"area_fips": "01000", "own_code": 5, "industry_code": "336411", "agglvl_code": 58, "year": 2019, "disclosure_code": None, "annual_avg_estabs": 7, "annual_avg_emplvl": 900}  # fmt: skip
    rows = [row, {**row, "own_code": 1}, {**row, "agglvl_code": 57}, {**row, "area_fips": "02000", "disclosure_code": "N"}, {**row, **changed}]  # fmt: skip
    out = io.BytesIO()
    pq.write_table(pa.table({name: [one[name] for one in rows] for name in row}), out)
    return out.getvalue()


def test_american_states_private_owners_and_six_digits_only():
    found = read("us-qcew-states", qcew(area_fips="04000", annual_avg_emplvl=12))
    assert found.cells == [
        CellRead(1, "01000", "336411", 2019, 900.0, 7.0),
        CellRead(4, "02000", "336411", 2019, None, None, True),
        CellRead(5, "04000", "336411", 2019, 12.0, 7.0),
    ]
    assert found.left_out == 2


def test_parquet_that_is_none_is_refused():
    for content in (STATBANK.encode(), b"PAR1 and then nothing", qcew()[:200]):
        with pytest.raises(NotATable):
            read("us-qcew-states", content)


def test_a_town_is_taken_out_of_its_nation():
    text = "WZ2008_Code,WZ2008_Name,Goettingen2008,BRD2008\nA-R,Insgesamt,100,1000\nA,Land,44,215\nC,Verarb,60,50\n"
    found = read("de-goettingen", text)
    assert {(one.region, one.industry): one.employment for one in found.cells} == {
        ("Goettingen", "A"): 44, ("DE-rest", "A"): 171, ("Goettingen", "C"): 60, ("DE-rest", "C"): 0,
    }  # fmt: skip


def test_plants_are_counted_and_their_employees_added():
    (cell,) = read("plants", "region,industry,firm,emp_firm\n1.0,Forestry,F1,10\n1.0,Forestry,F2,20\n").cells
    assert (cell.region, cell.employment, cell.workplaces) == ("1", 30.0, 2.0)


@pytest.mark.parametrize(
    ("code", "file", "regions", "industries", "years"),
    [
        ("us-qcew-states", "us_qcew/qcew_state_naics_2019.parquet", 51, 1046, [2019]),
        ("de-states-sections", "regional_panels/reat_G.regions.emp.csv.gz", 16, 10, list(range(2008, 2015))),
        ("de-states-firms", "regional_panels/reat_G.regions.industries.csv.gz", 16, 17, [2015]),
        ("de-goettingen", "regional_panels/reat_Goettingen.csv.gz", 2, 14, list(range(2008, 2018))),
        ("plants", "regional_panels/reat_FK2014_EGC.csv.gz", 3, 4, [2014]),
    ],
)
def test_the_real_files_are_read_whole(code, file, regions, industries, years):
    path = SHARED / file
    if not path.is_file():
        pytest.skip(f"no shared data at {path}: set KLYNGEFORUM_SHARED_DATA")
    found = read(code, path.read_bytes())
    assert (len(found.regions), len(found.industries), found.years, found.problems) == (regions, industries, years, [])


class TestRecipes:
    def test_every_recipe_is_read_and_says_where_it_is_from(self):
        assert {"statbank-regions", "eurostat-nuts2", "us-qcew-states"} <= {one.code for one in table_recipes()}
        assert all(one.source and one.note.da and one.note.en for one in table_recipes())

    @pytest.mark.parametrize(
        ("changed", "why"),
        [
            ({"format": "pdf"}, "format is 'pdf'"),
            ({"columns": {"place": "x"}}, "a column is 'place'"),
            ({"columns": {"region": "r", "year": "y"}}, "industry is missing"),
            ({"columns": {"region": "r", "industry": "i"}}, "nothing says the year"),
            ({"unit": "kroner"}, "unit is 'kroner'"),
            ({"industries": {"pattern": "("}}, "cannot be read"),
        ],
    )
    def test_a_recipe_that_cannot_be_used_says_why(self, changed, why):
        raw = {
            "code": "x", "da": "x", "en": "x", "source": "x", "provenance": "inferred", "note_da": "x", "note_en": "x", "format": "csv",
            "classification": "DB07", "columns": {"region": "r", "industry": "i", "year": "y", "employment": "e"},
        }  # fmt: skip
        assert read_recipe(raw, "x.toml").code == "x"
        with pytest.raises(ProgrammeError, match=why.replace("(", r"\(")):
            read_recipe({**raw, **changed}, "x.toml")

    def test_a_file_without_a_named_column_says_which(self):
        recipe = replace(table_recipe("de-states-firms"), columns={"industry": ("ind_code",), "year": ("year",), "employment": ("people",)})  # fmt: skip
        with pytest.raises(NotATable, match="people"):
            read_table(b"ind_code,year\nA,2012\n", recipe)
