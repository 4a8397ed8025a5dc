"""The countries that the benches measure."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.bench.program import inside, run


@pytest.fixture(scope="session")
def denmark(tmp_path_factory):
    """The made-up Denmark on SQLite, built once."""
    folder = Path(os.environ.get("KLYNGEFORUM_BENCH", tmp_path_factory.mktemp("bench")))
    file = folder / "denmark.sqlite3"
    if not file.exists():
        run("demo", "--size", "denmark", "--no-serve", database=f"sqlite:///{file}", KLYNGEFORUM_VAR=str(folder))
    return f"sqlite:///{file}", folder


@pytest.fixture(scope="session")
def europe(tmp_path_factory):
    """The country of Europe's size on PostgreSQL: the server that EUROPE_DATABASE_URL names, built if it is empty."""
    database = os.environ.get("EUROPE_DATABASE_URL")
    if not database:
        pytest.skip(
            "run make bench-europe, or set EUROPE_DATABASE_URL to a PostgreSQL database: an empty one is built in about a quarter of an hour"
        )
    folder = tmp_path_factory.mktemp("europe")
    run("migrate", database=database, KLYNGEFORUM_VAR=str(folder))
    if inside(database, "from klyngeforum.ground.bodies.queries import how_many; print(how_many())") == "0":
        run("demo", "--size", "europe", "--no-serve", database=database, KLYNGEFORUM_VAR=str(folder))
    return database, folder
