"""The command line as a person meets it: rows, exit codes, one clear line when something is wrong; and the made-up country is the same every time."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from klyngeforum.cli import working
from klyngeforum.cli.arguments import parser
from klyngeforum.cli.running import VERBS, verb
from klyngeforum.quality.labels.terms import CaseState
from klyngeforum.steering.leagues.terms import NoticeState
from klyngeforum.web.components.acts import DONE, THINGS
from tests.databases import tables_ready
from tests.starting import Starter

HOME = Path(__file__).resolve().parents[2]


def surroundings(var: Path, **more: str) -> dict[str, str]:
    environment = {**os.environ, "KLYNGEFORUM_VAR": str(var), "PYTHONPATH": str(HOME / "src"), **more}
    for name in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "PYTHONDONTWRITEBYTECODE"):
        if name not in more:
            environment.pop(name, None)
    environment.setdefault(
        "PYTHONPYCACHEPREFIX", str(HOME / "var" / "pycache")
    )  # a start reads what an earlier one compiled
    return environment


def run(var: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """The program itself, from nothing."""
    return subprocess.run(
        [sys.executable, "-m", "klyngeforum", *words], env=surroundings(var, **more), cwd=var, capture_output=True, text=True, timeout=280
    )  # fmt: skip


@pytest.fixture(scope="module")
def country(tmp_path_factory, django_db_setup):
    """A small made-up country in a folder of its own; where the tests have empty tables ready, it is built into a copy of them."""
    var = tmp_path_factory.mktemp("country")
    file = var / "demo.sqlite3"
    if empty := tables_ready():
        shutil.copyfile(empty, file)
    built = run(var, "demo", "--size", "small", "--no-serve", "--database", f"sqlite:///{file}")
    assert built.returncode == 0, built.stderr
    return var, f"sqlite:///{file}"


@pytest.fixture(scope="module")
def starter(country):
    var, database = country
    more = {"DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "klyngeforum.settings", "PYTHONPATH": f"{HOME / 'src'}{os.pathsep}{HOME}"}  # fmt: skip
    one = Starter(var, surroundings(var, **more))
    yield one
    one.close()


@pytest.fixture
def say(country, starter):
    return lambda *words: starter.run(words[0], "--database", country[1], *words[1:])


def failed(answer: subprocess.CompletedProcess[str], code: int, *parts: str) -> None:
    """The verb ended with this code and one line on stderr that says these things."""
    assert answer.returncode == code, (answer.returncode, answer.stdout, answer.stderr)
    assert len(answer.stderr.strip().splitlines()) == 1, answer.stderr
    assert "Traceback" not in answer.stderr
    for part in parts:
        assert part in answer.stderr


def test_every_verb_explains_itself(tmp_path, capsys):
    top = run(tmp_path, "--help")
    assert top.returncode == 0
    for name in VERBS:
        assert re.search(rf"^    {name}\b", top.stdout, re.M) and callable(verb(name))
        with pytest.raises(SystemExit) as end:
            parser().parse_args([name, "--help"])
        assert end.value.code == 0 and f"klyngeforum {name}" in capsys.readouterr().out


def test_the_figures_of_a_year_carry_where_they_come_from(say):
    answer = say("figures", "--year", "2012", "--format", "json")
    rows = {row["measure"]: row for row in json.loads(answer.stdout)}
    one = rows["participating_companies"]
    assert one["participations"] - one["distinct"] == one["overlap"] > 0
    assert one["value"] == one["distinct"] and one["definition_version"] and len(one["digest"]) == 16
    assert not one["provisional"]
    table, comma = say("figures", "--year", "2012"), say("figures", "--year", "2012", "--format", "csv")
    assert "Deltagende virksomheder" in table.stdout
    assert len(comma.stdout.splitlines()) == len(rows) + 1
    english = say("figures", "--year", "2012", "--language", "en", "--measure", "participating_companies")
    assert "Participating companies" in english.stdout


def test_a_year_under_way_is_provisional(say):
    rows = json.loads(say("figures", "--year", "2013", "--format", "json").stdout)
    assert all(row["provisional"] for row in rows)


def test_find_answers_by_name_and_number_and_1_when_nothing_fits(say):
    rows = json.loads(say("find", "materialeforum", "--format", "json").stdout)
    assert rows[0]["name"] == "Materialeforum Danmark" and rows[0]["cluster"]
    number = rows[0]["number"].split()[-1]
    assert json.loads(say("find", number, "--format", "json").stdout)[0]["name"] == "Materialeforum Danmark"
    nothing = say("find", "qqqqqqqq")
    assert nothing.returncode == 1 and "nothing found" in nothing.stdout


def test_the_account_on_paper_is_tagged_and_in_the_language_asked_for(say, country):
    for language in ("da", "en"):
        file = country[0] / f"{language}.pdf"
        assert say("account", "2012", "--pdf", str(file), "--language", language).returncode == 0
        paper = file.read_bytes()
        assert paper.startswith(b"%PDF-") and b"<pdfuaid:part>1</pdfuaid:part>" in paper
        assert f"({language}-".encode() in paper or f"<dc:language>{language}".encode() in paper or b"/Lang" in paper
    failed(say("account", "1999", "--pdf", "x.pdf"), 2, "no account of 1999", "2012")
    failed(say("account", "2012", "--pdf", "no-such-folder/x.pdf"), 2, "no-such-folder")


def test_where_the_targets_lead(say):
    rows = {row["target"]: row for row in json.loads(say("forecast", "--format", "json").stdout)}
    assert set(rows) == {"gold", "silver", "active", "starting", "innovating"}
    gold, active = rows["gold"], rows["active"]
    assert 0 <= gold["low"] <= gold["forecast"] <= gold["high"] and gold["years"] >= 4 and 0 <= gold["reaches"] <= 1
    assert (
        active["forecast"] is None and active["value"] > 0 and active["years"] < 4
    )  # too few whole years in the small country


def test_a_series_says_what_it_rests_on(say):
    rows = json.loads(
        say("series", "participating_companies", "--as", "known", "--format", "json", "--language", "en").stdout
    )
    assert [row["year"] for row in rows] == sorted(row["year"] for row in rows) and len(rows) >= 2
    assert all(
        row["definition_versions"] == "2012.1" and 0 < row["organisations_counted"] <= row["accounts_owed"]
        for row in rows
    )
    assert all(row["difference"] == row["known_now"] - row["published"] for row in rows)
    failed(say("series", "nothing"), 2, "no measure is called")
    failed(say("series", "hours", "--cluster", "nowhere"), 2, "there is no cluster organisation")


def test_what_the_checks_find(say):
    answer = say("validate", "--year", "2012", "--format", "json", "--language", "en")
    rows = json.loads(answer.stdout)
    assert answer.returncode == 0 and {row["severity"] for row in rows} <= {"warning", "note"}
    assert any(row["check"] == "unverified" and "Without a registration number" in row["what"] for row in rows)
    failed(say("validate", "--year", "1999"), 2, "1999")


def test_nine_fields_of_ten_in_funders_reports_come_from_the_records(say):
    """Report once, use it five times: over all reports of the made-up country and in each of them."""
    rows = [
        row
        for year in ("2012", "2013")
        for row in json.loads(say("reports", "--year", year, "--format", "json").stdout)
    ]
    assert {row["report"] for row in rows} == {"innovation-network-year", "erdf-claim", "region-follow-up"} and len(
        rows
    ) > 20
    assert {row["state"] for row in rows} >= {"handed_in", "late"} and {row["edition"] for row in rows} >= {None, 1, 2}
    assert sum(row["from_records"] for row in rows) / sum(row["fields"] for row in rows) >= 0.9
    assert [row for row in rows if row["from_records"] < row["fields"] * 0.9] == []
    assert all(row["from_records"] + row["typed"] + row["empty"] == row["fields"] for row in rows)
    failed(say("reports", "--year", "1999"), 2, "1999")


def test_one_organisations_account_as_files(say, country, tmp_path):
    slug = next(
        row["cluster"]
        for row in json.loads(say("find", "innovationsnetværket", "--format", "json").stdout)
        if row["cluster"]
    )
    files = [
        word for ending in ("pdf", "xlsx", "json", "zip") for word in (f"--{ending}", str(tmp_path / f"a.{ending}"))
    ]
    answer = say("account", "2012", "--cluster", slug, *files)
    assert answer.returncode == 0 and len(answer.stdout.splitlines()) == 4, answer.stderr
    told = json.loads((tmp_path / "a.json").read_text())
    assert (told["slug"], told["year"], told["edition"]) == (slug, 2012, 1) and told["figures"] and told["bodies"]
    failed(say("account", "2012", "--cluster", "nobody", "--pdf", str(tmp_path / "b.pdf")), 2, "nobody")
    failed(
        say("account", "2012", "--cluster", slug, "--edition", "9", "--pdf", str(tmp_path / "b.pdf")), 2, "no edition 9"
    )
    failed(say("account", "2012", "--cluster", slug), 2, "--pdf")
    failed(say("account", "2012", "--xlsx", str(tmp_path / "b.xlsx")), 2, "--cluster")


def test_who_has_handed_in(say):
    rows = json.loads(say("account", "2013", "--format", "json").stdout)
    assert {"open", "submitted", "returned", "approved"} >= {row["state"] for row in rows} and len(rows) == 10


def test_places_as_of_a_day(say):
    before = json.loads(say("places", "--kind", "region", "--on", "2026-12-31", "--format", "json").stdout)
    after = json.loads(say("places", "--kind", "region", "--on", "2027-01-01", "--format", "json").stdout)
    assert len(before) == 5 and len(after) == 4
    assert "Region Østdanmark" in {row["name"] for row in after}
    assert len(json.loads(say("places", "--format", "json").stdout)) == 98


def test_the_distance_to_a_label_explains_itself(say):
    answer = say("distance", "materialeforum-danmark", "--label", "gold", "--format", "json")
    whole = json.loads(answer.stdout)
    assert answer.returncode == 1 and whole["truth"] in ("no", "undetermined")
    assert whole["placeholder"] and whole["explanation"]["parts"] and whole["maximum"] == 150
    assert whole["path"]["reachable"] and whole["path"]["points_after"] >= 120
    assert whole["path"]["days"] == sum(one["days"] for one in whole["path"]["improvements"])
    assert whole["path"]["days_on_placeholders"] <= whole["path"]["days"]
    failed(say("distance", "materialeforum-danmark", "--label", "platin"), 2, "platin", "gold")
    failed(say("distance", "qqqq", "--label", "gold"), 2, "qqqq")
    table = say("distance", "Materialeforum", "--label", "bronze")
    assert "truth" in table.stdout and table.returncode in (0, 1)


def test_what_a_region_is_strong_in_and_a_table_that_is_not_sound(say, tmp_path):
    told = json.loads(say("strengths", "--region", "1083", "--format", "json").stdout)
    assert told["table"]["made_up"] and told["fields"][0]["strong"] and told["fields"][0]["low"] > 1
    assert all(rule["refused"] for rule in told["stars"]) and told["priorities"] and told["openings"]
    failed(say("strengths", "--region", "9999"), 2, "9999", "1083")
    wrong = tmp_path / "ras.csv"
    wrong.write_text("OMRÅDE;BRANCHE07;ENHED;TID;INDHOLD\nRegion Syddanmark;28;Ansatte;2012;mange\n", encoding="utf-8")
    answer = say("import", "--recipe", "statbank-regions", str(wrong), "--format", "json")
    (problem,) = json.loads(answer.stdout)
    assert answer.returncode == 1 and (problem["row"], problem["column"], problem["value"]) == (2, "INDHOLD", "mange")
    failed(say("import", "--recipe", "us-qcew-states", str(wrong)), 2, "ras.csv", "Parquet")


def test_who_holds_which_label_on_a_day(say):
    days = ("2012-12-31", "2013-06-30", "2015-12-31")
    found = [json.loads(say("labels", "--as-of", day, "--format", "json").stdout) for day in days]
    for day, rows in zip(days, found, strict=True):
        assert rows and all(row["from"] <= day <= row["to"] for row in rows)
        counting = [row["slug"] for row in rows if row["counts"]]
        assert sorted(counting) == sorted({row["slug"] for row in rows}), "one label of each counts"
    assert found[0] != found[1] != found[2] and all(row["issuer"] for row in found[0])
    before_the_first = say("labels", "--as-of", "1990-01-01", "--format", "json")
    assert before_the_first.returncode == 0 and json.loads(before_the_first.stdout) == []
    failed(say("labels", "--as-of", "30-06-2013"), 2, "30-06-2013")


def test_where_everybody_plays_on_a_day_and_what_the_rules_say(say):
    day = "2013-06-30"
    rows = json.loads(say("leagues", "--as-of", day, "--format", "json").stdout)
    gold = {row["slug"] for row in json.loads(say("labels", "--as-of", day, "--format", "json").stdout) if row["label"] == "gold"}  # fmt: skip
    assert {row["slug"] for row in rows if row["rules_say"] == "1"} == gold, "before 2014 the first league asks for Gold alone"  # fmt: skip
    assert all((row["since"] or "") <= day and bool(row["league"]) == bool(row["since"]) for row in rows)
    rank = {"1": 1, "2": 2, "3": 3, "": 4}
    for row in rows:
        if row["move"] in ("up", "enter"):
            assert rank[row["rules_say"]] < rank[row["league"]], row
        elif row["move"] == "down":
            assert rank[row["rules_say"]] > rank[row["league"]], row
        elif row["move"] == "stay":
            assert row["rules_say"] == row["league"], row
    later = json.loads(say("leagues", "--as-of", "2015-12-31", "--format", "json").stdout)
    assert {row["slug"]: row["league"] for row in later} != {row["slug"]: row["league"] for row in rows}


# every state of every workflow of quality and of the leagues, as the tables of moves allow it
STATES = {
    "select kind || ' ' || state from assessments_assessment": {f"{kind} {state}" for kind in ("self", "interview", "ex_ante") for state in ("open", "completed")}
    | {f"audit {state}" for state in ("open", "scoring", "joint", "agreed")},
    "select state from labels_case": {one.value for one in CaseState},
    "select coalesce(independent, 'waits') from labels_declaration": {"0", "1", "waits"},
    "select done_on is not null from labels_step": {"0", "1"},
    "select state from leagues_notice": {one.value for one in NoticeState},
    "select until is null from leagues_placement": {"0", "1"},
}  # fmt: skip


@pytest.mark.parametrize("asked", STATES)
def test_the_made_up_country_shows_every_state(country, asked):
    with sqlite3.connect(country[0] / "demo.sqlite3") as database:
        found = {str(row[0]) for row in database.execute(asked)}
    assert found == STATES[asked]


def test_check_finds_a_tampered_row(say, country, tmp_path):
    assert say("check").returncode == 0
    copy = tmp_path / "copy.sqlite3"
    with sqlite3.connect(country[0] / "demo.sqlite3") as source, sqlite3.connect(copy) as target:
        source.backup(target)
    with sqlite3.connect(copy) as hand:
        hand.execute("drop trigger if exists trail_act_no_update")
        for (name,) in hand.execute("select name from sqlite_master where type='trigger'").fetchall():
            hand.execute(f'drop trigger "{name}"')
        hand.execute("update trail_act set verb = 'accounts.nothing' where id = (select max(id) - 5 from trail_act)")
        hand.execute(
            "delete from accounts_line where id = (select l.id from accounts_line l join accounts_account a on a.id = l.account_id "
            "where a.state = 'approved' and l.counts_as = 'company' and l.participated limit 1)"
        )
    answer = run(country[0], "check", "--database", f"sqlite:///{copy}", "--format", "json")
    assert answer.returncode == 1
    assert {row["part"] for row in json.loads(answer.stdout)} == {"trail", "figures"}


def test_check_finds_that_the_newest_acts_were_cut_off(say, country, tmp_path):
    """A chain cut at its end is whole in itself: the finder's mark and a hash kept elsewhere tell."""
    newest = re.search(r"the newest (\w{16})", say("check").stdout).group(1)
    assert say("check", "--newest", newest).returncode == 0
    copy = tmp_path / "copy.sqlite3"
    with sqlite3.connect(country[0] / "demo.sqlite3") as source, sqlite3.connect(copy) as target:
        source.backup(target)
    with sqlite3.connect(copy) as hand:
        for (name,) in hand.execute("select name from sqlite_master where type='trigger'").fetchall():
            hand.execute(f'drop trigger "{name}"')
        hand.execute("delete from trail_act where id = (select max(id) from trail_act)")
    answer = run(country[0], "check", "--database", f"sqlite:///{copy}", "--format", "json", "--newest", newest)
    assert answer.returncode == 1
    assert [row["part"] for row in json.loads(answer.stdout)] == ["trail", "trail"]


def test_what_is_typed_wrong_gets_one_line(tmp_path, say):
    assert run(tmp_path, "figures", "--year", "12").returncode == 2
    failed(say("figures", "--year", "2012", "--measure", "nothing"), 2, "nothing", "participating_companies")
    failed(run(tmp_path, "figures", "--year", "2012"), 2, "klyngeforum migrate")
    failed(run(tmp_path, "import", "--recipe", "no-such-recipe", "x.csv"), 2, "no-such-recipe")
    failed(run(tmp_path, "take-in", str(tmp_path / "nowhere")), 2)
    failed(run(tmp_path, "check", "--database", "nonsense"), 2)


def test_a_busy_port_is_said_before_anything_is_built(tmp_path):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = str(busy.getsockname()[1])
        failed(run(tmp_path, "serve", "--port", port), 2, port, "--port")
        failed(run(tmp_path, "demo", "--size", "small", "--port", port), 2, port, "PORT=")
    assert not (tmp_path / "demo.sqlite3").exists()


_OWN = {
    ("access_person", "password"),
    ("access_person", "date_joined"),
    ("survey_asked", "link"),
    ("effects_bundle", "digest"),
    ("jobs_job", "worker"),
}  # salted, of the day, of the house's secret
# when it was built and on how busy a machine (a count that took long is stored), not what
OF_THE_DAY = {"django_migrations", "django_session", "programme_takenin", "counts_count"}


def _fingerprints(var: Path) -> dict[str, str]:
    """Every table's content as a digest; passwords are salted anew each time."""
    found = {}
    with sqlite3.connect(var / "demo.sqlite3") as database:
        tables = [
            name for (name,) in database.execute("select name from sqlite_master where type = 'table' order by name")
        ]
        for table in tables:
            if table in OF_THE_DAY or table.startswith("sqlite_"):
                continue
            columns = [row[1] for row in database.execute(f'pragma table_info("{table}")') if (table, row[1]) not in _OWN]  # fmt: skip
            said = ", ".join(f'"{column}"' for column in columns)
            digest = hashlib.sha256()
            for row in database.execute(f'select {said} from "{table}" order by 1'):
                digest.update(repr(row).encode())
            found[table] = digest.hexdigest()
    return found


@pytest.mark.slow
def test_the_same_seed_gives_the_same_country(country, tmp_path):
    """Two more countries are built: .ci/run has the time, make test has not."""
    again, other = tmp_path / "again", tmp_path / "other"
    again.mkdir(), other.mkdir()
    assert run(again, "demo", "--size", "small", "--no-serve").returncode == 0
    assert run(other, "demo", "--size", "small", "--seed", "2", "--no-serve").returncode == 0
    first, second = _fingerprints(again), _fingerprints(country[0])
    assert [table for table in first if first[table] != second[table]] == []
    one, another = _fingerprints(other), _fingerprints(country[0])
    assert all(
        one[table] != another[table]
        for table in ("bodies_body", "clusters_cluster", "accounts_bookedfigure", "outcomes_outcome")
    )


def test_a_second_start_builds_nothing(country):
    again = run(country[0], "demo", "--size", "small", "--no-serve", "--database", country[1])
    assert again.returncode == 0 and "building" not in again.stdout


def test_everything_that_was_done_has_words(country):
    """An act without words would stand as its code on the trail's screen."""
    with sqlite3.connect(country[0] / "demo.sqlite3") as database:
        verbs = {row[0] for row in database.execute("select distinct verb from trail_act")}
        things = {row[0] for row in database.execute("select distinct thing from trail_act")}
    written = set(re.findall(r'(?:verb=|_noted\(.*)"(\w+\.\w+)"', "".join(file.read_text() for file in (HOME / "src" / "klyngeforum").rglob("actions.py"))))  # fmt: skip
    assert (verbs | written) - set(DONE) == set() and things - set(THINGS) == set()


TAKEN = """
import os, signal, sys, time, django
django.setup()
from datetime import timedelta
from django.utils import timezone
from klyngeforum.cli import working
from klyngeforum.ground.jobs import actions, queries
from klyngeforum.results.effects.queries import studies
what = sys.argv[1]
if what == "order":
    from klyngeforum.results.effects import actions as effects
    one = studies(seen_by=None, on=timezone.localdate()).filter(state="frozen", extract__isnull=False).first()
    effects.order(by=None, at=timezone.now(), study=one)
    print(one.code)
if what == "killed":
    whole = actions.keep
    def keep(**said):
        whole(**said)
        os.kill(os.getpid(), signal.SIGKILL)
    actions.keep = keep
    working.one()
if what == "goes on":
    queries.LEASE = timedelta(0)
    whole = actions.keep
    def keep(**said):
        print("part", said["name"])
        whole(**said)
    actions.keep = keep
    working.one()
if what == "race":
    print("ready", flush=True)
    input()  # both begin at the same moment
    while (job := actions.take(by=None, at=timezone.now(), kinds=("race",))):
        print(job.thing)
        time.sleep(0.02)  # work takes a while, and the other comes to its turn
if what == "hangs":
    from django.conf import settings
    working.BEAT, settings.LONGEST_PART = 0.05, 0.3
    working.WORK = {"race": lambda job: time.sleep(100)}
    actions.order(by=None, at=timezone.now(), kind="race", thing="hangs", parts=1)
    working.one()
if what == "why":
    job = queries.newest("race", "hangs")
    print(job.state, *(one.reason for one in queries.problem_of(job)))
if what == "many":
    for nth in range(30):
        actions.order(by=None, at=timezone.now(), kind="race", thing=str(nth), parts=1)
"""


def _beside(var: Path, what: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", TAKEN, what], cwd=HOME, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={
            **os.environ, "KLYNGEFORUM_VAR": str(var), "DATABASE_URL": f"sqlite:///{var / 'demo.sqlite3'}",
            "DJANGO_SETTINGS_MODULE": "klyngeforum.settings", "PYTHONPATH": str(HOME / "src"),
        },
    )  # fmt: skip


@pytest.mark.slow
def test_a_killed_worker_is_followed_by_another_with_the_same_result(country, tmp_path):
    interrupted, whole = tmp_path / "interrupted", tmp_path / "whole"
    for copy in (interrupted, whole):
        shutil.copytree(country[0], copy)
    code = _beside(interrupted, "order").communicate(timeout=120)[0].strip()
    killed = _beside(interrupted, "killed")
    assert killed.wait(120) == -9
    base = f"sqlite:///{interrupted / 'demo.sqlite3'}"
    assert run(interrupted, "work", "--once", DATABASE_URL=base).stdout == ""  # for a minute it may still be alive
    went_on = _beside(interrupted, "goes on").communicate(timeout=120)[0]
    assert "done" in went_on and "part effects" not in went_on
    found = [
        json.loads(run(copy, "study", "run", code, "--format", "json", DATABASE_URL=f"sqlite:///{copy / 'demo.sqlite3'}").stdout)
        for copy in (interrupted, whole)
    ]  # fmt: skip
    assert found[0] == found[1] and found[0]["digest"]


@pytest.mark.slow
def test_work_that_hangs_is_given_up_with_a_word_and_the_worker_ends(country, tmp_path):
    var = tmp_path / "hangs"
    shutil.copytree(country[0], var)
    assert _beside(var, "hangs").wait(60) == working.GIVEN_UP
    assert _beside(var, "why").communicate(timeout=60)[0].startswith("failed No part of it was done within")
    assert not run(
        var, "work", "--once", DATABASE_URL=f"sqlite:///{var / 'demo.sqlite3'}"
    ).stdout  # it is not taken over


@pytest.mark.slow
def test_two_workers_at_once_never_get_the_same_work(country, tmp_path):
    var = tmp_path / "race"
    shutil.copytree(country[0], var)
    _beside(var, "many").wait(120)
    both = [_beside(var, "race") for _ in range(2)]
    assert [one.stdout.readline() for one in both] == ["ready\n"] * 2
    for one in both:
        one.stdin.write("\n")
        one.stdin.flush()
    got = [one.communicate(timeout=120)[0].split() for one in both]
    assert sorted(map(int, got[0] + got[1])) == list(range(30)) and all(got), "each once, and both had some"
