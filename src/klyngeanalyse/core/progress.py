"""How far a long run has come: methods call `progress(done, of, what)`; who listens decides what is shown."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol, TextIO


class Progress(Protocol):
    """Told now and then that `done` of `of` steps of the work called `what` are finished; must be cheap to call."""

    def __call__(self, done: float, of: float, what: str) -> None: ...


def silent(done: float, of: float, what: str) -> None:
    """Nobody listens: the default of every method."""


class Told:
    """Says it on a stream: a line that renews itself at a terminal, a new line every few seconds in a log.

    Nothing is said of runs shorter than `patience` seconds, so that a quick answer stays quiet.
    """

    def __init__(
        self, stream: TextIO, patience: float = 1.0, pause: float = 5.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.stream, self.clock = stream, clock
        self.live = stream.isatty()
        self.pause = min(pause, 0.2) if self.live else pause
        self.begun = clock()
        self.next = self.begun + patience
        self.shown = 0

    def __call__(self, done: float, of: float, what: str) -> None:
        now = self.clock()
        if now < self.next:
            return
        self.next = now + self.pause
        share = f"{100 * min(max(done / of, 0.0), 1.0):3.0f} %" if of > 0 else "  …"
        line = f"{share} {what} ({now - self.begun:.0f} s)"
        if self.live:
            self.stream.write("\r" + line.ljust(self.shown))
            self.shown = len(line)
        else:
            self.stream.write(line + "\n")
        self.stream.flush()

    def close(self) -> None:
        """Clears the line at a terminal, so that what is said next begins at the margin."""
        if self.live and self.shown:
            self.stream.write("\r" + " " * self.shown + "\r")
            self.stream.flush()
            self.shown = 0
