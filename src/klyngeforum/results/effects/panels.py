"""Looking at a file of companies by year and laying it down as Parquet, within the memory limit; only counts over companies come back.

Beside ``running`` the only file of the room that loads the library (DuckDB, Arrow), and only when a file is looked at. What DuckDB says of a
broken line holds the line, so none of its words are told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from hashlib import file_digest
from pathlib import Path
from typing import Any

from klyngeanalyse.core.engines import DuckEngine
from klyngeanalyse.core.errors import Unfit
from klyngeforum.ground.verdict import Refused, Verdict, no
from klyngeforum.ground.words import mark

from .columns import (
    FIRST,
    HOLDS,
    NOTHING,
    THEN,
    TYPED,
    YEAR_TEXT,
    Counts,
    Reading,
    Way,
    askable,
    closer,
    no_numbers,
    reading_of,
)
from .refusals import UNREADABLE
from .running import MEMORY
from .terms import ColumnSeen, Holds, Seen
from .unpacking import FULL, NO_ROWS, Lines, is_parquet, lacking, lines_of

_FIRST_YEAR, _LAST_YEAR = 1800, 2200
_WHOLE = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DECIMAL\(\d+,0\)")
_DECIMALS = ("FLOAT", "DOUBLE")
_NUMBER = re.compile(r"FLOAT|DOUBLE|REAL|DECIMAL.*")
_LONG_NUMBER = 6  # digits from which numbers of one length may be a person's or a plant's
_LINE = re.compile(r"CSV Error on Line: (\d+)")


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(text: object) -> str:
    return "'" + str(text).replace("'", "''") + "'"


def _one(engine: DuckEngine, sql: str) -> dict[str, Any]:
    row: dict[str, Any] = engine.arrow(sql).to_pylist()[0]
    return row


def _refused(error: Exception) -> Refused:
    """What DuckDB could not do, without a word of what stands in the file."""
    said = str(error)
    if "No space left" in said or "ENOSPC" in said or "temp_directory" in said:
        return Refused(no(FULL, on="file"))
    if line := _LINE.search(said):
        return Refused(no(mark("Line %(line)s has more or fewer values than the first line has names, or a quotation mark that does not end. Mend the line, or ask for the file anew."), on="file", line=int(line[1])))  # fmt: skip
    if isinstance(error, Unfit):
        return Refused(no(mark("The Parquet file is damaged, or not all of it came. Fetch it again."), on="file"))
    return Refused(no(UNREADABLE, on="file", why=type(error).__name__))


def look(path: Path, folder: Path, least: int) -> tuple[Seen, Path]:
    """What the file holds, and where it lies as Parquet: itself, or made in ``folder``, which nobody else uses. ``least``: how many
    companies must stand behind what is told. Refused where it cannot be read at all."""
    spill = folder / "spill"
    spill.mkdir()
    engine = DuckEngine(memory=MEMORY, spill=spill)
    try:
        return _Looking(engine, folder, least).at(path)
    except Refused:
        raise
    except Exception as error:
        if not isinstance(error, Unfit) and type(error).__module__.partition(".")[0] not in ("duckdb", "_duckdb"):
            raise
        raise _refused(error) from error
    finally:
        engine.close()


class _Looking:
    def __init__(self, engine: DuckEngine, folder: Path, least: int) -> None:
        self.engine, self.folder, self.least = engine, folder, least
        self.problems: list[Verdict] = []
        self.remarks: list[Verdict] = []
        self.readings: dict[str, Reading] = {}

    def at(self, path: Path) -> tuple[Seen, Path]:
        if is_parquet(path):
            self.engine.open("extract", path)
            told = self._typed(path)
        else:
            lines = lines_of(path, self.folder)
            self.problems += lines.problems
            self.remarks += lines.remarks
            if self.problems:
                return self._nothing(), path
            told = self._converted(lines)
        return (self._seen(told), told) if not self.problems else (self._nothing(), told)

    def _nothing(self) -> Seen:
        return Seen(0, 0, 0, 0, (), tuple(self.problems), tuple(self.remarks))

    def _kinds(self) -> dict[str, str]:
        rows = self.engine.arrow("describe extract").to_pylist()
        return {row["column_name"]: row["column_type"] for row in rows}

    # a file of texts

    def _converted(self, lines: Lines) -> Path:
        """Read as text once, each column by its own signs, and laid down in the order of companies and years: the same rows are the same file."""
        raw = self.folder / "raw.parquet"
        kinds = ", ".join(f"{_text(name)}: 'varchar'" for name in lines.names)
        columns = ", ".join(f"nullif(trim({_name(name)}), '') as {_name(name)}" for name in lines.names)
        options = f"""auto_detect = false, header = true, delim = {_text(lines.separator)}, quote = '"', escape = '"', columns = {{{kinds}}}"""
        packing = "gzip" if lines.packed else "none"
        self.engine.run(f"copy (select {columns} from read_csv({_text(lines.path)}, {options}, compression = '{packing}')) to {_text(raw)} (format parquet)")  # fmt: skip
        self.engine.open("extract", raw)
        counts = self._counts(lines.names)
        self.readings = {name: reading_of(name, counts[name], self.least) for name in lines.names}
        self.problems += [one.problem for one in self.readings.values() if one.problem is not None]
        year = counts["year"]
        if not year.rows:
            self.problems.append(no(NO_ROWS, on="file"))
        elif year.values and self.readings["year"].way is not Way.WHOLE and self.readings["year"].problem is None:
            self._no_year(year.values - year.whole)
        return raw if self.problems else self._laid({name: one.way for name, one in self.readings.items()})  # fmt: skip

    def _counts(self, names: Sequence[str]) -> dict[str, Counts]:
        """Of each column of text, how many values fit what."""
        found = self._fitting(names, FIRST, {name: {} for name in names})
        signs = [name for name in names if closer(Counts(**found[name]))]
        return {name: Counts(**values) for name, values in (self._fitting(signs, THEN, found) if signs else found).items()}  # fmt: skip

    def _fitting(
        self, names: Sequence[str], patterns: Mapping[str, str], found: dict[str, dict[str, int]]
    ) -> dict[str, dict[str, int]]:
        nothing = ", ".join(map(_text, NOTHING))
        asked = ["count(*) as rows"]
        for nth, name in enumerate(names):
            column = _name(name)
            asked += [f"count({column}) as filled_{nth}", f"count(*) filter ({column} in ({nothing})) as nothing_{nth}"]
            asked += [f"count(*) filter (regexp_full_match({column}, {_text(pattern)})) as {key}_{nth}" for key, pattern in patterns.items()]  # fmt: skip
        row = _one(self.engine, f"select {', '.join(asked)} from extract")
        for nth, name in enumerate(names):
            found[name] |= {key: row[f"{key}_{nth}"] for key in ("filled", "nothing", *patterns)} | {
                "rows": row["rows"]
            }
        return found

    def _laid(self, ways: Mapping[str, Way | None]) -> Path:
        """The rows as Parquet, each column as it is to be read (None: as it is)."""
        told = self.folder / "extract.parquet"
        columns = ", ".join(f"{_read(_name(name), way)} as {_name(name)}" for name, way in ways.items())
        self.engine.run("set preserve_insertion_order = true")
        self.engine.run(f"copy (select {columns} from extract order by company, year) to {_text(told)} (format parquet, compression zstd)")  # fmt: skip
        self.engine.run("set preserve_insertion_order = false")
        self.engine.open("extract", told)
        (self.folder / "raw.parquet").unlink(missing_ok=True)
        return told

    # a file with types

    def _typed(self, path: Path) -> Path:
        """The file itself; where its years are text, one in which they are numbers."""
        kinds = self._kinds()
        self.problems += lacking(tuple(kinds))
        texts = [name for name, kind in kinds.items() if kind == "VARCHAR"]
        counts = self._counts(texts) if texts else {}
        for name in texts:
            typed = reading_of(name, counts[name], self.least)
            numbers = name != "company" and typed.way in (Way.WHOLE, Way.POINT, Way.COMMA)
            self.readings[name] = Reading(Way.TEXT, (Verdict(True, TYPED),) if numbers else ())
        year = counts.get("year")
        if year is None or self.problems or not year.rows:
            return path
        if year.whole != year.values:
            self._no_year(year.values - year.whole)
            return path
        self.readings["year"] = Reading(Way.WHOLE, (Verdict(True, YEAR_TEXT),))
        return self._laid({name: Way.WHOLE if name == "year" else None for name in kinds})

    # what both hold

    def _no_year(self, n: int) -> None:
        self.problems.append(no(mark("The column year holds something else than a year in %(n)s rows. Write each as a whole number, such as 2012."), on="file", n=n))  # fmt: skip

    def _keys(self, kinds: Mapping[str, str]) -> dict[str, Any]:
        """Rows, companies and years; refused in words where a row has none, or stands twice."""
        whole = bool(_WHOLE.fullmatch(kinds["year"]))
        if not whole and not _NUMBER.fullmatch(kinds["year"]):
            n = _one(self.engine, "select count(*) as n from extract")["n"]
            self._no_year(n)
            return {}
        if kinds["company"] != "VARCHAR" and not _WHOLE.fullmatch(kinds["company"]):
            self.problems.append(no(mark("The column company holds neither whole numbers nor text, so no company of the house would be found in it. Store the companies' numbers as whole numbers or as text."), on="file"))  # fmt: skip
            return {}
        found = _one(
            self.engine,
            "with pairs as (select company, year, count(*) as n from extract group by company, year) "
            "select coalesce(sum(n), 0) as n, count(distinct company) as companies, min(year) as low, max(year) as high, "
            "coalesce(sum(n - 1) filter (company is not null and year is not null), 0) as twice, "
            "coalesce(sum(n) filter (company is null or year is null), 0) as without, "
            f"coalesce(sum(n) filter (year < {_FIRST_YEAR} or year > {_LAST_YEAR} or year <> floor(year)), 0) as odd from pairs",
        )
        if not found["n"]:
            self.problems.append(no(NO_ROWS, on="file"))
        if found["without"]:
            self.problems.append(no(mark("%(n)s rows have no company or no year. Fill them, or take the rows out."), on="file", n=int(found["without"])))  # fmt: skip
        if found["odd"]:
            self._no_year(int(found["odd"]))
        if found["twice"]:
            self.problems.append(no(mark("%(n)s rows stand twice for the same company and year. Keep one row for each company and year."), on="file", n=int(found["twice"])))  # fmt: skip
        return found

    def _seen(self, told: Path) -> Seen:
        kinds = self._kinds()
        keys = self._keys(kinds)
        if self.problems:
            return self._nothing()
        columns = self._columns(kinds, int(keys["n"]))
        with told.open("rb") as file:
            checksum = file_digest(file, "sha256").hexdigest()
        return Seen(int(keys["n"]), int(keys["companies"]), int(keys["low"]), int(keys["high"]), columns, (), tuple(self.remarks), checksum)  # fmt: skip

    def _columns(self, kinds: Mapping[str, str], rows: int) -> tuple[ColumnSeen, ...]:
        holds = {name: self._holds(name, kind) for name, kind in kinds.items()}
        counted = {name: _name(name) if kind not in _DECIMALS else f"nullif({_name(name)}, 'nan')" for name, kind in kinds.items()}  # fmt: skip
        endless = {name: f"count(*) filter (isinf({_name(name)}))" if kind in _DECIMALS else "0" for name, kind in kinds.items()}  # fmt: skip
        asked = ", ".join(
            f"count({_name(name)}) as all_{nth}, count({counted[name]}) as c_{nth}, {endless[name]} as endless_{nth}"
            for nth, name in enumerate(kinds)
        )
        filled = _one(self.engine, f"select {asked} from extract")
        measured = [name for name, one in holds.items() if one in (Holds.WHOLE, Holds.NUMBER) and name not in ("company", "year")]  # fmt: skip
        between = self._between(measured) if measured else {}
        found = []
        for nth, name in enumerate(kinds):
            low, high = between.get(name, (None, None))
            remarks = self.readings[name].remarks if name in self.readings else ()
            remarks += (unasked,) if (unasked := askable(name)) else ()
            n, endless_n = filled[f"c_{nth}"], filled[f"endless_{nth}"]
            remarks += no_numbers(filled[f"all_{nth}"] - n, endless_n, self.least)
            found.append(ColumnSeen(name, holds[name], n, rows - n, low, high, remarks))
        return tuple(found)

    def _holds(self, name: str, kind: str) -> Holds:
        if name in self.readings:
            return HOLDS[self.readings[name].way]
        if _WHOLE.fullmatch(kind):
            return Holds.WHOLE
        if _NUMBER.fullmatch(kind):
            return Holds.NUMBER
        return Holds.TRUTH if kind == "BOOLEAN" else Holds.TEXT if kind == "VARCHAR" else Holds.OTHER

    def _between(self, names: Sequence[str]) -> dict[str, tuple[float, float]]:
        """Between what the numbers lie when the outermost companies are left out, so many at each end that none of them is told."""
        inner, outer = [], []
        for nth, name in enumerate(names):
            column = f"cast({_name(name)} as double)"
            value = f"case when isfinite({column}) then {column} end"
            inner += [f"min({value}) as low_{nth}", f"max({value}) as high_{nth}"]
            outer += [f"count(low_{nth}) as n_{nth}", f"min(low_{nth}, {self.least}) as low_{nth}", f"max(high_{nth}, {self.least}) as high_{nth}"]  # fmt: skip
            outer += [f"min(low_{nth}) as least_{nth}", f"max(high_{nth}) as most_{nth}"]
        row = _one(self.engine, f"select {', '.join(outer)} from (select {', '.join(inner)} from extract group by company)")  # fmt: skip
        found = {}
        for nth, name in enumerate(names):
            if row[f"n_{nth}"] < 2 * self.least or _identifies(row[f"least_{nth}"], row[f"most_{nth}"]):
                continue
            found[name] = (_about(row[f"low_{nth}"][-1]), _about(row[f"high_{nth}"][-1]))
        return found


def _identifies(low: float, high: float) -> bool:
    """Whole numbers of one length, and a long one, may be somebody's."""
    return low > 0 and low == int(low) and high == int(high) and len(str(int(low))) == len(str(int(high))) >= _LONG_NUMBER  # fmt: skip


def _about(value: float) -> float:
    """Two figures of a number: enough to see a unit that is wrong."""
    return float(f"{value:.1e}")


def _read(column: str, way: Way | None) -> str:
    nothing = ", ".join(map(_text, NOTHING))
    value = f"case when {column} in ({nothing}) then null else {column} end"
    if way is Way.WHOLE:
        return f"cast({value} as bigint)"
    if way is Way.POINT:
        return f"cast(replace({value}, ',', '') as double)"
    if way is Way.COMMA:
        return f"cast(replace(replace({value}, '.', ''), ',', '.') as double)"
    if way is Way.TRUTH:
        return f"lower({value}) in ('true', 'ja', 'yes')"
    return column
