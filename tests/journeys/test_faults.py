"""A process killed in the middle, two people at the same moment: the database is as before, or one of them is told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from threading import Barrier, BrokenBarrierError, Thread
from types import ModuleType

import pytest
from django.conf import settings
from django.db import connection, connections

from klyngeforum.ground.access import actions as access
from klyngeforum.ground.access.models import Post
from klyngeforum.ground.access.terms import Role
from klyngeforum.ground.bodies import actions as registering
from klyngeforum.ground.bodies.actions import NewBody
from klyngeforum.ground.bodies.models import Body
from klyngeforum.ground.bodies.terms import Scheme
from klyngeforum.ground.programme.queries import funding_schemes
from klyngeforum.ground.tables.actions import template
from klyngeforum.ground.verdict import Refused
from klyngeforum.quality.assessments import actions as assessing
from klyngeforum.quality.assessments import queries as assessed
from klyngeforum.quality.assessments.terms import AssessmentKind, Part
from klyngeforum.quality.indicators.queries import versions
from klyngeforum.records.economy import actions as economy
from klyngeforum.records.economy.actions import NewGrant, NewHours
from klyngeforum.records.economy.claiming import claim
from klyngeforum.records.intake.actions import take_in_sheet
from klyngeforum.records.intake.schemas import SCHEMAS, SheetKind
from klyngeforum.registers.memberships import actions as memberships
from klyngeforum.registers.memberships.actions import NewMember
from klyngeforum.results.accounts import actions as accounts
from klyngeforum.results.accounts import remarks
from klyngeforum.results.accounts.terms import About, AccountState, Ask
from klyngeforum.steering.leagues import actions as leagues
from klyngeforum.steering.leagues.queries import history
from tests.cast import AT, cast
from tests.furnished import paid

SCHEME = max(versions(), key=lambda one: len(one.labels)).scheme
HOME = Path(__file__).resolve().parents[2]

# the process kills itself at the given moment of the act, as a power cut would
KILLED = """
import os, signal, sys
import django
django.setup()
from django.utils import timezone
from klyngeforum.ground.trail import actions as trail
import klyngeforum.records.activities.actions as held, klyngeforum.results.accounts.actions as accounts
from klyngeforum.records.intake.bringing import take_in_file
from klyngeforum.results.accounts.queries import latest

def cut(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

what = sys.argv[1]
if what == "answer":
    from klyngeforum.ground.access.queries import person_of
    from klyngeforum.quality.assessments import actions as assessing, queries
    from klyngeforum.quality.assessments.terms import Part
    assessing.record = cut
    one = queries.assessment(int(sys.argv[2]), seen_by=None, on=timezone.localdate())
    assessing.answer(by=person_of("vind@demo.invalid"), at=timezone.now(), assessment=one, indicator="2.1", part=Part.LEVEL, value="3", turn=0)
elif what == "import":
    held.record = cut
    content = b"projekt_nr,projekttitel,start_dato,slut_dato,beskrivelse,cvr,navn,postnr,bynavn,parter\\n1,Klynge,2011-01-01,2012-01-01,,10103940,Anden klynge,,,Ny Partner\\n"
    take_in_file(by=None, at=timezone.now(), recipe_code="erdf-projects", content=content, name="x.csv")
elif what == "hand in":
    accounts.record = cut
    accounts.submit(by=None, at=timezone.now(), account=latest(int(sys.argv[2]), 2012), comment="Igen.")
elif what == "return":
    from klyngeforum.results.accounts.terms import Ask
    accounts.record = cut
    accounts.return_account(by=None, at=timezone.now(), account=latest(int(sys.argv[2]), 2012), asks=[Ask("?", "hours"), Ask("?", section="outcomes")])
else:
    accounts.record = cut
    accounts.approve(by=None, at=timezone.now(), account=latest(int(sys.argv[2]), 2012))
"""


def snapshot() -> dict[str, int]:
    with connection.cursor() as cursor:
        tables = [
            name
            for name in connection.introspection.table_names(cursor)
            if name.startswith(("bodies", "clusters", "activities", "accounts", "assessments", "trail", "intake"))
        ]
        counts = {}
        for name in tables:
            cursor.execute(f'SELECT count(*) FROM "{name}"')
            counts[name] = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM accounts_line WHERE current")
        counts["current lines"] = cursor.fetchone()[0]
        return counts


def disarm() -> None:
    """Test databases are emptied afterwards; the trail must let that happen here alone."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "DROP TRIGGER IF EXISTS trail_refuses_truncate ON trail_act; DROP TRIGGER IF EXISTS trail_refuses_change ON trail_act"
            )
        else:
            cursor.execute("DROP TRIGGER IF EXISTS trail_refuses_delete")


def arm() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE TRIGGER trail_refuses_change BEFORE UPDATE OR DELETE ON trail_act FOR EACH ROW EXECUTE FUNCTION trail_refuses()"
            )
            cursor.execute(
                "CREATE TRIGGER trail_refuses_truncate BEFORE TRUNCATE ON trail_act FOR EACH STATEMENT EXECUTE FUNCTION trail_refuses()"
            )
        else:
            cursor.execute(
                "CREATE TRIGGER trail_refuses_delete BEFORE DELETE ON trail_act BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END"
            )


@pytest.fixture
def open_stage(transactional_db):
    disarm()
    yield cast()
    arm_later.append(True)


arm_later: list[bool] = []


def at_once(*deeds: Callable[[], str]) -> list[str]:
    """Each deed in a thread and with a connection of its own, all begun at the same moment; what they answered, or were refused with."""
    barrier, answers = Barrier(len(deeds)), list[str]()

    def run(deed: Callable[[], str]) -> None:
        try:
            barrier.wait(60)
            answers.append(deed())
        except Refused as refused:
            answers.append(str(refused))
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=[deed], daemon=True) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    assert not any(thread.is_alive() for thread in threads), "they wait for each other"
    return answers


@pytest.fixture(autouse=True)
def _armed_again(request):
    yield
    if arm_later:
        arm_later.clear()
        request.getfixturevalue("django_db_blocker").unblock()
        arm()
        request.getfixturevalue("django_db_blocker").restore()


def database_url() -> str:
    name = settings.DATABASES["default"]["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    given = os.environ["DATABASE_URL"]
    head, _, query = given.partition("?")
    return head.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else "")


@pytest.mark.parametrize("what", ["import", "approve", "return"])
def test_killed_in_the_middle_nothing_has_happened(open_stage, what):
    if connection.vendor == "sqlite" and "memory" in str(connection.settings_dict["NAME"]):
        pytest.skip("the test database is in memory here; the run with a file and PostgreSQL prove this")
    open_stage.part(open_stage.activity("vind", "v1"), "a")
    open_stage.open()
    open_stage.submitted("vind")
    before = snapshot()
    done = subprocess.run(
        [sys.executable, "-c", KILLED, what, str(open_stage.clusters["vind"].pk)], cwd=HOME, capture_output=True, text=True, timeout=120,
        env={**os.environ, "DATABASE_URL": database_url(), "PYTHONPATH": "src", "DJANGO_SETTINGS_MODULE": "klyngeforum.settings"},
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert snapshot() == before
    assert open_stage.account("vind").state == AccountState.SUBMITTED
    assert (
        accounts.approve(by=open_stage.people["office"], at=AT, account=open_stage.account("vind")).state
        == AccountState.APPROVED
    )


def test_killed_while_handing_in_again_the_account_is_as_it_was_sent_back(open_stage):
    if connection.vendor == "sqlite" and "memory" in str(connection.settings_dict["NAME"]):
        pytest.skip("the test database is in memory here; the run with a file and PostgreSQL prove this")
    held = open_stage.activity("vind", "v1")
    open_stage.part(held, "a")
    open_stage.open()
    open_stage.submitted("vind")
    asks = [Ask("Er alle med?", "participating_companies")]
    accounts.return_account(by=open_stage.people["office"], at=AT, account=open_stage.account("vind"), asks=asks)
    open_stage.part(held, "b")
    before, digest = snapshot(), open_stage.account("vind").digest
    done = subprocess.run(
        [sys.executable, "-c", KILLED, "hand in", str(open_stage.clusters["vind"].pk)], cwd=HOME, capture_output=True, text=True, timeout=120,
        env={**os.environ, "DATABASE_URL": database_url(), "PYTHONPATH": "src", "DJANGO_SETTINGS_MODULE": "klyngeforum.settings"},
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr
    account = open_stage.account("vind")
    assert snapshot() == before and (account.state, account.digest) == (AccountState.RETURNED, digest)
    assert account.lines.count() == 1 and account.messages.get().resolved_at is None
    assert open_stage.submitted("vind").lines.count() == 2


def test_three_write_in_the_account_at_the_same_moment(open_stage):
    """In three fields all is saved; in one field one is saved and the others are told whose words stand there."""
    if connection.vendor == "sqlite" and "memory" in str(connection.settings_dict["NAME"]):
        pytest.skip("threads share a database in memory; the run with a file and PostgreSQL prove this")
    open_stage.open()
    account = open_stage.account("vind")

    def write(about: About, key: str, text: str) -> str:
        remarks.write(by=open_stage.people["vind"], at=AT, account=account, about=about, key=key, text=text, turn=0)
        return "saved"

    fields = [(About.NOTHING, "outcomes", "x"), (About.NOTHING, "membership", "x"), (About.WARNING, "nothing:", "Stille.")]  # fmt: skip
    assert at_once(*(partial(write, *field) for field in fields)) == ["saved"] * 3 and account.remarks.count() == 3
    answers = at_once(*(partial(write, About.COMMENT, "", f"Nummer {nth}") for nth in range(3)))
    assert answers.count("saved") == 1 and sum("Nummer" in answer and "meanwhile" in answer for answer in answers) == 2


def test_two_approve_at_the_same_moment_and_one_is_told(open_stage):
    if connection.vendor == "sqlite" and "memory" in str(connection.settings_dict["NAME"]):
        pytest.skip("threads share a database in memory; the run with a file and PostgreSQL prove this")
    open_stage.open()
    open_stage.submitted("vind")
    account = open_stage.account("vind")

    def approve(who: str) -> str:
        accounts.approve(by=open_stage.people[who], at=AT, account=account, turn=account.turn)
        return "approved"

    answers = at_once(partial(approve, "office"), partial(approve, "office2"))
    assert answers.count("approved") == 1 and len(answers) == 2


def _begun(stage):
    return assessing.begin(
        by=stage.people["vind"], at=AT, cluster=stage.clusters["vind"], kind=AssessmentKind.SELF, scheme=SCHEME, as_of=AT.date()
    )  # fmt: skip


def test_killed_while_an_answer_is_saved_nothing_of_it_is_there(open_stage):
    if connection.vendor == "sqlite" and "memory" in str(connection.settings_dict["NAME"]):
        pytest.skip("the test database is in memory here; the run with a file and PostgreSQL prove this")
    one = _begun(open_stage)
    before = snapshot()
    done = subprocess.run(
        [sys.executable, "-c", KILLED, "answer", str(one.pk)], cwd=HOME, capture_output=True, text=True, timeout=120,
        env={**os.environ, "DATABASE_URL": database_url(), "PYTHONPATH": "src", "DJANGO_SETTINGS_MODULE": "klyngeforum.settings"},
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert snapshot() == before
    saved = assessing.answer(by=open_stage.people["vind"], at=AT, assessment=one, indicator="2.1", part=Part.LEVEL, value="3", turn=0)  # fmt: skip
    assert saved.turn == 1


@pytest.mark.parametrize("same", [True, False])
def test_two_write_at_the_same_moment(open_stage, same):
    """On different parts both are saved; on the same part one is told who wrote what."""
    if connection.vendor == "sqlite" and "memory" in str(connection.settings_dict["NAME"]):
        pytest.skip("threads share a database in memory; the run with a file and PostgreSQL prove this")
    one = _begun(open_stage)

    def write(who: str, code: str, value: str) -> str:
        said = {"assessment": one, "indicator": code, "part": Part.LEVEL, "value": value, "turn": 0}
        assessing.answer(by=open_stage.people[who], at=AT, **said)
        return "saved"

    other = "2.1" if same else "2.2.2"
    answers = at_once(partial(write, "vind", "2.1", "3"), partial(write, "staff", other, "4"))
    assert answers.count("saved") == (1 if same else 2)
    assert not same or any("meanwhile" in answer for answer in answers)
    assert len(assessed.given(one, seen_by=None)) == (1 if same else 2)


def test_two_claim_the_same_hour_at_the_same_moment_and_one_is_told_by_whom(open_stage):
    """Under two grants of two schemes: one claim stands, and the other's refusal names its grant."""
    if connection.vendor == "sqlite" and "memory" in str(connection.settings_dict["NAME"]):
        pytest.skip("threads share a database in memory; the run with a file and PostgreSQL prove this")
    paid(open_stage)
    cluster, manager = open_stage.clusters["vind"], open_stage.people["vind"]
    first, day = cluster.grants.get(), date(2012, 5, 5)
    new = NewGrant("T-2", "Regionen", funding_schemes()[-1].code, first.starts_on, first.ends_on, Decimal(1))
    second = economy.receive_grant(by=manager, at=AT, cluster=cluster, new=new)
    free = cluster.hour_entries.exclude(evidence="").get(claims=None)

    def try_it(grant) -> str:
        claim(by=manager, at=AT, grant=grant, entries=[free.pk], since=day, until=day)
        return "claimed"

    answers = at_once(partial(try_it, first), partial(try_it, second))
    standing = free.claims.get()
    assert answers.count("claimed") == 1 and any(standing.grant.title in answer for answer in answers)


def test_two_say_at_the_same_moment_that_two_bodies_are_one_each_the_other_way_round(open_stage):
    """One is kept and one absorbed, never each by the other: then both would be gone from every count."""
    if connection.vendor == "sqlite" and "memory" in str(connection.settings_dict["NAME"]):
        pytest.skip("threads share a database in memory; the run with a file and PostgreSQL prove this")
    names = ("Mølle A/S", "Møllen A/S")
    first, second = (registering.register(by=None, at=AT, body=NewBody(name)).pk for name in names)

    def say(kept: int, absorbed: int) -> str:
        """Each as it stood on their own page."""
        both = {"kept": Body.objects.get(pk=kept), "absorbed": Body.objects.get(pk=absorbed)}
        seen.wait(60)
        registering.merge(by=open_stage.people["office"], at=AT, **both)
        return "merged"

    seen = Barrier(2)
    answers = at_once(partial(say, first, second), partial(say, second, first))
    assert answers.count("merged") == 1 and any("already merged" in one for one in answers)
    assert Body.objects.filter(pk__in=[first, second], merged_into__isnull=True).count() == 1


@pytest.fixture
def both_read(monkeypatch):
    """Of the actions of a room: both have read what they judge by before either writes. Whoever waits for the other's lock does not come."""

    def of(room: ModuleType) -> None:
        if connection.vendor == "sqlite" and "memory" in str(connection.settings_dict["NAME"]):
            pytest.skip("threads share a database in memory; the run with a file and PostgreSQL prove this")
        seen, judged = Barrier(2), room.require

        def require(*verdicts: object) -> None:
            with suppress(BrokenBarrierError):
                seen.wait(1)
            judged(*verdicts)

        monkeypatch.setattr(room, "require", require)

    return of


def test_two_end_the_last_two_posts_of_the_secretariat_and_one_post_is_left(open_stage, both_read):
    """Otherwise nobody could ever again give anybody a post."""
    both_read(access)
    posts = list(Post.objects.filter(role=Role.SECRETARIAT))
    assert len(posts) == 2

    def end(post: Post) -> str:
        access.end_post(by=open_stage.people["office"], at=AT, post=post, on=AT.date())
        return "ended"

    answers = at_once(*(partial(end, post) for post in posts))
    assert answers.count("ended") == 1 and any("last post" in one for one in answers)
    assert Post.objects.filter(role=Role.SECRETARIAT, until__isnull=True).count() == 1


def test_two_decide_on_a_league_at_the_same_moment_and_one_is_told(open_stage, both_read):
    both_read(leagues)
    cluster, day = open_stage.clusters["vind"], date(2013, 1, 1)

    def place(who: str, league: str) -> str:
        leagues.place(by=open_stage.people[who], at=AT, cluster=cluster, league=league, on=day, decision="Møde 1")
        return "placed"

    answers = at_once(partial(place, "office", "1"), partial(place, "office2", "2"))
    assert answers.count("placed") == 1 and any("earlier placement" in one for one in answers)
    assert history(cluster.pk).count() == 1


def test_two_write_the_budget_of_a_grant_at_the_same_moment_and_it_is_not_both(open_stage, both_read):
    both_read(economy)
    manager, cluster, day = open_stage.people["vind"], open_stage.clusters["vind"], date(2012, 1, 1)
    new = NewGrant("T-1", "Netværket", funding_schemes()[0].code, day, date(2014, 12, 31), Decimal(900))
    grant = economy.receive_grant(by=manager, at=AT, cluster=cluster, new=new)

    def write(title: str) -> str:
        economy.set_budget(by=manager, at=AT, grant=type(grant).objects.get(pk=grant.pk), lines=[(title, Decimal(900))])
        return "written"

    assert at_once(partial(write, "Løn"), partial(write, "Møder")) == ["written"] * 2
    assert grant.budget.get().amount == 900


def test_the_same_sheet_of_hours_sent_twice_at_the_same_moment_is_taken_in_once(open_stage, both_read):
    both_read(economy)
    cluster = open_stage.clusters["vind"]
    row = {"name": "Mølleby ApS", "person": "Ida", "task": "Møde", "since": date(2012, 5, 5), "hours": Decimal("2.5")}
    content = template(SCHEMAS[SheetKind.HOURS], [row])

    def send() -> str:
        run = take_in_sheet(
            by=open_stage.people["vind"], at=AT, cluster=cluster, kind=SheetKind.HOURS, content=content, file_name="x.xlsx", dry_run=False
        )  # fmt: skip
        return f"{run.new} new, {run.unchanged} unchanged"

    assert sorted(at_once(send, send)) == ["0 new, 1 unchanged", "1 new, 0 unchanged"]
    assert cluster.hour_entries.get().hours == Decimal("2.5")


def test_two_put_hours_of_a_participation_right_and_together_they_are_no_more_than_it_holds(open_stage, both_read):
    activity, manager, day = open_stage.activity("vind", "v1"), open_stage.people["vind"], date(2012, 5, 5)
    open_stage.part(activity, "b", hours="4")
    new = NewHours(open_stage.bodies["b"], day, day, Decimal(1), participation_id=activity.participations.get().pk)
    given = {"by": manager, "at": AT, "cluster": open_stage.clusters["vind"]}
    first, second = (economy.record_hours(new=new, **given) for _ in range(2))
    both_read(economy)

    def amend(entry) -> str:
        more = NewHours(new.body_id, day, day, Decimal(3), participation_id=new.participation_id)
        economy.amend_hours(by=manager, at=AT, entry=entry, new=more)
        return "amended"

    assert at_once(partial(amend, first), partial(amend, second)).count("amended") == 1
    assert sorted(row.hours for row in open_stage.clusters["vind"].hour_entries.all()) == [1, 3]


def test_two_register_the_same_number_at_the_same_moment_and_one_is_told_who_holds_it(open_stage, both_read):
    both_read(registering)

    def register(name: str) -> str:
        registering.register(by=open_stage.people["office"], at=AT, body=NewBody(name, scheme=Scheme.CVR, number="10103940"))  # fmt: skip
        return "registered"

    answers = at_once(partial(register, "Møllen A/S"), partial(register, "Mølle A/S"))
    standing = Body.objects.get(number="10103940")
    assert answers.count("registered") == 1 and any(standing.name in one for one in answers)


def test_two_enrol_the_same_company_at_the_same_moment_and_it_is_a_participant_once(open_stage, both_read):
    both_read(memberships)
    cluster, body = open_stage.clusters["vind"], open_stage.bodies["a"]

    def enrol(since: date) -> str:
        memberships.enrol(by=open_stage.people["vind"], at=AT, cluster=cluster, new=NewMember(cluster.pk, body, since))
        return "enrolled"

    answers = at_once(partial(enrol, date(2012, 1, 1)), partial(enrol, date(2012, 2, 1)))
    assert answers.count("enrolled") == 1 and cluster.memberships.count() == 1


def test_two_begin_an_assessment_at_the_same_moment_and_one_is_told(open_stage, both_read):
    both_read(assessing)

    def begin() -> str:
        _begun(open_stage)
        return "begun"

    answers = at_once(begin, begin)
    assert answers.count("begun") == 1 and any("already being filled" in one for one in answers)
