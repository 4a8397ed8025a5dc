"""An extract on its way in: it arrives in a folder of its own beside the others, is looked at there, and is numbered or gone."""

from __future__ import annotations

import errno
import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db import transaction

from klyngeforum.ground.access.queries import Actor, may
from klyngeforum.ground.holding import take_turn
from klyngeforum.ground.period import date_of
from klyngeforum.ground.programme.queries import small_cells
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import YES, Refused, Verdict, no, require
from klyngeforum.ground.words import mark

from .models import Extract
from .moving import person_of
from .queries import path_of
from .terms import Seen
from .unpacking import FULL

_PANELS = "klyngeforum.results.effects.panels"  # loads the analysis library, so only where a file is looked at
_ARRIVALS, _SUFFIX = "arriving", ".parquet"
# seconds: nobody looks at a file for so long; what is older was left by a process that was killed
_FORGOTTEN = 24 * 3600


@dataclass(frozen=True, slots=True)
class Looked:
    """A file that was looked at, where it lies as Parquet meanwhile, and whether it lies in a folder that will be gone."""

    seen: Seen
    path: Path
    passing: bool


def arrival() -> TemporaryDirectory[str]:
    """A folder for one file on its way in, on the disk of the extracts and for this user alone; gone when it is cleaned up or let go."""
    folder = Path(settings.EXTRACTS) / _ARRIVALS
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        with suppress(FileNotFoundError):  # another's file that has just been seen to its end
            if time.time() - old.stat().st_mtime > _FORGOTTEN:
                shutil.rmtree(old, ignore_errors=True)
    return TemporaryDirectory(dir=folder, ignore_cleanup_errors=True)


def full(error: OSError) -> bool:
    return error.errno in (errno.ENOSPC, errno.EDQUOT)


def _source(source: str) -> Verdict:
    return YES if source.strip() else no(mark("Say where the extract is from."), on="source")


@contextmanager
def looked_at(*, by: Actor, at: datetime, path: Path, source: str) -> Iterator[Looked]:
    """Look at a CSV or Parquet file; within the ``with`` it can be numbered, afterwards nothing of it is left. Minutes for a large one: not
    within a transaction. Refused where it cannot be read at all."""
    require(
        may(by, "effects.write", on=date_of(at)), _source(source),
        YES if path.is_file() else no(mark("There is no file %(path)s."), path=path),
    )  # fmt: skip
    try:
        with arrival() as folder:
            seen, told = import_module(_PANELS).look(path, Path(folder), int(small_cells().least))
            yield Looked(seen, told, told != path)
    except OSError as error:
        if full(error):
            raise Refused(no(FULL, on="file")) from error
        raise


def known(seen: Seen) -> int | None:
    """The number of the extract that it is already."""
    return Extract.objects.filter(checksum=seen.checksum).values_list("number", flat=True).first()


def _laid(looked: Looked, file: str) -> None:
    """The file under its name among the extracts, whole or not at all."""
    folder = Path(settings.EXTRACTS)
    folder.mkdir(parents=True, exist_ok=True)
    if looked.passing:
        looked.path.replace(folder / file)
        return
    part = folder / f"{file}.part"
    try:
        shutil.copyfile(looked.path, part)
        part.replace(folder / file)
    finally:
        part.unlink(missing_ok=True)


@transaction.atomic
def number(*, by: Actor, at: datetime, looked: Looked, source: str) -> Extract:
    """Number what was looked at and lay it beside the database, where its rows are never shown. The same file again is the same extract."""
    require(may(by, "effects.write", on=date_of(at)), _source(source), *looked.seen.problems)
    seen = looked.seen
    take_turn()  # two extracts at once get two numbers, and the same file one
    found = Extract.objects.filter(checksum=seen.checksum).first()
    if found is not None:
        if not path_of(found).is_file():  # it was taken away and comes back
            _laid(looked, found.file)
        return found
    nth = (Extract.objects.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    file = f"{nth:04d}-{seen.checksum[:12]}{_SUFFIX}"
    row = Extract.objects.create(
        number=nth, file=file, checksum=seen.checksum, rows=seen.rows, companies=seen.companies, first_year=seen.first_year,
        last_year=seen.last_year, columns=json.dumps([one.name for one in seen.columns]), source=source.strip()[:300], taken_at=at, taken_by=person_of(by),
    )  # fmt: skip
    after = {"number": nth, "checksum": seen.checksum, "rows": seen.rows, "companies": seen.companies, "source": row.source}  # fmt: skip
    record(by=by, at=at, verb="effects.take_in_extract", thing="extract", thing_id=row.pk, after=after)
    try:
        _laid(looked, file)
    except OSError as error:
        if full(error):
            raise Refused(no(FULL, on="file")) from error
        raise
    return row


def take_in_extract(*, by: Actor, at: datetime, path: Path, source: str) -> Extract:
    """Look at a CSV or Parquet file of companies by year and number it. The same file again is the same extract."""
    with looked_at(by=by, at=at, path=path, source=source) as looked:
        return number(by=by, at=at, looked=looked, source=source)
