"""Words that rules may use: marked here, said by the screen in the reader's language."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


def mark(message: str) -> str:
    """Mark a message for the catalogues; the screen translates it later."""
    return message


class Term(StrEnum):
    """A value of the field with its marked word: ``MICRO = "1-9", mark("1–9 employees")``."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        return [(member.value, member.label) for member in cls]

    @classmethod
    def values(cls) -> list[str]:
        return [member.value for member in cls]
