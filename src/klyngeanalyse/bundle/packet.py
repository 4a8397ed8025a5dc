"""The file in which a declared study travels: protocol, who began when, what the panel must hold, how to count it, and a key to sign with.

A ZIP file whose manifest names the SHA-256 of every other file. The bundle's fingerprint is that of its manifest; the same contents make
the same bytes. The signature of an answer is an HMAC-SHA-256 under the key in the bundle: it proves that the answer comes from somebody
who had this bundle and that nobody without it has changed a letter since. It does not prove that the counting was honest.
"""

from __future__ import annotations

import csv
import hmac
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from klyngeanalyse.bundle.declared import Began, Declared
from klyngeanalyse.core.errors import Unfit

FORMAT = 1
MANIFEST, DECLARED, BEGUN, KEY = "manifest.json", "declared.json", "participants.csv", "key.txt"
_HEAD = ["company", "first_year", "organisation"]
_AGES = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP file knows: the same contents are the same bytes
_MEND = "ask for the bundle again"


@dataclass(frozen=True)
class Packet:
    """A bundle as read: `least` is the fewest participants that a number may rest on."""

    declared: Declared
    begun: tuple[Began, ...]
    least: float
    key: str
    digest: str


def text_of(said: Any) -> str:
    """JSON in one way only, so that it can be signed."""
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _sheet(begun: Iterable[Began]) -> str:
    file = io.StringIO()
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(_HEAD)
    rows.writerows(sorted(begun))
    return file.getvalue()


def pack(
    declared: Declared, begun: Iterable[Began], *, least: float, key: str, texts: Mapping[str, str]
) -> tuple[bytes, str]:
    """The bundle and its fingerprint; `texts` are files for people (the protocol's words, how to count)."""
    said = {"code": declared.code, "digest": declared.digest, "outcomes": declared.outcomes, "horizon": declared.horizon, "methods": declared.methods}  # fmt: skip
    files = {**texts, DECLARED: text_of(said), BEGUN: _sheet(begun), KEY: key}
    manifest = text_of({
        "format": FORMAT, "study": declared.code, "protocol": declared.digest, "least": least, "columns": declared.columns,
        "files": {name: sha256(text.encode()).hexdigest() for name, text in files.items()},
    })  # fmt: skip
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in sorted({**files, MANIFEST: manifest}.items()):
            archive.writestr(zipfile.ZipInfo(name, _AGES), text, zipfile.ZIP_DEFLATED)
    return held.getvalue(), sha256(manifest.encode()).hexdigest()


def unpack(path: Path) -> Packet:
    """What a bundle holds; Unfit where it is none, or is not whole."""
    try:
        with zipfile.ZipFile(path) as archive:
            files = {name: archive.read(name).decode() for name in archive.namelist()}
        manifest = json.loads(files.pop(MANIFEST))
        known = dict(manifest["files"])
        if manifest["format"] != FORMAT:
            raise Unfit(
                f"the bundle is of format {manifest['format']}",
                where=str(path),
                mend="use the klyngeanalyse of its day",
            )
    except (OSError, zipfile.BadZipFile, KeyError, TypeError, ValueError) as error:
        if isinstance(error, Unfit):
            raise
        raise Unfit("this is no bundle of a study", where=str(path), why=str(error), mend=_MEND) from None
    changed = [name for name in known if sha256(files.get(name, "").encode()).hexdigest() != known[name]]
    if changed or set(files) != set(known):
        raise Unfit(f"changed in the bundle since it was made: {', '.join(sorted({*changed, *(set(files) ^ set(known))}))}", where=str(path), mend=_MEND)  # fmt: skip
    head, *rows = csv.reader(io.StringIO(files[BEGUN]))
    if head != _HEAD:
        raise Unfit("the list of participants has other columns", where=BEGUN, mend=_MEND)
    digest = sha256(text_of(manifest).encode()).hexdigest()
    begun = tuple((number, int(year), organisation) for number, year, organisation in rows)
    return Packet(Declared.of(json.loads(files[DECLARED])), begun, float(manifest["least"]), files[KEY], digest)


def sealed(answer: Mapping[str, Any], key: str) -> str:
    """The signature of an answer (without its own)."""
    said = {name: value for name, value in answer.items() if name != "signature"}
    return hmac.new(key.encode(), text_of(said).encode(), sha256).hexdigest()


def signed(answer: Mapping[str, Any], key: str) -> bool:
    return hmac.compare_digest(str(answer.get("signature", "")), sealed(answer, key))
