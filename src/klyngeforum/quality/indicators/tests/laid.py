"""The made-up scheme's files, changed in one place, and what is said about them."""

from __future__ import annotations

from pathlib import Path

from klyngeforum.quality.indicators.loading import load

WHERE = "schemes/lighthouse/2020"
SCHEME, INDICATORS, LABELS = "scheme.toml", "indicators.toml", "labels.toml"


def change(folder: Path, name: str, old: str, new: str, version: str = "2020") -> None:
    path = folder / "schemes" / "lighthouse" / version / name
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def said(folder: Path, labels: frozenset[str] | None = None) -> list[str]:
    return [str(one) for one in load(folder, labels).problems]
