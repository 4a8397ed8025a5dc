"""Taking in schemes: what is in use never changes, official values come in whole or not at all."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from klyngeforum.ground.programme.rules import ProgrammeError
from klyngeforum.ground.trail.queries import breaks, length
from klyngeforum.ground.verdict import Refused
from klyngeforum.quality.indicators import actions, queries
from klyngeforum.quality.take_in import take_in
from tests.cast import AT

pytestmark = pytest.mark.django_db


def bring(folder, by=None):
    return actions.take_in_official(by=by, at=AT, folder=folder)


def minimum(version="2013"):
    return queries.version("ecei", version).indicator("2.1").minimum


def test_taking_in_again_is_unchanged(programme):
    first = take_in(folder=programme, at=AT)
    again = take_in(folder=programme, at=AT)
    assert (again.new, again.changed, again.unchanged) == (0, 0, first.new)
    assert actions.take_in(folder=programme, at=AT).unchanged == len(queries.versions())


def test_a_version_in_use_cannot_change(programme):
    version = queries.version("ecei", "2013")
    assert actions.pin(version=version, at=AT) == version.checksum
    assert actions.pin(version=version, at=AT) == version.checksum
    assert queries.pinned("ecei", "2013", version.checksum) == version
    file = programme / "schemes" / "ecei" / "2013" / "indicators.toml"
    file.write_text(file.read_text().replace("minimum = 2", "minimum = 3", 1))
    queries.loaded_from.cache_clear()
    with pytest.raises(
        ProgrammeError, match="schemes/ecei/2013: version 2013 of scheme 'ecei' is in use and cannot change"
    ):
        actions.take_in(folder=programme, at=AT)
    with pytest.raises(ProgrammeError, match="its files were changed; restore them"):
        queries.pinned("ecei", "2013", version.checksum)
    with pytest.raises(ProgrammeError, match="is in use and cannot change"):
        actions.pin(version=queries.version("ecei", "2013"), at=AT)
    for gone in ("ecei", "crosswalks"):
        shutil.rmtree(programme / "schemes" / gone)
    queries.loaded_from.cache_clear()
    with pytest.raises(ProgrammeError, match="its folder is gone; restore it"):
        queries.pinned("ecei", "2013", version.checksum)


def test_an_unused_version_may_change(programme):
    actions.take_in(folder=programme, at=AT)
    file = programme / "schemes" / "ecei" / "2013" / "indicators.toml"
    file.write_text(file.read_text().replace("minimum = 2", "minimum = 3", 1))
    assert actions.take_in(folder=programme, at=AT).changed == 1


def test_official_values_replace_those_of_an_unused_version(programme, official):
    assert minimum().placeholder and minimum().level == 2
    acts = length()
    assert bring(official()).indicator("2.1").minimum.level == 3
    assert (minimum().level, minimum().provenance) == (3, "official")
    assert queries.version("ecei", "2013").indicator("2.2.2").minimum.placeholder
    assert length() == acts + 1 and not list(breaks())
    bring(official())
    assert length() == acts + 1


def test_official_values_come_as_a_new_version_where_the_old_one_is_in_use(programme, official):
    old = queries.version("ecei", "2013")
    actions.pin(version=old, at=AT)
    with pytest.raises(ProgrammeError, match="in use and cannot change; write a new version"):
        bring(official())
    assert (
        queries.version("ecei", "2013") == old
        and not (programme / "schemes" / "ecei" / "2013" / "official.toml").exists()
    )
    bring(official("2013.official"))
    assert minimum().level == 2 and minimum("2013.official").level == 3
    assert queries.version("ecei", "2013.official").source == "ECEI Criteria 2013, official text"


def test_a_whole_scheme_is_taken_in_as_well(programme, tmp_path):
    whole, before = tmp_path / "whole", len(queries.versions())
    shutil.copytree(programme / "schemes" / "ecei" / "2013", whole)
    file = whole / "scheme.toml"
    file.write_text(
        file.read_text().replace('version = "2013"', 'version = "2015"').replace("from = 2013", "from = 2015")
    )
    assert bring(whole).version == "2015" and len(queries.versions()) == before + 1


def test_what_does_not_fit_is_said_and_nothing_is_touched(programme, official):
    before = sorted(str(path) for path in programme.rglob("*"))
    with pytest.raises(ProgrammeError) as error:
        bring(official(more='[[indicator]]\ncode = "9.9"\nminimum = 1\n[[indicator]]\ncode = "2.4"\nminimun = 1\n'))
    assert str(error.value).splitlines() == [
        "schemes/ecei/2013/official.toml, indicator 9.9, code: version to build on has no indicator '9.9'; mend the code",
        "schemes/ecei/2013/official.toml, indicator 2.4, minimun: nothing is called so here; write one of code, da, days, en, evidence, excellence, ladder, levels, "
        "may_be_left_out, measured, measured_from, minimum, offers, points, scopes, scopes_unknown, text_da, text_en",
    ]
    with pytest.raises(ProgrammeError, match=r"version: it is '\.\./x'; write small letters, digits, dots and dashes"):
        bring(official("../x"))
    assert sorted(str(path) for path in programme.rglob("*")) == before and minimum().level == 2


def test_only_who_may_take_in_the_programme(programme, official, stage):
    with pytest.raises(Refused):
        bring(official(), by=stage.people["vind"])
    assert bring(official(), by=stage.people["office"]).version == "2013"


def test_a_change_elsewhere_must_not_break_a_crosswalk(programme, official):
    walk = programme / "schemes" / "crosswalks"
    walk.mkdir(exist_ok=True)
    bring(official("2013.official"))
    codes = [one.code for one in queries.version("ecei", "2013").indicators]
    head = 'from_scheme = "ecei"\nfrom_version = "2013"\nto_scheme = "ecei"\nto_version = "2013.official"\nsource = "x"\nprovenance = "official"\n'
    (walk / "w.toml").write_text(
        head + "".join(f'[[step]]\nchange = "same"\nold = ["{code}"]\nnew = ["{code}"]\n' for code in codes)
    )
    queries.loaded_from.cache_clear()
    old, new = queries.version("ecei", "2013"), queries.version("ecei", "2013.official")
    assert queries.crosswalk(old, new).steps[0].old == ("1.1.0",) and queries.crosswalk(new, old) is None
    assert queries.crosswalk(old, replace(new, version="x")) is None
    (walk / "w.toml").write_text(head)
    with pytest.raises(ProgrammeError, match=r"w\.toml, old: indicator 1\.1\.0 of version 2013 is in no step"):
        bring(official("2013.second"))
