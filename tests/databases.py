"""The tests' database: its tables are made once, by the migrations, and copied for each process that tests; kept until a migration changes."""

from __future__ import annotations

import fcntl
import hashlib
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import django
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

HOME = Path(__file__).resolve().parents[1]
_HOUSE = re.compile(r"^(?:import|from) (klyngeforum[\w.]*)", re.M)


def _digest() -> str:
    """Of all that tables are made from: every migration, the modules of the house that one names, Django."""
    found = hashlib.sha256(django.__version__.encode())
    for app in sorted(apps.get_app_configs(), key=lambda one: one.name):
        for file in sorted(Path(app.path, "migrations").glob("*.py")):
            text = file.read_bytes()
            found.update(f"{app.name} {file.name}".encode() + text)
            for module in sorted(set(_HOUSE.findall(text.decode()))):
                found.update(HOME.joinpath("src", *module.split(".")).with_suffix(".py").read_bytes())
    return found.hexdigest()[:12]


@contextmanager
def _alone() -> Iterator[None]:
    """One process at a time; a process that dies leaves no lock."""
    settings.VAR.mkdir(parents=True, exist_ok=True)
    with (settings.VAR / "test.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _migrated(name: str) -> None:
    """A database of this name with all tables in it, and nobody connected to it."""
    whole, wanted = connection.settings_dict["NAME"], connection.settings_dict["TEST"]["NAME"]
    connection.settings_dict["TEST"]["NAME"] = name
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        connection.close()
    finally:
        connection.settings_dict["TEST"]["NAME"] = wanted
        settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = whole


def _whole(digest: str) -> Path:
    return Path(settings.VAR, f"test-whole-{digest}.sqlite3")


def tables_ready() -> Path | None:
    """An SQLite file with all tables and nothing in them, if these tests have made one."""
    file = _whole(_digest())
    return file if file.exists() else None


def _copied_file(file: Path, digest: str) -> None:
    """SQLite: a file beside the others; only a whole one has its name."""
    whole = _whole(digest)
    if not whole.exists():
        draft = settings.VAR / "test-draft.sqlite3"
        _migrated(str(draft))
        for old in settings.VAR.glob("test-whole-*.sqlite3"):
            old.unlink()
        draft.rename(whole)
    _removed(file)
    shutil.copyfile(whole, file)


def _removed(file: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            file.with_name(file.name + ending).unlink()


def _copied_database(name: str, digest: str) -> None:
    """PostgreSQL: a database of which the others are copies; it has its name when it is whole."""
    whole, draft, quote = f"test_whole_{digest}", "test_draft", connection.ops.quote_name
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [whole])
        missing = cursor.fetchone() is None
    if missing:
        _migrated(draft)
    with connection.creation._nodb_cursor() as cursor:
        if missing:
            cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'test_whole_%%'")
            for (old,) in cursor.fetchall():
                cursor.execute(f"DROP DATABASE {quote(old)}")
            cursor.execute(f"ALTER DATABASE {draft} RENAME TO {whole}")
        cursor.execute(f"DROP DATABASE IF EXISTS {quote(name)}")
        cursor.execute(f"CREATE DATABASE {quote(name)} TEMPLATE {whole}")


def _dropped(name: str) -> None:
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(name)}")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, django_db_blocker):
    """Before Django looks for it, this process's database is there; afterwards it is gone."""
    with django_db_blocker.unblock(), _alone():
        name = connection.creation._get_test_db_name()
        if connection.vendor == "sqlite":
            _copied_file(Path(name), _digest())
        else:
            _copied_database(name, _digest())
    yield
    with django_db_blocker.unblock():
        connection.close()
        _removed(Path(name)) if connection.vendor == "sqlite" else _dropped(name)


@pytest.fixture(scope="session")
def django_db_keepdb():
    """Django takes the database that is there, and migrates what is missing in it: nothing."""
    return True
