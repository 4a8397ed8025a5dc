"""The check finds each fault, names its column and rows, and counts how companies come and go."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klyngeanalyse.core.engines import DuckEngine
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.panel.check import check
from klyngeanalyse.panel.report import MENDS
from klyngeanalyse.panel.schema import PanelSchema

SCHEMA = PanelSchema(
    outcomes=("fte",),
    first_participation="first",
    industry="db07",
    industry_version="version",
    organisation="body",
)


@pytest.fixture
def engine():
    engine = DuckEngine()
    yield engine
    engine.close()


def rows(**changed):
    """Two companies, three years; `changed` replaces a whole column."""
    made = {
        "company": ["a", "a", "a", "b", "b", "b"],
        "year": [2010, 2011, 2012] * 2,
        "fte": [10.0, 11.0, 12.0, 5.0, 5.0, 6.0],
        "first": [2011, 2011, 2011, None, None, None],
        "db07": ["011"] * 6,
        "version": ["DB07"] * 6,
        "body": ["mc"] * 3 + [None] * 3,
    }
    return pa.table({**made, **changed})


def checked(engine, **changed):
    engine.put("p", rows(**changed))
    return check(engine, "p", SCHEMA)


def test_a_sound_panel(engine):
    report = checked(engine)
    assert report.sound and report.balanced and report.demand() is report
    assert (report.n_rows, report.n_companies, report.n_treated) == (6, 2, 1)
    assert (report.n_entries, report.n_exits, report.n_gaps) == (0, 0, 0)
    assert "2012" in str(report) and report.chart()["data"]["values"]


@pytest.mark.parametrize(
    ("code", "count", "changed"),
    [
        ("duplicate", 1, {"year": [2010, 2010, 2012, 2010, 2011, 2012]}),
        ("empty", 1, {"company": [None, "a", "a", "b", "b", "b"]}),
        ("not_numeric", 2, {"fte": ["1", "x", "3", "4", "five", None]}),
        ("not_numeric", 6, {"fte": [True] * 6}),
        ("not_finite", 2, {"fte": [1.0, float("nan"), float("inf"), 1.0, 1.0, 1.0]}),
        ("negative", 1, {"fte": [-1.0, 1.0, 1.0, 1.0, 1.0, 1.0]}),
        ("participation_varies", 1, {"first": [2011, 2012, 2011, None, None, None]}),
        ("participation_varies", 1, {"first": [2011, None, 2011, None, None, None]}),
        ("participation_not_a_year", 1, {"first": [2011.5, 2011.0, 2011.0, None, None, None]}),
        ("participation_not_a_year", 3, {"first": ["x", "x", "x", None, None, None]}),
        ("mixed_versions", 2, {"version": ["DB07", "DB07", "DB25", "DB07", "DB07", "DB25"]}),
        ("version_missing", 1, {"version": ["DB07", None, "DB07", "DB07", "DB07", "DB07"]}),
        ("lost_zero", 6, {"db07": [11] * 6}),
        ("organisation_without_participation", 1, {"body": ["mc"] * 4 + [None] * 2}),
    ],
)
def test_each_fault_is_found_counted_and_has_a_mend(engine, code, count, changed):
    report = checked(engine, **changed)
    found = {fault.code: fault for fault in report.faults}
    assert found[code].count == count and found[code].rows and found[code].mend == MENDS[code]
    if found[code].grave:
        with pytest.raises(Unfit, match="column"):
            report.demand()


def test_the_error_names_column_rows_and_mend(engine):
    with pytest.raises(Unfit) as said:
        checked(engine, fte=[-1.0, 1.0, 1.0, 1.0, 1.0, -3.0]).demand()
    assert str(said.value).startswith("negative · column fte, 2 rows, first a/2010/-1.0, b/2012/-3.0")
    assert "signed" in str(said.value)


def test_missing_columns_and_odd_years_are_refused(engine):
    engine.put("p", rows().drop_columns(["fte", "body"]))
    with pytest.raises(Unfit, match=r"no column fte \(fte\), body \(organisation\)"):
        check(engine, "p", SCHEMA)
    engine.put("p", rows(year=["2010", "2011", "2012"] * 2))
    with pytest.raises(Unfit, match="year is string"):
        check(engine, "p", SCHEMA)
    engine.put("p", rows().slice(0, 0))
    with pytest.raises(Unfit, match="no rows"):
        check(engine, "p", SCHEMA)


def test_signed_outcomes_may_be_negative_and_schemas_refuse_nonsense(engine):
    engine.put("p", rows(fte=[-1.0] * 6))
    assert check(engine, "p", PanelSchema(outcomes=("fte",), signed=("fte",))).sound
    with pytest.raises(Unfit, match="not among the outcomes"):
        PanelSchema(outcomes=("fte",), signed=("profit",))
    with pytest.raises(Unfit, match="named twice"):
        PanelSchema(outcomes=("fte",), region="fte")
    with pytest.raises(Unfit, match="unknown field firm"):
        PanelSchema.of({"firm": "cvr"})
    assert PanelSchema.of({"company": "cvr", "outcomes": ["fte"]}) == PanelSchema(company="cvr", outcomes=("fte",))


@settings(deadline=None, max_examples=25)
@given(st.sets(st.tuples(st.integers(0, 8), st.integers(2000, 2006)), min_size=1, max_size=40), st.randoms())
def test_entries_exits_and_gaps_equal_a_plain_count_in_any_order(seen, chance):
    order = list(seen)
    chance.shuffle(order)
    engine = DuckEngine()
    engine.put("p", pa.table({"company": [c for c, _ in order], "year": [y for _, y in order]}))
    report = check(engine, "p", PanelSchema())
    engine.close()
    first, last = min(y for _, y in seen), max(y for _, y in seen)
    years = {c: sorted(y for d, y in seen if d == c) for c, _ in seen}
    assert report.n_entries == sum(of[0] > first for of in years.values())
    assert report.n_exits == sum(of[-1] < last for of in years.values())
    inside = {y for _, y in seen}
    assert report.n_gaps == sum(sum(of[0] < y < of[-1] for y in inside) - len(of[1:-1]) for of in years.values())


def test_names_with_spaces_and_danish_letters(engine):
    table = pa.table({"cvr nr": [1, 2], "år": [2010, 2010], "omsætning kr.": np.array([1.0, -2.0])})
    engine.put("p", table)
    report = check(engine, "p", PanelSchema(company="cvr nr", year="år", outcomes=("omsætning kr.",)))
    assert [fault.code for fault in report.faults] == ["negative"]


@pytest.mark.parametrize("filed", [False, True])
def test_what_is_no_number_is_none_in_a_file_too(engine, tmp_path, filed):
    """A file says of its least and largest values nothing of NaN: no filter may believe that there is none. Who never takes part
    may have NaN for a year, and is not counted among those who do."""
    nan = float("nan")
    table = rows(first=[2011.0] * 3 + [nan] * 3, fte=[10.0, nan, 12, 5, 5, 6], body=["mc"] * 6)
    if filed:
        pq.write_table(table, tmp_path / "p.parquet")
        engine.open("p", tmp_path / "p.parquet")
    else:
        engine.put("p", table)
    report = check(engine, "p", SCHEMA)
    assert report.n_treated == 1
    assert [(fault.code, fault.column, fault.count) for fault in report.faults] == [
        ("not_finite", "fte", 1),
        ("organisation_without_participation", "body", 3),
    ]
