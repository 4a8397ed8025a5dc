"""A scheme's official values at the terminal: taken in, checked, and what is wrong named line by line."""

from __future__ import annotations

import shutil

import pytest
from django.conf import settings as settings_of

from klyngeforum.cli import reading, running
from klyngeforum.quality.indicators import queries

pytestmark = pytest.mark.django_db

VALUES = """scheme = "ecei"
version = "{version}"
based_on = "2013"
source = "ECEI Criteria 2013, official text"

[[indicator]]
code = "2.1"
minimum = 3
"""


@pytest.fixture
def programme(tmp_path, settings):
    """The programme in a folder of the test's own."""
    shutil.copytree(settings_of.PROGRAMME, tmp_path / "programme")
    settings.PROGRAMME = tmp_path / "programme"
    queries.loaded_from.cache_clear()
    yield tmp_path / "programme"
    queries.loaded_from.cache_clear()


@pytest.fixture
def official(tmp_path):
    folder = tmp_path / "official"
    folder.mkdir()

    def write(version="2013", more=""):
        (folder / "official.toml").write_text(VALUES.format(version=version) + more, encoding="utf-8")
        return folder

    return write


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
