"""Every public screen on desktop and phone: it answers, axe-core finds nothing, nothing spills over the edge."""

from __future__ import annotations

from pathlib import Path

import pytest

pytestmark = pytest.mark.browser
AXE = (Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js").read_text()
PUBLIC = ["/", "/konto/login/"]
PHONE = {"width": 390, "height": 844}


def axe(page) -> list[str]:
    """What axe-core finds, as lines: rule, element."""
    result = page.evaluate(AXE + "; axe.run({resultTypes: ['violations']})")
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in result["violations"]]


def wide(page) -> int:
    """By how many pixels the page spills over the right edge."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize("path", PUBLIC)
def test_public_screens(page, path):
    response = page.goto(path)
    assert response.status == 200
    assert axe(page) == []
    page.set_viewport_size(PHONE)
    assert wide(page) <= 0
    assert axe(page) == []
