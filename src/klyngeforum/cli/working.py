"""work: the long work that pages have asked for, taken piece by piece."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.utils import timezone

from klyngeforum.ground.jobs import actions as jobs
from klyngeforum.ground.jobs.queries import Job, done_of
from klyngeforum.ground.jobs.terms import BEAT, Left
from klyngeforum.ground.verdict import Refused, no
from klyngeforum.ground.words import mark
from klyngeforum.results.effects import actions as effects
from klyngeforum.results.effects.terms import COUNTING

from .counting import count, counted_beside
from .stopping import Options

WORK: dict[str, Callable[[Job], object]] = {
    COUNTING: lambda job: effects.count(by=job.asked_by, at=timezone.now(), job=job, clock=timezone.now),
}
_BESIDE = "KLYNGEFORUM_BESIDE"  # number of the server's process
PAUSE = 1.0  # seconds between two looks for work
GIVEN_UP = 70  # how a worker ends whose work hangs
TOLD_TO_END = (0, -signal.SIGINT)  # Ctrl-C is heard by the server and the worker alike
READERS_FIRST = 10  # a worker on the server's own machine takes what readers leave of the processors
SHORT_LIFE, LONGEST_PAUSE = 10.0, 60.0  # seconds: a worker that ends sooner is followed later and later, up to so long


def _leave() -> None:
    os._exit(GIVEN_UP)  # what hangs hears nothing


def _give_up(job: Job) -> None:
    """The work hangs: it is written at the work, and this worker ends, because what hangs cannot be stopped otherwise."""
    why = no(mark("No part of it was done within %(minutes)s minutes."), minutes=round(settings.LONGEST_PART / 60))
    with suppress(Left):  # somebody stopped it meanwhile
        jobs.fail(by=None, at=timezone.now(), job=job, why=[why])
    print(f"  {job.kind} {job.thing}: no part was done for {settings.LONGEST_PART:.0f} s; given up", file=sys.stderr, flush=True)  # fmt: skip
    _leave()


def _beating(job: Job, ended: Event) -> None:
    done, since = -1, time.monotonic()
    while not ended.wait(BEAT):
        try:
            now = done_of(job)
            if now != done:
                done, since = now, time.monotonic()
            if time.monotonic() - since > settings.LONGEST_PART:
                _give_up(job)
                return
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
    if _BESIDE in os.environ and hasattr(os, "nice"):
        os.nice(READERS_FIRST)
    if options["once"]:
        while count() or one():
            pass
        return 0
    with counted_beside():
        while one() or not _left_alone():
            time.sleep(PAUSE)
    return 0


def _followed(
    workers: list[subprocess.Popen[bytes]], begun: Callable[[], subprocess.Popen[bytes]], ended: Event
) -> None:
    """Another worker for each that ends by itself: killed, fallen, or because its work hung. Those that end at once are followed ever later."""
    since, pause = time.monotonic(), PAUSE
    while not ended.wait(pause):
        lived = time.monotonic() - since
        pause = PAUSE if lived > SHORT_LIFE else min(2 * pause, LONGEST_PAUSE)
        code = workers[-1].poll()
        if code in TOLD_TO_END:
            return  # the server is ending too
        if code is not None:
            print(f"  the worker ended by itself ({code}); another begins", file=sys.stderr, flush=True)
            workers.append(begun())
            since = time.monotonic()


@contextmanager
def beside(database: object) -> Iterator[None]:
    """A worker in a process of its own, as long as the server answers; one that ends is followed by another."""
    named = ["--database", str(database)] if database else []
    said = [sys.executable, "-m", "klyngeforum", "work", *named]

    def begun() -> subprocess.Popen[bytes]:
        return subprocess.Popen(said, env={**os.environ, _BESIDE: str(os.getpid())})  # noqa: S603 (our own command)

    workers, ended = [begun()], Event()
    watch = Thread(target=_followed, args=(workers, begun, ended), daemon=True)
    watch.start()
    try:
        yield
    finally:
        ended.set()
        watch.join()
        workers[-1].terminate()
        workers[-1].wait()
