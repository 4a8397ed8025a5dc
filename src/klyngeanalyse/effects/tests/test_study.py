"""The verb `effects`: what is typed and what a protocol says become a study; every part answers or says why it cannot."""

import argparse

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

from klyngeanalyse.cli import effects
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.progress import silent
from klyngeanalyse.core.results import plain
from klyngeanalyse.effects.study import slug
from klyngeanalyse.effects.tests.data import staggered


def typed(path, *words, **settings):
    parser = argparse.ArgumentParser()
    parser.add_argument("input")
    parser.add_argument("--seed", type=int, default=1)
    effects.arguments(parser)
    said = parser.parse_args([str(path), *words])
    said.settings = settings
    return effects.work(said, silent)


@pytest.fixture
def path(tmp_path):
    table = staggered(400, seed=1, years=7, bodies=6)
    table["z"] = np.random.default_rng(1).normal(size=len(table["y"]))
    table["y"] = np.asarray(table["y"]) + 10
    pyarrow.parquet.write_table(pa.table(table), tmp_path / "panel.parquet")
    return tmp_path / "panel.parquet"


PANEL = {"outcomes": ["y"], "first_participation": "first", "organisation": "body"}


def test_a_whole_study_answers_every_part(path):
    found = typed(
        path,
        "--cluster=body",
        "--beyond=z",
        "--false-draws=20",
        panel=PANEL,
        relative={"y": "per_cent"},
        specifications=[{"name": "plain"}, {"name": "adjusted", "covariates": ["x"], "codes": ["size"]}],
    )
    assert list(found) == [
        "panel", "summary", "y_event_study", "y_by_cohort", "y_by_year", "y_group_time", "y_pretrend", "y_sensitivity_relative",
        "y_sensitivity_smooth", "y_two_way", "y_wild", "y_without_each", "y_by_organisation", "placebos", "y_false_groups", "specifications",
    ]  # fmt: skip
    for name, one in found.items():
        assert list(one.rows()) and plain(one.as_dict()), name
    lines = {line["kind"]: line for line in found["summary"].rows()}
    assert set(lines) == {"simple", "dynamic", "group", "calendar"} and lines["simple"]["claim"] == "preliminary"
    assert 0.3 < lines["simple"]["estimate"] < 0.9 and 2 < lines["simple"]["relative"] < 10
    assert [one["kind"] for one in found["placebos"].rows()] == ["date", "outcome"]
    assert [one.name for one in found["specifications"].points] and found["specifications"].n_refused == 0


def test_typed_options_go_before_the_protocol_and_the_same_seed_gives_the_same(path):
    first = typed(path, "--controls=not_yet", panel=PANEL, design={"controls": "never", "base": "universal"})
    again = typed(path, "--controls=not_yet", panel=PANEL, design={"controls": "never", "base": "universal"})
    design = first["summary"].design
    assert (design.controls, design.base, design.seed) == ("not_yet", "universal", 1)
    assert {name: one.as_dict() for name, one in first.items()} == {name: one.as_dict() for name, one in again.items()}


def test_closed_companies_winsorised_lines_successions_and_matches(path, tmp_path):
    pyarrow.csv.write_csv(pa.table({"predecessor": [3], "successor": [4]}), tmp_path / "mergers.csv")
    panel = pyarrow.parquet.read_table(path).to_pydict()
    first = dict(zip(panel["company"], panel["first"], strict=True))
    starts = [(c, 2012) for c, f in first.items() if f == 2012] + [(c, 2012) for c, f in first.items() if f == 0]
    weights = pa.table(
        {"company": [c for c, _ in starts], "weight": [1.0] * len(starts), "start": [s for _, s in starts]}
    )
    pyarrow.csv.write_csv(weights, tmp_path / "weights.csv")
    cut = pa.table(panel).filter(
        pa.array([not (c % 9 == 0 and y > 2014) for c, y in zip(panel["company"], panel["year"], strict=True)])
    )
    pyarrow.parquet.write_table(cut, tmp_path / "cut.parquet")
    found = typed(
        tmp_path / "cut.parquet",
        f"--successions={tmp_path / 'mergers.csv'}",
        "--closed=nothing",
        "--winsorised",
        f"--weights={tmp_path / 'weights.csv'}",
        panel={"outcomes": ["y"], "first_participation": "first", "signed": ["y"]},
    )
    assert found["successions"].n_successions == 1 and found["closed"].n_closed > 20
    assert {line["outcome"] for line in found["summary"].rows()} == {"y", "y_wins"}
    assert list(found["y_matched"].rows()) and list(found["y_wins_matched"].rows())


def test_a_mended_panel_still_holds_what_the_study_asks_for(path, tmp_path):
    """Covariates, codes, clusters and outcomes out of reach are no columns of the schema, and go through mergers and closures."""
    pyarrow.csv.write_csv(pa.table({"predecessor": [3, 11], "successor": [4, 12]}), tmp_path / "mergers.csv")
    words = [
        f"--successions={tmp_path / 'mergers.csv'}", "--closed=nothing", "--covariates=x", "--codes=size", "--cluster=body", "--beyond=z",
    ]  # fmt: skip
    panel = {"outcomes": ["y"], "first_participation": "first", "signed": ["y"]}
    found = typed(path, *words, panel=panel, specifications=[{"name": "by size", "codes": ["size"]}])
    plain_one = typed(path, "--covariates=x", "--codes=size", "--cluster=body", "--beyond=z", panel=panel)
    assert "refused" not in found and found["specifications"].n_refused == 0
    assert [one["kind"] for one in found["placebos"].rows()] == ["date", "outcome"]
    one, other = ({line["kind"]: line["estimate"] for line in said["summary"].rows()} for said in (found, plain_one))
    assert one["simple"] != other["simple"] and abs(one["simple"] - other["simple"]) < 0.1


def test_survival_is_an_outcome_where_closed_companies_count_as_nothing(path, tmp_path):
    """One in three of the participants closes after 2014, and nobody else: survival falls by a third of theirs."""
    panel = pyarrow.parquet.read_table(path).to_pydict()
    closes = [
        f > 0 and c % 3 == 0 and y > 2014
        for c, f, y in zip(panel["company"], panel["first"], panel["year"], strict=True)
    ]
    cut = pa.table(panel).filter(pa.array([not one for one in closes]))
    pyarrow.parquet.write_table(cut, tmp_path / "cut.parquet")
    said = {"outcomes": ["y", "alive"], "first_participation": "first", "signed": ["y", "alive"]}
    found = typed(tmp_path / "cut.parquet", "--closed=nothing", "--winsorised", panel=said)
    first = {c: f for c, f in zip(panel["company"], panel["first"], strict=True) if f > 0}
    share = sum(c % 3 == 0 for c in first) / len(first)
    years = {one.key: one.estimate for one in found["alive_by_year"].parts}
    assert years[max(years)] == pytest.approx(-share, abs=1e-12) and years[min(years)] == pytest.approx(0, abs=1e-12)
    assert {line["outcome"] for line in found["summary"].rows()} == {"y", "y_wins", "alive"}
    refused = {one["part"]: one["reason"] for one in found["refused"].rows()}  # no drift before: nobody has closed yet
    assert (
        set(refused) == {"alive_sensitivity_relative", "alive_sensitivity_smooth"}
        and "no spread" in refused["alive_sensitivity_smooth"]
    )
    with pytest.raises(Unfit, match="no column alive"):
        typed(tmp_path / "cut.parquet", panel=said)


def test_industry_codes_of_a_csv_are_no_numbers(path, tmp_path):
    table = pyarrow.parquet.read_table(path)
    table = table.append_column("db07", pa.array(["1011", "6201"] * (table.num_rows // 2)))
    pyarrow.csv.write_csv(table, tmp_path / "panel.csv")
    found = typed(tmp_path / "panel.csv", panel={**PANEL, "industry": "db07"})
    assert found["panel"].faults == () and found["summary"].lines


def test_parts_that_cannot_be_answered_are_named_with_the_reason(path):
    found = typed(path, "--beyond=nothing_such", "--anticipation=1", "--false-years=9", panel=PANEL)
    refused = {one["part"]: one["reason"] for one in found["refused"].rows()}
    assert "nothing_such" in refused["out_of_reach"] and "universal" in refused["y_sensitivity_relative"]
    assert "no participants" in refused["false_date"]


@pytest.mark.parametrize(
    ("words", "protocol", "why"),
    [
        ((), {}, "no outcomes"),
        (("--outcomes=y",), {}, "no column first_participation"),
        ((), {"panel": 3}, "panel is a value"),
        ((), {"panel": {"outcome": "y"}}, "unknown field outcome"),
        ((), {"panel": PANEL, "relative": {"y": "share"}}, "form share"),
        ((), {"panel": PANEL, "specifications": [{"base": "universal"}]}, "without names"),
        ((), {"panel": PANEL, "specifications": [{"name": "a", "bse": 1}]}, "unknown field bse"),
        ((), {"panel": PANEL, "specifications": [{"name": "a", "kind": "grupp"}]}, 'kind is "grupp".*one of simple'),
        ((), {"panel": PANEL, "specifications": [{"name": "a", "codes": "size"}]}, "codes.*write a list of names"),
        ((), {"panel": PANEL, "specifications": [{"name": "a", "level": "x"}]}, 'level is "x".*give a number'),
        ((), {"panel": PANEL, "design": {"codes": "size"}}, "codes.*write a list of names"),
        (("--level=95",), {"panel": PANEL}, "level"),
    ],
)
def test_nonsense_is_refused_in_one_line(path, words, protocol, why):
    with pytest.raises(Unfit, match=why) as error:
        typed(path, *words, **protocol)
    assert "\n" not in str(error.value)


def test_names_of_files():
    assert [slug(one) for one in ("Årsværk", "2 x", "fte")] == ["aarsvaerk", "y_2_x", "fte"]
