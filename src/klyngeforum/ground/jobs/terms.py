"""The states of long work."""

from __future__ import annotations

from datetime import timedelta

from klyngeforum.ground.words import Term, mark

LEASE = timedelta(seconds=60)  # a worker that has not been heard of for so long is taken for dead
BEAT = 5.0  # seconds between two signs of life


class JobState(Term):
    WAITING = "waiting", mark("Waiting for its turn")
    RUNNING = "running", mark("Being counted")
    DONE = "done", mark("Done")
    FAILED = "failed", mark("Could not be done")
    CANCELLED = "cancelled", mark("Stopped")


# state -> verb -> state
MOVES: dict[JobState, dict[str, JobState]] = {
    JobState.WAITING: {"take": JobState.RUNNING, "cancel": JobState.CANCELLED},
    JobState.RUNNING: {
        "take_over": JobState.RUNNING, "finish": JobState.DONE, "fail": JobState.FAILED, "cancel": JobState.CANCELLED,
    },
    JobState.DONE: {},
    JobState.FAILED: {},
    JobState.CANCELLED: {},
}  # fmt: skip

OPEN = tuple(state for state, verbs in MOVES.items() if verbs)


class Left(Exception):
    """The work is no longer this worker's: somebody stopped it, or another worker took it over."""
