"""Answers of rules and rights: a verdict is falsy with a reason, never a tuple."""

from __future__ import annotations

from dataclasses import dataclass, field

from .words import Term


@dataclass(frozen=True, slots=True)
class Verdict:
    """Yes, or no with a marked reason, its values and the field that it concerns."""

    ok: bool
    reason: str = ""
    values: dict[str, object] = field(default_factory=dict)
    field: str | None = None

    def __bool__(self) -> bool:
        return self.ok

    def words(self) -> str:
        """The reason with its values, in the language of the code."""
        values = {key: one.label if isinstance(one, Term) else one for key, one in self.values.items()}
        return self.reason % values if values else self.reason


YES = Verdict(True)


def no(reason: str, /, *, on: str | None = None, **values: object) -> Verdict:
    """A refusal: ``no(mark("The year %(year)s is closed."), on="year", year=2012)``."""
    return Verdict(False, reason, values, on)


class Refused(Exception):
    """An act that a right or a rule refuses; carries every verdict that says why."""

    def __init__(self, *verdicts: Verdict) -> None:
        self.verdicts = verdicts
        super().__init__("; ".join(v.words() for v in verdicts))


def require(*verdicts: Verdict) -> None:
    """Raise ``Refused`` with every falsy verdict, or pass."""
    refusals = [verdict for verdict in verdicts if not verdict]
    if refusals:
        raise Refused(*refusals)
