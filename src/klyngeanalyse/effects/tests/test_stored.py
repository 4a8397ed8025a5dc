"""A panel in a Parquet file is read as it stands and says what the same panel says through DuckDB, which is not even started."""

import subprocess
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from klyngeanalyse.core.engines import DuckEngine, as_arrow
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.stored import Stored
from klyngeanalyse.effects import ordered
from klyngeanalyse.effects.design import Design
from klyngeanalyse.effects.gathering import gather
from klyngeanalyse.effects.tests.data import PANEL, staggered
from klyngeanalyse.effects.tests.test_ordered import same
from klyngeanalyse.panel.schema import PanelSchema


@pytest.fixture
def engine():
    engine = DuckEngine()
    yield engine
    engine.close()


def started(engine):
    return "connection" in vars(engine)


def filed(path, table, **how):
    table = as_arrow(table)
    for name, kind in (("company", pa.uint32()), ("year", pa.int16())):
        if pa.types.is_integer(table.schema.field(name).type):
            table = table.set_column(table.schema.get_field_index(name), name, table.column(name).cast(kind))
    pq.write_table(table, path, **how)
    return path


def through_duckdb(path, schema, design):
    """The same file by a name that hides that it is one."""
    engine = DuckEngine()
    engine.open("f", path)
    engine.run("create view p as select * from f")
    assert engine.stored("p") is None
    try:
        return gather(engine, "p", schema, design)
    finally:
        engine.close()


@pytest.mark.parametrize("missing", [0.0, 0.12])
@pytest.mark.parametrize("design", [Design(), Design(codes=("size",), anticipation=1)])
@pytest.mark.parametrize("batch", [61, 1_000_000])
def test_the_file_and_duckdb_say_the_same(tmp_path, engine, monkeypatch, missing, design, batch):
    monkeypatch.setattr(ordered, "BATCH", batch)
    table = staggered(90, seed=31, missing=missing)
    first = np.asarray(table["first"])
    table["first"] = pa.array([None if one == 0 else int(one) for one in first])  # nobody's year is empty in a register
    table["w"] = np.asarray(table["y"], dtype=np.float32)
    schema = PanelSchema(outcomes=("y", "w"), first_participation="first")
    path = filed(tmp_path / "panel.parquet", table, row_group_size=101)
    engine.open("p", path)
    found = gather(engine, "p", schema, design)
    assert not started(engine)
    same(found, through_duckdb(path, schema, design))


def test_nothing_is_asked_of_an_engine_that_is_not_loaded(tmp_path):
    path = filed(tmp_path / "panel.parquet", staggered(60, seed=32))
    said = (
        "import sys; from klyngeanalyse.core.engines import DuckEngine; from klyngeanalyse.effects.design import Design;"
        "from klyngeanalyse.effects.grouptime import group_time; from klyngeanalyse.panel.schema import PanelSchema;"
        "engine = DuckEngine(); engine.open('p', sys.argv[1]);"
        "group_time(engine, 'p', PanelSchema(outcomes=('y',), first_participation='first'), Design());"
        "engine.close(); sys.exit('duckdb' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", said, str(path)], check=False).returncode == 0


@pytest.mark.parametrize(
    ("column", "change", "word"),
    [
        ("company", lambda one: pa.array([None if x == 2 else int(x) for x in one]), "empty"),
        ("year", lambda one: pa.array([None if at == 5 else int(x) for at, x in enumerate(one)]), "empty"),
        ("y", lambda one: np.where(np.arange(len(one)) == 7, np.inf, one), "infinite"),
        ("y", lambda one: pa.array([str(x) for x in one]), "column y is"),
        ("year", lambda one: np.where(np.arange(len(one)) == 8, one[7], one), "twice"),
    ],
)
def test_what_is_wrong_in_a_file_is_said_as_of_any_table(tmp_path, engine, column, change, word):
    table = staggered(40, seed=33)
    table[column] = change(np.asarray(table[column]))
    engine.open("p", filed(tmp_path / "panel.parquet", table))
    with pytest.raises(Unfit, match=word):
        gather(engine, "p", PANEL, Design())


def test_a_file_that_tells_nothing_of_itself_is_asked(tmp_path, engine):
    table = staggered(50, seed=34)
    path = filed(tmp_path / "silent.parquet", table, write_statistics=False)
    assert Stored.at(path).range("year") is None
    engine.open("p", path)
    same(gather(engine, "p", PANEL, Design()), through_duckdb(path, PANEL, Design()))
    assert started(engine)


def test_columns_with_parts_of_their_own_move_no_other(tmp_path, engine):
    """What a file says of a column is found by its name: a struct has two places in the file and one in the table."""
    table = as_arrow(staggered(50, seed=36))
    parts = pa.array([{"low": -5, "high": 9_999}] * table.num_rows)
    path = filed(tmp_path / "panel.parquet", table.add_column(0, "parts", parts))
    found = Stored.at(path)
    assert (found.range("year").low, found.range("year").high) == (2010, 2015) and found.range("nowhere") is None
    engine.open("p", path)
    same(gather(engine, "p", PANEL, Design()), through_duckdb(path, PANEL, Design()))


@pytest.mark.parametrize("asked_before", [True, False])
@pytest.mark.parametrize("way", ["run", "keep", "put", "open"])
def test_a_name_that_stands_for_something_else_now_is_not_read_from_the_old_file(tmp_path, engine, way, asked_before):
    path = filed(tmp_path / "panel.parquet", staggered(50, seed=35))
    engine.open("p", path)
    if asked_before:
        assert engine.arrow("select count(distinct company) as n from p").to_pylist() == [{"n": 50}]
    assert gather(engine, "p", PANEL, Design()).n.sum() == 50
    some = f"select * from read_parquet('{path}') where company < 30"
    if way == "run":
        engine.run(f"create or replace view P as {some}")
    elif way == "keep":
        engine.keep("p", some)
    elif way == "put":
        engine.put("p", as_arrow(staggered(30, seed=35)))
    else:
        engine.open("p", filed(tmp_path / "other.parquet", staggered(30, seed=35)))
    assert gather(engine, "p", PANEL, Design()).n.sum() == 30
    assert engine.arrow("select count(distinct company) as n from p").to_pylist() == [{"n": 30}]


def test_what_is_no_parquet_is_refused_when_it_is_opened(tmp_path, engine):
    (tmp_path / "panel.parquet").write_bytes(b"company;year\n1;2010\n")
    with pytest.raises(Unfit, match="cannot be read"):
        engine.open("p", tmp_path / "panel.parquet")
    with pytest.raises(Unfit, match="memory 'much'"):
        DuckEngine(memory="much")
