"""Write docs/flow.md from the MOVES tables and docs/words.md from the terms: python tools/flow.py (a test keeps them fresh)."""

from __future__ import annotations

import sys
from enum import EnumMeta
from importlib import import_module
from pathlib import Path

from babel.messages.pofile import read_po

HOME = Path(__file__).resolve().parents[1]
SOURCE = HOME / "src"
sys.path.insert(0, str(SOURCE))


def terms_modules() -> list[tuple[str, object]]:
    """(room, module) of every room's terms, from the ground up."""
    order = ("ground", "registers", "records", "quality", "results", "steering")
    found = []
    for floor in order:
        for path in sorted((SOURCE / "klyngeforum" / floor).glob("*/terms.py")):
            found.append(
                (f"{floor}/{path.parent.name}", import_module(f"klyngeforum.{floor}.{path.parent.name}.terms"))
            )
    return found


def danish() -> dict[str, str]:
    with (SOURCE / "klyngeforum" / "locale" / "da" / "LC_MESSAGES" / "django.po").open("rb") as file:
        return {message.id: message.string for message in read_po(file, locale="da") if isinstance(message.id, str)}


def flow() -> str:
    """Every state diagram of the house, as Mermaid."""
    parts = ["# How things move\n", "\nWritten by `python tools/flow.py` from the `MOVES` tables; do not edit.\n"]
    for room, module in terms_modules():
        moves = getattr(module, "MOVES", None)
        if not moves:
            continue
        parts.append(f"\n## {room}\n\n```mermaid\nstateDiagram-v2\n    [*] --> {next(iter(moves)).value}\n")
        for state, verbs in moves.items():
            parts += [f"    {state.value} --> {after.value}: {verb}\n" for verb, after in verbs.items()]
        parts += [f"    {state.value} --> [*]\n" for state, verbs in moves.items() if not verbs]
        parts.append("```\n")
    return "".join(parts)


def words() -> str:
    """Every term of the house: code word, English, Danish, room."""
    said = danish()
    parts = [
        "# Words\n\nWritten by `python tools/flow.py` from the rooms' terms and the Danish catalogue; do not edit. ",
        "Section numbers of the strategy stand in the rooms' docstrings.\n\n| code | English | Danish | room |\n|---|---|---|---|\n",
    ]
    for room, module in terms_modules():
        for name, kind in sorted(vars(module).items()):
            if not (isinstance(kind, EnumMeta) and kind.__module__ == module.__name__):
                continue
            parts.append(f"| **{name}** | | | {room} |\n")
            parts += [f"| `{one.value or '(empty)'}` | {one.label} | {said.get(one.label, '')} | |\n" for one in kind]
    return "".join(parts)


if __name__ == "__main__":
    (HOME / "docs" / "flow.md").write_text(flow(), encoding="utf-8")
    (HOME / "docs" / "words.md").write_text(words(), encoding="utf-8")
