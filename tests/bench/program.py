"""The program as others run it: a command, and a piece of Python inside it."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.bench.load import HOME


def run(*words: str, database: str, **more: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(HOME / "src"), **more}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run([sys.executable, "-m", "klyngeforum", words[0], "--database", database, *words[1:]], env=environment, cwd=HOME, capture_output=True, text=True)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def inside(database: str, code: str) -> str:
    """A piece of Python inside the program, on the database; what it prints."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(HOME / "src"),
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "klyngeforum.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", "import django; django.setup()\n" + code],
        env=environment,
        cwd=HOME,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
