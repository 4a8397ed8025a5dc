"""The front: exit codes, one line of error, files that are the same twice, options from a protocol."""

import argparse
import json
import re
import subprocess
import sys
import types
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from klyngeanalyse import cli
from klyngeanalyse.cli import page as page_module
from klyngeanalyse.cli import verbs, writing
from klyngeanalyse.cli.page import said as shown_value
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.progress import Told
from klyngeanalyse.core.results import Result

SRC = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Lines(Result):
    names: tuple[str, ...]
    values: np.ndarray

    def rows(self):
        return [{"name": n, "value": v, "big": v > 1} for n, v in zip(self.names, self.values, strict=True)]

    def chart(self):
        return {
            "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
            "description": "Value by <name>",
            "data": {"values": [{"n": n, "v": float(v)} for n, v in zip(self.names, self.values, strict=True)]},
            "mark": "bar",
            "encoding": {"x": {"field": "n", "type": "nominal"}, "y": {"field": "v", "type": "quantitative"}},
        }


def _made_up_verb(heard):
    verb = types.SimpleNamespace(HELP="Say lines.", PROTOCOL=("extra",))

    def arguments(parser):
        parser.add_argument("--times", type=int, default=1)
        parser.add_argument("--only", nargs="+", default=[])
        parser.add_argument("--loud", action="store_true")
        parser.add_argument("--how", choices=("plain", "unfit", "broken", "stopped"), default="plain")

    def work(said, progress):
        heard.append(said)
        progress(1, 2, "saying")
        if said.how == "unfit":
            raise Unfit("no column\nname", where="column name", mend="add it")
        if said.how == "broken":
            raise RuntimeError("a bug\nof ours")
        if said.how == "stopped":
            raise KeyboardInterrupt
        return {"lines": Lines(("Æ & <b>", "$title"), np.array([0.5, np.nan]) * said.times)}

    verb.arguments, verb.work = arguments, work
    return verb


@pytest.fixture
def heard(monkeypatch):
    found: list[argparse.Namespace] = []
    verb = _made_up_verb(found)
    monkeypatch.setattr(verbs, "names", lambda: ("count",))
    for module in (cli, verbs):
        monkeypatch.setattr(module, "load", lambda name: verb)
        monkeypatch.setattr(module, "names", lambda: ("count",))
    return found


@pytest.fixture
def data(tmp_path):
    (tmp_path / "in.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    return tmp_path


def _run(*words):
    return cli.main([str(word) for word in words])


def test_answers_are_written_for_machines_spreadsheets_and_people(heard, data):
    assert _run("count", data / "in.csv", "--out", data / "o", "--quiet") == 0
    record = json.loads((data / "o/result.json").read_text(encoding="utf-8"))
    assert record["verb"] == "count" and record["seed"] == 1 and record["options"]["times"] == 1
    assert record["results"]["lines"]["values"] == [0.5, None]
    assert set(record["files"]) == {path.name for path in (data / "o").iterdir()}
    assert (data / "o/lines.csv").read_text(encoding="utf-8") == "name,value,big\nÆ & <b>,0.5,false\n$title,,false\n"
    page = (data / "o/index.html").read_text(encoding="utf-8")
    assert "Æ &amp; &lt;b&gt;" in page and "<b>" not in page and "$title" in page


def test_the_page_is_well_formed_and_every_table_says_what_it_is(heard, data):
    _run("count", data / "in.csv", "--out", data / "o", "--quiet")
    seen: list[tuple[str, dict[str, str | None]]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            seen.append((tag, dict(attrs)))

    Reader().feed((data / "o/index.html").read_text(encoding="utf-8"))
    tags = [tag for tag, _ in seen]
    assert tags.count("h1") == 1 and tags.count("main") == 1 and "script" not in tags
    assert tags.count("caption") == tags.count("table") == 1
    assert all(attrs.get("scope") in ("col", "row") for tag, attrs in seen if tag == "th")
    assert [attrs["alt"] for tag, attrs in seen if tag == "img"] == ["Value by <name>"]
    ids = [attrs["id"] for _, attrs in seen if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert next(attrs for tag, attrs in seen if tag == "html")["lang"] == "en"


def test_the_same_run_gives_the_same_bytes(heard, data):
    for folder in ("o", "p", "o"):
        assert _run("count", data / "in.csv", "--out", data / folder, "--quiet") == 0
    first = {path.name: path.read_bytes() for path in (data / "o").iterdir()}
    assert first == {path.name: path.read_bytes() for path in (data / "p").iterdir()}


def test_a_new_run_takes_away_its_own_old_files_and_nothing_else(heard, data):
    out = data / "o"
    _run("count", data / "in.csv", "--out", out, "--quiet")
    (out / "mine.txt").write_text("kept", encoding="utf-8")
    record = json.loads((out / "result.json").read_text(encoding="utf-8"))
    (out / "old.csv").write_text("x", encoding="utf-8")
    (data / "outside.csv").write_text("x", encoding="utf-8")
    record["files"] += ["old.csv", "../outside.csv"]
    (out / "result.json").write_text(json.dumps(record), encoding="utf-8")
    assert _run("count", data / "in.csv", "--out", out, "--quiet") == 0
    assert not (out / "old.csv").exists() and (out / "mine.txt").exists() and (data / "outside.csv").exists()


def test_a_record_of_somebody_else_is_left_alone(heard, data, capsys):
    (data / "o").mkdir()
    (data / "o/result.json").write_text("[1]", encoding="utf-8")
    assert _run("count", data / "in.csv", "--out", data / "o", "--quiet") == 1
    assert "not written by klyngeanalyse" in capsys.readouterr().err
    assert (data / "o/result.json").read_text(encoding="utf-8") == "[1]"


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        (["--how", "unfit"], 1, "klyngeanalyse: no column name · column name · add it"),
        (["--how", "broken"], 2, "klyngeanalyse: RuntimeError: a bug of ours (details in "),
        (["--how", "stopped"], 2, "stopped before it was done"),
        (["--how", "other"], 2, "invalid choice: 'other'"),
        (["--times", "x"], 2, "invalid int value: 'x'"),
        (["--tim", "2"], 2, "unrecognized arguments: --tim 2"),
        (["--protocol", "none.toml"], 1, "no file none.toml"),
        (["--protocol"], 2, "expected one argument"),
    ],
)
def test_errors_are_one_line_and_a_code(heard, data, capsys, words, code, line):
    assert _run("count", data / "in.csv", "--out", data / "o", "--quiet", *words) == code
    said = capsys.readouterr()
    assert line in said.err and said.err.count("\n") == 1 and "Traceback" not in said.err and not said.out
    assert not (data / "o").exists()


def test_the_folder_may_not_be_a_file_and_is_asked_for(heard, data, capsys):
    assert _run("count", data / "in.csv", "--out", data / "in.csv") == 1
    assert "is a file" in capsys.readouterr().err
    assert _run("count", data / "in.csv", "--out", data) == 1
    assert "lies in the folder for the answers" in capsys.readouterr().err
    assert _run("count", data / "in.csv") == 2
    assert "required: --out" in capsys.readouterr().err
    assert _run("dance", data / "in.csv", "--out", "o") == 2
    assert "invalid choice: 'dance'" in capsys.readouterr().err
    assert _run() == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_protocol_gives_options_and_typed_words_go_first(heard, data):
    protocol = data / "p.toml"
    protocol.write_text(
        'times = 2\nseed = 9\n[count]\nonly = ["a", "b"]\nloud = true\nextra = {x = 1}\n[match]\ncaliper = 0.1\n',
        "utf-8",
    )
    assert _run("count", data / "in.csv", "--out", data / "o", "--protocol", protocol, "--times=5") == 0
    said = heard[-1]
    assert (said.times, said.seed, said.only, said.loud) == (5, 9, ["a", "b"], True)
    assert said.settings["extra"] == {"x": 1} and "match" not in said.settings
    assert Path(said.input) == data / "in.csv"


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("tims = 2\n", 2, "'tims', which is no option; the options are how, loud, only, quiet, seed, times, extra"),
        ("times = {a = 1}\n", 2, "gives a table for 'times'"),
        ("loud = 3\n", 2, "'loud' is true or false"),
        ("out = 'x'\n", 2, "'out', which is no option"),
        ("times = 'x'\n", 2, "invalid int value: 'x'"),
        ("times =\n", 1, "the protocol cannot be read"),
        ("count = 3\n", 1, "count is a value"),
    ],
)
def test_nonsense_in_a_protocol_is_refused_in_one_line(heard, data, capsys, text, code, line):
    (data / "p.toml").write_text(text, encoding="utf-8")
    assert _run("count", data / "in.csv", "--out", data / "o", "--protocol", data / "p.toml") == code
    said = capsys.readouterr().err
    assert line in said and said.count("\n") == 1


def test_help_is_for_people(heard, capsys):
    assert _run("--help") == 0
    assert "Say lines." in capsys.readouterr().out
    assert _run("count", "--help") == 0
    assert "folder for the answers" in capsys.readouterr().out


def test_progress_waits_and_then_speaks_now_and_then(capsys):
    class Stream:
        def __init__(self, live):
            self.live, self.text = live, ""

        def isatty(self):
            return self.live

        def write(self, text):
            self.text += text

        def flush(self):
            pass

    clock = iter([0.0, 0.5, 2.0, 3.0, 8.0])
    log = Stream(False)
    told = Told(log, clock=lambda: next(clock))
    for done in (1, 2, 3, 4):
        told(done, 4, "matching")
    assert log.text == " 50 % matching (2 s)\n100 % matching (8 s)\n"
    clock = iter([0.0, 2.0])
    live = Stream(True)
    told = Told(live, clock=lambda: next(clock))
    told(1, 0, "reading")
    told.close()
    assert re.fullmatch(r"\r  … reading \(2 s\)\r +\r", live.text)


def test_values_are_said_as_people_read_them():
    told = [shown_value(one) for one in (None, True, 3.0, 0.00012346, 12.34567, [1, "a"], {"k": 2})]
    assert told == ["", "yes", "3", "0.0001235", "12.3457", "1, a", "k 2"]


def test_without_the_drawing_library_the_page_says_where_the_chart_is(heard, data, monkeypatch):
    monkeypatch.setattr(writing, "_svg", lambda chart: "")
    assert _run("count", data / "in.csv", "--out", data / "o", "--quiet") == 0
    assert "lines.vl.json; it is drawn here when" in (data / "o/index.html").read_text(encoding="utf-8")


WITHOUT_DJANGO = """
import sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("django", "klyngeforum", "vl_convert"):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Refuse())
from klyngeanalyse.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("words", [["--help"], *([name, "--help"] for name in verbs.names())])
def test_every_verb_is_there_without_django(words):
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_DJANGO, *words], env={"PYTHONPATH": str(SRC)}, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "usage: klyngeanalyse" in done.stdout


def test_a_long_table_is_cut_on_the_page_and_whole_in_the_file(heard, data, monkeypatch):
    monkeypatch.setattr(page_module, "MOST_ROWS", 1)
    assert _run("count", data / "in.csv", "--out", data / "o", "--quiet") == 0
    page = (data / "o/index.html").read_text(encoding="utf-8")
    assert "2 rows, the first 1 shown; all are in lines.csv" in page and "$title</th>" not in page
    assert (data / "o/lines.csv").read_text(encoding="utf-8").count("\n") == 3


def test_a_record_that_cannot_be_written_to_its_end_is_not_there(heard, data, tmp_path):
    """What the next run takes away it reads in the record: half of one would stand in its way."""

    @dataclass(frozen=True)
    class Odd(Result):
        name: str

        def rows(self):
            return [{"name": self.name}]

        def as_dict(self):
            return {"name": self.name, "rows": [{"name": object()}]}

    said = argparse.Namespace(input=str(data), verb="say", settings={}, seed=1)
    with pytest.raises(TypeError):
        writing.write(tmp_path / "out", said, {"odd": Odd("a")})
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["index.html", "odd.csv"]
