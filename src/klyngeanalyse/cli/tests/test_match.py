"""The verb `match`: options and protocol become a design, a file becomes results."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from klyngeanalyse.cli import match
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.matching import Design
from klyngeanalyse.matching.tests.cases import candidates, study


def said(path: Path, *typed: str, **settings: Any) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("input")
    match.arguments(parser)
    found = parser.parse_args([str(path), *typed])
    found.settings = settings
    return found


def quiet(done: float, of: float, what: str) -> None:
    assert 0 <= done <= of and what


def test_the_defaults_are_the_design_s(tmp_path: Path) -> None:
    plan = match.design(said(tmp_path, "--exact", "industry", "--covariates", "level,growth"))
    assert plan == Design(exact=("industry",), covariates=("level", "growth"))


def test_the_same_answer_as_the_library(tmp_path: Path) -> None:
    table = candidates(200, 5)
    pq.write_table(table, tmp_path / "companies.parquet")
    typed = [
        "--exact=industry",
        "--covariates=level,growth,age,export",
        "--outcomes=y",
        "--once",
        "--neighbours=2",
        "--caliper=0.05",
    ]
    found = match.work(said(tmp_path / "companies.parquet", *typed), quiet)
    wanted = study(table, replacement=False, neighbours=2, caliper=0.05).results()
    assert set(found) == set(wanted)
    assert found["pairs"].rows() == wanted["pairs"].rows()
    assert found["summary"].rows() == wanted["summary"].rows()
    for one, other in zip(found["effects"].rows(), wanted["effects"].rows(), strict=True):
        assert one["estimate"] == pytest.approx(other["estimate"], rel=1e-12)


def test_candidates_in_a_database(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "register.duckdb")) as base:
        base.register("made", candidates(200, 5))
        base.execute("create table companies as select * from made")
    typed = ["--exact=industry", "--covariates=level,growth", "--outcomes=y"]
    found = match.work(said(tmp_path / "register.duckdb", "--table=companies", *typed), quiet)
    wanted = study(candidates(200, 5), covariates=("level", "growth")).results()
    assert found["pairs"].rows() == wanted["pairs"].rows()
    with pytest.raises(Unfit, match="no table named"):
        match.work(said(tmp_path / "register.duckdb", *typed), quiet)


def test_bins_come_from_the_protocol(tmp_path: Path) -> None:
    plan = match.design(
        said(tmp_path, "--covariates=level,growth", "--method=coarsened", bins={"level": 4, "growth": [0, 0.5]})
    )
    assert plan.bins == {"level": 4, "growth": (0.0, 0.5)}
    for wrong in ({"level": "many"}, {"level": True}, 4):
        with pytest.raises(Unfit, match="bins"):
            match.design(said(tmp_path, "--covariates=level", bins=wrong))


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(Unfit, match="no file"):
        match.work(said(tmp_path / "none.parquet", "--covariates=level"), quiet)
