"""Kleene's logic over explained parts, and whether the truth could change if placeholders were replaced."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .terms import Explained, Truth

Settled = tuple[Truth, bool]


def of(value: bool | None) -> Truth:
    if value is None:
        return Truth.UNDETERMINED
    return Truth.YES if value else Truth.NO


def all_of(parts: Iterable[Settled]) -> Settled:
    """One NO decides; it rests on placeholders only if every NO does."""
    found = list(parts)
    against = [placeholder for truth, placeholder in found if truth is Truth.NO]
    if against:
        return Truth.NO, all(against)
    open_ones = any(truth is Truth.UNDETERMINED for truth, _ in found)
    return Truth.UNDETERMINED if open_ones else Truth.YES, any(placeholder for _, placeholder in found)


def any_of(parts: Iterable[Settled]) -> Settled:
    """One YES decides; nothing asked for is met."""
    found = list(parts)
    if not found:
        return Truth.YES, False
    turned, placeholder = all_of((_NOT[truth], placeholder) for truth, placeholder in found)
    return _NOT[turned], placeholder


def at_least(parts: Iterable[Settled], least: int) -> Settled:
    """Enough of the parts hold: YES without the open ones, NO even with them."""
    found = list(parts)
    yes = sum(truth is Truth.YES for truth, _ in found)
    may = sum(truth is Truth.UNDETERMINED for truth, _ in found)
    firm = sum(truth is Truth.YES and not placeholder for truth, placeholder in found)
    lost = sum(truth is Truth.NO and placeholder for truth, placeholder in found)
    if yes >= least:
        return Truth.YES, firm < least
    if yes + may < least:
        return Truth.NO, yes + may + lost >= least
    return Truth.UNDETERMINED, any(placeholder for _, placeholder in found)


def settled(parts: Sequence[Explained]) -> list[Settled]:
    return [(part.truth, part.placeholder) for part in parts]


_NOT = {Truth.YES: Truth.NO, Truth.NO: Truth.YES, Truth.UNDETERMINED: Truth.UNDETERMINED}
