"""What a verb gets, and how it says that it cannot be done."""

from __future__ import annotations

Options = dict[str, object]


class Stop(Exception):
    """The verb cannot be done; the text is the one line that says why and how to mend it."""
