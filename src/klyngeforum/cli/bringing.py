"""import: a file by its recipe."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction
from django.utils import timezone

from klyngeforum.records.intake.bringing import Brought, take_in_file
from klyngeforum.records.intake.recipes import WrongFile, recipe, recipes
from klyngeforum.results.landscape.actions import follow

from .printing import Row, show
from .stopping import Options, Stop


def bring_in(options: Options) -> int:
    code = str(options["recipe"])
    if code == "list":
        rows: list[Row] = [{"recipe": one.code, "name": one.name.da, "source": one.source.en} for one in recipes()]
        show(rows, str(options["format"]))
        return 0
    if recipe(code) is None:
        raise Stop(f"there is no recipe {code!r}; there are: {', '.join(one.code for one in recipes())}")
    if not options["file"]:
        raise Stop("name the file to take in")
    path = Path(str(options["file"]))
    try:
        with transaction.atomic():  # the finder knows of it from the same moment
            brought = take_in_file(
                by=None, at=timezone.now(), recipe_code=code, content=path.read_bytes(), name=path.name,
                dry_run=bool(options["dry_run"]),
            )  # fmt: skip
            follow()
    except WrongFile as error:
        raise Stop(f"{path.name}: {error}") from error
    row: Row = {
        "rows": brought.rows, "used": brought.used, "new bodies": brought.bodies, "new organisations": brought.organisations,
        "new activities": brought.activities, "new participations": brought.participations, "names matched": brought.matched,
        "names waiting": brought.waiting,
    }  # fmt: skip
    show(_names(brought) if options["names"] else [row], str(options["format"]))
    return 0


def _names(brought: Brought) -> list[Row]:
    """Every name that was compared, the surest first."""
    return [
        {"name": one.name, "is like": one.body, "number": one.number, "score": one.score, "reason": one.reason, "taken": one.taken}
        for one in brought.compared
    ]  # fmt: skip
