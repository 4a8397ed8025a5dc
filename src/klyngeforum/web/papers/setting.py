"""From words, tables and charts to a tagged PDF (PDF/UA-1) through typst."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import typst

HOME = Path(__file__).parent
FONTS = HOME / "fonts"


class NoFonts(OSError):
    """The typefaces have not been copied."""


@lru_cache(maxsize=1)
def fonts() -> Path:
    """The folder of the design system's typefaces; made by ``make setup``."""
    if not any(FONTS.glob("*.ttf")):
        raise NoFonts(2, "the typefaces are missing; run: make setup", str(FONTS))
    return FONTS


def pdf(template: str, content: Mapping[str, object]) -> bytes:
    """The template of this folder set with the content; every text in it is already in the reader's language."""
    return bytes(
        typst.compile(
            HOME / template, format="pdf", pdf_standards=["ua-1"], root=HOME,
            font_paths=[fonts()], ignore_system_fonts=True, timestamp=None,
            sys_inputs={"content": json.dumps(content, ensure_ascii=False, default=str)},
        )
    )  # fmt: skip
