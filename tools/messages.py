"""Collect the strings of code and templates into the Danish catalogue; what is translated stays."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

import django
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

HOME = Path(__file__).resolve().parents[1]
SOURCE = HOME / "src" / "klyngeforum"
PO = SOURCE / "locale" / "da" / "LC_MESSAGES" / "django.po"
KEYWORDS = {
    "mark": None, "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2), "ngettext_lazy": (1, 2),
}  # fmt: skip


def _found(path: Path) -> Iterator[tuple[int, Any, list[str], str | None]]:
    content = path.read_text(encoding="utf-8")
    file: IO[bytes] = io.BytesIO((content if path.suffix == ".py" else templatize(content)).encode())
    yield from extract("python" if path.suffix == ".py" else "javascript", file, KEYWORDS)


def files() -> Iterable[Path]:
    every = [*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html"), *SOURCE.rglob("*.txt")]
    return sorted(path for path in every if "tests" not in path.parts and "migrations" not in path.parts)


def collected() -> Catalog:
    """Every string of the source, with the file that it stands in (no line numbers: they only make noise)."""
    catalog = Catalog(project="Klyngeforum", charset="utf-8")
    for path in files():
        for _, message, comments, context in _found(path):
            if message and message[0] if isinstance(message, tuple) else message:
                catalog.add(
                    message, None, [(str(path.relative_to(HOME)), None)], auto_comments=comments, context=context
                )
    return catalog


def main() -> int:
    """Write the catalogue; exit 1 when something waits for a translation."""
    settings.configure(USE_I18N=False)
    django.setup()
    fresh = collected()
    if PO.exists():
        with PO.open("rb") as file:
            known = read_po(file, locale="da")
        known.update(fresh, no_fuzzy_matching=True, update_creation_date=False)
        known.obsolete.clear()
    else:
        known = fresh
        known.locale = "da"  # type: ignore[assignment]
    known.fuzzy = False
    known.header_comment = "# Danish catalogue of Klyngeforum; renewed by: make messages"
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as out:
        write_po(out, known, sort_output=True, width=120, omit_header=False)
    missing = [message for message in known if message.id and not _translated(message.string)]
    for message in missing:
        print("untranslated:", message.id if isinstance(message.id, str) else " || ".join(message.id))
    return 1 if missing else 0


def _translated(string: Any) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)


if __name__ == "__main__":
    sys.exit(main())
