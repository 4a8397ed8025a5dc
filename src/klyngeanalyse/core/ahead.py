"""Reading ahead: while one piece is worked on, the next is being read."""

from __future__ import annotations

import threading
from collections.abc import Generator
from queue import Queue
from typing import TypeVar

Piece = TypeVar("Piece")
WAITING = 2  # pieces that lie ready at most: more would only take memory


def ahead(pieces: Generator[Piece, None, None]) -> Generator[Piece, None, None]:
    """The pieces in their order, read by a thread of their own; what fails there is raised here.

    Closing it (or leaving the loop) stops the reading and closes `pieces` before it returns.

    >>> list(ahead(one for one in (1, 2, 3)))
    [1, 2, 3]
    """
    ready: Queue[tuple[bool, Piece | BaseException | None]] = Queue(WAITING)
    stopped = threading.Event()

    def read() -> None:
        last: tuple[bool, Piece | BaseException | None] = (False, None)
        try:
            for piece in pieces:
                ready.put((True, piece))
                if stopped.is_set():
                    break
        except BaseException as error:  # raised again by whoever asked for the pieces
            last = (False, error)
        finally:
            pieces.close()
            ready.put(last)

    reader = threading.Thread(target=read, name="reading-ahead", daemon=True)
    reader.start()
    more, error = True, None
    try:
        while True:
            more, found = ready.get()
            if not more:
                error = found
                break
            yield found  # type: ignore[misc]  # a piece, since more of them follow
    finally:
        stopped.set()
        while more:
            more, _ = ready.get()
        reader.join()
    if isinstance(error, BaseException):
        raise error
