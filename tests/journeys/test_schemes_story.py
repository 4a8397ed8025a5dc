"""A scheme's official values at the terminal: taken in, checked, and what is wrong named line by line."""

from __future__ import annotations

import pytest

from klyngeforum.cli import reading, running
from klyngeforum.cli.stopping import Stop

pytestmark = pytest.mark.django_db


def test_at_the_terminal(programme, official, capsys):
    assert reading.take_in({"folder": str(official("2013.official"))}) == 0
    assert capsys.readouterr().out.startswith("scheme ecei taken in as version 2013.official")
    assert reading.take_in({"folder": None, "postcodes": None}) == 0
    assert reading.check({"programme": True, "format": "table"}) == 0
    assert "3 versions of schemes" in capsys.readouterr().out
    file = programme / "schemes" / "ecei" / "2013" / "labels.toml"
    file.write_text(file.read_text().replace('fact = "platform_profile"', 'fact = "profile"', 1))
    assert reading.check({"programme": True, "format": "json"}) == 1
    assert "schemes/ecei/2013/labels.toml, label gold, on_the_platform, fact" in capsys.readouterr().out


def test_each_problem_has_its_own_line(programme, official, capsys):
    more = '[[indicator]]\ncode = "9.9"\n[[indicator]]\ncode = "9.8"\n'
    assert running.run({"verb": "take-in", "folder": str(official(more=more))}) == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 2 and all(
        one.startswith("klyngeforum: schemes/ecei/2013/official.toml, indicator 9.") for one in said
    )


def test_a_table_of_peers_at_the_terminal(db, tmp_path, capsys):
    table = tmp_path / "peers.csv"
    table.write_text("country,name,share\nNO,Arena,70\nNorge,Eyde,170\n", encoding="utf-8")
    assert reading.take_in({"peers": str(table)}) == 1
    told = capsys.readouterr()
    assert (
        "row 3, Land, 'NORGE'" in told.err.upper().replace("LAND", "Land").replace("ROW", "row") and "0 new" in told.out
    )
    table.write_text("no header\n1\n", encoding="utf-8")
    with pytest.raises(Stop, match="No header row was found: none of the columns is named Land"):
        reading.take_in({"peers": str(table)})
    table.write_text("country,name,share\nNO,Arena,70\n", encoding="utf-8")
    assert reading.take_in({"peers": str(table)}) == 0 and "1 new" in capsys.readouterr().out
