"""The one error of the library: what is wrong, where, why, and how to mend it."""

from __future__ import annotations


class Unfit(ValueError):
    """Input that a method cannot answer on; the four parts are shown in one line."""

    def __init__(self, what: str, *, where: str = "", why: str = "", mend: str = "") -> None:
        self.what, self.where, self.why, self.mend = what, where, why, mend
        super().__init__(" · ".join(part for part in (what, where, why, mend) if part))
