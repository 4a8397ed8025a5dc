"""demo, serve, migrate: a database that is ready and a server that answers."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from granian import Granian
from granian.constants import Interfaces

from klyngeforum.demo.build import build
from klyngeforum.ground.access.queries import somebody_appoints
from klyngeforum.ground.trail.queries import length

from .stopping import Options, Stop
from .working import beside


def _say(start: float) -> Callable[[str], None]:
    return lambda text: print(f"  {time.monotonic() - start:6.1f} s  {text}", flush=True)


def migrate(options: Options) -> int:
    call_command("migrate", interactive=False, verbosity=0)
    print("the database is up to date")
    return 0


def _static() -> None:
    """Gather the assets once; again only when one of them is newer."""
    gathered = Path(settings.STATIC_ROOT) / "staticfiles.json"
    sources = [path for folder in settings.STATICFILES_DIRS for path in Path(folder).rglob("*") if path.is_file()]
    if not gathered.exists() or gathered.stat().st_mtime < max(path.stat().st_mtime for path in sources):
        print("  packing style, script and pictures for the browser (once)", flush=True)
        call_command("collectstatic", interactive=False, verbosity=0, clear=True)


def _free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Stop(
                f"port {port} is busy or not allowed here; choose another with --port (make demo PORT=8001)"
            ) from error


def _listen(host: str, port: int, workers: int, database: object) -> int:
    _static()
    print(f"  Klyngeforum answers on http://{host}:{port}  (stop with Ctrl-C)", flush=True)
    server = Granian(
        "klyngeforum.wsgi:application", address=host, port=port, interface=Interfaces.WSGI, workers=workers,
        blocking_threads=4, log_enabled=False,
    )  # fmt: skip
    with beside(database):
        server.serve()
    return 0


def serve(options: Options) -> int:
    host, port = str(options["host"]), int(str(options["port"]))
    _free(host, port)
    if not somebody_appoints(on=timezone.localdate()):
        print(
            "  nobody can sign in yet; welcome the first person with: klyngeforum begin EMAIL --name NAME --organisation NAME"
        )
    return _listen(host, port, int(str(options["workers"])), options["database"])


def _stamp(options: Options) -> dict[str, object]:
    return {"size": options["size"], "seed": options["seed"]}


def _is_built(stamp: Path, options: Options) -> bool:
    """Whether this very country already stands in the database: then the second start takes seconds."""
    if options["again"] or not stamp.exists() or json.loads(stamp.read_text()) != _stamp(options):
        return False
    return "trail_act" in connection.introspection.table_names() and length() > 0


def _empty(options: Options) -> None:
    """An own file is made anew; a database that somebody named must be empty."""
    file = Path(str(settings.DATABASES["default"]["NAME"]))
    if options["database"] is None and connection.vendor == "sqlite":
        connection.close()
        for path in (file, Path(f"{file}-wal"), Path(f"{file}-shm")):
            path.unlink(missing_ok=True)
        file.parent.mkdir(parents=True, exist_ok=True)
    call_command("migrate", interactive=False, verbosity=0)
    if length():
        raise Stop("the database already holds records; the demo is only built into an empty one")


def demo(options: Options) -> int:
    """Build the country unless it stands, then show it."""
    host, port = str(options["host"]), int(str(options["port"]))
    if not options["no_serve"]:
        _free(host, port)
    name = (
        "demo"
        if options["database"] is None
        else "demo-" + hashlib.sha256(str(options["database"]).encode()).hexdigest()[:12]
    )
    stamp = Path(settings.VAR) / f"{name}.json"
    if not _is_built(stamp, options):
        stamp.unlink(missing_ok=True)
        _empty(options)
        start = time.monotonic()
        print(f"  building the made-up country ({options['size']}, seed {options['seed']})", flush=True)
        build(size=str(options["size"]), seed=int(str(options["seed"])), folder=settings.PROGRAMME, say=_say(start))
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(json.dumps(_stamp(options)))
        print(f"  built in {time.monotonic() - start:.0f} seconds", flush=True)
    if options["no_serve"]:
        return 0
    os.environ["KLYNGEFORUM_DEMO"] = "yes"
    return _listen(host, port, 1, options["database"])
