"""The landscape at a continent's size: what is counted, from the database and cold, and what its pages take, also while somebody acts."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from statistics import median

import numpy as np
import pytest

from klyngeforum.results.landscape.gathering import Bodies, Links
from klyngeforum.results.landscape.pairing import between_of, flags_on
from tests.cast import AT

from .load import ask, get, server, signed_in
from .program import inside
from .report import write
from .test_speed import READERS, WORKERS, somebody_acting, table

pytestmark = pytest.mark.slow
LONGEST = 60  # seconds that a first visit may take before its page is left out
ORGANISATIONS, COMPANIES, MEMBERSHIPS, RUNS, GOAL = 3000, 1_000_000, 1_000_000, 5, 2.0


def continent() -> tuple[Bodies, Links]:
    """Organisations of 40 fields; each takes most of its companies from the industries of its own field."""
    draw = np.random.default_rng(1)
    industry = draw.integers(1, 600, COMPANIES)
    bodies = Bodies(
        np.arange(1, COMPANIES + 1), np.ones(COMPANIES, np.int64), draw.integers(0, 2, COMPANIES), draw.integers(0, 2, COMPANIES),
        draw.integers(0, 300, COMPANIES), draw.integers(1, 2000, COMPANIES), industry,
    )  # fmt: skip
    clusters = draw.integers(1, ORGANISATIONS + 1, MEMBERSHIPS)
    order = np.argsort(industry, kind="stable")
    first = (clusters % 40) * (COMPANIES // 40)
    near = order[first + draw.integers(0, COMPANIES // 40, MEMBERSHIPS)]
    who = np.where(draw.random(MEMBERSHIPS) < 0.8, near, draw.integers(0, COMPANIES, MEMBERSHIPS))
    pairs = np.unique(np.column_stack([clusters, who]), axis=0)
    return bodies, Links(pairs[:, 0], pairs[:, 1], np.ones(len(pairs), np.int64))


def test_all_pairs_of_a_continent():
    bodies, members = continent()
    assert bodies.company.all()
    taken = []
    for _ in range(RUNS):
        began = time.perf_counter()
        found = between_of(bodies, members, flags=flags_on(AT.date()), least=5)
        taken.append(time.perf_counter() - began)
    assert found.every == ORGANISATIONS * (ORGANISATIONS - 1) // 2
    middle = median(taken)
    said = "reached" if max(taken) < GOAL else f"**not reached: {max(taken) / GOAL:.1f}x the goal**"
    write("landscape", [
        f"All {found.every:,} pairs of {ORGANISATIONS:,} organisations with {len(members):,} memberships of {COMPANIES:,} companies: shared companies, "
        f"shared industries, flags, the list and the matrix: median {middle:.2f} s, slowest of {RUNS} {max(taken):.2f} s "
        f"(goal {GOAL:.0f} s; load of the machine {os.getloadavg()[0]:.0f} on {os.cpu_count()} cores): {said}.",
    ])  # fmt: skip


COUNTING = """
import json, resource, time
from klyngeforum.ground.keeping import forget
from klyngeforum.quality.assessments.measuring import months_before
from klyngeforum.registers.clusters.queries import counted
from klyngeforum.registers.memberships.queries import sizes
from klyngeforum.results.landscape import covering, gathering, measuring, mergers, merging, pairing
from klyngeforum.results.landscape.standing import day_shown
from django.utils import timezone

found = {}

def timed(name, work):
    forget()
    began = time.perf_counter()
    made = work()
    found[name] = time.perf_counter() - began
    return made

day = day_shown(timezone.localdate())
running = frozenset(counted(on=day).order_by().values_list("id", flat=True))
size = sizes(day)
largest = sorted(running, key=lambda pk: -size.get(pk, 0))
chosen = sorted(running)[10:15]
bodies, members = timed("pairs: reading", lambda: gathering.employing(day))
found["companies"], found["memberships"], found["organisations"] = int(bodies.company.sum()), len(members), len(running)
timed("pairs: counting", lambda: pairing.between_of(bodies, members, flags=pairing.flags_on(day), least=5))
del bodies, members
timed("all pairs", lambda: pairing.measured(day, running))
marks, ground = measuring.marks_on(day), measuring.ground_on(day)
whole = timed("standings: reading", lambda: gathering.gathered(day, months_before(day, marks.months)))
timed("medoids and radii", lambda: measuring.measured_radii(whole.bodies, whole.members, ground, marks))
del whole
timed("standings", lambda: measuring.measured(day, running, whole=True))
timed("coverage", lambda: covering.measured(day, running))
timed("register", lambda: mergers.register_cells(day))
timed("merger", lambda: mergers.merger(chosen, day))
timed("merger of the largest", lambda: mergers.merger(largest[:5], day))
cells = mergers.register_cells(day)
timed("merger: its own", lambda: merging.merged(day, chosen, cells))
timed("merger of the largest: its own", lambda: merging.merged(day, largest[:5], cells))
found["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
found["largest"] = [size.get(pk, 0) for pk in largest[:5]]
print(json.dumps(found))
"""
SLUGS = """
import json
from django.utils import timezone
from klyngeforum.registers.clusters.queries import counted
from klyngeforum.results.landscape.standing import day_shown
rows = counted(on=day_shown(timezone.localdate())).order_by("id").values_list("slug", flat=True)
print(json.dumps(list(rows[10:15])))
"""
JOINING = """
import time
from django.utils import timezone
from klyngeforum.ground.bodies.queries import bodies
from klyngeforum.registers.clusters.queries import counted
from klyngeforum.registers.memberships.actions import NewMember, enrol
from klyngeforum.registers.memberships.queries import members_on
from klyngeforum.results.landscape.standing import day_shown
day = day_shown(timezone.localdate())
rows = list(counted(on=day).order_by("id")[5:8])
there = {one.pk: set(members_on(day).filter(cluster=one).values_list("body_id", flat=True)) for one in rows}
new = bodies().filter(kind="company").order_by("id").values_list("id", flat=True)
nth = 0
for body in new.iterator():
    one = rows[nth % len(rows)]
    if body in there[one.pk]:
        continue
    try:
        enrol(by=None, at=timezone.now(), cluster=one, new=NewMember(one.pk, body, day, source="bench"))
    except Exception:
        continue
    nth += 1
    print("acted", flush=True)
    time.sleep(1)
"""
COUNTS = (
    ("all pairs", "All pairs (shared companies, shared industries, flags, list, matrix)", 2.0, ("pairs: reading", "pairs: counting")),
    ("standings", "Medoids and radii, and all else of how each stands", 6.0, ("standings: reading", "medoids and radii")),
    ("coverage", "Coverage", None, ()),
    ("merger", "A merger of 5 organisations", 1.0, ("register", "merger: its own")),
    ("merger of the largest", "A merger of the 5 largest", 1.0, ("merger of the largest: its own",)),
)  # fmt: skip


def told(found: float, goal: float | None) -> str:
    if goal is None:
        return ""
    return f"goal {goal:.0f} s: " + ("reached" if found < goal else f"**not reached: {found / goal:.1f}x the goal**")


def counted_lines(database: str) -> list[str]:
    """From the database and cold, in a process of its own; the parts say where the time is."""
    found = json.loads(inside(database, COUNTING).splitlines()[-1])
    rows = []
    for name, words, goal, parts in COUNTS:
        said = ", ".join(f"{part.split(': ')[-1]} {found[part]:.2f}" for part in parts)
        rows.append(f"| {words} | {found[name]:.2f} | {said} | {told(found[name], goal)} |")
    return [
        f"{found['organisations']:,} organisations, {found['memberships']:,} memberships of {found['companies']:,} companies; from the database and with nothing kept, one process "
        f"(at its most {found['megabytes']:,.0f} MB; load of the machine {os.getloadavg()[0]:.0f} on {os.cpu_count()} cores).", "",
        "| what | seconds | of these | |", "|---|---:|---|---|", *rows, "",
    ]  # fmt: skip


def landscape_pages(port: int, slugs: list[str]) -> dict[str, tuple[str, str]]:
    office = signed_in(port, "sekretariat")
    chosen = "&".join(f"org{nth}={slug}" for nth, slug in enumerate(slugs, 1))
    return {
        "limit: an answer that asks nothing": ("/was/", ""),
        "the landscape": ("/landskab/", ""), "the landscape, signed in": ("/landskab/", office), "the landscape, filtered": ("/landskab/?masse=ja", ""),
        "between organisations": ("/landskab/overlap/", ""), "between organisations, signed in": ("/landskab/overlap/", office),
        "overlap on the map": ("/landskab/overlap/kort/", ""), "two organisations": (f"/landskab/overlap/{slugs[0]}/{slugs[1]}/", ""),
        "coverage": ("/landskab/daekning/", ""), "an organisation": (f"/klynger/{slugs[0]}/", ""),
        "merger simulator, 5 chosen": (f"/landskab/sammenlaegning/?{chosen}", office),
    }  # fmt: skip


def first_visits(port: int, pages: dict[str, tuple[str, str]]) -> tuple[set[str], list[str]]:
    """Names of the pages that answer within a minute the first time; what is to be said of that."""
    took, silent = {}, set()
    for name, (path, cookie) in pages.items():
        began = time.perf_counter()
        try:
            get(port, path, cookie, within=LONGEST)
        except TimeoutError:
            silent.add(name)
        took[name] = time.perf_counter() - began
    said = ", ".join(f"{name} {took[name]:.1f} s" for name in pages if name not in silent)
    lines = [f"The first visit of all after a start: {said}."]
    lines += [f"**{name}: no answer within {LONGEST} s; left out below.**" for name in sorted(silent)]
    return pages.keys() - silent, [*lines, ""]


def pages_lines(database: str, folder: Path, goal: float) -> list[str]:
    slugs = json.loads(inside(database, SLUGS).splitlines()[-1])
    with server(database, folder, WORKERS) as port:
        answering, lines = first_visits(port, landscape_pages(port, slugs))
    with server(database, folder, WORKERS) as port:  # another one: what gave no answer is still at it
        pages = {name: asked for name, asked in landscape_pages(port, slugs).items() if name in answering}
        ask(port, pages, readers=4, rounds=2)
        for readers, rounds in ((1, 10), (READERS, 4)):
            lines += [f"**{readers} reader{'s' if readers > 1 else ''}, {WORKERS} workers**", "", *table(ask(port, pages, readers=readers, rounds=rounds), goal), ""]  # fmt: skip
        with somebody_acting(database, folder, JOINING):
            for readers, rounds in ((1, 200), (READERS, 20)):  # so many that a score of acts falls among them
                lines += [
                    f"**{readers} reader{'s' if readers > 1 else ''}, {WORKERS} workers, and somebody becomes a participant every second**",
                    "",
                    *table(ask(port, pages, readers=readers, rounds=rounds), goal),
                    "",
                ]
    return lines


def test_landscape_of_denmark_on_sqlite(denmark):
    database, folder = denmark
    write("landscape-denmark", [*counted_lines(database), *pages_lines(database, folder, 200)])


def test_landscape_of_europe_on_postgresql(europe):
    database, folder = europe
    write("landscape-europe", [*counted_lines(database), *pages_lines(database, folder, 200)])
