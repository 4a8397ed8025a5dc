"""A protocol: the options of a run written down in a TOML file, so that a study is decided before it is seen."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from klyngeanalyse.core.errors import Unfit


def read(path: Path, verb: str, verbs: tuple[str, ...]) -> dict[str, Any]:
    """The settings of a verb: what stands at the top of the file, overruled by what stands under `[verb]`.

    Tables of other verbs are left alone: one file may hold the protocol of a whole study.
    """
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Unfit(f"no file {path}", mend="give the path of a TOML file after --protocol") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Unfit(
            "the protocol cannot be read", where=str(path), why=str(error), mend="write it as TOML, UTF-8"
        ) from None
    own = said.pop(verb, {})
    if not isinstance(own, dict):
        raise Unfit(f"{verb} is a value", where=str(path), mend=f"write its options under a line [{verb}]")
    return {key: value for key, value in {**said, **own}.items() if key not in verbs}
