"""Which schemes there are, in which version, and how one version leads to another; read once a process from the programme's folder."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from klyngeforum.ground.programme.queries import labels
from klyngeforum.ground.programme.rules import ProgrammeError

from .entries import Problem
from .loading import OVERLAY, Loaded, load
from .reading import FILES
from .terms import Crosswalk, Label, Version


@lru_cache(maxsize=8)
def loaded_from(folder: Path) -> Loaded:
    return load(folder, frozenset(one.code for one in labels()))


def problems(folder: Path | None = None) -> tuple[Problem, ...]:
    """Everything that is wrong in the schemes, one line each; reads anew."""
    loaded_from.cache_clear()
    return loaded_from(folder or settings.PROGRAMME).problems


def _loaded() -> Loaded:
    found = loaded_from(settings.PROGRAMME)
    if found.problems:
        raise ProgrammeError("\n".join(str(one) for one in found.problems))
    return found


def is_scheme(folder: Path) -> bool:
    """Whether the folder holds one version of a scheme, whole or official values of it."""
    return (folder / OVERLAY).is_file() or (folder / f"{FILES[0]}.toml").is_file()


def versions() -> tuple[Version, ...]:
    return _loaded().versions


def version(scheme: str, name: str) -> Version | None:
    return next((one for one in versions() if (one.scheme, one.version) == (scheme, name)), None)


def pinned(scheme: str, name: str, checksum: str) -> Version:
    """The version that an assessment rests on; an error if its files are gone or no longer what they were."""
    found = version(scheme, name)
    if found is None:
        raise ProgrammeError(f"schemes/{scheme}/{name}: the version is in use, but its folder is gone; restore it")
    if found.checksum != checksum:
        raise ProgrammeError(
            f"schemes/{scheme}/{name}: the version is in use and its files were changed; restore them and write a new version"
        )
    return found


def standing(scheme: str, *, on: date) -> Version | None:
    """The scheme's version on a day: the newest that has begun and not ended; a draft stands on no day."""
    fitting = [
        one
        for one in versions()
        if one.scheme == scheme and not one.draft and one.since <= on and (one.until is None or on <= one.until)
    ]
    return max(fitting, key=lambda one: (one.since, one.version), default=None)


def awarding(label: str, *, on: date) -> tuple[Version, Label] | None:
    """The version, and its label, by which a label of the programme is judged on a day."""
    schemes = dict.fromkeys(one.scheme for one in versions())
    found = [(one, held) for scheme in schemes if (one := standing(scheme, on=on)) and (held := one.label(label))]
    return max(found, key=lambda pair: pair[0].since, default=None)


def crosswalks() -> tuple[Crosswalk, ...]:
    return _loaded().crosswalks


def crosswalk(old: Version, new: Version) -> Crosswalk | None:
    ends = (old.scheme, old.version, new.scheme, new.version)
    return next(
        (one for one in crosswalks() if (one.from_scheme, one.from_version, one.to_scheme, one.to_version) == ends),
        None,
    )
