"""Watching what actions write beside what they tell the trail: every table that an action changes is told of by an act on a thing of it."""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any

from django.db import connection

HOUSE = "/src/klyngeforum/"
NOT_ACTIONS = ("/demo/", "/cli/", "/tests/", "/web/")
_WRITES = re.compile(r'^\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+"(\w+)"')


def _acting(code: CodeType) -> bool:
    """Whether it is an action of a room: told by whom and when."""
    told = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    here = HOUSE in code.co_filename and not any(part in code.co_filename for part in NOT_ACTIONS)
    return here and {"by", "at"} <= set(told) and code.co_name != "record"


def _action() -> FrameType | None:
    """The outermost action that is running: all that it writes is one transaction."""
    frame, found = sys._getframe(2), None
    while frame is not None:
        if _acting(frame.f_code):
            found = frame
        frame = frame.f_back  # type: ignore[assignment]
    return found


class Watch:
    """Action by action: tables written, things told of. Frames are held, so that none takes another's place."""

    def __init__(self) -> None:
        self.actions: dict[FrameType, tuple[set[str], set[str]]] = {}

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if (written := _WRITES.match(sql)) and (frame := _action()) is not None and not frame.f_locals.get("dry_run"):
            tables, things = self.actions.setdefault(frame, (set(), set()))
            if written.group(1) == "trail_act":
                names = re.search(r"\(([^)]*)\)", sql).group(1).replace('"', "").split(", ")  # type: ignore[union-attr]
                things.add(params[names.index("thing")])
            else:
                done = execute(sql, params, many, context)
                lenient = " OR IGNORE " in sql or "ON CONFLICT DO NOTHING" in sql
                if not lenient or context["cursor"].rowcount > 0:  # else all of it stood already
                    tables.add(written.group(1))
                return done
        return execute(sql, params, many, context)

    def silent(self, things_of: Callable[[str], frozenset[str]]) -> dict[str, set[tuple[str, frozenset[str]]]]:
        """Table -> (action, things it told of) where no act told of the table."""
        found = defaultdict(set)
        for frame, (tables, things) in self.actions.items():
            for table in tables:
                wanted = things_of(table)
                if wanted and not wanted & things:
                    found[table].add((frame.f_code.co_qualname, frozenset(things)))
        return dict(found)


@contextmanager
def watched() -> Iterator[Watch]:
    watch = Watch()
    with connection.execute_wrapper(watch):
        yield watch
