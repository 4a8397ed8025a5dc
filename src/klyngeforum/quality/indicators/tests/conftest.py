"""What the tests of this room get beside the house's own."""

from __future__ import annotations

import shutil

import pytest

from tests.worked import FOLDER


@pytest.fixture
def folder(tmp_path):
    """The made-up scheme's first version in a folder of the test's own."""
    shutil.copytree(FOLDER / "schemes", tmp_path / "schemes")
    shutil.rmtree(tmp_path / "schemes" / "lighthouse" / "2024")
    shutil.rmtree(tmp_path / "schemes" / "crosswalks")
    return tmp_path
