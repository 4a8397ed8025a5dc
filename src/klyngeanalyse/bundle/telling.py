"""What a study tells of those it could not match: never a number of few, nor what leads to one by subtraction."""

from __future__ import annotations

from collections.abc import Mapping


def reasons_told(reasons: Mapping[str, int], least: float) -> dict[str, int]:
    """The reasons that may be told beside how many were left unmatched in all: what is held back is at least two reasons and no small number
    together, or all of them.

    >>> reasons_told({"no control": 40, "outside support": 3, "caliper": 9}, 5)
    {'no control': 40}
    >>> reasons_told({"no control": 40, "outside support": 3}, 5)
    {}
    """
    told = {why: n for why, n in reasons.items() if n >= least}
    held = [n for n in reasons.values() if 0 < n < least]
    while held and told and (len(held) < 2 or sum(held) < least):
        smallest = min(told, key=lambda why: (told[why], why))
        held.append(told.pop(smallest))
    return told


def counts_told(counts: Mapping[str, object], least: float) -> dict[str, object]:
    """The counts of a matching, a count of few left out (None); where few were left unmatched, how many took part in all is left out too."""
    told = dict(counts)
    for key in ("fewer", "missing_controls"):
        if isinstance(n := told.get(key), int) and 0 < n < least:
            told[key] = None
    treated, matched = counts["n_treated"], counts["n_matched"]
    if isinstance(treated, int) and isinstance(matched, int) and 0 < treated - matched < least:
        told["n_treated"] = None
    return told
