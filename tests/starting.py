"""The program started many times over one database: a process that has the house loaded answers each start with a fork of itself.

What a start costs is loading; what is tested is what the verb says and ends with. A few tests start the program itself, from nothing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from importlib import import_module
from os import killpg
from pathlib import Path
from select import select
from signal import SIGKILL
from typing import NoReturn

import django

from klyngeforum.cli import main

PATIENCE = 120  # seconds
# whoever is forked while another thread of his holds a lock finds it held for ever: the loaded process has one thread alone
ALONE = {"OPENBLAS_NUM_THREADS": "1", "JE_ARROW_MALLOC_CONF": "background_thread:false"}


class Starter:
    """Starts verbs in a folder, with an environment that stays the same; one at a time."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.starting"], env={**environment, **ALONE}, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            start_new_session=True,
        )  # fmt: skip

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """As ``subprocess.run`` gives it; a verb that does not come back in two minutes ends the whole starter."""
        assert self.process.stdin and self.process.stdout
        with tempfile.TemporaryDirectory() as folder:
            out, err = Path(folder, "out"), Path(folder, "err")
            self.process.stdin.write(json.dumps({"words": words, "out": str(out), "err": str(err)}) + "\n")
            self.process.stdin.flush()
            if not select([self.process.stdout], [], [], PATIENCE)[0]:
                killpg(self.process.pid, SIGKILL)
                raise subprocess.TimeoutExpired(words, PATIENCE, out.read_text("utf-8"), err.read_text("utf-8"))
            said = self.process.stdout.readline()
            assert said, "the starter has ended"
            return subprocess.CompletedProcess(words, int(said), out.read_text("utf-8"), err.read_text("utf-8"))

    def close(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(10)


def _start(words: list[str], out: str, err: str) -> NoReturn:
    code = 70
    try:
        for number, path in ((1, out), (2, err)):
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(file, number)
        try:
            code = main(words)
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def serve() -> None:
    """Words and two files a line on stdin; the exit code of each start a line on stdout."""
    django.setup()
    for verb in import_module("klyngeforum.cli.running").VERBS:
        import_module("klyngeforum.cli.running").verb(verb)
    threads = [Path(one, "comm").read_text().strip() for one in Path("/proc/self/task").iterdir()]
    assert len(threads) == 1, f"the loaded process has threads: {threads}"
    answers = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        if (child := os.fork()) == 0:
            _start(**json.loads(line))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), file=answers, flush=True)


if __name__ == "__main__":
    serve()
