"""klyngeanalyse schedule: from files as people save them to a folder with the plan, and to a new plan after a cancellation."""

import csv
import json
import subprocess
import sys

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from klyngeanalyse import cli
from klyngeanalyse.cli import reading
from klyngeanalyse.cli.tests.test_front import SRC, WITHOUT_DJANGO
from klyngeanalyse.core.errors import Unfit

WISHES = "who;whom;weight\nÆrø;Åse;3\nÆrø;007;1,5\n007;Bo;2\nBo;Åse;1\n"


@pytest.fixture
def files(tmp_path):
    said = {
        "wishes.csv": "\ufeff" + WISHES,
        "people.csv": "person,away,most,side\n007,2 3,,\nBo,,2,\nGuest,,,\n",
        "slots.csv": "slot,break,tables\n1,,2\n2,no,2\npause,yes,\n3,,1\n",
        "tables.csv": "table,x,y\nwindow,0,0\ndoor,30,0\n",
        "vetoes.csv": "who,whom\nBo,Åse\n",
    }
    for name, text in said.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def _run(files, *words):
    given = [str(files / word) if word.endswith(".csv") or word in ("o", "p") else word for word in words]
    return cli.main(["schedule", *given, "--quiet"])


def _rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ALL = ("--slots", "slots.csv", "--people", "people.csv", "--tables", "tables.csv", "--vetoes", "vetoes.csv")


def test_from_wishes_to_a_folder_with_the_plan(files):
    assert _run(files, "wishes.csv", *ALL, "--out", "o") == 0
    meetings = _rows(files / "o/plan.csv")
    assert {(row["one"], row["other"]) for row in meetings} >= {("Åse", "Ærø"), ("007", "Bo")}
    assert all(row["slot"] == "1" for row in meetings if "007" in (row["one"], row["other"]))
    assert all(row["table"] in ("window", "door") for row in meetings)
    why = {(row["who"], row["whom"]): row["why"] for row in _rows(files / "o/unmet.csv")}
    assert why[("Bo", "Åse")] == "veto"
    record = json.loads((files / "o/result.json").read_text(encoding="utf-8"))
    assert record["results"]["summary"]["value"] <= record["results"]["summary"]["bound"]
    assert record["results"]["summary"]["n_people"] == 5 and record["results"]["summary"]["n_slots"] == 4


def test_a_new_plan_after_a_cancellation_keeps_the_others(files):
    _run(files, "wishes.csv", "--slots", "3", "--out", "o")
    before = {(row["one"], row["other"]): (row["slot"], row["table"]) for row in _rows(files / "o/plan.csv")}
    words = ("wishes.csv", "--slots", "3", "--earlier", "o/plan.csv", "--cancelled", "Bo", "--out", "p")
    assert _run(files, *words) == 0
    after = {(row["one"], row["other"]): (row["slot"], row["table"]) for row in _rows(files / "p/plan.csv")}
    assert after == {pair: place for pair, place in before.items() if "Bo" not in pair}
    assert json.loads((files / "p/result.json").read_text(encoding="utf-8"))["results"]["plan"]["n_lost"] == 2


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("none.csv", "--slots", "3"), "no file"),
        (("people.csv", "--slots", "3"), "no column who, whom · people.csv · it has person, away, most, side"),
        (("wishes.csv", "--slots", "3", "--moves", "1"), "--moves without --earlier"),
        (("wishes.csv", "--slots", "0"), "slots must have names"),
        (("wishes.csv", "--slots", "3", "--cancelled", "Nobody"), "unknown person Nobody"),
        (("wishes.csv", "--slots", "3", "--vetoes", "people.csv"), "no column who, whom"),
    ],
)
def test_nonsense_is_one_line(files, capsys, words, line):
    assert _run(files, *words, "--out", "o") == 1
    said = capsys.readouterr().err
    assert line in said and said.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("wishes.csv", "who,whom,weight\na,b,much\n", "'much' is not a number · wishes.csv, column weight, row 2"),
        ("wishes.csv", "who,whom\na,\nb,c\n", "an empty cell · wishes.csv, column whom, row 2"),
        ("wishes.csv", "who,whom\na,b,c\n", "3 cells under 2 columns · wishes.csv, row 2"),
        ("wishes.csv", "who,who\na,b\n", "two columns of one name"),
        ("slots.csv", "slot,break\n1,perhaps\n", "'perhaps' is neither yes nor no"),
        ("slots.csv", "slot,tables\n1,2\n2,\n", "some slots say how many tables"),
        ("slots.csv", "slot,tables\n1,2.5\n", "2.5 is not a whole number"),
        ("tables.csv", "table,x,y\na,0,0\na,1,1\n", "two tables called a"),
    ],
)
def test_a_file_that_is_wrong_says_where(files, capsys, name, text, line):
    (files / name).write_text(text, encoding="utf-8")
    assert _run(files, "wishes.csv", "--slots", "slots.csv", "--tables", "tables.csv", "--out", "o") == 1
    assert line in capsys.readouterr().err


def test_parquet_is_read_as_text_and_other_encodings_are_refused(tmp_path):
    parquet.write_table(pa.table({"who": ["a", "b"], "whom": [7, 8]}), tmp_path / "w.parquet")
    assert reading.lines(tmp_path / "w.parquet", ("who", "whom")) == [
        {"who": "a", "whom": "7"},
        {"who": "b", "whom": "8"},
    ]
    (tmp_path / "w.csv").write_bytes("who,whom\nÆ,b\n".encode("latin-1"))
    with pytest.raises(Unfit, match="not UTF-8"):
        reading.lines(tmp_path / "w.csv", ("who",))


def test_it_runs_where_django_is_not_installed(files):
    words = ["schedule", str(files / "wishes.csv"), "--slots", "3", "--out", str(files / "o")]
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_DJANGO, *words], env={"PYTHONPATH": str(SRC)}, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "plan.vl.json; it is drawn here when" in (files / "o/index.html").read_text(encoding="utf-8")
    assert not (files / "o/plan.svg").exists()
