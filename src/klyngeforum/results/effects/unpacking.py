"""A file as it came from a statistics office: what kind it is, and of a CSV its encoding, separator and header. A stream; no library.

Nothing here tells a value that stands in the file: a first line that is no header is a company's row.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from klyngeforum.ground.verdict import YES, Refused, Verdict, no
from klyngeforum.ground.words import mark

NEEDED = ("company", "year")
MOST_UNPACKED = 40 * 1024**3  # bytes; a packed file that is larger unpacked is none that a person sent
_CHUNK = 1 << 20
_PARQUET, _GZIP, _ZIP, _OLD_EXCEL = b"PAR1", b"\x1f\x8b", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SEPARATORS = ";\t,|"
_CONTROLS = bytes(range(0x80, 0xA0))  # of Latin-1: nobody writes them, but DOS and the Macintosh have letters there
_NUMBER = re.compile(r"\s*[+-]?[\d.,]*\d[\d.,]*\s*")
_NO_LETTER = re.compile(r"[^a-zæøå]")
# what the two columns are called elsewhere, letters only
_CALLED = {
    "company": frozenset(("cvr", "cvrnr", "cvrnummer", "cvrno", "companyid", "companynumber", "virksomhed", "virksomhedsnummer", "virksomhedsnr", "virkcvr", "firm", "firmid", "orgnr", "organisationsnummer", "enterprise", "enterpriseid")),
    "year": frozenset(("år", "aar", "årstal", "aarstal", "refyear", "referenceyear", "yr", "periode", "period", "tid", "time")),
}  # fmt: skip

LATIN = mark("The file is not UTF-8; it was read as Latin-1, as older systems write it.")
WIDE = mark("The file is Unicode text (UTF-16); it was read so.")
FULL = mark("The disk is full. Nothing was kept. Ask the operator for room, or send Parquet, which takes less.")
NO_ROWS = mark("The file is empty. Fetch it again from where it was made.")


@dataclass(frozen=True, slots=True)
class Lines:
    """A CSV file as it can be read: in UTF-8, packed or plain, with its separator and the names of its columns."""

    path: Path
    packed: bool
    separator: str
    names: tuple[str, ...]
    problems: tuple[Verdict, ...] = ()
    remarks: tuple[Verdict, ...] = ()


def _wrong(reason: str, **values: object) -> Refused:
    return Refused(no(reason, on="file", **values))


def is_parquet(path: Path) -> bool:
    """By what stands in it, whatever it is called; refused where it is a workbook or nothing at all."""
    with path.open("rb") as file:
        start = file.read(8)
    if not start:
        raise _wrong(NO_ROWS)
    if start.startswith((_ZIP, _OLD_EXCEL)):
        raise _wrong(mark("The file is a workbook or a zip file. Open it, save the sheet as CSV (UTF-8), and choose that one; a register is often larger than what a spreadsheet holds."))  # fmt: skip
    return start.startswith(_PARQUET)


def _chunks(path: Path, packed: bool) -> Iterator[bytes]:
    seen = 0
    try:
        with gzip.open(path, "rb") if packed else path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                seen += len(chunk)
                if packed and seen > MOST_UNPACKED:
                    raise _wrong(mark("The packed file is larger than 40 GB unpacked. Ask for fewer columns, or for Parquet."))  # fmt: skip
                yield chunk
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise _wrong(mark("The packed file is damaged, or not all of it came. Fetch it again.")) from error


def _encoding(path: Path, packed: bool) -> str:
    """utf-8, utf-16 or latin-1; refused where it is no text, or a mixture."""
    decoder, lines, wide = codecs.getincrementaldecoder("utf-8")(), 1, False
    for nth, chunk in enumerate(_chunks(path, packed)):
        if nth == 0 and chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        if (nth == 0 and chunk.startswith((_ZIP, _PARQUET, _OLD_EXCEL))) or b"\0" in chunk:
            raise _wrong(mark("The file is neither CSV nor Parquet. Ask the statistics office for one of the two."))
        try:
            wide = not decoder.decode(chunk).isascii() or wide
        except UnicodeDecodeError as error:
            bad = bytes(error.object)[: error.start]
            if wide or not bad.isascii():
                raise _wrong(mark("Line %(line)s is not written in UTF-8, but the lines before it are: the file was put together from two or is damaged. Save it as UTF-8."), line=lines + bad.count(b"\n")) from error  # fmt: skip
            return "latin-1"
        lines += chunk.count(b"\n")
    return "utf-8"


def _rewritten(path: Path, packed: bool, encoding: str, folder: Path) -> Path:
    """The same text in UTF-8; refused where it is not in the encoding after all."""
    decoder, told = codecs.getincrementaldecoder(encoding)(), folder / "utf-8.csv"
    with told.open("wb") as out:
        for chunk in _chunks(path, packed):
            if encoding == "latin-1" and len(chunk.translate(None, _CONTROLS)) != len(chunk):
                raise _wrong(mark("The file is written neither in UTF-8 nor in Latin-1. Save it as CSV in UTF-8, or ask for it so."))  # fmt: skip
            try:
                out.write(decoder.decode(chunk).encode())
            except UnicodeError as error:
                raise _wrong(mark("The file is written neither in UTF-8 nor in Latin-1. Save it as CSV in UTF-8, or ask for it so.")) from error  # fmt: skip
    return told


def separated(line: str) -> tuple[str, tuple[str, ...]]:
    """The separator of a header, and the names in it."""
    separator = max(_SEPARATORS, key=line.count)
    names = next(csv.reader([line], delimiter=separator), [])
    return separator, tuple(name.strip() for name in names)


def _called(name: str) -> str:
    return _NO_LETTER.sub("", name.casefold())


def lacking(names: tuple[str, ...]) -> list[Verdict]:
    """Of what every study needs, what is not there, and how to mend it."""
    found: list[Verdict] = []
    for needed in NEEDED:
        if needed in names:
            continue
        like = next((name for name in names if name.casefold() == needed or _called(name) in _CALLED[needed]), None)
        found.append(
            no(mark("The file has no column %(missing)s. If “%(like)s” is it, call it %(missing)s in the first line."), on="file", missing=needed, like=like) if like
            else no(mark("The file has no column %(missing)s. An extract has one row for each company and year, with the columns company and year."), on="file", missing=needed)
        )  # fmt: skip
    return found


def headed(names: tuple[str, ...]) -> list[Verdict]:
    """What is wrong with a header. One that holds a number is a row, of which nothing is told."""
    if any(_NUMBER.fullmatch(name) for name in names):
        return [no(mark("The first line has numbers in it, so it is no header. Put the names of the columns in the first line, company and year among them."), on="file")]  # fmt: skip
    unnamed = [nth for nth, name in enumerate(names, start=1) if not name]
    twice = [name for name, n in Counter(name.casefold() for name in names if name).items() if n > 1]
    return [
        *([no(mark("Column %(nth)s has no name in the first line. Give it one, or take it away."), on="file", nth=unnamed[0])] if unnamed else []),
        *([no(mark("Two columns are called “%(name)s”. Give one of them another name."), on="file", name=twice[0])] if twice else []),
        *lacking(names),
    ]  # fmt: skip


def lines_of(path: Path, folder: Path) -> Lines:
    """The CSV as it can be read; ``folder`` takes a copy in UTF-8 where it is in something else. Refused where it is no text."""
    with path.open("rb") as file:
        packed = file.read(2) == _GZIP
    encoding = _encoding(path, packed)
    told = path if encoding == "utf-8" else _rewritten(path, packed, encoding, folder)
    still = packed and told == path
    start = next(_chunks(told, still), b"").decode("utf-8-sig", errors="ignore")
    if not start.strip():
        raise _wrong(NO_ROWS)
    line, ended, _ = start.partition("\n")
    if not ended and len(start) >= _CHUNK // 4:
        raise _wrong(mark("The file is neither CSV nor Parquet. Ask the statistics office for one of the two."))
    separator, names = separated(line.rstrip("\r"))
    remarks = {"latin-1": (_told(LATIN),), "utf-16": (_told(WIDE),)}.get(encoding, ())
    return Lines(told, still, separator, names, tuple(headed(names)), remarks)


def _told(words: str) -> Verdict:
    return Verdict(YES.ok, words)
