"""A file is looked at: what it holds in words and numbers of many, what is wrong with the mend, and never a company's own value. No database."""

from __future__ import annotations

import gzip
import io
from hashlib import sha256

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from klyngeforum.ground.verdict import Refused
from klyngeforum.results.effects.panels import look
from klyngeforum.results.effects.terms import Holds

HEAD = "company;year;fte;industry;region;exporter;place\n"
ROWS = [f"{71_000_000 + nth};{year};{nth % 37},{year % 10};{nth % 4:02d};108{nth % 5};ja;Søby\n" for nth in range(60) for year in (2010, 2011)]  # fmt: skip
TEXT = HEAD + "".join(ROWS)


@pytest.fixture
def seen(tmp_path):
    def of(content: bytes | str):
        folder = tmp_path / sha256(content if isinstance(content, bytes) else content.encode()).hexdigest()[:12]
        (folder / "own").mkdir(parents=True)
        (folder / "sent").write_bytes(content if isinstance(content, bytes) else content.encode())
        return look(folder / "sent", folder / "own", 5)

    return of


def parquet(**columns) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file)
    return file.getvalue()


def wrong(seen, content) -> str:
    """Why it is no extract, however it was found out."""
    try:
        return " ".join(one.words() for one in seen(content)[0].problems)
    except Refused as refused:
        return str(refused)


def test_a_csv_is_read_by_what_its_columns_hold(seen):
    found, told = seen(TEXT)
    assert (found.rows, found.companies, found.first_year, found.last_year, found.problems) == (120, 60, 2010, 2011, ())
    kinds = {one.name: one.holds for one in found.columns}
    assert kinds == {"company": Holds.WHOLE, "year": Holds.WHOLE, "fte": Holds.NUMBER, "industry": Holds.TEXT, "region": Holds.TEXT, "exporter": Holds.TRUTH, "place": Holds.TEXT}  # fmt: skip
    table = pq.read_table(told)
    assert table.column("fte").to_pylist()[:3] == [0.0, 0.1, 1.0] and table.column("industry")[2].as_py() == "01"
    assert table.column("company").to_pylist() == sorted(table.column("company").to_pylist())


def test_the_same_rows_are_the_same_file_however_they_were_sent(seen):
    turned = HEAD + "".join(reversed(ROWS))
    tabbed = TEXT.replace(";", "\t")
    ways = [TEXT, gzip.compress(TEXT.encode()), TEXT.encode("latin-1"), TEXT.encode("utf-16"), TEXT.encode("utf-8-sig"), TEXT.replace("\n", "\r\n"), turned, tabbed]  # fmt: skip
    assert len({seen(one)[0].checksum for one in ways}) == 1


def test_another_encoding_is_said(seen):
    assert "read as Latin-1" in seen(TEXT.encode("latin-1"))[0].remarks[0].words()
    assert "UTF-16" in seen(TEXT.encode("utf-16"))[0].remarks[0].words()
    assert seen(TEXT)[0].remarks == ()


def test_a_parquet_file_is_kept_as_it_came(seen):
    content = parquet(company=[1, 2], year=[2012, 2012], fte=[1.5, None])
    found, told = seen(content)
    assert told.name == "sent" and found.checksum == sha256(content).hexdigest()
    assert [(one.holds, one.empty) for one in found.columns] == [(Holds.WHOLE, 0), (Holds.WHOLE, 0), (Holds.NUMBER, 1)]


def test_years_that_are_text_become_numbers_and_other_numbers_in_text_are_said(seen):
    found, told = seen(parquet(company=["1", "2"], year=["2012", "2013"], fte=["1,5", "2"]))
    assert (found.first_year, found.last_year) == (2012, 2013)
    assert pq.read_table(told).column("year").to_pylist() == [2012, 2013]
    said = {one.name: " ".join(remark.words() for remark in one.remarks) for one in found.columns}
    assert "stored as text, read as numbers" in said["year"] and "no study can measure" in said["fte"]
    assert said["company"] == ""


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (TEXT.replace("company", "CVR-nr", 1), "If “CVR-nr” is it, call it company"),
        (TEXT.replace("year", "Årstal", 1), "If “Årstal” is it, call it year"),
        (TEXT.replace("company", "firma", 1), "no column company"),
        ("".join(ROWS), "it is no header"),
        ("", "The file is empty"),
        (HEAD, "The file is empty"),
        (TEXT + ROWS[0] * 2, "2 rows stand twice for the same company and year"),
        (bytes(range(256)) * 9, "neither CSV nor Parquet"),
        (gzip.compress(bytes(range(256)) * 9), "neither CSV nor Parquet"),
        (b"PK\x03\x04" + b"x" * 90, "save the sheet as CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 90, "save the sheet as CSV"),
        (TEXT.encode("cp850"), "neither in UTF-8 nor in Latin-1"),
        (TEXT.encode() + "71000099;2012;1,0;01;1081;ja;Søby\n".encode("latin-1"), "Line 122 is not written in UTF-8"),
        (TEXT + "71000099;2012\n", "Line 122 has more or fewer values"),
        (TEXT + "71000099;2012Q1;1,0;01;1081;ja;Søby\n", "something else than a year in 1 rows"),
        (TEXT + "71000099;201201;1,0;01;1081;ja;Søby\n", "something else than a year in 1 rows"),
        (TEXT + ";2012;1,0;01;1081;ja;Søby\n", "1 rows have no company or no year"),
        (TEXT + "71000099;2012;1.5;01;1081;ja;Søby\n", "“fte” it cannot be told"),
        (TEXT.replace("region", "industry", 1), "Two columns are called “industry”"),
        (TEXT.replace("region", "", 1), "Column 5 has no name"),
        (gzip.compress(TEXT.encode())[:-20], "packed file is damaged"),
        (parquet(company=[1, 2], year=[2012, 2012])[:-30], "Parquet file is damaged"),
        (parquet(company=[1], year=["tolv"]), "something else than a year in 1 rows"),
        (parquet(company=[1], year=[True]), "something else than a year in 1 rows"),
        (parquet(company=[1.0], year=[2012]), "neither whole numbers nor text"),
        (parquet(firm=[1], year=[2012]), "no column company"),
        (parquet(company=[1, 1, 1], year=[2012] * 3), "2 rows stand twice"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_the_mend_and_without_a_value(seen, content, said):
    words = wrong(seen, content)
    assert said in words
    for value in ("71000", "Søby", "2012Q1", "201201", "tolv", "1081"):
        assert value not in words


def test_a_bomb_is_not_unpacked(seen, monkeypatch):
    monkeypatch.setattr("klyngeforum.results.effects.unpacking.MOST_UNPACKED", 2 << 20)
    assert "larger than 40 GB" in wrong(seen, gzip.compress((HEAD + " " * (4 << 20)).encode()))


def test_numbers_lie_between_what_no_single_company_has(seen):
    """The largest and the smallest are many companies' at least, rounded; who may be identified by a number has none."""
    n = 40
    content = parquet(
        company=list(range(n)), year=[2012] * n, fte=[*(float(nth) for nth in range(n - 1)), 98_765.0], plant=[10_000_001 + nth for nth in range(n)],
        rare=[1234.0, *[None] * (n - 1)],
    )  # fmt: skip
    between = {one.name: (one.low, one.high) for one in seen(content)[0].columns}
    assert between["fte"] == (4.0, 35.0)  # the fifth from below (4) and from above (35)
    assert between["plant"] == between["rare"] == between["company"] == between["year"] == (None, None)


def test_a_company_with_many_years_counts_once_at_the_edge(seen):
    """Ten years of the largest company do not make its size that of many."""
    content = parquet(
        company=[nth for nth in range(20) for _ in range(10)], year=[2000 + nth for _ in range(20) for nth in range(10)],
        fte=[9_999.0 if nth == 19 else float(nth) for nth in range(20) for _ in range(10)],
    )  # fmt: skip
    fte = seen(content)[0].columns[2]
    assert (fte.low, fte.high) == (4.0, 15.0)


def test_what_is_no_number_in_a_file_with_types_is_empty_and_what_is_infinite_is_told(seen):
    """R and Polars write NaN where nothing is; the file's own statistics say nothing of it."""
    nan, inf = float("nan"), float("inf")
    fte = [nan, 1.5, None, *[2.5] * 17]
    found, _ = seen(
        parquet(company=list(range(20)), year=[2012] * 20, fte=fte, sales=[inf, -inf, *[1.0] * 18], staff=[1] * 20)
    )
    columns = {one.name: one for one in found.columns}
    assert (columns["fte"].filled, columns["fte"].empty) == (18, 2)
    assert [one.words() for one in columns["fte"].remarks] == ["NaN stands where nothing is; read as empty."]
    assert (columns["sales"].filled, columns["sales"].empty) == (20, 0)
    assert [one.words() for one in columns["sales"].remarks] == [
        "1–4 values are infinite: a study that asks for the column is refused. Leave them empty in the file."
    ]
    assert not columns["staff"].remarks and columns["staff"].filled == 20
