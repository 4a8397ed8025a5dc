"""A programme that a test may change, and a folder with official values to take in: fixtures for every room and journey."""

from __future__ import annotations

import shutil

import pytest
from django.conf import settings as settings_of

from klyngeforum.quality.indicators import queries

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
    """Writes a folder with an official value, and more where a test says so."""
    folder = tmp_path / "official"
    folder.mkdir()

    def write(version="2013", more=""):
        (folder / "official.toml").write_text(VALUES.format(version=version) + more, encoding="utf-8")
        return folder

    return write
