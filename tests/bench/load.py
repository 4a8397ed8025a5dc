"""Readers that ask a server for pages at the same time, and how long each answer took."""

from __future__ import annotations

import http.client
import itertools
import os
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HOME = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Spread:
    """Times in milliseconds of one page."""

    name: str
    times: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.times)

    @property
    def p95(self) -> float:
        return sorted(self.times)[max(0, int(len(self.times) * 0.95) - 1)]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(database: str, var: Path, workers: int = 2) -> Iterator[int]:
    """The program's own server on the database; the demo's doors are open, so that every desk can be measured."""
    port = free_port()
    environment = {
        **os.environ,
        "KLYNGEFORUM_VAR": str(var),
        "KLYNGEFORUM_DEMO": "yes",
        "PYTHONPATH": str(HOME / "src"),
    }
    words = ["serve", "--database", database, "--port", str(port), "--workers", str(workers)]
    running = subprocess.Popen(
        [sys.executable, "-m", "klyngeforum", *words], env=environment, cwd=HOME, stdout=subprocess.DEVNULL
    )
    try:
        for _ in range(1200):
            try:
                get(port, "/sundhed/", "")
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        running.terminate()
        running.wait(30)


def get(port: int, path: str, cookie: str, within: float = 300, **headers: str) -> tuple[int, bytes, str]:
    """Status, body and cookies; ``HX_Target="x"`` asks for a part of the page, as the page's own script does."""
    one = http.client.HTTPConnection("127.0.0.1", port, timeout=within)
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    one.request("GET", path, headers={"Cookie": cookie, "Accept-Encoding": "identity", **more})
    answer = one.getresponse()
    said = answer.read()
    cookies = "; ".join(line.split(";")[0] for line in answer.headers.get_all("Set-Cookie") or [])
    one.close()
    return answer.status, said, cookies


def signed_in(port: int, desk: str) -> str:
    """The cookie of somebody who sits at the desk."""
    _, page, cookie = get(port, "/konto/login/", "")
    token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    action = re.search(rb'action="([^"]*)"[^>]*>(?:(?!</form>).)*value="' + desk.encode(), page, re.DOTALL)
    assert token and action, "the demo's doors are not on the page"
    one = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    body = urllib.parse.urlencode({"csrfmiddlewaretoken": token.group(1).decode(), "skrivebord": desk})
    heads = {
        "Cookie": cookie,
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": f"http://127.0.0.1:{port}",
    }
    one.request("POST", action.group(1).decode(), body, heads)
    answer = one.getresponse()
    answer.read()
    assert answer.status == 302, answer.status
    given = [line.split(";")[0] for line in answer.headers.get_all("Set-Cookie") or []]
    return "; ".join(one for one in given if not one.startswith("messages="))  # a browser shows its greeting once


def _answer(line: socket.socket, asked: bytes) -> int:
    """Ask on an open line and read the whole answer; its status. Bare, because the readers share the machine with the server."""
    line.sendall(asked)
    said = bytearray()
    while (end := said.find(b"\r\n\r\n")) < 0:
        said += line.recv(262_144)
    length = re.search(rb"content-length: *(\d+)", said[:end].lower())
    assert length, "the answer does not say how long it is"
    missing = end + 4 + int(length.group(1)) - len(said)
    while missing > 0:
        missing -= len(line.recv(262_144))
    return int(said[9:12])


def ask(port: int, pages: dict[str, tuple[str, str]], *, readers: int, rounds: int) -> list[Spread]:
    """Name -> (path, cookie): all readers walk all pages in turn, each from another one; the first walk warms and is not counted."""
    for name, (path, cookie) in pages.items():
        status, _, _ = get(port, path, cookie)
        assert status == 200, (name, path, status)
    times: dict[str, list[float]] = {name: [] for name in pages}
    lock, names = threading.Lock(), list(pages)

    def walk(start: int) -> None:
        line = socket.create_connection(("127.0.0.1", port), timeout=300)
        for nth in itertools.islice(itertools.cycle(range(len(names))), start, start + rounds * len(names)):
            path, cookie = pages[names[nth]]
            begins = time.perf_counter()
            status = _answer(
                line, f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n\r\n".encode()
            )
            took = (time.perf_counter() - begins) * 1000
            assert status == 200, (path, status)
            with lock:
                times[names[nth]].append(took)
        line.close()

    threads = [threading.Thread(target=walk, args=(n,)) for n in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(len(found) == readers * rounds for found in times.values()), "a reader met an error"
    return [Spread(name, tuple(found)) for name, found in times.items()]
