"""Reading ahead keeps order, hands on what failed, and stops reading when nobody wants more."""

from __future__ import annotations

from contextlib import closing

import pytest

from klyngeanalyse.core.ahead import WAITING, ahead


def told(upto, log, fails_at=None):
    try:
        for nth in range(upto):
            if nth == fails_at:
                raise OSError("the disk is gone")
            log.append(nth)
            yield nth
    finally:
        log.append("closed")


@pytest.mark.parametrize("upto", [0, 1, WAITING, WAITING + 1, 50])
def test_every_piece_comes_once_and_in_order(upto):
    log = []
    assert list(ahead(told(upto, log))) == list(range(upto))
    assert log == [*range(upto), "closed"]


@pytest.mark.parametrize("fails_at", [0, 1, 7])
def test_what_failed_is_raised_after_the_pieces_before_it(fails_at):
    log, seen = [], []
    with pytest.raises(OSError, match="the disk is gone"):
        for piece in ahead(told(9, log, fails_at)):
            seen.append(piece)
    assert seen == list(range(fails_at)) and log[-1] == "closed"


def test_leaving_early_closes_the_source_and_reads_no_more_than_lay_ready():
    log = []
    with closing(ahead(told(1_000, log))) as pieces:
        assert next(pieces) == 0
    assert log[-1] == "closed" and len(log) <= WAITING + 4
