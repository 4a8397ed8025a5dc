"""The verbs strengths, relatedness, radius, overlap and count, from files to folders; mistakes are one line."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as parquet
import pytest

from klyngeanalyse.cli import main


def write(path, **columns):
    made = pa.table(columns)
    csv.write_csv(made, path) if path.suffix == ".csv" else parquet.write_table(made, path)
    return path


def run(*words):
    return main([*map(str, words), "--quiet"])


def read(folder):
    return json.loads((folder / "result.json").read_text())["results"]


@pytest.fixture
def cells(tmp_path):
    chance = np.random.default_rng(5)
    regions, industries = 64, 12
    rows = [(y, f"{r:03}", f"{i:04}") for y in (2010, 2015) for r in range(regions) for i in range(industries)]
    plants = chance.poisson(chance.lognormal(2.5, 1, len(rows))).astype(float)
    return write(
        tmp_path / "cells.csv",
        year=[one[0] for one in rows],
        region=[one[1] for one in rows],
        industry=[one[2] for one in rows],
        employment=np.round(plants * chance.lognormal(3, 0.5, len(rows))),
        plants=plants,
    )


def test_strengths(cells, tmp_path):
    plants = write(
        tmp_path / "plants.parquet", industry=["a", "a", "b"], region=["x", "y", "x"], employment=[3.0, 2.0, 8.0]
    )
    words = [
        "strengths",
        cells,
        "--plants",
        "plants",
        "--year",
        "year",
        "--strong-clusters",
        "--emerging",
        "--stars",
        "observatory-percentile-2006",
        "--each-plant",
        plants,
    ]
    assert run(*words, "--out", tmp_path / "out") == 0
    found = read(tmp_path / "out")
    assert set(found) == {"quotients", "stars", "strong_clusters", "growth", "emerging", "concentration"}
    assert all(row["employment"] is None for row in found["quotients"]["rows"] if row["small"])
    assert found["quotients"]["rows"][0]["industry"] == "0000"
    assert (tmp_path / "out" / "growth.csv").exists() and (tmp_path / "out" / "index.html").exists()


def test_strengths_of_clusters_by_rules_of_ones_own(cells, tmp_path):
    definition = write(tmp_path / "definition.csv", industry=["0000", "0001", "0002"], cluster=["K", "K", "L"])
    protocol = tmp_path / "p.toml"
    protocol.write_text(
        'stars = "own"\n[rule_set]\nname = "x"\nversion = "1"\nsource = "test"\nfloor = 1\nleast_regions = 10\nmark = "mark"\n'
        '[[rule_set.criteria]]\nmetric = "size"\nshare = 0.1\n'
    )
    assert (
        run(
            "strengths",
            cells,
            "--year",
            "year",
            "--clusters",
            definition,
            "--protocol",
            protocol,
            "--out",
            tmp_path / "out",
        )
        == 0
    )
    found = read(tmp_path / "out")
    assert {row["industry"] for row in found["stars"]["rows"]} == {"K", "L"} and found["stars"]["rows"][0]["marks"] == 1


def test_a_rule_set_that_also_judges_by_productivity(tmp_path, capsys):
    """The panorama's third star is of productivity, which is a column of the input; without it the line says what is missing."""
    regions, best = [f"R{nth:02d}" for nth in range(60)], [nth >= 48 for nth in range(60)]
    table = write(
        tmp_path / "cells.csv", region=regions * 2, industry=["0101"] * 60 + ["0202"] * 60,
        employment=[2000.0 + nth for nth in range(60)] + [3000.0] * 60, productivity=[500.0 + 100 * one for one in best] * 2,
    )  # fmt: skip
    words = ["strengths", table, "--stars", "panorama-2020", "--out", tmp_path / "out"]
    assert run(*words) == 1 and "no metric productivity" in capsys.readouterr().err
    assert run(*words, "--metrics", "productivity") == 0
    rows = read(tmp_path / "out")["stars"]["rows"]
    told = {row["region"]: row["stars"] for row in rows if row["industry"] == "0101"}
    assert told == {region: 3 for region, one in zip(regions, best, strict=True) if one}
    assert run(*words, "--metrics", "productivity", "--clusters", table) == 1


def test_five_regions_get_one_clear_line(tmp_path, capsys):
    five = write(tmp_path / "five.csv", region=list("abcde"), industry=["x"] * 5, employment=[5000.0] * 5)
    assert run("strengths", five, "--stars", "observatory-percentile-2006", "--out", tmp_path / "out") == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "stars over 5 regions" in said and "0.5 regions" in said


def test_relatedness(cells, tmp_path):
    assert (
        run(
            "relatedness",
            cells,
            "--year",
            "year",
            "--without-diagonal",
            "--least-proximity",
            "0.3",
            "--out",
            tmp_path / "out",
        )
        == 0
    )
    found = read(tmp_path / "out")
    assert set(found) == {"density", "proximity", "complexity", "fitness", "entry"}
    assert len(found["density"]["rows"]) == 64 * 12 and found["density"]["diagonal"] is False
    assert all(row["proximity"] >= 0.3 for row in found["proximity"]["rows"])


def members(tmp_path):
    return write(
        tmp_path / "members.csv",
        organisation=["a"] * 6 + ["b"] * 4,
        company=[f"0{n}" for n in (1, 2, 3, 4, 5, 6, 1, 2, 3, 9)],
        lon=[10.0, 10.1, 10.2, 10.3, 10.4, 12.5, 10.0, 10.1, 10.2, 9.0],
        lat=[56.0] * 10,
        region=["n"] * 5 + ["s"] * 5,
        industry=["x"] * 10,
        employment=[5.0] * 10,
    )


def test_radius(tmp_path):
    assert run("radius", members(tmp_path), "--by", "region", "--least-members", 5, "--out", tmp_path / "out") == 0
    found = read(tmp_path / "out")
    assert set(found) == {"radius", "critical_mass", "by_region"}
    first = found["radius"]["rows"][0]
    assert first["core"] == "03" and first["members"] == 6 and 10 < first["radius_km"] < 20
    assert [row["critical_mass"] for row in found["critical_mass"]["rows"]] == [True, False]


def test_overlap(tmp_path):
    universe = write(
        tmp_path / "u.csv",
        company=["01", "02", "03", "04", "05", "06", "09", "77"],
        region=["n"] * 7 + ["s"],
        industry=["x"] * 8,
        employment=[5.0] * 8,
    )
    strong = write(tmp_path / "s.csv", region=["n", "s"], industry=["x", "x"])
    words = [
        "overlap",
        members(tmp_path),
        "--industry",
        "industry",
        "--employment",
        "employment",
        "--companies",
        universe,
        "--strong",
        strong,
    ]
    assert run(*words, "--merge", "ab=a,b", "--out", tmp_path / "out") == 0
    found = read(tmp_path / "out")
    pair = found["overlap"]["pairs"][0]
    assert pair["shared"] == 3 and pair["overlap"] == 0.75 and pair["flag"] == "overlap"
    assert [row["region"] for row in found["coverage"]["rows"] if row["gap"]] == ["s"]
    assert found["merger"]["rows"][0]["members"] == 7 and found["merger"]["rows"][0]["twice"] == 3


def participations(path, years):
    chance = np.random.default_rng(years[0])
    return write(
        path,
        company=chance.integers(0, 60, 300),
        year=chance.choice(years, 300),
        region=np.array(["n", "s"])[chance.integers(0, 2, 300)],
        size=chance.integers(0, 3, 300),
        industry=chance.integers(0, 4, 300),
    )


def test_count_and_refresh(tmp_path):
    old, new = participations(tmp_path / "old.parquet", [2010, 2011]), participations(tmp_path / "new.csv", [2012])
    kept = tmp_path / "masks.parquet"
    assert run("count", old, "--store-masks", kept, "--out", tmp_path / "one") == 0
    assert run("count", new, "--masks", kept, "--out", tmp_path / "two") == 0
    both = pa.concat_tables([parquet.read_table(old), csv.read_csv(new)])
    rows = read(tmp_path / "two")["counts"]["rows"]
    total = next(
        row["companies"] for row in rows if all(row[key] is None for key in ("year", "region", "size", "industry"))
    )
    assert total == len(set(both["company"].to_pylist()))
    assert {row["year"] for row in rows} == {2010, 2011, 2012, None}


def test_count_hides_small_cells(tmp_path):
    old = participations(tmp_path / "old.parquet", [2010, 2011])
    assert run("count", old, "--by", "region,industry", "--least", "14", "--out", tmp_path / "out") == 0
    rows = read(tmp_path / "out")["counts"]["rows"]
    assert any(row["count"] is None for row in rows) and all(row["count"] is None or row["count"] >= 14 for row in rows)


@pytest.mark.parametrize(
    "words,said",
    [
        (["radius", "--lon", "x"], "no column x"),
        (["overlap", "--merge", "ab=a"], "is no merger"),
        (["overlap", "--strong", "s.csv"], "without companies"),
        (["count", "--by", "region"], "no column year"),
        (["strengths"], "no column region, industry"),
        (["strengths", "--emerging", "--plants", "n"], "--emerging without --year"),
    ],
)
def test_mistakes_are_one_line(words, said, tmp_path, capsys):
    data = write(tmp_path / "m.csv", organisation=["a"], company=["1"], lat=[1.0], lon=[1.0])
    assert run(words[0], data, *words[1:], "--out", tmp_path / "out") == 1
    line = capsys.readouterr().err
    assert line.count("\n") == 1 and said in line


@pytest.mark.parametrize(
    "words",
    [
        ["relatedness", "--least", "0"], ["relatedness", "--least-proximity", "7"], ["relatedness", "--steps", "0"],
        ["relatedness", "--least-regions", "-5"], ["strengths", "--rate", "5"], ["strengths", "--rate", "0"],
        ["strengths", "--least-employment", "-1"], ["strengths", "--least-plants", "nan"], ["radius", "--least-members", "-5"],
        ["radius", "--enough-members", "many"], ["overlap", "--least-coverage", "-1"], ["count", "--least", "-3"],
        ["effects", "--outcomes", "y", "--false-years", "-3"], ["effects", "--outcomes", "y", "--false-draws", "0.5"],
        ["schedule", "--slots", "5", "--moves", "-2"], ["count", "--seed", "-3"],
    ],
)  # fmt: skip
def test_numbers_that_mean_nothing_are_refused_before_a_row_is_read(words, tmp_path, capsys):
    assert run(words[0], tmp_path / "never read.csv", *words[1:], "--out", tmp_path / "out") == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and f"argument {words[-2]}: {words[-1]!r} is no " in said


def test_a_memory_that_is_none_is_one_clear_line(tmp_path, capsys):
    source = participations(tmp_path / "in.parquet", [2010])
    assert run("count", source, "--memory", "lots", "--out", tmp_path / "out") == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "memory 'lots'" in said and "512MB" in said


def test_a_file_that_is_not_there(tmp_path, capsys):
    assert run("radius", tmp_path / "none.csv", "--out", tmp_path / "out") == 1
    assert "no file" in capsys.readouterr().err
