"""The made-up scheme "lighthouse", worked through to the end, in two versions with a crosswalk between them."""

from __future__ import annotations

from pathlib import Path

from klyngeforum.quality.indicators.loading import load

FOLDER = Path(__file__).parent
_LOADED = load(FOLDER)
assert not _LOADED.problems, _LOADED.problems
OLD, NEW = _LOADED.versions
(WALK,) = _LOADED.crosswalks
