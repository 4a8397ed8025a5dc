"""A statistics office's file by its recipe: cells of region, industry and year; everything that is wrong is listed with row and column."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from importlib import import_module
from typing import Any

from klyngeforum.ground.tables.queries import NotATable
from klyngeforum.ground.tables.terms import Problem
from klyngeforum.ground.words import mark

from .recipes import TableRecipe
from .terms import CellRead, FileRead

MOST_BYTES, MOST_ROWS, MOST_PROBLEMS, LONGEST_CODE, LONGEST_NAME = 500 * 1024 * 1024, 1_000_000, 1000, 60, 200
_FLAGGED = re.compile(r"^([0-9.,]+|:)[\s|]*([A-Za-z\s|]*)$")
_MARKED = re.compile(r"[\d.,]*[.,][\d.,]*")  # digits with points or commas
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(\.\d{3})+(,\d*)?")
_COMMA = re.compile(r"\d*,\d*|\d*\.\d+")  # "12345,6"; a file of the same office for programs has "12345.6"
_POINTED = re.compile(r"\d*\.\d+")  # a point before decimals, where it is no thousand
_LOST = re.compile(r"\d(\s|$)")  # "1 Crop production", where a code has two digits
_KEYS = re.compile(r"[\\/]\s*time", re.IGNORECASE)  # "geo\TIME_PERIOD": the keys, then what stands across
_WIDE = (b"\xff\xfe", b"\xfe\xff")  # UTF-16, which Excel calls Unicode text
Line = tuple[int, Mapping[str, str]]
EARLIEST, LATEST = 1900, 2100


def _unpacked(content: bytes) -> bytes:
    if content[:2] == b"\x1f\x8b":
        try:
            with gzip.open(io.BytesIO(content)) as packed:
                content = packed.read(MOST_BYTES + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise NotATable(mark("The packed file is damaged."), mark("Fetch it again.")) from error
    if len(content) > MOST_BYTES:
        raise NotATable(mark("The file is larger than 500 MB."), mark("Split it into smaller files."))
    if not content.strip():
        raise NotATable(mark("The file is empty."), mark("Choose the file that the statistics office gave."))
    return content


def _decoded(content: bytes) -> str:
    if content[:2] in _WIDE:
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _csv(content: bytes, recipe: TableRecipe) -> Iterator[Line]:
    if b"\x00" in content[:4096] and content[:2] not in _WIDE:
        raise NotATable(mark("The file is not text."), mark("Choose the CSV file, or another recipe."))
    text = _decoded(content)
    wanted = {name.casefold() for names in recipe.columns.values() for name in names}
    lines = text.splitlines(keepends=True)
    start, separator, header = 0, ";", [""]
    for start, first in enumerate(lines[:10]):  # noqa: B007 - a title may stand above the header row
        separator = max(";\t,", key=first.count) if not recipe.keys else "\t"
        header = [name.strip() for name in next(csv.reader([first], delimiter=separator), [])]
        if wanted & {name.casefold() for name in header} or (recipe.keys and _KEYS.search(header[0] if header else "")):
            break
    else:
        names = ", ".join(sorted(name for names in recipe.columns.values() for name in names)) or ", ".join(recipe.keys)
        raise NotATable(
            mark("No header row was found: none of the columns is named %(names)s."),
            mark("Choose the recipe that fits the file."),
            names=names,
        )
    try:
        reader = csv.reader(io.StringIO("".join(lines[start:]), newline=""), delimiter=separator)
        next(reader)
        for row in reader:
            if any(value.strip() for value in row):
                yield start + reader.line_num, dict(zip(header, (value.strip() for value in row), strict=False))
    except csv.Error as error:
        raise NotATable(
            mark("The CSV file cannot be read: %(error)s."),
            mark("Fetch it again from the statistics office."),
            error=str(error),
        ) from error


def _parquet(content: bytes, recipe: TableRecipe) -> Iterator[Line]:
    arrow = import_module("pyarrow.parquet")
    wanted = {name for names in recipe.columns.values() for name in names} | set(recipe.rows)
    try:
        file = arrow.ParquetFile(io.BytesIO(content))
        there = [name for name in file.schema_arrow.names if name in wanted]
        columns = file.read(columns=there).to_pydict()
    except (OSError, ValueError, import_module("pyarrow").ArrowException) as error:
        raise NotATable(
            mark("The file is not Parquet."), mark("Choose the Parquet file, or another recipe.")
        ) from error
    for at, values in enumerate(zip(*columns.values(), strict=True), start=1):
        yield at, {name: _plain(value) for name, value in zip(columns, values, strict=True)}


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def lines_of(content: bytes, recipe: TableRecipe) -> Iterator[Line]:
    """Every row with its number in the file, as column -> text."""
    content = _unpacked(content)
    if recipe.format == "parquet":
        if content[:4] != b"PAR1":
            raise NotATable(mark("The file is not Parquet."), mark("Choose the Parquet file, or another recipe."))
        return _parquet(content, recipe)
    return _csv(content, recipe)


class Reader:
    """One file on its way through its recipe."""

    def __init__(self, recipe: TableRecipe) -> None:
        self.recipe, self.found = recipe, FileRead()
        self.cells: dict[tuple[str, str, int], dict[str, Any]] = {}
        self.names: dict[str, str] = {}
        self.across: dict[str, tuple[str, int]] = {}
        self.kinds: dict[str, str] = {}
        self.lost: list[tuple[int, str, str]] = []
        # of a column the first cell with a point before decimals (True) and the first written otherwise
        self.points: dict[str, dict[bool, tuple[int, str]]] = {}
        self.sheet = "Parquet" if recipe.format == "parquet" else "CSV"

    def wrong(self, row: int, column: str, value: str, why: str, mend: str, /, **values: object) -> None:
        if len(self.found.problems) < MOST_PROBLEMS:
            self.found.problems.append(Problem(self.sheet, row, column, value[:80], why, mend, values))

    def header(self, row: Mapping[str, str]) -> None:
        """Which column is what; refuses a file that lacks one."""
        there = {name.casefold(): name for name in row}
        kinds = {"kind": self.recipe.kind_columns} if self.recipe.kind_columns else {}
        for part, names in {**self.recipe.columns, **kinds}.items():
            self.names[part] = next((there[name.casefold()] for name in names if name.casefold() in there), "")
            if not self.names[part] and part not in ("region_name", "industry_name", "withheld"):
                raise NotATable(
                    mark("The file has no column %(missing)s; its columns are: %(columns)s."),
                    mark("Choose the recipe that fits the file."),
                    missing=" / ".join(names), columns=", ".join(list(row)[:20]),
                )  # fmt: skip
        if self.recipe.years:
            for name in row:
                match = re.search(self.recipe.years, name.strip())
                if match:
                    parts = match.groupdict()
                    self.across[name] = (parts.get("region", ""), int(parts.get("year") or match.group(1)))
            if not self.across:
                raise NotATable(mark("No column is a year."), mark("Choose the recipe that fits the file."))

    def measures(self, said: Iterable[str]) -> None:
        """What the numbers of the file are: of several words for the same the first that the recipe names, so that jobs and full-time jobs
        never stand in one table; refuses a file without employment."""
        there = list(dict.fromkeys(said))
        found = {kind: next((word for word in words if word in there), "") for kind, words in self.recipe.kinds.items()}
        if not found.get("employment"):
            raise NotATable(
                mark("Nothing in column %(column)s is employment: it says %(values)s. The recipe knows %(known)s."),
                mark("Fetch the table with employees, or choose the recipe that fits the file."),
                column=self.names["kind"], values=", ".join(there[:12]), known=", ".join(self.recipe.kinds["employment"]),
            )  # fmt: skip
        self.kinds = {word: kind for kind, word in found.items() if word}

    def code(self, part: str, row: int, text: str) -> tuple[str, str] | None:
        """(code, name) of a region or an industry; None for one that the recipe leaves out."""
        column, pattern = (
            self.names.get(part, part),
            self.recipe.regions if part == "region" else self.recipe.industries,
        )
        if not text:
            why = mark("The region is missing.") if part == "region" else mark("The industry is missing.")
            self.wrong(row, column, text, why, mark("Fill it, or take the row out."))
            return None
        code, name = text, ""
        if pattern:
            match = re.search(pattern, text)
            if match is None:
                if part == "industry" and _LOST.match(text) and re.search(pattern, f"0{text}"):
                    self.lost.append((row, column, text))
                return None
            code = match.group(1) if match.groups() else text
            name = (match.group(2) or "").strip() if len(match.groups()) > 1 else ""
        if part == "region" and self.recipe.region_codes:
            first, _, rest = code.partition(" ")  # "084 Region Hovedstaden": code and name
            known = code if code in self.recipe.region_codes else first
            if known not in self.recipe.region_codes:
                if f"0{first}" in self.recipe.region_codes:
                    self.without_zero(row, column, text)
                return None
            name, code = name or (code if known == code else rest.strip()), self.recipe.region_codes[known]
        if len(code) > LONGEST_CODE:
            self.wrong(row, column, text, mark("The code is longer than 60 characters."), mark("Choose the recipe that fits the file."))  # fmt: skip
            return None
        return code, name[:LONGEST_NAME]

    def number(self, row: int, column: str, text: str) -> float | str | None:
        """The number; None for one that the source holds back; "" for nothing there; the problem is noted and also "" ."""
        bare = text.replace("\xa0", " ").strip()
        if self.recipe.flags:
            match = _FLAGGED.match(bare)
            if match and set(match.group(2)) & set(self.recipe.withheld):
                return None
            if match and match.group(1) == ":":
                return ""
            bare = match.group(1) if match else bare
        if bare in self.recipe.withheld:
            return None
        if bare == "" or bare in self.recipe.nothing:
            return ""
        bare = bare.replace(" ", "")
        sign = self.recipe.decimal
        if _MARKED.fullmatch(bare) and (
            "," in bare if sign == "." else not (_COMMA.fullmatch(bare) or _THOUSANDS.fullmatch(bare))
        ):
            self.wrong(
                row, column, text, mark("“%(value)s” is not a number with “%(sign)s” before its decimals, as the recipe says."),
                mark("Fetch the file with that sign, or choose the recipe that fits it."), value=text[:40], sign=sign,
            )  # fmt: skip
            return ""
        if sign == ",":
            if "." in bare or "," in bare:
                pointed = bool(_POINTED.fullmatch(bare)) and not _THOUSANDS.fullmatch(bare)
                self.points.setdefault(column, {}).setdefault(pointed, (row, text[:40]))
            bare = (bare.replace(".", "") if _THOUSANDS.fullmatch(bare) else bare).replace(",", ".")
        try:
            value = Decimal(bare)
        except InvalidOperation:
            self.wrong(row, column, text, mark("“%(value)s” is not a number."), mark("Write a number, or leave the cell empty."), value=text[:40])  # fmt: skip
            return ""
        if not value.is_finite() or value < 0 or value > 10**12:
            self.wrong(row, column, text, mark("The number is below 0 or far too large."), mark("Mend the number, or leave the cell empty."))  # fmt: skip
            return ""
        return float(value) * (self.recipe.per_region or 1.0)

    def year(self, row: int, text: str) -> int | None:
        match = re.fullmatch(r"(\d{4})(?:\.0)?", text.strip())
        if match and EARLIEST <= int(match.group(1)) < LATEST:
            return int(match.group(1))
        self.wrong(row, self.names["year"], text, mark("“%(value)s” is not a year."), mark("Write the year with four digits."), value=text[:40])  # fmt: skip
        return None

    def take(self, at: int, row: Mapping[str, str]) -> bool:
        """Note what the row says; False when the recipe leaves it out."""
        recipe = self.recipe
        if any(row.get(name, "") not in values for name, values in recipe.rows.items()):
            return False
        kind = "employment"
        if recipe.kind_columns:
            kind = self.kinds.get(row.get(self.names["kind"], ""), "")
            if not kind:
                return False
        industry = self.code("industry", at, row.get(self.names["industry"], ""))
        region = self.code("region", at, row.get(self.names["region"], "")) if self.names.get("region") else ("", "")
        if industry is None or region is None:
            return False
        self.found.industries.setdefault(industry[0], industry[1] or row.get(self.names.get("industry_name", ""), "")[:LONGEST_NAME])  # fmt: skip
        if region[0]:
            self.found.regions.setdefault(region[0], region[1] or row.get(self.names.get("region_name", ""), "")[:LONGEST_NAME])  # fmt: skip
        for column, (named, year) in self.across.items():
            where = named or region[0]
            self.found.regions.setdefault(where, "")
            self.put(at, column, (where, industry[0], year), kind, row.get(column, ""), False)
        if not self.across:
            self.along(at, row, (region[0], industry[0]), kind)
        return True

    def along(self, at: int, row: Mapping[str, str], where: tuple[str, str], kind: str) -> None:
        """A row that is one year."""
        year = self.year(at, row.get(self.names["year"], "")) if "year" in self.names else self.recipe.year
        if year is None:
            return
        held = bool(self.names.get("withheld") and row.get(self.names["withheld"], "") in self.recipe.withheld)
        for part in ("employment", "workplaces"):
            column = self.names.get(part)
            if column:
                self.put(
                    at, column, (*where, year), kind if self.recipe.kind_columns else part, row.get(column, ""), held
                )
        if self.recipe.plants:
            cell = self.cells.get((*where, year))
            if cell is not None:
                cell["workplaces"] = (cell["workplaces"] or 0.0) + 1

    def put(self, at: int, column: str, key: tuple[str, str, int], kind: str, text: str, held: bool) -> None:
        value = None if held else self.number(at, column, text)
        if value == "":
            return
        cell = self.cells.setdefault(key, {"line": at, "employment": None, "workplaces": None, "held": False})
        seen = f"{kind} seen"
        if seen in cell and not self.recipe.plants:
            first = mark("This region, industry and year stand in row %(first)s already.")
            self.wrong(at, column, " · ".join(map(str, key)), first, mark("Remove one of the two rows, or choose the recipe that fits the file."), first=cell["line"])  # fmt: skip
            return
        cell[seen] = True
        if value is None:
            cell["held"] = True
        else:
            cell[kind] = (cell[kind] or 0.0) + float(value)

    def without_zero(self, row: int, column: str, text: str) -> None:
        self.wrong(row, column, text, mark("The code has lost its leading zero."), mark("A spreadsheet took it for a number. Fetch the file again, and do not save it from the spreadsheet."))  # fmt: skip

    def zeros(self) -> None:
        """Codes of one digit are sums that the recipe leaves out, but where no code begins with a zero they have lost it."""
        if self.lost and not any(code.startswith("0") for code in self.found.industries):
            for row, column, text in self.lost:
                self.without_zero(row, column, text)

    def mixed(self) -> None:
        """A column with a point before decimals in one cell and before thousands (or a comma) in another: one of the two is read wrongly."""
        for column, ways in self.points.items():
            if len(ways) > 1:
                (row, text), (other, said) = ways[True], ways[False]
                self.wrong(
                    row, column, text, mark("“%(value)s” has a point before its decimals, but “%(said)s” in row %(other)s of the same column is written otherwise: one of the two would be read as another number."),
                    mark("Write all numbers of the column in one way, as 1500 and 50,5, or fetch the file again and do not save it from a spreadsheet."),
                    value=text, said=said, other=other,
                )  # fmt: skip

    def without_whole(self) -> None:
        """A region that contains the others becomes the rest of it."""
        whole, rest = self.recipe.whole, self.recipe.rest
        if not whole:
            return
        for (region, industry, year), cell in list(self.cells.items()):
            if region != whole:
                continue
            own = sum(one["employment"] or 0.0 for (other, kind, when), one in self.cells.items() if other not in (whole, rest) and (kind, when) == (industry, year))  # fmt: skip
            del self.cells[(region, industry, year)]
            if cell["employment"] is not None:
                self.cells[(rest, industry, year)] = {**cell, "employment": max(cell["employment"] - own, 0.0)}
        self.found.regions.pop(whole, None)
        self.found.regions.setdefault(rest, rest)

    def done(self) -> FileRead:
        self.zeros()
        self.mixed()
        self.without_whole()
        found = self.found
        found.cells = [
            CellRead(one["line"], *key, one["employment"], one["workplaces"], one["held"]) for key, one in self.cells.items()
        ]  # fmt: skip
        there = {one.region for one in found.cells}, {one.industry for one in found.cells}
        found.regions = {code: name for code, name in found.regions.items() if code in there[0]}
        found.industries = {code: name for code, name in found.industries.items() if code in there[1]}
        return found


def read_table(content: bytes, recipe: TableRecipe) -> FileRead:
    """Every cell of the file. Rows that the recipe leaves out (sums, other levels) are counted; what cannot be read is listed."""
    reader = Reader(recipe)
    for at, row in _rows_of(content, recipe):
        if not reader.names:
            reader.header(row)
            if recipe.kind_columns:
                reader.measures(one.get(reader.names["kind"], "") for _, one in _rows_of(content, recipe))
        if reader.found.rows >= MOST_ROWS:
            raise NotATable(mark("The file has more than a million rows."), mark("Split it into smaller files."))
        reader.found.rows += 1
        reader.found.left_out += not reader.take(at, row)
    found = reader.done()
    if not found.rows:
        raise NotATable(
            mark("No row stands under the headings."), mark("Choose the file that the statistics office gave.")
        )
    if not found.cells and not found.problems:
        raise NotATable(
            mark("Of %(rows)s rows, none belongs to the recipe's regions and industries."),
            mark("Choose the recipe that fits the file."),
            rows=found.rows,
        )
    return found


def _rows_of(content: bytes, recipe: TableRecipe) -> Iterator[Line]:
    lines = lines_of(content, recipe)
    return ((at, _apart(row)) for at, row in lines) if recipe.keys else lines


def _apart(row: Mapping[str, str]) -> dict[str, str]:
    """Eurostat's first column holds several, apart by commas: "A,C10,V16110,DK01"; its own heading may be in capitals."""
    first, *rest = row.items()
    names = [one.strip().lower() for one in _KEYS.split(first[0])[0].split(",")]
    values = [one.strip() for one in first[1].split(",")]
    return {**dict(zip(names, values, strict=False)), **dict(rest)}
