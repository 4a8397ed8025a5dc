"""How fast the house is: ratios in one run against a peer or a physical limit. Nothing here fails for being slow; it says so."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from tests.bench.load import HOME, Spread, ask, server, signed_in
from tests.bench.program import inside
from tests.bench.report import write

pytestmark = pytest.mark.slow
READERS, WORKERS = 20, 2


def pages_of(port: int, year: int, cluster: str) -> dict[str, tuple[str, str]]:
    office, desk = signed_in(port, "klyngeleder"), signed_in(port, "sekretariat")
    return {
        "limit: an answer that asks nothing": ("/was/", ""),
        "front page": ("/", ""), "finder": ("/find/?behov=robotter%20i%20produktionen", ""), "map": ("/kort/", ""),
        "cluster organisations": ("/klynger/", ""), "cluster organisations, searched": ("/klynger/?q=robot", ""),
        "a cluster organisation": (f"/klynger/{cluster}/", ""), "national figures": (f"/resultater/?aar={year}", ""),
        "a national figure": (f"/resultater/participating_companies/{year}/", ""), "leagues": ("/ligaer/", ""),
        "cluster office": ("/klyngekontor/", office), "members": ("/klyngekontor/deltagere/", office), "activities": ("/klyngekontor/aktiviteter/", office),
        "own account": (f"/klyngekontor/regnskab/{year}/", office), "secretariat": ("/sekretariat/", desk), "round": (f"/sekretariat/runder/{year}/", desk),
        "unverified": ("/sekretariat/ubekraeftede/", desk), "lines behind a figure": (f"/resultater/participating_companies/{year}/linjer/", desk),
    }  # fmt: skip


def table(found: list[Spread], goal: float) -> list[str]:
    limit = found[0].median
    rows = [
        f"| {one.name} | {one.median:.0f} | {one.p95:.0f} | {one.median / limit:.1f}x | {'' if one is found[0] else 'reached' if one.p95 < goal else f'**not reached: {one.p95 / goal:.1f}x the goal**'} |"
        for one in found
    ]
    return [
        "| page | median ms | p95 ms | against the limit | p95 < " + f"{goal:.0f} ms |",
        "|---|---:|---:|---:|---|",
        *rows,
    ]


def slug_of(database: str) -> str:
    code = "from klyngeforum.registers.clusters.queries import counted; print(counted().order_by('id').values_list('slug', flat=True)[3])"
    return inside(database, code)


EDITING = """
import time
from django.utils import timezone
from klyngeforum.records.activities.actions import NewActivity, hold
from klyngeforum.records.activities.terms import ActivityKind
from klyngeforum.registers.clusters.queries import counted
one = counted().order_by("id")[5]
for nth in range(900):
    now = timezone.now()
    new = NewActivity(one.pk, f"bench-{now.timestamp()}", ActivityKind.KNOWLEDGE, f"Turn {nth}", now.date(), now.date())
    hold(by=None, at=now, cluster=one, new=new)
    print("acted", flush=True)
    time.sleep(1)
"""


@contextmanager
def somebody_acting(database: str, folder: Path, doing: str = EDITING) -> Iterator[None]:
    """Somebody changes a record every second, so that nothing that was read can be kept for longer."""
    environment = {**os.environ, "PYTHONPATH": str(HOME / "src"), "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "klyngeforum.settings", "KLYNGEFORUM_VAR": str(folder)}  # fmt: skip
    running = subprocess.Popen(
        [sys.executable, "-c", "import django; django.setup()\n" + doing], env=environment, cwd=HOME, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert running.stdout is not None
    try:
        assert running.stdout.readline() == "acted\n", "nobody acts"  # from here on, not while it is still starting
        yield
        assert running.poll() is None, "the one who acts has stopped"
    finally:
        running.terminate()
        running.communicate(timeout=30)


def loaded(database: str, folder: Path, year: int, goal: float, *, acting: bool) -> list[str]:
    """One reader alone says what an answer costs; twenty at once say what the machine's cores make of it."""
    lines = []
    with server(database, folder, WORKERS) as port:
        pages = pages_of(port, year, slug_of(database))
        ask(port, pages, readers=4, rounds=2)  # both workers have everything loaded
        for readers, rounds in ((1, 12), (READERS, 6)):
            lines += [
                f"**{readers} reader{'s' if readers > 1 else ''}, {WORKERS} workers**",
                "",
                *table(ask(port, pages, readers=readers, rounds=rounds), goal),
                "",
            ]
        if acting:
            with somebody_acting(database, folder):
                lines += [
                    f"**{READERS} readers, {WORKERS} workers, and somebody records an activity every second**",
                    "",
                    *table(ask(port, pages, readers=READERS, rounds=12), goal),
                    "",
                ]
    return lines


def test_pages_of_denmark_on_sqlite(denmark):
    database, folder = denmark
    write("denmark", loaded(database, folder, 2015, 60, acting=True))


def test_pages_of_europe_on_postgresql(europe):
    database, folder = europe
    write("europe", loaded(database, folder, 2015, 150, acting=False))


COUNTING = """
import time
from klyngeforum.results.accounts.nation import counted_nation
counted_nation({year})
begins = time.perf_counter(); figures = counted_nation({year}); took = time.perf_counter() - begins
print(took, *(f"{{one.measure}}={{one.participations}}/{{one.distinct}}" for one in figures))
"""
DUCK = """
select
 count(*) filter (participated and counts_as='company'), count(distinct body_id) filter (participated and counts_as='company'),
 count(distinct body_id) filter (participated and counts_as='company' and size_band in ('0','1-9','10-49')), count(distinct body_id) filter (participated and counts_as='company' and eu_sme),
 count(distinct body_id) filter (dedicated and counts_as='company'), count(distinct body_id) filter (participated and new_here and counts_as='company'),
 count(distinct body_id) filter (participated and counts_as='knowledge'), count(distinct body_id) filter (participated and counts_as='authority'),
 count(distinct body_id) filter (participated and counts_as='foreign_company'), count(distinct body_id) filter (participated and counts_as='unverified'),
 count(distinct body_id) filter (started and counts_as='company'), count(distinct body_id) filter (started_first_time and counts_as='company'),
 count(distinct body_id) filter (step>=1 and counts_as='company'), count(distinct body_id) filter (step>=2 and counts_as='company'),
 count(distinct body_id) filter (step>=3 and counts_as='company'), sum(hours)
from read_parquet('{file}')
"""


def _parquet(database: str, file: Path, year: int) -> int:
    """The year's current lines as Parquet, read through PostgreSQL's own CSV."""
    csv = file.with_suffix(".csv")
    columns = "body_id, counts_as, size_band, eu_sme, participated, dedicated, started, started_first_time, new_here, step, hours"
    inside(
        database,
        f"""
from django.db import connection
connection.ensure_connection()
with connection.cursor() as cursor, open({str(csv)!r}, "wb") as out, cursor.copy("COPY (SELECT {columns} FROM accounts_line WHERE year={year} AND current) TO STDOUT WITH CSV HEADER") as copy:
    for block in copy:
        out.write(block)
""",
    )
    duckdb.sql(f"copy (select * from read_csv('{csv}', header=true)) to '{file}' (format parquet)")
    return int(duckdb.sql(f"select count(*) from read_parquet('{file}')").fetchall()[0][0])


def test_national_figures_against_duckdb(europe, tmp_path):
    database, _ = europe
    took, *figures = inside(database, COUNTING.format(year=2015)).split()
    file = tmp_path / "lines.parquet"
    count = _parquet(database, file, 2015)
    found, times = None, []
    for _ in range(3):
        begins = time.perf_counter()
        found = duckdb.sql(DUCK.format(file=file)).fetchall()[0]
        times.append(time.perf_counter() - begins)
    ours = dict(one.split("=") for one in figures)
    assert ours["participating_companies"] == f"{found[0]}/{found[1]}"
    assert ours["outcome_3"].split("/")[1] == str(found[14])
    ratio = float(took) / min(times)
    said = "reached" if ratio <= 3 else f"**not reached: {ratio:.1f}x, goal 3x**"
    write(
        "figures",
        [
            f"{count} lines of one year: all national figures in {float(took):.2f} s, the same counts by DuckDB on Parquet in {min(times):.2f} s: {ratio:.1f}x; {said}."
        ],
    )


WRITE = """
from openpyxl import Workbook
from klyngeforum.ground.bodies.queries import bodies
book = Workbook(write_only=True); sheet = book.create_sheet("Deltagere")
sheet.append(["CVR-nummer", "Navn", "Fra", "Til", "Tilknytning", "Rolle"])
known = list(bodies().filter(scheme="cvr", kind="company").values_list("number", "name")[:12_000])
count = 0
for year in (2005, 2006, 2007, 2008):
    for number, name in known:
        sheet.append([number, name, "01-01-" + str(year), None, "deltager", None]); count += 1
for n in range(50_000 - count):
    sheet.append([None, "Fremmed " + str(n) + " ApS", "01-03-2006", None, None, None]); count += 1
book.save({file!r})
print(count)
"""
SHEET = """
import re, time
from datetime import UTC, datetime
from pathlib import Path
from klyngeforum.registers.clusters.queries import clusters
from klyngeforum.records.intake.actions import take_in_sheet
from klyngeforum.records.intake.schemas import SheetKind
one = clusters().order_by("id")[3]
begins = time.perf_counter()
done = take_in_sheet(by=None, at=datetime(2016, 12, 1, 9, tzinfo=UTC), cluster=one, kind=SheetKind("members"), file_name="members.xlsx", content=Path({file!r}).read_bytes(), dry_run=False)
print(time.perf_counter() - begins, int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text()).group(1)) / 1024, done.new, done.problems[:3])
"""


def test_a_sheet_of_50000_rows(denmark, tmp_path):
    database, _ = denmark
    copy = tmp_path / "copy.sqlite3"
    copy.write_bytes(Path(database.removeprefix("sqlite:///")).read_bytes())
    file = tmp_path / "members.xlsx"
    lines = inside(f"sqlite:///{copy}", WRITE.format(file=str(file)))
    took, memory, *_ = inside(f"sqlite:///{copy}", SHEET.format(file=str(file))).split(maxsplit=2)
    goal = "reached" if float(took) < 20 and float(memory) < 500 else "**not reached**"
    write(
        "import",
        [
            f"{lines} rows of an Excel sheet of members: {float(took):.1f} s and {float(memory):.0f} MB in all (goal 20 s, 500 MB): {goal}."
        ],
    )
