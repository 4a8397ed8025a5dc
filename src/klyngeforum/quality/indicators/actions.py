"""Taking in schemes: a version in use cannot change; official values come as a new version or in place of an unused one."""

from __future__ import annotations

import re
import shutil
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db import transaction

from klyngeforum.ground.access.queries import Actor, may
from klyngeforum.ground.period import date_of
from klyngeforum.ground.programme.actions import Noted, Taken, mark_used, note_versions
from klyngeforum.ground.programme.queries import read_toml
from klyngeforum.ground.programme.rules import ProgrammeError
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import require

from . import official, queries
from .entries import Entry, Problem
from .loading import FOLDER, OVERLAY
from .reading import FILES
from .terms import Version

KIND = "scheme"
WHOLE = tuple(f"{name}.toml" for name in FILES)
_CODE = re.compile(r"[a-z0-9][a-z0-9._-]*")


def _noted(one: Version) -> Noted:
    return KIND, one.scheme, one.version, one.checksum, f"{FOLDER}/{one.scheme}/{one.version}"


def _sound(folder: Path) -> tuple[Version, ...]:
    """The folder's versions, or every problem, one line each."""
    found = queries.problems(folder)
    if found:
        raise ProgrammeError("\n".join(str(one) for one in found))
    return queries.loaded_from(folder).versions


def take_in(*, folder: Path, at: datetime) -> Taken:
    """Validate the folder's schemes and note each version; refuses to change one in use."""
    return note_versions(found=[_noted(one) for one in _sound(folder)], at=at)


@transaction.atomic
def pin(*, version: Version, at: datetime) -> str:
    """Note that something rests on the version: from now on it cannot change. Returns the checksum to keep beside it."""
    note_versions(found=[_noted(version)], at=at)
    mark_used(kind=KIND, versions={version.scheme: version.version}, at=at)
    return version.checksum


def _brought(folder: Path) -> tuple[str, str, tuple[str, ...]]:
    """(scheme, version, the files that are brought)."""
    overlay = (folder / OVERLAY).is_file()
    path = folder / (OVERLAY if overlay else WHOLE[0])
    raw, problems = read_toml(path), list[Problem]()
    if overlay:
        scheme, version, _, problems = official.names(raw, str(path))
    else:
        entry = Entry(raw, str(path), problems)
        scheme, version = entry.text("scheme"), entry.text("version")
    for key, code in (("scheme", scheme), ("version", version)):
        if code and not _CODE.fullmatch(code):
            problems.append(Problem(str(path), key, f"it is '{code}'; write small letters, digits, dots and dashes"))
    if problems:
        raise ProgrammeError("\n".join(str(one) for one in problems))
    return scheme, version, tuple(name for name in (*WHOLE, OVERLAY) if (folder / name).is_file())


def _placed(folder: Path, files: tuple[str, ...], target: Path) -> None:
    """Each file is written beside its place first: a full disk leaves no half file."""
    target.mkdir(parents=True, exist_ok=True)
    for name in files:
        part = target / f"{name}.part"
        try:
            shutil.copyfile(folder / name, part)
            part.replace(target / name)
        finally:
            part.unlink(missing_ok=True)


def _tried(folder: Path, files: tuple[str, ...], scheme: str, version: str) -> Version:
    """The version as it would stand among the others; nothing of the programme is touched."""
    with TemporaryDirectory() as name:
        trial = Path(name)
        if (settings.PROGRAMME / FOLDER).is_dir():
            shutil.copytree(settings.PROGRAMME / FOLDER, trial / FOLDER)
        _placed(folder, files, trial / FOLDER / scheme / version)
        return next(one for one in _sound(trial) if (one.scheme, one.version) == (scheme, version))


@transaction.atomic
def take_in_official(*, by: Actor, at: datetime, folder: Path) -> Version:
    """Take in an operator's folder as a new version, or in place of one that nothing rests on yet."""
    require(may(by, "programme.take_in", on=date_of(at)))
    scheme, version, files = _brought(folder)
    found = _tried(folder, files, scheme, version)
    taken = note_versions(found=[_noted(found)], at=at)
    if taken.new or taken.changed:
        after = {"scheme": scheme, "version": version, "checksum": found.checksum, "source": found.source}
        record(by=by, at=at, verb="indicators.take_in_official", thing="programme", after=after)
    _placed(folder, files, settings.PROGRAMME / FOLDER / scheme / version)
    queries.loaded_from.cache_clear()
    return found
