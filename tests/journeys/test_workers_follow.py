"""A server's worker that ends by itself is followed by another, and one that cannot live is not begun without end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from threading import Event, Thread

import pytest

from klyngeforum.cli import working


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(working, "PAUSE", 0.01)
    monkeypatch.setattr(working, "SHORT_LIFE", 0.2)
    monkeypatch.setattr(working, "LONGEST_PAUSE", 0.5)


def begun(code: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-S", "-c", code])


def until(found, most=10.0):
    end = time.monotonic() + most
    while not found() and time.monotonic() < end:
        time.sleep(0.01)
    assert found()


def watched(code):
    workers, ended = [begun(code)], Event()
    watch = Thread(target=working._followed, args=(workers, lambda: begun(code), ended))
    watch.start()
    return workers, ended, watch


def test_a_worker_that_is_killed_is_followed_by_another(quick, capfd):
    workers, ended, watch = watched("import time; time.sleep(100)")
    os.kill(workers[0].pid, signal.SIGKILL)
    until(lambda: len(workers) == 2)
    ended.set()
    watch.join(5)
    assert workers[1].poll() is None
    workers[1].kill()
    workers[1].wait(5)
    assert "the worker ended by itself (-9); another begins" in capfd.readouterr().err


def test_one_that_cannot_live_is_begun_ever_later(quick):
    workers, ended, watch = watched("raise SystemExit(3)")
    until(lambda: len(workers) >= 4)
    began = time.monotonic()
    seen = len(workers)
    until(lambda: len(workers) > seen + 1)
    assert time.monotonic() - began > 0.1  # not a storm of processes
    ended.set()
    watch.join(5)
    workers[-1].wait(5)
    assert not watch.is_alive()


@pytest.mark.parametrize(
    "ends", ["raise SystemExit(0)", "import os, signal; os.kill(os.getpid(), signal.SIGINT); raise SystemExit(0)"]
)
def test_one_that_was_told_to_end_together_with_the_server_is_not_begun_again(quick, ends):
    workers, _, watch = watched(ends)
    watch.join(10)
    assert not watch.is_alive() and len(workers) == 1
