"""A real server on a small made-up country, and Debian's chromium in front of it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

HOME = Path(__file__).resolve().parents[2]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def address(tmp_path_factory):
    """The address of a running server over the small country."""
    var, port = tmp_path_factory.mktemp("var"), _free_port()
    environment = {**os.environ, "KLYNGEFORUM_VAR": str(var), "PYTHONPATH": str(HOME / "src")}
    environment.pop("DATABASE_URL", None)
    server = subprocess.Popen(
        [sys.executable, "-m", "klyngeforum", "demo", "--size", os.environ.get("KLYNGEFORUM_TEST_SIZE", "small"), "--port", str(port)],
        env=environment, cwd=HOME, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
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
