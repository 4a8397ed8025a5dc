"""klyngeanalyse recommend: partners, clusters and a held-out test from files as people save them."""

import csv
import json

import pytest

from klyngeanalyse import cli
from klyngeanalyse.recommend.tests.test_recommend import made_up_world

BODIES = """id;text;industry;area;latitude;longitude;kind
a;Vi søger partnere til test af vindmøller;28.11;DK041;56,1;10,2;need
b;Test og vindmøllevinger;2811;DK042;56,2;10,1;offer
c;Food robots;10.51;DK011;55,7;12,6;offer
007;Robotter til fødevarer;1051;SE224;;;need
"""


@pytest.fixture
def files(tmp_path):
    (tmp_path / "bodies.csv").write_text(BODIES, encoding="utf-8")
    (tmp_path / "members.csv").write_text("cluster,member\nWind,a\nWind,b\nFood,c\n", encoding="utf-8")
    (tmp_path / "p.toml").write_text("[recommend.weights]\ntext = 1.0\nkind = 0.5\n", encoding="utf-8")
    return tmp_path


def _run(files, *words):
    given = [str(files / word) if "." in word or word == "o" else word for word in words]
    return cli.main(["recommend", *given, "--quiet", "--out", str(files / "o")])


def _rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_partners_with_what_each_rests_on(files):
    assert _run(files, "bodies.csv", "--most", "1") == 0
    rows = {row["asker"]: row for row in _rows(files / "o/suggestions.csv")}
    assert rows["a"]["suggested"] == "b" and rows["007"]["suggested"] == "c"
    brought = [float(rows["a"][name]) for name in ("text", "industry", "place", "kind")]
    assert sum(brought) == pytest.approx(float(rows["a"]["score"])) and min(brought) > 0


def test_the_protocol_says_what_counts(files):
    assert _run(files, "bodies.csv", "--protocol", "p.toml") == 0
    record = json.loads((files / "o/result.json").read_text(encoding="utf-8"))
    assert record["results"]["suggestions"]["weights"] == {"text": 1.0, "industry": 0.0, "place": 0.0, "kind": 0.5}
    assert "industry" not in _rows(files / "o/suggestions.csv")[0]


def test_clusters_that_one_is_not_in(files):
    assert _run(files, "bodies.csv", "--members", "members.csv") == 0
    pairs = {(row["asker"], row["suggested"]) for row in _rows(files / "o/suggestions.csv")}
    assert ("007", "Food") in pairs and not pairs & {("a", "Wind"), ("b", "Wind"), ("c", "Food")}


def test_earlier_links_count_and_can_be_held_out(files):
    links, bodies, leaders = made_up_world()
    with (files / "links.csv").open("w", encoding="utf-8") as file:
        file.write("link,member,year,text,leader\n")
        for link, member, year in zip(links.link, links.member, links.year, strict=True):
            file.write(
                f"{link},{member},{year},{links.text[str(link)]},{'yes' if leaders[str(link)] == member else ''}\n"
            )
    (files / "all.csv").write_text("id,area\n" + "".join(f"{name},DK\n" for name in bodies.ids), encoding="utf-8")
    (files / "pairs.csv").write_text("asker,suggested\nb00,b02\n", encoding="utf-8")
    words = ("all.csv", "--links", "links.csv", "--test", "2019", "--not", "pairs.csv")
    assert _run(files, *words) == 0
    test = {row["ranking"]: float(row["recall_at_10"]) for row in _rows(files / "o/test.csv")}
    assert test["model"] > test["popularity"]
    rows = _rows(files / "o/suggestions.csv")
    assert ("b00", "b02") not in {(row["asker"], row["suggested"]) for row in rows}
    same_half = [int(row["asker"][1:]) % 2 == int(row["suggested"][1:]) % 2 for row in rows]
    assert sum(same_half) > 0.9 * len(same_half)


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        ("id\na\na\n", (), "a twice"),
        ("id\n", (), "no rows"),
        ("id,latitude\na,north\n", (), "'north' is not a number · bodies.csv, a, latitude"),
        (BODIES, ("--test", "2019"), "--test without --links"),
        (BODIES, ("--members", "bodies.csv"), "no column cluster, member"),
        (BODIES, ("--most", "0"), "0 suggestions"),
        (BODIES, ("--links", "links.csv", "--members", "members.csv"), "--links with --members"),
    ],
)
def test_nonsense_is_one_line(files, capsys, text, words, line):
    (files / "bodies.csv").write_text(text, encoding="utf-8")
    assert _run(files, "bodies.csv", *words) == 1
    said = capsys.readouterr().err
    assert line in said and said.count("\n") == 1


def test_weights_are_numbers(files, capsys):
    (files / "p.toml").write_text("[recommend]\nweights = 3\n", encoding="utf-8")
    assert _run(files, "bodies.csv", "--protocol", "p.toml") == 1
    assert "not a table of numbers" in capsys.readouterr().err


def test_a_year_before_every_link_is_answered_without_links_and_says_so(files, capsys):
    text = "link,member,year\nl1,a,2019\nl1,c,2021\nl2,b,2022\nl2,c,2022\n"
    (files / "links.csv").write_text(text, encoding="utf-8")

    def asked(*words):
        assert _run(files, "bodies.csv", *words) == 0
        score = {(row["asker"], row["suggested"]): row["score"] for row in _rows(files / "o/suggestions.csv")}
        return score, capsys.readouterr().err.splitlines()

    alone, silent = asked()
    early, told = asked("--links", "links.csv", "--year", "2020")  # l1 is known when all of it is, in 2021
    assert early == alone and silent == []
    assert told == ["note: no link of 2020 or before (the first is of 2021): answered as if without --links"]
    known, nothing = asked("--links", "links.csv", "--year", "2021")
    assert known != alone and nothing == []
