"""A programme's folder of schemes on disk: which files make a version, and everything that is wrong in them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from klyngeforum.ground.programme.queries import read_toml
from klyngeforum.ground.programme.rules import ProgrammeError, checksum

from . import crosswalks, official, reading, validation
from .entries import Problem, Raw
from .terms import Crosswalk, Version

FOLDER, OVERLAY, CROSSWALKS = "schemes", "official.toml", "crosswalks"


@dataclass(frozen=True, slots=True)
class Loaded:
    """Every version and crosswalk that could be read, and every problem."""

    versions: tuple[Version, ...]
    crosswalks: tuple[Crosswalk, ...]
    problems: tuple[Problem, ...]


def _named(folder: Path) -> str:
    """How an error names a version's folder."""
    return f"{FOLDER}/{folder.parent.name}/{folder.name}"


def _read(path: Path, where: str, problems: list[Problem]) -> Raw:
    try:
        return read_toml(path)
    except ProgrammeError as error:
        problems.append(Problem(where, "", str(error).removeprefix(f"{path}: ")))
        return {}


def files_of(folder: Path, problems: list[Problem], seen: tuple[Path, ...] = ()) -> dict[str, Raw]:
    """The version's own files, or those that its official values build on, with the official values laid over."""
    where, overlay = _named(folder), folder / OVERLAY
    values = _read(overlay, f"{where}/{OVERLAY}", problems) if overlay.exists() else None
    own = (folder / "scheme.toml").exists()
    if own or values is None:
        base = {name: _read(folder / f"{name}.toml", f"{where}/{name}.toml", problems) for name in reading.FILES}
    else:
        below = folder.parent / str(values.get("based_on", ""))
        if below in (*seen, folder) or not below.is_dir() or below == folder.parent:
            problems.append(Problem(f"{where}/{OVERLAY}", "based_on", f"there is no version '{below.name}' below it; write one that has a folder"))  # fmt: skip
            return {}
        base = files_of(below, problems, (*seen, folder))
    if values is None or not base:
        return base
    found, wrong = official.merged(base, values, f"{where}/{OVERLAY}")
    problems += wrong
    return found


def version_in(folder: Path, programme: frozenset[str] | None) -> tuple[Version | None, list[Problem]]:
    """The version that stands in the folder, and what is wrong with it."""
    problems: list[Problem] = []
    files, where = files_of(folder, problems), _named(folder)
    if problems:
        return None, problems
    found, problems = reading.read(files, where, checksum(files))
    for key, written, path in (("scheme", found.scheme, folder.parent.name), ("version", found.version, folder.name)):
        if written != path:
            problems.append(Problem(f"{where}/scheme.toml", key, f"it is '{written}', but the folder is called '{path}'; call both the same"))  # fmt: skip
    problems += validation.problems(found, where, programme)
    return (None if problems else found), problems


def _crosswalks(root: Path, versions: list[Version]) -> tuple[list[Crosswalk], list[Problem]]:
    """Between versions that could be read; what is wrong with the others is said where they stand."""
    known = {(one.scheme, one.version): one for one in versions}
    found, problems = [], []
    for path in sorted((root / CROSSWALKS).glob("*.toml")):
        where = f"{FOLDER}/{CROSSWALKS}/{path.name}"
        broken: list[Problem] = []
        raw = _read(path, where, broken)
        if broken:
            problems += broken
            continue
        one, wrong = crosswalks.read(raw, where)
        names = (one.from_scheme, one.from_version), (one.to_scheme, one.to_version)
        broken_ends = any(name not in known and (root / name[0] / name[1]).is_dir() for name in names)
        problems += wrong or ([] if broken_ends else crosswalks.problems(one, where, *map(known.get, names)))
        found.append(one)
    return found, problems


def load(programme: Path, labels: frozenset[str] | None = None) -> Loaded:
    """Every scheme of a programme's folder; ``labels``: the codes that labels of schemes must be among."""
    root = programme / FOLDER
    versions: list[Version] = []
    problems: list[Problem] = []
    for folder in sorted(path for path in root.glob("*/*") if path.is_dir() and path.parent.name != CROSSWALKS):
        one, wrong = version_in(folder, labels)
        problems += wrong
        versions += [one] if one else []
    found, wrong = _crosswalks(root, versions)
    return Loaded(tuple(versions), tuple(found), (*problems, *wrong))
