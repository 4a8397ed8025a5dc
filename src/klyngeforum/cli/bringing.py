"""import: a file by its recipe."""

from __future__ import annotations

from pathlib import Path

from django.utils import timezone

from klyngeforum.records.intake.bringing import take_in_file
from klyngeforum.records.intake.recipes import WrongFile, recipe, recipes
from klyngeforum.results.landscape.actions import index_clusters

from .printing import Row, show
from .stopping import Options, Stop


def bring_in(options: Options) -> int:
    code = str(options["recipe"])
    if code == "list":
        rows: list[Row] = [{"recipe": one.code, "name": one.name.da, "source": one.source} for one in recipes()]
        show(rows, str(options["format"]))
        return 0
    if recipe(code) is None:
        raise Stop(f"there is no recipe {code!r}; there are: {', '.join(one.code for one in recipes())}")
    if not options["file"]:
        raise Stop("name the file to take in")
    path = Path(str(options["file"]))
    try:
        brought = take_in_file(
            by=None, at=timezone.now(), recipe_code=code, content=path.read_bytes(), name=path.name,
            dry_run=bool(options["dry_run"]),
        )  # fmt: skip
    except WrongFile as error:
        raise Stop(f"{path.name}: {error}") from error
    if brought.new and not options["dry_run"]:
        index_clusters()
    row: Row = {
        "rows": brought.rows, "used": brought.used, "new bodies": brought.bodies, "new organisations": brought.organisations,
        "new activities": brought.activities, "new participations": brought.participations, "names matched": brought.matched,
        "names waiting": brought.waiting,
    }  # fmt: skip
    show([row], str(options["format"]))
    return 0
