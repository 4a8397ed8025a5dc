"""Files that a verb writes: the place is looked at first, and a full disk leaves no half file."""

from __future__ import annotations

from pathlib import Path

from .stopping import Stop


def written(file: Path, content: bytes, what: str) -> None:
    """Written beside its place first: a full disk leaves no half file."""
    beside = file.with_name(file.name + ".part")
    try:
        beside.write_bytes(content)
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)
    print(f"{file}: {what}, {max(len(content) // 1024, 1)} kB")


def writable(said: object) -> Path:
    """The file that was named, if something can be written there."""
    file = Path(str(said))
    if not file.parent.is_dir():
        raise Stop(f"the folder {file.parent} does not exist")
    if file.exists() and not file.is_file():
        raise Stop(f"{file} is no file that can be written over; name a file, such as account.pdf")
    return file
