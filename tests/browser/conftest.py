"""A real server on a small made-up country, and Debian's chromium in front of it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

HOME = Path(__file__).resolve().parents[2]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _served(var: Path, *command: str) -> Iterator[str]:
    """The address of a server that runs until the tests are done."""
    port = _free_port()
    environment = {
        **os.environ,
        "KLYNGEFORUM_VAR": str(var),
        "PYTHONPATH": f"{HOME / 'src'}{os.pathsep}{HOME}",
        "KLYNGEFORUM_DEMO": "yes",
        "KLYNGEFORUM_COUNTED_LATER": "inf",  # a busy machine makes nothing a heavy count
    }
    environment.pop("DATABASE_URL", None)
    server = subprocess.Popen(
        [sys.executable, "-m", "klyngeforum", *command, "--port", str(port)],
        env=environment, cwd=HOME, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(900):
            try:
                urllib.request.urlopen(url + "/sundhed/", timeout=5).read()  # noqa: S310
                break
            except OSError:
                if server.poll() is not None:
                    raise AssertionError(server.stdout.read().decode()) from None
                time.sleep(0.1)
        yield url
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="session")
def address(tmp_path_factory):
    """A running server over the small country."""
    size = os.environ.get("KLYNGEFORUM_TEST_SIZE", "small")
    yield from _served(tmp_path_factory.mktemp("var"), "demo", "--size", size)


CAST = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tests.cast import cast
cast()
"""


@pytest.fixture(scope="session")
def bare(tmp_path_factory):
    """A running server on the first day: two cluster organisations and their people, nothing recorded yet."""
    var = tmp_path_factory.mktemp("bare")
    environment = {
        **os.environ, "KLYNGEFORUM_VAR": str(var), "PYTHONPATH": f"{HOME / 'src'}{os.pathsep}{HOME}",
        "DJANGO_SETTINGS_MODULE": "klyngeforum.settings",
    }  # fmt: skip
    environment.pop("DATABASE_URL", None)
    subprocess.run([sys.executable, "-c", CAST], env=environment, cwd=HOME, check=True)
    yield from _served(var, "serve")


@pytest.fixture(scope="session")
def browser():
    chromium = shutil.which("chromium")
    assert chromium, "Debian's chromium is missing: apt-get install chromium"
    with sync_playwright() as playwright:
        one: Browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield one
        one.close()


@pytest.fixture
def page(browser, address):
    context = browser.new_context(base_url=address, locale="da-DK", viewport={"width": 1280, "height": 900})
    one = context.new_page()
    one.faults = faults = []
    one.on("pageerror", lambda error: faults.append(str(error)))
    one.on(
        "console", lambda said: faults.append(said.text) if said.type == "error" and "404" not in said.text else None
    )
    yield one
    context.close()
    assert not faults, faults
