"""klyngeanalyse study: a bundle's declared study counted where the register is; the answer is signed and holds no company."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import file_digest
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from klyngeanalyse.bundle.declared import counted
from klyngeanalyse.bundle.packet import FORMAT, sealed, unpack
from klyngeanalyse.bundle.parts import parts_of
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.progress import Progress
from klyngeanalyse.core.results import Result, Row, plain

HELP = "count the study of a bundle on a panel of companies, with nothing told of fewer than it allows, and sign the answer"


@dataclass(frozen=True)
class Answer(Result):
    """A signed answer; its table is the overall effects."""

    said: dict[str, Any]

    def rows(self) -> Iterable[Row]:
        return list(self.said["told"]["summary"])

    def as_dict(self) -> dict[str, Any]:
        return self.said


def arguments(parser: argparse.ArgumentParser) -> None:
    asked = parser.add_argument_group("the study")
    asked.add_argument("--bundle", metavar="ZIP", type=Path, help="the bundle that the programme's house made")
    asked.add_argument(
        "--by", metavar="NAME", help="who counts: the institution, as it is to be named beside the result"
    )


def _library() -> str:
    for name in ("klyngeanalyse", "klyngeforum"):
        try:
            return f"klyngeanalyse {version(name)}"
        except PackageNotFoundError:
            continue
    return "klyngeanalyse (source)"


def work(said: argparse.Namespace, progress: Progress) -> dict[str, Result]:
    if said.bundle is None or not (said.by or "").strip():
        raise Unfit("the bundle or the name of who counts is missing", where="--bundle, --by", mend="give both")
    packet, panel = unpack(said.bundle), Path(said.input)
    if not panel.is_file():
        raise Unfit(f"no file {panel}", mend="give the panel: one row for each company and year")
    parts = parts_of(packet.declared.methods)
    told = counted(
        packet.declared,
        panel,
        packet.begun,
        packet.least,
        keep=lambda name, _: progress(parts.index(name) + 1, len(parts), name),
    )
    with panel.open("rb") as file:
        checksum = file_digest(file, "sha256").hexdigest()
    answer = {
        "format": FORMAT, "bundle": packet.digest, "study": packet.declared.code, "protocol": packet.declared.digest, "by": said.by.strip(),
        "panel": checksum, "library": _library(), "told": plain(told),
    }  # fmt: skip
    return {"answer": Answer({**answer, "signature": sealed(answer, packet.key)})}
