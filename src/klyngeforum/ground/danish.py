"""The Danish alphabet: æ, ø and å stand last, and aa is å (Aabenraa after Ørsted); the same in lists and in both databases. Pure."""

from __future__ import annotations

# one after the other, on small letters; zzzb, zzzc, zzzd follow every other word in every alphabet that a database may be set up with
REPLACED = (
    ("Æ", "zzzb"), ("æ", "zzzb"), ("Ä", "zzzb"), ("ä", "zzzb"),
    ("Ø", "zzzc"), ("ø", "zzzc"), ("Ö", "zzzc"), ("ö", "zzzc"),
    ("Å", "zzzd"), ("å", "zzzd"), ("aa", "zzzd"),
    ("É", "e"), ("é", "e"), ("Ü", "y"), ("ü", "y"),
)  # fmt: skip


def danish_key(text: str) -> str:
    """What a name is sorted by."""
    key = text.lower()
    for letter, place in REPLACED:
        key = key.replace(letter, place)
    return key
