"""work: the long work that pages have asked for, taken piece by piece."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from django.db import Error as DatabaseError
from django.db import connection
from django.utils import timezone

from klyngeforum.ground.jobs import actions as jobs
from klyngeforum.ground.jobs.queries import Job
from klyngeforum.ground.jobs.terms import BEAT, Left
from klyngeforum.ground.verdict import Refused
from klyngeforum.results.effects import actions as effects
from klyngeforum.results.effects.terms import COUNTING

from .stopping import Options

WORK: dict[str, Callable[[Job], object]] = {
    COUNTING: lambda job: effects.count(by=job.asked_by, at=timezone.now(), job=job, clock=timezone.now),
}
_BESIDE = "KLYNGEFORUM_BESIDE"  # number of the server's process
PAUSE = 1.0  # seconds between two looks for work


def _beating(job: Job, ended: Event) -> None:
    while not ended.wait(BEAT):
        try:
            jobs.beat(by=None, at=timezone.now(), job=job)
        except DatabaseError as error:
            print(f"  no sign of life could be given: {error}", file=sys.stderr, flush=True)
        finally:
            connection.close()


@contextmanager
def heard(job: Job) -> Iterator[None]:
    """Signs of life as long as the work lasts."""
    ended = Event()
    voice = Thread(target=_beating, args=(job, ended), daemon=True)
    voice.start()
    try:
        yield
    finally:
        ended.set()
        voice.join()


def one() -> bool:
    """Do one piece; False where none waits. What fails is written at the work itself, and the next is taken."""
    job = jobs.take(by=None, at=timezone.now(), kinds=tuple(WORK))
    if job is None:
        return False
    print(f"  {job.kind} {job.thing}: taken", flush=True)
    try:
        with heard(job):
            WORK[job.kind](job)
        print(f"  {job.kind} {job.thing}: done", flush=True)
    except Left:
        print(f"  {job.kind} {job.thing}: stopped, or taken over by another", flush=True)
    except Refused as refused:
        print(f"  {job.kind} {job.thing}: {refused}", flush=True)
    except Exception as error:
        print(f"  {job.kind} {job.thing}: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
    return True


def _left_alone() -> bool:
    """Whether the server that this worker was begun beside is gone."""
    return os.environ.get(_BESIDE, str(os.getppid())) != str(os.getppid())


def work(options: Options) -> int:
    """Until stopped; with --once until nothing waits."""
    while one() or not (options["once"] or _left_alone()):
        if not options["once"]:
            time.sleep(PAUSE)
    return 0


@contextmanager
def beside(database: object) -> Iterator[None]:
    """A worker in a process of its own, as long as the server answers."""
    named = ["--database", str(database)] if database else []
    said = [sys.executable, "-m", "klyngeforum", "work", *named]
    worker = subprocess.Popen(said, env={**os.environ, _BESIDE: str(os.getpid())})  # noqa: S603 (our own command)
    try:
        yield
    finally:
        worker.terminate()
        worker.wait()
