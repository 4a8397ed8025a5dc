"""Numbers below nothing are written with a true minus sign, and what rounds to nothing has no sign at all."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils.translation import override

MINUS = "\N{MINUS SIGN}"


def written(filters: str, value: object) -> str:
    return Template(f"{{% load components %}}{{{{ value|{filters} }}}}").render(Context({"value": value}))


@pytest.mark.parametrize(
    ("value", "danish", "english"),
    [
        (-0.46, f"{MINUS}46\N{NO-BREAK SPACE}pct.", f"{MINUS}46%"), (Decimal("-12.5"), f"{MINUS}1.250\N{NO-BREAK SPACE}pct.", f"{MINUS}1,250%"),
        (0.13, "13\N{NO-BREAK SPACE}pct.", "13%"), (-0.004, "0\N{NO-BREAK SPACE}pct.", "0%"), (0, "0\N{NO-BREAK SPACE}pct.", "0%"),
    ],
)  # fmt: skip
def test_a_share(value, danish, english):
    assert written("share", value) == danish
    with override("en"):
        assert written("share", value).replace(" per cent", "%") == english


@pytest.mark.parametrize(
    ("filters", "value", "right"),
    [
        ("share:1", -0.0046, f"{MINUS}0,5\N{NO-BREAK SPACE}pct."), ("share:1", -0.0004, "0,0\N{NO-BREAK SPACE}pct."), ("signed", -1234, f"{MINUS}1.234"), ("signed", 12, "+12"),
        ("decimals:2", -1.5, f"{MINUS}1,50"), ("decimals:1", -0.04, "0,0"),
    ],
)  # fmt: skip
def test_changes_and_decimals_alike(filters, value, right):
    assert written(filters, value) == right
