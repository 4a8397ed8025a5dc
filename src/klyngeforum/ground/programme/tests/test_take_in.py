"""The programme's files: clear about what is wrong, and a used version never changes."""

from __future__ import annotations

import shutil

import pytest
from django.conf import settings

from klyngeforum.ground.programme import actions
from klyngeforum.ground.programme.rules import ProgrammeError
from tests.cast import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(settings.PROGRAMME, tmp_path / "programme")
    yield tmp_path / "programme"
    actions.validate(folder=settings.PROGRAMME)


def change(folder, name, old, new):
    file = folder / name
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def test_again_is_unchanged(folder):
    first = actions.take_in(folder=folder, at=AT)
    again = actions.take_in(folder=folder, at=AT)
    assert first.new > 20 and (again.new, again.changed, again.unchanged) == (0, 0, first.new)


def test_an_unused_version_may_change_and_a_used_one_may_not(folder):
    actions.take_in(folder=folder, at=AT)
    change(folder, "measures/participating_companies.toml", "mindst én aktivitet", "mindst to aktiviteter")
    assert actions.take_in(folder=folder, at=AT).changed == 1
    actions.mark_used(kind="measure", versions={"participating_companies": "2012.1"}, at=AT)
    change(folder, "measures/participating_companies.toml", "mindst to aktiviteter", "mindst tre aktiviteter")
    with pytest.raises(ProgrammeError, match=r"2012\.1.*new version"):
        actions.take_in(folder=folder, at=AT)
    change(folder, "measures/participating_companies.toml", '"2012.1"', '"2014.1"')
    assert actions.take_in(folder=folder, at=AT).new == 1


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [("targets.toml", 'en = "Cluster organisations with the Gold Label"', 'en = ""'), ("targets.toml", "goal = 10\n", 'goal = "ti"\n'),
     ("measures/hours.toml", 'source = "', 'sauce = "'), ("targets.toml", "[[target]]", "[[target"), ("measures/hours.toml", 'provenance = "inferred"', 'provenance = "rumour"')],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_file(folder, name, old, new):
    change(folder, name, old, new)
    with pytest.raises(ProgrammeError) as error:
        actions.take_in(folder=folder, at=AT)
    assert name.split("/")[-1].split(".")[0] in str(error.value)
